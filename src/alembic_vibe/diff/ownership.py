"""What is the spec's own, what is not, and what hand-written revisions changed of its own.

The snapshot says what the spec made last (the first of three states); the spec says what it wants now; the chain says
what there is. What the spec never had is foreign: it is left alone. What the spec had and the chain has otherwise is
drift: where the spec now wants what the chain has, it is adopted; where it wants something else, the author decides.
"""

from __future__ import annotations

import shlex
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Column, Privileges, Table
from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.diagnostics import Rule, Severity
from alembic_vibe.diff.compare import Change, ChangeKind, compared, fields_that_differ
from alembic_vibe.diff.renames import Renames
from alembic_vibe.hazards import DRIFT, Danger, is_accepted
from alembic_vibe.sql.places import find_places

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from collections.abc import Sequence as Many

    from alembic_vibe.catalog.catalog import Catalog
    from alembic_vibe.catalog.facts import Fact
    from alembic_vibe.diagnostics import Diagnostic
    from alembic_vibe.results import Acceptance
    from alembic_vibe.sql.statement import Place, Statement

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
DRIFTED = Rule(
    code="AV838",
    slug="changed-by-hand",
    severity=Severity.ERROR,
    summary="A hand-written revision changed something of the specification's own, and the plan would undo it.",
    why="The specification before, the specification now and the revisions say three things. Which of them is meant "
    "cannot be seen.",
    fix="Write into the specification what the revisions make, or let the plan change it back with "
    "`--accept drift:object`.",
    bad="def upgrade() -> None:\n    op.alter_column('orders', 'amount', type_=sa.BigInteger())  # not in Section 5",
    good="CREATE TABLE orders (\n    amount bigint\n);",
)
UNJUDGED = Rule(
    code="AV839",
    slug="drift-not-compared",
    severity=Severity.INFO,
    summary="Whether something was changed by hand cannot be told, because another PostgreSQL printed it before.",
    why="Each major version prints some expressions and definitions in its own way.",
    fix="Nothing needs to be done; this run keeps them as this server prints them. Look at the change if somebody may "
    "have written a revision for this object by hand.",
    bad="a snapshot of PostgreSQL 15, and a server of PostgreSQL 18",
    good="$ alembic-vibe generate --scratch-url postgresql://localhost:5415/postgres",
)
RULES = (UNOWNED, DRIFTED, UNJUDGED)

_OF_THE_SERVER = (Kind.ROLE, Kind.MEMBERSHIP)  # others' roles are nobody's drift, and are never dropped
_PARTS = (Kind.CONSTRAINT, Kind.TRIGGER, Kind.POLICY, Kind.RULE)
_STRUCTURE = frozenset({"type", "not_null", "identity", "generated", "inherited", "labels", "columns"})
_MAJOR = 10_000
_MOST_SHOWN = 10
_LONGEST = 160


@dataclass(frozen=True)
class Foreign:
    """What the chain has and the spec never had: whole objects, and columns by the table that has them."""

    objects: Mapping[Key, Fact] = field(default_factory=dict)
    columns: Mapping[Key, tuple[Column, ...]] = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        """Their names for people and for the snapshot, sorted; roles belong to the server and are not named."""
        found = {shown(key) for key in self.objects if key.kind not in _OF_THE_SERVER}
        found |= {f"{table.qualified}.{column.name}" for table, columns in self.columns.items() for column in columns}
        return tuple(sorted(found))


@dataclass(frozen=True)
class Owned:
    """``changes`` are left for planning; ``undecided`` are questions; ``notes`` are worth knowing."""

    changes: tuple[Change, ...]
    foreign: Foreign
    undecided: tuple[Diagnostic, ...] = ()
    notes: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True)
class States:
    """The three states.

    ``owned`` are the facts of the snapshot (none on the first run), ``projected`` what the chain makes when all that is
    pending has run, both under old names; ``named`` is ``projected`` with all renamings done (the same if there are
    none); ``wanted`` is the spec. ``snapshot_version`` is the server's that printed ``owned``.
    """

    owned: Mapping[Key, Fact]
    projected: Catalog
    named: Catalog
    wanted: Catalog
    snapshot_version: int = 0


def sort_out(
    changes: Iterable[Change],
    states: States,
    renames: Renames | None = None,
    *,
    accepted: Many[Acceptance] = (),
    known: Collection[str] = (),
    statements: Iterable[Statement] = (),
) -> Owned:
    """Take out of the changes what is not the spec's to change.

    Args:
        changes: Refined changes from ``states.named`` to ``states.wanted``, renamings included.
        states: The three states.
        renames: What has a new name.
        accepted: ``--accept drift:object`` changes back what was changed by hand.
        known: The names of foreign objects that have been reported.
        statements: Those of the spec, for places.
    """
    run = _Run(states, renames or Renames(), [(found.hazard, found.object) for found in accepted], tuple(statements))
    left = tuple(change for change in run.without_foreign(changes) if run.is_decided(change))
    foreign = Foreign(run.objects, run.columns)
    notes = []
    names = sorted(set(foreign.names) - set(known))
    if names:
        more = f" and {len(names) - _MOST_SHOWN} more" if len(names) > _MOST_SHOWN else ""
        text = ", ".join(names[:_MOST_SHOWN])
        notes.append(UNOWNED.diagnostic(f"left alone, because the specification does not have it: {text}{more}"))
    if run.unjudged:
        notes.append(UNJUDGED.diagnostic(f"another PostgreSQL printed these before: {', '.join(run.unjudged)}"))
    return Owned(left, foreign, tuple(run.questions), tuple(notes))


def with_foreign(wanted: Catalog, foreign: Foreign) -> Catalog:
    """Return the wanted catalog with all that is left alone: what a plan arrives at."""
    facts = {**wanted.facts, **foreign.objects}
    for key, columns in foreign.columns.items():
        table = facts.get(key)
        if isinstance(table, Table):
            facts[key] = replace(table, columns=(*table.columns, *columns))
    return replace(wanted, facts=dict(sorted(facts.items())))


def shown(key: Key) -> str:
    """Return how people and ``--accept`` name an object: ``orders``, ``billing.invoices.amount``, ``sum(integer)``."""
    if key.kind in {Kind.FUNCTION, Kind.AGGREGATE}:
        return f"{key.qualified}({key.member})"
    if key.kind in {Kind.PRIVILEGES, Kind.DEFAULT_PRIVILEGES, Kind.OTHER, Kind.SCHEMA, Kind.EXTENSION}:
        return str(key)
    return f"{key.qualified}.{key.member}" if key.member else key.qualified


class _Run:
    """What is found while the changes are looked at."""

    def __init__(
        self,
        states: States,
        renames: Renames,
        accepted: list[tuple[str, str | None]],
        statements: tuple[Statement, ...],
    ) -> None:
        self._states = states
        self._renames = renames
        self._accepted = accepted
        self._statements = statements
        # By the keys that objects have under their new names: what the snapshot and the chain say of them.
        self._snapshot = {renames.new_key(fact): fact for fact in states.owned.values()}
        self._chain = {renames.new_key(fact): fact for fact in states.projected.facts.values()}
        self._same_server = states.snapshot_version // _MAJOR == states.wanted.server_version // _MAJOR
        self.objects: dict[Key, Fact] = {}
        self.columns = self._foreign_columns()
        self.questions: list[Diagnostic] = []
        self.unjudged: list[str] = []

    # -- foreign ----------------------------------------------------------------------------------------------------

    def _foreign_columns(self) -> dict[Key, tuple[Column, ...]]:
        found = {}
        for key, table in compared(self._states.named).items():
            wanted = self._states.wanted.facts.get(key)
            if not isinstance(table, Table) or not isinstance(wanted, Table):
                continue
            names = {column.name for column in wanted.columns}
            mine = self._snapshot.get(key)
            had = {column.name for column in mine.columns} if isinstance(mine, Table) else set()
            columns = tuple(c for c in table.columns if c.name not in names and c.name not in had)
            if columns:
                found[key] = columns
        return found

    def without_foreign(self, changes: Iterable[Change]) -> list[Change]:
        """Return the changes without drops of what the spec never had, and remember that."""
        changes = list(changes)
        drops = {c.key: c for c in changes if c.kind is ChangeKind.DROP and c.key.kind is not Kind.COLUMN}
        for key, change in drops.items():
            if key not in self._snapshot or key.kind in _OF_THE_SERVER:
                assert change.before is not None
                assert not isinstance(change.before, Column)
                self.objects[key] = change.before
        self._what_goes_along(changes)
        return [change for change in changes if change.kind is not ChangeKind.DROP or not self._is_foreign(change.key)]

    def _what_goes_along(self, changes: list[Change]) -> None:
        """Ask where a drop would take something foreign along; with an acceptance, that is the spec's to drop."""
        needing: dict[Key, set[Key]] = {}
        for key in self.objects:
            for needed in self._states.named.depends.get(key, ()):
                needing.setdefault(needed, set()).add(key)
        drops = [c for c in changes if c.kind is ChangeKind.DROP and not self._is_foreign(c.key)]
        tables = {change.key for change in drops if change.key.kind is Kind.TABLE}
        for change in drops:
            if any(_is_part(change.key, change.before, table) for table in tables):
                continue  # the table is asked about
            along = self._users_of(change.key, needing)
            parts = {key for key in along if _is_part(key, self.objects[key], change.key)}
            others = [str(key) for key in sorted(along - parts)]
            others += [f"column {name}" for name in self._unowned_columns(change)]
            if others and not self._is_accepted(change.key):
                text = ", ".join(others)
                message = f"{shown(change.key)} is gone, and would take along what the specification never had: {text}"
                self._ask(change.key, message)
                continue
            for key in along:
                self.objects.pop(key, None)

    def _users_of(self, dropped: Key, needing: Mapping[Key, set[Key]]) -> set[Key]:
        """Return the foreign objects that cannot stay without what is dropped."""
        if dropped.kind is Kind.COLUMN:
            table = Key(Kind.TABLE, dropped.schema, dropped.name)
            found = set(self._states.named.column_users.get((table, dropped.member), ())) & self.objects.keys()
            found |= {key for key, fact in self.objects.items() if _is_privilege(fact, table, dropped.member)}
        else:
            found = needing.get(dropped, set()) & self.objects.keys()
            found |= {key for key, fact in self.objects.items() if _is_privilege(fact, dropped)}
        waiting = list(found)
        while waiting:
            more = needing.get(waiting.pop(), set()) & self.objects.keys() - found
            found |= more
            waiting += more
        return found

    def _unowned_columns(self, change: Change) -> list[str]:
        mine = self._snapshot.get(change.key)
        if not isinstance(change.before, Table) or not isinstance(mine, Table):
            return []
        had = {column.name for column in mine.columns}
        return [column.name for column in change.before.columns if column.name not in had]

    def _is_foreign(self, key: Key) -> bool:
        table = Key(Kind.TABLE, key.schema, key.name)
        return key in self.objects or (
            key.kind is Kind.COLUMN and any(key.member == column.name for column in self.columns.get(table, ()))
        )

    # -- drift ------------------------------------------------------------------------------------------------------

    def is_decided(self, change: Change) -> bool:
        """Whether a change may be planned: it undoes nothing that was done by hand, or that is accepted."""
        if change.kind is ChangeKind.DROP or (change.kind is ChangeKind.RENAME and change.key.kind is Kind.TABLE):
            return True  # what differs in a renamed table are changes of their own
        if change.kind is ChangeKind.RENAME and change.key in self._states.owned and not self._is_accepted(change.key):
            old = self._renames.renamed[change.key]
            self._ask(change.key, f"a hand-written revision renamed {change.key} to {shown(old)}")
            return False
        was, there = self._pair(change.key)
        if was is None:
            return True
        if there is None:
            if change.kind is not ChangeKind.ADD or self._is_accepted(change.key):
                return True
            lines = ["specification before: it is there · specification now: it is there · revisions: it is gone"]
            self._ask(change.key, f"a hand-written revision dropped {change.key}, which the specification has", *lines)
            return False
        names = self._drifted(was, there, change)
        if not names or self._is_accepted(change.key):
            return True
        lines = [_three(name, was, change.after, there) for name in names]
        facts = ", ".join(name.replace("_", " ") for name in names)
        self._ask(change.key, f"a hand-written revision changed {facts} of {change.key}", *lines)
        return False

    def _drifted(self, was: Fact | Column, there: Fact | Column, change: Change) -> list[str]:
        """Return the facts that were changed by hand and that the plan would change as well."""
        if type(was) is not type(there):
            return []
        touched = set(change.altered_fields)
        both = [name for name in fields_that_differ(was, there, ("key", "name", "columns")) if name in touched]
        if self._same_server:
            return both
        judged = [name for name in both if name in _STRUCTURE]
        if both and not judged:
            self.unjudged.append(shown(change.key))
        return judged

    def _pair(self, key: Key) -> tuple[Fact | Column | None, Fact | Column | None]:
        """Return what the snapshot and the chain say of an object or column, given its new key."""
        if key.kind is not Kind.COLUMN:
            return self._snapshot.get(key), self._chain.get(key)
        table = Key(Kind.TABLE, key.schema, key.name)
        name = self._renames.old_name(table, key.member)
        return _column(self._snapshot.get(table), name), _column(self._chain.get(table), name)

    def _is_accepted(self, key: Key) -> bool:
        names = {shown(key), shown(Key(Kind.TABLE, key.schema, key.name))}
        return any(is_accepted(Danger(DRIFT, name, ""), self._accepted) for name in names)

    @cached_property
    def _places(self) -> dict[Key, Place]:
        return find_places(self._statements)

    def _ask(self, key: Key, message: str, *lines: str) -> None:
        place = self._places.get(key) or self._places.get(Key(Kind.TABLE, key.schema, key.name))
        option = shlex.quote(f"{DRIFT.slug}:{shown(key)}")
        self.questions.append(
            DRIFTED.diagnostic(
                message,
                help=f"write into the specification what shall be, or let the plan go on with `--accept {option}`",
                source=place.source if place else None,
                span=place.span if place else None,
                notes=lines,
            )
        )


def _is_part(key: Key, fact: Fact | Column | None, dropped: Key) -> bool:
    """Whether something is a part of a table that goes, or a privilege: it holds nothing of its own."""
    if isinstance(fact, Privileges):
        return True
    if dropped.kind is not Kind.TABLE:
        return False
    return getattr(fact, "table", None) == dropped or (key.kind in _PARTS and key[1:3] == dropped[1:3])


def _is_privilege(fact: Fact, target: Key, column: str = "") -> bool:
    return isinstance(fact, Privileges) and fact.target == target and column in {"", fact.column}


def _column(table: Fact | None, name: str) -> Column | None:
    if not isinstance(table, Table):
        return None
    return next((column for column in table.columns if column.name == name), None)


def _three(name: str, was: Fact | Column, now: Fact | Column | None, there: Fact | Column) -> str:
    """Say one fact in three states, such as the type that the spec gave, that it gives, and that the revisions make."""
    first, second, third = (_text(getattr(state, name, None)) for state in (was, now, there))
    title = name.replace("_", " ")
    return f"{title}: specification before: {first} · specification now: {second} · revisions: {third}"


def _text(value: object) -> str:
    if value is None or value == () or value == "":
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = getattr(value, "text", None)  # a type says itself
    if text is None:
        text = ", ".join(map(_text, value)) if isinstance(value, tuple) and not isinstance(value, Key) else str(value)
    text = " ".join(str(text).split())
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
