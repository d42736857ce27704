"""One run of ``generate``: the state that its stages share."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from alembic_vibe.catalog.catalog import Catalog
from alembic_vibe.catalog.facts import Column, Index, Privileges, Table
from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.diagnostics import ConfigurationError, DecisionNeededError, Diagnostic, Rule, Severity, SpecError
from alembic_vibe.diff.compare import Change, ChangeKind
from alembic_vibe.history.cache import cached, remember
from alembic_vibe.history.chain import ChainError, NewRevision, Scripts
from alembic_vibe.history.snapshot import NAME, Snapshot, read_snapshot
from alembic_vibe.plan.authored import authored_plan
from alembic_vibe.plan.graph import CycleError
from alembic_vibe.plan.planner import creation_order, plan_changes
from alembic_vibe.postgres.introspect import read_catalog
from alembic_vibe.prove.proof import prove, without_version_table
from alembic_vibe.results import Phase, RevisionInfo

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from alembic_vibe.catalog.facts import Fact
    from alembic_vibe.compilation import Compiled
    from alembic_vibe.config import Project
    from alembic_vibe.history.chain import Chain
    from alembic_vibe.plan.model import Plan, PlannedRevision
    from alembic_vibe.postgres.server import ScratchServer
    from alembic_vibe.prove.proof import Proof
    from alembic_vibe.results import Progress

HEADS = Rule(
    code="AV821",
    slug="multiple-heads",
    severity=Severity.ERROR,
    summary="The chain of revisions has several heads.",
    why="New revisions go on top of one head; `alembic upgrade head` would refuse the others.",
    fix="Run `alembic merge heads` first.",
    bad="$ alembic heads\n0007 (head)\n0008 (head)",
    good="$ alembic heads\n0009 (head)",
)
UNPLANNED = Rule(
    code="AV831",
    slug="change-of-existing-object",
    severity=Severity.ERROR,
    summary="The specification changes, removes or restricts something that exists.",
    why="This version plans new objects. A change of what a running release uses, and a constraint, index, trigger or "
    "policy on a table that is in use, want phases and weak locks; that is not guessed.",
    fix="Write the revision for this change by hand, then run generate again: it plans what is left.",
    bad="-- was: email text\nCREATE TABLE users (id uuid PRIMARY KEY, email citext);",
    good="CREATE TABLE users (id uuid PRIMARY KEY, email text);\nCREATE TABLE addresses (id uuid PRIMARY KEY);",
)
UNOWNED = Rule(
    code="AV832",
    slug="object-not-in-specification",
    severity=Severity.INFO,
    summary="Hand-written revisions made something that the specification does not have.",
    why="What the specification never had is not its own: it is left alone.",
    fix="Nothing needs to be done. Add it to Section 5 to have it managed.",
    bad="def upgrade() -> None:\n    op.create_table('legacy_imports', ...)",
    good="CREATE TABLE legacy_imports (...);  -- in Section 5",
)
CIRCLE = Rule(
    code="AV833",
    slug="circular-objects",
    severity=Severity.ERROR,
    summary="Objects need each other in a circle that cannot be broken.",
    why="Each revision makes objects one after the other. Foreign keys can be added later; a default, a view or a "
    "function with a parsed body cannot.",
    fix="Take one of the objects out of the circle, for instance with a function whose body is a string.",
    bad="CREATE FUNCTION f(t) ...;\nCREATE TABLE t (id int DEFAULT f(NULL::t));",
    good="CREATE FUNCTION f() ...;\nCREATE TABLE t (id int DEFAULT f());",
)
NOT_CARRIED = Rule(
    code="AV834",
    slug="object-not-carried",
    severity=Severity.ERROR,
    summary="An object is of a kind that can only be carried by its own statement, and there is no single one.",
    why="The facts about such an object are not modelled; only its CREATE statement says what it is.",
    fix="Say all of it in one CREATE statement, without later ALTER statements.",
    bad="CREATE PUBLICATION changes;\nALTER PUBLICATION changes ADD TABLE users;",
    good="CREATE PUBLICATION changes FOR TABLE users;",
)
RULES = (HEADS, UNPLANNED, UNOWNED, CIRCLE, NOT_CARRIED)

_IGNORED = (Kind.ROLE, Kind.MEMBERSHIP)  # of the whole server: others' roles are nobody's drift
_ID_DIGITS = 4


class Generation:
    """The project, the compiled spec, the chain and the scratch server of one run, and what was made of them."""

    def __init__(self, project: Project, compiled: Compiled, chain: Chain, server: ScratchServer) -> None:
        self._project = project
        self._compiled = compiled
        self._chain = chain
        self._server = server
        self._snapshot: Snapshot | None = read_snapshot(project.script_location / NAME)
        self._scripts = Scripts((), (), "")
        self._staging: tempfile.TemporaryDirectory[str] | None = None
        self._new: list[NewRevision] = []
        self._reaching_back: set[str] = set()  # the revisions that add to tables of earlier ones
        self._paths: list[Path] = []
        self._foreign: dict[Key, Fact] = {}  # what hand-written revisions made and the spec does not have
        self.diagnostics: list[Diagnostic] = []

    @property
    def known_files(self) -> Mapping[str, str]:
        """The digests of the files that earlier runs wrote."""
        return self._snapshot.files if self._snapshot else {}

    # -- recall -----------------------------------------------------------------------------------------------------

    def recall(self) -> Catalog:
        """Return the catalog at the head of the chain.

        Raises:
            DecisionNeededError: There are several heads.
            EnvironmentFailureError: The chain cannot be read or run.
        """
        project = self._project
        try:
            self._chain.open(project.ini, project.pyproject, None)
            self._scripts = self._chain.describe()
        except ChainError as error:
            raise error.as_failure("the project's revisions cannot be read") from error
        if len(self._scripts.heads) > 1:
            names = ", ".join(self._scripts.heads)
            raise DecisionNeededError(HEADS.diagnostic(f"the chain has {len(self._scripts.heads)} heads: {names}"))
        if not self._scripts.heads:
            return Catalog()
        return self._replay(self._scripts.heads[0])

    def _replay(self, head: str) -> Catalog:
        key = self._chain_digest()
        found = cached(key)
        if found is not None:
            return found
        database = self._server.create_database()
        try:
            self._chain.upgrade(head, self._server.sqlalchemy_url(database))
            with self._server.connect(database, autocommit=True) as connection:
                catalog = without_version_table(read_catalog(connection).catalog)
        except ChainError as error:
            raise error.as_failure("the project's chain cannot be run on an empty database") from error
        finally:
            self._server.drop_database(database)
        remember(key, catalog)
        return catalog

    def _chain_digest(self, new: Sequence[Path] = ()) -> str:
        """Return what the state at the head depends on: the revisions, env.py and the server.

        Args:
            new: The staged revisions that come after the project's own.
        """
        digest = hashlib.sha256(str(self._server.version_num).encode())
        paths = [Path(script.path) for script in self._scripts.scripts]
        for path in [self._project.script_location / "env.py", *paths, *new]:
            digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
        return digest.hexdigest()

    # -- decide -----------------------------------------------------------------------------------------------------

    def decide(self, changes: Sequence[Change]) -> tuple[Change, ...]:
        """Return the changes to plan; what the spec does not own is left alone and reported once.

        Raises:
            DecisionNeededError: The spec changes or drops an object that exists.
        """
        owned = self._snapshot.facts if self._snapshot else {}
        wanted: list[Change] = []
        refused: list[Change] = []
        new = {change.key for change in changes if change.kind is ChangeKind.ADD}
        for change in changes:
            if change.kind is ChangeKind.ADD:
                (refused if _touches_what_exists(change, new) else wanted).append(change)
            elif change.kind is ChangeKind.DROP and (change.key not in owned or change.key.kind in _IGNORED):
                assert change.before is not None
                assert not isinstance(change.before, Column)
                self._foreign[change.key] = change.before
            else:
                refused.append(change)
        if refused:
            raise DecisionNeededError([self._refusal(change) for change in refused])
        if self._foreign:
            named = ", ".join(sorted({key.qualified for key in self._foreign})[:10])
            self.diagnostics.append(
                UNOWNED.diagnostic(f"left alone, because the specification does not have it: {named}")
            )
        return tuple(wanted)

    def _refusal(self, change: Change) -> Diagnostic:
        index = self._compiled.origins.first.get(change.key)
        statement = self._compiled.parsed.sql.statements[index] if index is not None else None
        existing = " on something that is in use" if change.kind is ChangeKind.ADD else ""
        return UNPLANNED.diagnostic(
            change.describe() + existing,
            source=statement.source if statement else None,
            span=statement.span if statement else None,
        )

    # -- plan -------------------------------------------------------------------------------------------------------

    def plan(self, changes: Sequence[Change]) -> Plan:
        """Return the revisions that make what is new.

        Raises:
            SpecError: New objects cannot be ordered, or one cannot be carried.
        """
        compiled = self._compiled
        try:
            return plan_changes(changes, compiled.catalog, compiled.origins, compiled.sections)
        except CycleError as error:
            raise SpecError(CIRCLE.diagnostic(f"these need each other: {', '.join(map(str, error.nodes))}")) from error
        except LookupError as error:
            raise SpecError(NOT_CARRIED.diagnostic(str(error))) from error

    # -- stage and prove --------------------------------------------------------------------------------------------

    def stage(self, plan: Plan) -> tuple[RevisionInfo, ...]:
        """Write the planned revisions into a copy of the project's scripts, through the project's own template."""
        from alembic_vibe.artifacts import make_account
        from alembic_vibe.render.code import quote_docstring
        from alembic_vibe.render.revisions import render_revision

        if not plan.revisions:
            return ()
        account = make_account(self._compiled)
        head = self._scripts.heads[0] if self._scripts.heads else ""
        authored = self._compiled.authored
        shown = authored_plan(plan, self._compiled.catalog, authored)
        for number, revision in enumerate(shown.revisions, start=1):
            text = render_revision(revision, authored, account)
            new = NewRevision(
                id=self._revision_id(number, text.upgrade),
                title=quote_docstring(text.title),  # it stands at the top of the module
                head=head,
                docstring=text.docstring,
                upgrade=text.upgrade,
                downgrade=text.downgrade,
                imports=text.imports,
            )
            self._new.append(new)
            if _reaches_back(revision):
                self._reaching_back.add(new.id)
            head = new.id
        self._open_staging()
        try:
            self._paths = [Path(path) for path in self._chain.write(self._new)]
        except ChainError as error:
            raise error.as_failure("the revisions cannot be written") from error
        return tuple(
            RevisionInfo(new.id, self._final_path(path), revision.title, Phase.EXPAND)
            for new, path, revision in zip(self._new, self._paths, shown.revisions, strict=True)
        )

    def _revision_id(self, number: int, text: str) -> str:
        """Return the next number where the chain counts (or is empty), else a hash, as the chain has them."""
        ids = [script.revision for script in self._scripts.scripts]
        if all(found.isdigit() for found in ids):
            last = max((int(found) for found in ids), default=0)
            width = max((len(found) for found in ids), default=_ID_DIGITS)
            return f"{last + number:0{width}d}"
        return hashlib.sha256(f"{number}\0{text}".encode()).hexdigest()[:12]

    def _open_staging(self) -> None:
        self._staging = tempfile.TemporaryDirectory(prefix="vibe-stage-")  # goes away with this object
        folder = Path(self._staging.name)
        scripts = folder / "scripts"
        shutil.copytree(self._project.script_location, scripts, ignore=shutil.ignore_patterns("__pycache__"))
        locations = []
        for number, location in enumerate(self._project.version_locations):
            if location.is_relative_to(self._project.script_location):
                locations.append(scripts / location.relative_to(self._project.script_location))
            else:
                copy = folder / f"versions_{number}"
                shutil.copytree(location, copy, ignore=shutil.ignore_patterns("__pycache__"))
                locations.append(copy)
        for location in locations:
            location.mkdir(exist_ok=True)
        self._locations = locations
        standard = locations == [scripts / "versions"]
        self._chain.open(self._project.ini, self._project.pyproject, scripts, () if standard else locations)

    def _final_path(self, staged: Path) -> str:
        """Return where a staged revision will be in the project, relative to its root."""
        for location, copy in zip(self._project.version_locations, self._locations, strict=True):
            if staged.is_relative_to(copy):
                return (location / staged.relative_to(copy)).relative_to(self._project.root).as_posix()
        message = f"{staged} is in none of the version locations"
        raise ConfigurationError(HEADS.diagnostic(message))

    def prove(self, progress: Progress) -> Proof:
        """Run the staged revisions up, down and up again; raises ``FindingsError``."""
        base = self._scripts.heads[0] if self._scripts.heads else "base"
        revisions = [new.id for new in self._new]
        wanted = self._compiled.catalog
        target = replace(wanted, facts=dict(sorted({**wanted.facts, **self._foreign}.items())))
        proof = prove(self._chain, self._server, target, revisions, base, progress, twice=self._reaching_back)
        remember(self._chain_digest(self._paths), proof.catalog)  # the next run starts from here
        return proof

    # -- what to write ----------------------------------------------------------------------------------------------

    def staged_files(self) -> dict[str, str]:
        """Return the texts of the new revisions by their path in the project."""
        return {self._final_path(path): path.read_text(encoding="utf-8") for path in self._paths}

    def snapshot_file(self, digests: Mapping[str, str]) -> dict[str, str]:
        """Return the snapshot by its path, if it is not on the disk already."""
        compiled = self._compiled
        head = self._new[-1].id if self._new else self._scripts.heads[0] if self._scripts.heads else ""
        facts = compiled.catalog.facts
        snapshot = Snapshot(
            spec=compiled.spec.source.path,
            head=head,
            server_version=compiled.catalog.server_version,
            source=compiled.parsed.digest(),
            facts={key: facts[key] for key in creation_order(compiled.catalog, compiled.origins)},
            files=digests,
        )
        path = self._project.script_location / NAME
        old = self._snapshot
        if old is not None and _same(old, snapshot):
            return {}
        return {path.relative_to(self._project.root).as_posix(): snapshot.text()}


def _touches_what_exists(change: Change, new: Collection[Key]) -> bool:
    """Whether something new hangs on a table or view that was there before, and restricts or locks it."""
    fact, key = change.after, change.key
    match key.kind:
        case Kind.CONSTRAINT | Kind.TRIGGER | Kind.POLICY | Kind.RULE:
            owners = [Key(kind, key.schema, key.name) for kind in (Kind.TABLE, Kind.VIEW, Kind.MATERIALIZED_VIEW)]
        case Kind.INDEX if isinstance(fact, Index):
            owners = [fact.table]
        case Kind.TABLE if isinstance(fact, Table) and fact.partition_of is not None:
            owners = [fact.partition_of]
        case Kind.PRIVILEGES if isinstance(fact, Privileges) and fact.revoked:
            owners = [fact.target]
        case _:
            return False
    return not any(owner in new for owner in owners)


def _reaches_back(revision: PlannedRevision) -> bool:
    """Whether a revision adds constraints to tables that it does not make itself."""
    here = {step.key for step in revision.steps}
    return any(
        step.key.kind is Kind.CONSTRAINT and Key(Kind.TABLE, step.key.schema, step.key.name) not in here
        for step in revision.steps
    )


def _same(old: Snapshot, new: Snapshot) -> bool:
    """Whether nothing that matters differs; another server version alone, or another order, is no reason to write."""
    if old.server_version != new.server_version and (old.source, old.head) == (new.source, new.head):
        return old.files == new.files
    return old == new
