"""Renders revisions, and remembers what they emit: Alembic is imported only for what is new.

What a revision emits depends on its text, on what is installed, and, where it uses more than Alembic, SQLAlchemy and
the standard library, on files of the project and on environment variables (see ``lint.watch``). One text for each
chain is kept in the user's cache directory, with the renderings of its revisions.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, Self

from alembic_vibe.lint.model import Direction, Emitted, Gap, Place, Rendering
from alembic_vibe.lint.watch import digests, stamp, unchanged, variables, watching
from alembic_vibe.shelf import Shelf

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from pathlib import Path

    from alembic_vibe.lint.model import Revision
    from alembic_vibe.lint.request import Scope
    from alembic_vibe.lint.watch import Watch

SHELF = Shelf("lint-renderings", 20, stamp)
MOST_OTHERS = 500  # renderings of other states of the chain, such as those of another branch

NOT_IMPORTED = "cannot be imported here"  # in the reason of a gap; what is missing today may be there tomorrow
_SAFE = sys.stdlib_module_names | {"alembic", "sqlalchemy"}
_LOOKS_AROUND = re.compile(r"\b(?:environ|getenv|importlib|__import__|subprocess|exec|eval)\b")

_Entry = dict[str, Any]


class Renderer:
    """Renders the revisions of one run; a context, after which what is new has been written down."""

    def __init__(self, scope: Scope, *, remembers: bool) -> None:
        """Take where the chain is, and whether anything is read from or written to the cache."""
        self._scope = scope
        self._remembers = remembers
        self._stack = ExitStack()
        self._watch: Watch | None = None
        self._before = 0  # how much had been read before the revision that is rendered
        self._known: dict[str, _Entry] = {}
        self._groups: list[dict[str, Any]] = []  # what renderings depend on: files with digests, variables
        self._good: dict[int, bool] = {}
        self._used: dict[str, _Entry] = {}
        self._new: list[_Entry] = []

    def __enter__(self) -> Self:
        """Load what earlier runs remember."""
        self._stack.__enter__()
        if self._remembers:
            self._load()
        return self

    def __exit__(self, *details: object) -> None:
        """Give back the path of modules, and keep what is new."""
        self._stack.close()
        if self._remembers and self._new and details[0] is None:
            self._save()

    def __call__(
        self, revision: Revision, directions: Collection[Direction] = tuple(Direction)
    ) -> dict[Direction, Rendering]:
        """Return what functions of a revision emit; never raises for what the revision does."""
        key = key_of(revision) if self._remembers else ""
        remembered = self._remembered(key, directions)
        if remembered is not None:
            return remembered
        renderings = self._render(revision, directions)
        if self._remembers and not any(NOT_IMPORTED in gap.reason for one in renderings.values() for gap in one.gaps):
            self._keep(key, revision, renderings)
        return renderings

    def _remembered(self, key: str, directions: Collection[Direction]) -> dict[Direction, Rendering] | None:
        entry = self._known.get(key)
        try:
            if entry is None or not all(direction in entry for direction in directions) or not self._holds(entry):
                return None
            found = {direction: _load(direction, entry[direction]) for direction in directions}
        except (ValueError, TypeError, KeyError, IndexError, AttributeError):
            return None  # damaged: as if it had not been there
        self._used[key] = entry
        return found

    def _render(self, revision: Revision, directions: Collection[Direction]) -> dict[Direction, Rendering]:
        from alembic_vibe.lint.emit.loading import search_path
        from alembic_vibe.lint.emit.render import render

        if self._watch is None:
            self._stack.enter_context(search_path(self._scope.import_paths, (self._scope.root,)))
            self._watch = self._stack.enter_context(watching((self._scope.root, *self._scope.folders)))
        self._before = len(self._watch.seen)
        return render(revision, directions)

    def _keep(self, key: str, revision: Revision, renderings: Mapping[Direction, Rendering]) -> None:
        assert self._watch is not None
        entry: _Entry = {str(direction): _dump(one) for direction, one in renderings.items()}
        tops = {name.partition(".")[0] for name in revision.facts.imports}
        alone = tops <= _SAFE and len(self._watch.seen) == self._before
        # Modules that another revision has imported already are not opened again: all that was read counts.
        entry["on"] = None if alone and not _LOOKS_AROUND.search(revision.source.text) else -1
        self._used[key] = entry
        self._new.append(entry)

    def _holds(self, entry: _Entry) -> bool:
        """Whether what the rendering depends on is as it was."""
        group = entry["on"]
        if group is None:
            return True
        if group not in self._good:
            self._good[group] = self.still_holds(self._groups[group])
        return self._good[group]

    def still_holds(self, on: Mapping[str, Any]) -> bool:
        """Whether files and variables that renderings depend on are as they were."""
        return bool(on["variables"] == variables() and unchanged(on["files"]))

    def rests_on(self, revisions: Iterable[Revision]) -> list[dict[str, Any]] | None:
        """Return what the renderings of some revisions depend on; ``None`` if some of them cannot be remembered."""
        groups: set[int] = set()
        for revision in revisions:
            if revision.facts.syntax_error is None:
                entry = self._used.get(key_of(revision))
                if entry is None:
                    return None
                groups |= {entry["on"]} if isinstance(entry["on"], int) else set()
        return [self._now() if group == -1 else self._groups[group] for group in sorted(groups)]

    def go_past(self, revision: Revision) -> None:
        """Go on remembering a revision that this run does not need."""
        key = key_of(revision)
        if key in self._known:
            self._used[key] = self._known[key]

    def _now(self) -> dict[str, Any]:
        """Return what all renderings of this run depend on."""
        assert self._watch is not None
        return {"files": digests(self._watch.read()), "variables": variables()}

    def _load(self) -> None:
        text = SHELF.read(self._place())
        try:
            document = json.loads(text) if text is not None else {}
            self._known, self._groups = dict(document.get("entries", {})), list(document.get("groups", []))
        except (ValueError, TypeError, AttributeError):
            self._known, self._groups = {}, []

    def _save(self) -> None:
        groups = list(self._groups)
        if any(entry["on"] == -1 for entry in self._new) and self._watch is not None:
            groups.append(self._now())
        for entry in self._new:
            entry["on"] = len(groups) - 1 if entry["on"] == -1 else None
        others = [key for key in self._known if key not in self._used][:MOST_OTHERS]
        entries = {**self._used, **{key: self._known[key] for key in others if isinstance(self._known[key], dict)}}
        kept = sorted({on for entry in entries.values() if isinstance(on := entry.get("on"), int) and on < len(groups)})
        moved = {old: new for new, old in enumerate(kept)}
        for entry in entries.values():
            on = entry.get("on")
            entry["on"] = moved[on] if isinstance(on, int) else None
        document = {"groups": [groups[old] for old in kept], "entries": entries}
        SHELF.keep(self._place(), json.dumps(document, separators=(",", ":")))

    def _place(self) -> str:
        return place_of(self._scope)


def place_of(scope: Scope) -> str:
    """Return what tells one chain, with what its revisions can import, from another."""
    return "\0".join(map(str, (scope.root, *scope.folders, *scope.import_paths)))


def key_of(revision: Revision) -> str:
    """Return what tells a revision from any other, and from itself before it was edited."""
    return key_of_text(revision.path, revision.source.text)


def key_of_text(path: Path, text: str) -> str:
    """Return the same of a file that is not read yet."""
    return hashlib.sha256(f"{path}\0{text}".encode("utf-8", "surrogatepass")).hexdigest()[:24]


def _dump(rendering: Rendering) -> list[Any]:
    statements = [
        [one.sql, one.place, one.call, one.autocommit, one.opaque, one.existing_type] for one in rendering.statements
    ]
    return [statements, [[gap.place, gap.reason] for gap in rendering.gaps]]


def _load(direction: Direction, data: list[Any]) -> Rendering:
    statements, gaps = data
    return Rendering(
        direction,
        tuple(Emitted(sql, Place(*place), *others) for sql, place, *others in statements),
        tuple(Gap(Place(*place), reason) for place, reason in gaps),
    )
