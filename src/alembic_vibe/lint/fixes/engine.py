"""The run of a repair: kind by kind, in memory; each result is linted again before it counts.

A repair that does not take its finding away, or brings another one, is taken back and said.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alembic_vibe.diagnostics import Severity
from alembic_vibe.lint.chain import make_chain, read_chain
from alembic_vibe.lint.engine import lint_chain
from alembic_vibe.lint.environment import read_environment
from alembic_vibe.lint.facts import read_revision
from alembic_vibe.lint.fixes import kinds
from alembic_vibe.lint.fixes.follow_up import follow, require_python
from alembic_vibe.lint.fixes.model import Refusal, Repair, edited
from alembic_vibe.lint.fixes.page import Page
from alembic_vibe.lint.model import Direction, Environment
from alembic_vibe.lint.schema import Schema
from alembic_vibe.lint.selection import Selection, select, selected
from alembic_vibe.lint.walk import Walker
from alembic_vibe.source import Source

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    from alembic_vibe.diagnostics import Diagnostic
    from alembic_vibe.lint.chain import Chain
    from alembic_vibe.lint.fixes.model import Edit, Plan
    from alembic_vibe.lint.model import Rendering, Revision
    from alembic_vibe.lint.renderer import Renderer
    from alembic_vibe.lint.request import Request, Result, Scope

    Reported = Callable[[Result], Iterable[Diagnostic]]
    Plans = list[tuple[Revision, Plan]]
    Key = tuple[str, str, str]  # path, rule, message: what makes a finding the same when lines have moved

_MOST_ROUNDS = 20  # of one kind; each repairs something, or blocks a plan
_SKIPPED = frozenset({"node_modules", "site-packages", "__pycache__", "dist", "build"})
_OTHER_DATABASE = re.compile(r"""["'](sqlite|mysql|mariadb|mssql|oracle)["']""")
_LINE = re.compile(r"\bline \d+")
_RENAMES_KEYS = re.compile(r"""(?:["']fk["']|ForeignKeyConstraint)\s*:\s*["'][^"'\n]*%\(constraint_name\)s""")
_RENAMES = re.compile(r"%\(constraint_name\)s")  # the token with which a convention changes names that are given


def repair(scope: Scope, request: Request, reported: Reported) -> Repair:
    """Repair what can be repaired of the findings in the revisions that a request selects.

    Args:
        scope: Where the chain is.
        request: What is linted.
        reported: Which findings of a result the user sees: those that a baseline hides are left alone.

    Raises:
        ConfigurationError: The selection names what is not there.
    """
    from alembic_vibe.lint.renderer import Renderer

    with Renderer(scope, remembers=request.remembers) as renderer:
        return _Repairing(scope, request, reported, renderer).run()


@dataclass
class _State:
    """The chain so far, which of its files are linted, and what is found in them."""

    chain: Chain
    chosen: frozenset[Path]
    added: dict[Path, Path] = field(default_factory=dict)  # new files → the file that each follows
    found: tuple[Diagnostic, ...] = ()
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)


@dataclass
class _Repairing:
    scope: Scope
    request: Request
    reported: Reported
    renderer: Renderer
    rendered: dict[tuple[Path, str], Mapping[Direction, Rendering]] = field(default_factory=dict)
    blocked: dict[tuple[str, Key], str] = field(default_factory=dict)  # by kind and finding: why not
    strict: bool = False  # whether no repair may bring to light what others could repair
    now: datetime = field(default_factory=lambda: datetime.now(tz=UTC).replace(tzinfo=None))

    def run(self) -> Repair:
        recursive = self.scope.project is not None and self.scope.project.recursive
        chain = read_chain(self.scope.folders, self.scope.root, recursive=recursive)
        if self.request.choice is not None:
            selection = selected(chain, self.request.choice)
        else:
            request = self.request
            selection = select(chain, self.scope.root, all=request.all, since=request.since, paths=request.paths)
        self.original = {revision.path: revision.source.text for revision in chain.revisions}
        state = self._judged(_State(chain, frozenset(revision.path for revision in selection.revisions)))
        for self.strict in (False, True):
            self.blocked.clear()
            final, solved = self._all_kinds(state)
            if self.strict or not final.counts - state.counts:
                break
        return self._outcome(final, solved)

    def _all_kinds(self, state: _State) -> tuple[_State, list[Diagnostic]]:
        """Carry out every kind, and again: a lock that is held no longer may have hidden what others wait for."""
        solved: list[Diagnostic] = []
        before = None
        while state is not before:
            before = state
            for kind in kinds.modules():
                state = self._kind(kind, state, solved)
        return state, solved

    def _kind(self, kind: Any, state: _State, solved: list[Diagnostic]) -> _State:
        """Carry out one kind of repair, as long as it finds something to do."""
        for _ in range(_MOST_ROUNDS):
            plans = [(revision, plan) for revision, plan in self._plans(kind, state) if plan.solved]
            if not plans:
                break
            candidate, done = self._carried_out(kind, state, plans)
            if not done:
                continue
            after = self._judged(candidate)
            bad = self._bad(kind, state, after, {revision.path: plan for revision, plan in done})
            if bad:
                for revision, plan in done:
                    if revision.path in bad:
                        self._block(kind, plan, *bad[revision.path])
                continue
            state = after
            for _, plan in done:
                solved += plan.solved
        return state

    def _plans(self, kind: Any, state: _State) -> Plans:
        """Ask a kind for its plans, one for each revision that has findings for it."""
        by_source: dict[str, list[Diagnostic]] = {}
        for finding in state.found:
            if finding.rule in kind.SLUGS and (kind.__name__, _key(finding)) not in self.blocked:
                by_source.setdefault(finding.shown_path, []).append(finding)
        revisions = [revision for revision in state.chain.revisions if revision.source.path in by_source]
        return [
            (page.revision, kind.plan(page, by_source[page.revision.source.path]))
            for page in self._pages(state.chain, revisions)
        ]

    def _pages(self, chain: Chain, wanted: Collection[Revision]) -> Iterable[Page]:
        """Yield the pages of some revisions, each with the schema that the chain has made before it."""
        if not wanted:
            return
        left = {revision.path for revision in wanted}
        walker = Walker(Schema(), chain, self._environment, self.request.settings)
        for revision in chain.revisions:
            if not left:
                return
            if revision.facts.syntax_error is not None:
                continue
            renderings = self._render(revision)
            if revision.path in left:
                left.discard(revision.path)
                before = walker.schema.copy()
                settings = self.request.settings
                renames, other = self._renames_constraints, self._other_database
                yield Page(revision, renderings, before, self._environment, settings, renames, other)
            walker.pass_by(revision, renderings[Direction.UPGRADE])

    def _carried_out(self, kind: Any, state: _State, plans: Plans) -> tuple[_State, Plans]:
        """Return the chain with plans carried out, and the revisions whose plans could be.

        Revisions that follow go between one and its children: all these edges are different ones, so every edit is of
        the chain as it was.
        """
        texts = {revision.path: revision.source.text for revision in state.chain.revisions}
        edits: dict[Path, list[Edit]] = {}
        new: dict[Path, str] = {}
        ids = set(state.chain.by_id)
        added = dict(state.added)
        done: Plans = []
        for revision, plan in plans:
            here = {revision.path: list(plan.edits)}
            file = None
            try:
                if plan.follow_up is not None:
                    last = _last_of(state, revision)
                    file = follow(state.chain, last, plan.follow_up, ids, {*texts, *new}, self.now)
                    for path, more in file.children.items():
                        here.setdefault(path, []).extend(more)
                for path, more in here.items():
                    if path not in state.added:
                        self._require_utf8(path)
                    require_python(edited(texts[path], [*edits.get(path, ()), *more]))
            except Refusal as refusal:
                self._block(kind, plan, str(refusal))
                continue
            for path, more in here.items():
                edits.setdefault(path, []).extend(more)
            if file is not None:
                ids.add(file.id)
                new[file.path] = file.text
                added[file.path] = state.added.get(revision.path, revision.path)
            done.append((revision, plan))
        new |= {path: edited(texts[path], some) for path, some in edits.items()}
        chain = _changed(state.chain, new, self.scope.root)
        return _State(chain, state.chosen | added.keys(), added), done

    def _bad(
        self, kind: Any, before: _State, after: _State, plans: Mapping[Path, Plan]
    ) -> dict[Path, tuple[str, set[Key]]]:
        """Return the repaired files that are not better now: the reason, and the findings to leave if not all."""
        bad: dict[Path, tuple[str, set[Key]]] = {}
        # What was hidden until now is repaired in its turn; if not, everything is done once more, and strictly.
        turns = (module for module in kinds.modules() if not self.strict or module.STAGE > kind.STAGE)
        repairable = {slug for module in turns for slug in module.SLUGS}
        shown = {revision.source.path: revision.path for revision in after.chain.revisions}
        allowed = Counter(before.counts)
        allowed.subtract((found.shown_path, found.rule) for plan in plans.values() for found in plan.solved)
        for found in after.found:
            path, rule = found.shown_path, found.rule
            if found.severity is Severity.INFO or after.counts[path, rule] <= allowed[path, rule]:
                continue
            place = shown.get(path)
            origin = after.added.get(place, place) if place is not None else None
            mine = any(_key(found) == _key(one) for plan in plans.values() for one in plan.solved)
            if rule in repairable and not mine:
                continue
            reason = "it would still be found" if mine else f"{rule} would be found then: {found.message}"
            for file in [origin] if origin in plans else plans:
                assert file is not None
                _, left = bad.setdefault(file, (reason, set()))
                left.update([_key(found)] if mine else ())
        return bad

    def _judged(self, state: _State) -> _State:
        """Lint a chain; what the user does not see is left out."""
        revisions = tuple(revision for revision in state.chain.revisions if revision.path in state.chosen)
        from alembic_vibe.sql.grammar import collector_paused

        with collector_paused():
            result = lint_chain(self.scope, state.chain, Selection(revisions), self.request, self._render)
        state.found = tuple(self.reported(result))
        state.counts = Counter((one.shown_path, one.rule) for one in state.found if one.severity is not Severity.INFO)
        return state

    def _outcome(self, state: _State, solved: list[Diagnostic]) -> Repair:
        left: list[tuple[Diagnostic, str]] = []
        for kind in kinds.modules():
            for _, plan in self._plans(kind, state):
                left += plan.left
            for finding in state.found:
                reason = self.blocked.get((kind.__name__, _key(finding)))
                if reason is not None and finding.rule in kind.SLUGS:
                    left.append((finding, reason))
        root = Path(os.path.commonpath([self.scope.root, *self.scope.folders]))
        files, added = {}, []
        for revision in state.chain.revisions:
            text, path = revision.source.text, revision.path
            if text == self.original.get(path):
                continue
            shown = path.relative_to(root).as_posix()
            files[shown] = self._marked(path, text) if path in self.original else text
            if path not in self.original:
                added.append(shown)
        left.sort(key=lambda one: (one[0].shown_path, one[0].line))
        return Repair(root, files, tuple(added), tuple(solved), tuple(left))

    def _render(
        self, revision: Revision, directions: Collection[Direction] = tuple(Direction)
    ) -> dict[Direction, Rendering]:
        key = (revision.path, revision.source.text)
        if key not in self.rendered:
            self.rendered[key] = self.renderer(revision)
        return {direction: self.rendered[key][direction] for direction in directions}

    def _block(self, kind: Any, plan: Plan, reason: str, only: Collection[Key] = ()) -> None:
        keys = {_key(finding) for finding in plan.solved}
        for key in keys.intersection(only) or keys:
            self.blocked[kind.__name__, key] = reason

    @cached_property
    def _environment(self) -> Environment:
        return read_environment(self.scope.project) if self.scope.project is not None else Environment()

    # --- files --------------------------------------------------------------------------------------------------------

    def _require_utf8(self, path: Path) -> None:
        """Only what comes back from the disk as it was read may be written."""
        try:
            text = path.read_bytes().decode("utf-8").removeprefix("\ufeff")
        except (OSError, UnicodeDecodeError) as error:
            raise Refusal(f"{path.name} is not plain UTF-8") from error
        if text != self.original[path]:
            raise Refusal(f"{path.name} has line ends of several kinds")

    def _marked(self, path: Path, text: str) -> str:
        """Return the text with the byte order mark that the file had."""
        return f"\ufeff{text}" if path.read_bytes().startswith(b"\xef\xbb\xbf") else text

    def _renames_constraints(self, kind: str) -> bool:
        """Whether the project's code has a naming convention that changes given names (SQLAlchemy, Naming Conventions).

        Only its own files are looked at, by their text: a convention is written there as a literal.
        """
        pattern = _RENAMES_KEYS if kind == "fk" else _RENAMES
        return any(pattern.search(text) for text in self._conventions)

    @cached_property
    def _other_database(self) -> str:
        """The database besides PostgreSQL that a revision or env.py speaks of, or ""."""
        texts = list(self.original.values())
        if self._environment.source is not None:
            texts.append(self._environment.source.text)
        return next((match[1] for text in texts if (match := _OTHER_DATABASE.search(text))), "")

    @cached_property
    def _conventions(self) -> list[str]:
        found = []
        for base, inner, names in os.walk(self.scope.root):
            inner[:] = [
                name
                for name in inner
                if name not in _SKIPPED and name[0] != "." and not Path(base, name, "pyvenv.cfg").exists()
            ]
            for name in names:
                if name.endswith(".py"):
                    text = Path(base, name).read_text(encoding="utf-8", errors="replace")
                    if _RENAMES.search(text):
                        found.append(text)
        return found


def _last_of(state: _State, revision: Revision) -> Revision:
    """Return a revision, or the last of those that were made to follow it."""
    origin = revision.path
    for other in state.chain.revisions:  # parents come first
        if state.added.get(other.path) == origin:
            revision = other
    return revision


def _changed(chain: Chain, texts: Mapping[Path, str], root: Path) -> Chain:
    """Return a chain with other texts of some files, and with new files."""
    kept = [revision for revision in chain.revisions if revision.path not in texts]
    made = []
    for path, text in texts.items():
        shown = path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)
        made.append(read_revision(path, Source(shown, text)))
    return make_chain([*kept, *made])


def _key(finding: Diagnostic) -> Key:
    return finding.shown_path, finding.rule, _LINE.sub("line", finding.message)
