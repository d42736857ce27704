"""The steps from one state to another, in an order in which they work; undone in the opposite order.

First goes what only stands in the way (views, policies, triggers, indexes, constraints), then comes what others need
(schemas, types, functions), then the changes in place, then everything else that is new; what others needed goes last.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from alembic_vibe.autogenerate.plain import columns
from alembic_vibe.autogenerate.plain.objects import alter_object, is_made_anew
from alembic_vibe.catalog.facts import Column, Constraint, Index, Privileges, Sequence, Statistics
from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.diff.compare import Change, ChangeKind, compare
from alembic_vibe.diff.refine import refine
from alembic_vibe.plan.belongings import downs, make, ups
from alembic_vibe.plan.dependents import WITH_EXPRESSIONS, dependents
from alembic_vibe.plan.discovery import strategy_for
from alembic_vibe.plan.graph import CycleError
from alembic_vibe.plan.model import Mode
from alembic_vibe.plan.situation import Situation, table_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from alembic_vibe.catalog.catalog import Catalog
    from alembic_vibe.plan.model import Step
    from alembic_vibe.plan.operations import Operation

_NEEDED = {
    Kind.ROLE,
    Kind.SCHEMA,
    Kind.EXTENSION,
    Kind.ENUM,
    Kind.DOMAIN,
    Kind.COMPOSITE,
    Kind.RANGE,
    Kind.SEQUENCE,
    Kind.FUNCTION,
    Kind.AGGREGATE,
}
MAKE_WAY = "make way"
_LASTING = _NEEDED | {Kind.TABLE}
_CODE = {Kind.FUNCTION, Kind.VIEW}

_TRANSACTION_ONLY = {Mode.TRANSACTION, Mode.AUTOCOMMIT}


@dataclass(frozen=True)
class PlainStep:
    """What is done to one object, and how it is undone.

    ``verb`` is "add", "change" or "drop"; "make way" for what is dropped only to be made again, or is made again as it
    was.
    """

    verb: str
    key: Key
    up: tuple[Operation, ...]
    down: tuple[Operation, ...]


@dataclass
class Steps:
    """The steps, and the changes that nothing here can carry out."""

    steps: list[PlainStep] = field(default_factory=list)
    left: list[Change] = field(default_factory=list)


def steps_between(before: Catalog, after: Catalog) -> Steps:
    """Return what leads from one state to the other.

    Args:
        before: Where one is.
        after: Where one wants to be.
    """
    changes = refine(compare(before, after), before, after)
    return _Work(before, after, changes).steps()


def steps_first(before: Catalog, after: Catalog) -> Steps:
    """Return what makes the schemas, extensions, types and functions that new tables and columns need."""
    changes = refine(compare(before, after), before, after)
    return _Work(before, after, changes).first()


class _Work:
    def __init__(self, before: Catalog, after: Catalog, changes: tuple[Change, ...]) -> None:
        self._before = before
        self._after = after
        self._changes = changes
        self._added = {c.key for c in changes if c.kind is ChangeKind.ADD and c.key.kind is not Kind.COLUMN}
        self._dropped = {c.key for c in changes if c.kind is ChangeKind.DROP and c.key.kind is not Kind.COLUMN}
        self._anew = {c.key for c in changes if c.kind is ChangeKind.ALTER and _is_made_anew(c)}
        self._left: list[Change] = []

    def steps(self) -> Steps:
        again = self._in_the_way()
        altered = [c for c in self._changes if c.key not in again | self._added | self._dropped]
        light = {key for key in self._dropped if key.kind not in _LASTING and not self._goes_with_table(key)} | again
        heavy = self._dropped - light
        new = self._added | again
        early = self._early(new, altered)
        result = [*self._undone(light)]
        result += self._done(early)
        in_place = [(change, found) for change in altered if (found := self._alter(change)) is not None]
        first = [step for change, step in in_place if not self._waits(change, new - early)]
        result += first
        result += self._done(new - early)
        result += [step for change, step in in_place if self._waits(change, new - early)]
        result += self._undone(heavy)
        return Steps(result, self._left)

    def first(self) -> Steps:
        altered = [change for change in self._changes if change.kind is ChangeKind.ALTER]
        return Steps(self._done(self._early(self._added, altered)))

    # -- what is made, and unmade ------------------------------------------------------------------------------------

    def _in_the_way(self) -> set[Key]:
        """Return what is dropped and made again: by itself, or because it hangs on what changes."""
        columns_changed = [
            c.key
            for c in self._changes
            if c.key.kind is Kind.COLUMN
            and (c.kind is ChangeKind.DROP or (c.kind is ChangeKind.ALTER and columns.SHAPE & set(c.altered_fields)))
        ]
        roots = [*self._anew, *(key for key in self._dropped if key.kind is not Kind.TABLE), *columns_changed]
        found, _ = dependents(self._before, roots, WITH_EXPRESSIONS)
        known = self._before.facts.keys() & self._after.facts.keys()
        again = {key for key in (*self._anew, *found) if key in known and key not in self._dropped | self._added}
        targets = {fact.key for fact in self._before.of_type(Privileges) if fact.target in again and fact.key in known}
        parts = {
            key
            for key in known
            if key.kind in {Kind.TRIGGER, Kind.RULE}
            and {Key(kind, key.schema, key.name) for kind in (Kind.VIEW, Kind.MATERIALIZED_VIEW)} & again
        }
        parts |= {
            fact.key
            for fact in self._before.of_type(Index)
            if fact.table._replace(kind=Kind.MATERIALIZED_VIEW) in again and fact.key in known
        }
        return again | targets | parts

    def _goes_with_table(self, key: Key) -> bool:
        """Whether an object is a part of a table that is dropped as well."""
        fact = self._before.facts[key]
        owner = table_of(key)
        if isinstance(fact, Index | Statistics):
            owner = fact.table
        if isinstance(fact, Constraint) and fact.references in self._dropped and fact.table not in self._dropped:
            return False
        if isinstance(fact, Privileges):
            return fact.target in self._dropped
        return owner in self._dropped

    def _early(self, new: Collection[Key], altered: Iterable[Change]) -> set[Key]:
        """Return what others need, as far as it can be made before anything is changed."""
        changing = {table_of(c.key) if c.key.kind is Kind.COLUMN else c.key for c in altered}
        state: dict[Key, bool] = {}

        def possible(key: Key) -> bool:
            if key not in state:
                state[key] = True  # a circle is entered once
                needed = self._after.depends.get(key, ()) if key in new else ()
                schema = Key(Kind.SCHEMA, "", key.schema)
                known = [*needed, *([schema] if schema in new else [])]
                own = key not in changing if key not in new else key.kind in _NEEDED
                state[key] = own and all(possible(need) for need in known if need != key)
            return state[key]

        wanted = {key for key in new if key.kind in _NEEDED and key.kind not in _CODE and possible(key)}
        waiting = [key for key in new if key.kind in {Kind.TABLE, Kind.CONSTRAINT, Kind.INDEX}] + list(changing)
        while waiting:
            for need in self._after.depends.get(waiting.pop(), ()):
                if need in new and need.kind in _NEEDED and need not in wanted and possible(need):
                    wanted.add(need)
                    waiting.append(need)
        return {key for key in wanted if not self._owned_by_new(key, new)}

    def _owned_by_new(self, key: Key, new: Collection[Key]) -> bool:
        fact = self._after.facts.get(key)
        return isinstance(fact, Sequence) and fact.owned_by is not None and fact.owned_by[0] in new

    def _done(self, keys: Collection[Key]) -> list[PlainStep]:
        return [
            PlainStep(self._verb_of_new(found.key), found.key, found.up, found.down)
            for found in self._make(self._after, keys)
            if found.up
        ]

    def _undone(self, keys: Collection[Key]) -> list[PlainStep]:
        return [
            PlainStep("drop" if found.key in self._dropped else MAKE_WAY, found.key, found.down, found.up)
            for found in reversed(self._make(self._before, keys))
            if found.up
        ]

    def _verb_of_new(self, key: Key) -> str:
        if key in self._anew:
            return "change"
        return "add" if key._replace(member="") in self._added or key in self._added else MAKE_WAY

    def _make(self, catalog: Catalog, keys: Collection[Key]) -> tuple[Step, ...]:
        """Return the steps that make some objects; what cannot be carried is left."""
        keys = set(keys)
        unknown = {key for key in keys if key.kind is Kind.OTHER}
        self._left += [change for change in self._changes if change.key in unknown]
        try:
            return make(catalog, {}, sorted(keys - unknown))
        except (CycleError, LookupError):
            self._left += [change for change in self._changes if change.key in keys]
            return ()

    # -- what changes in place ---------------------------------------------------------------------------------------

    def _alter(self, change: Change) -> PlainStep | None:
        if change.key.kind is Kind.COLUMN:
            return self._column(change)
        back = _backwards(change)
        up, down = alter_object(change, self._after), alter_object(back, self._before)
        if is_made_anew(back):  # such as a constraint that has been validated
            new, old = self._make(self._after, [change.key]), self._make(self._before, [change.key])
            down = (*downs(new), *ups(old))
        if up is None or down is None:
            return self._by_strategy(change)
        return PlainStep("change", change.key, up, down)

    def _column(self, change: Change) -> PlainStep:
        table = table_of(change.key)
        one, other = change.before, change.after
        if isinstance(one, Column) and isinstance(other, Column):
            one, other = _only(one, other, change.only), other
            return PlainStep("change", change.key, columns.change(table, one, other), columns.change(table, other, one))
        if isinstance(other, Column):
            return PlainStep("add", change.key, columns.add(table, other), columns.drop(table, other))
        assert isinstance(one, Column)
        return PlainStep("drop", change.key, columns.drop(table, one), columns.add(table, one))

    def _by_strategy(self, change: Change) -> PlainStep | None:
        """Return what the strategy for such a change does, if that needs no phases."""
        situation = Situation(self._before, self._after, self._before, self._after, (change,))
        try:
            strategy = strategy_for(change, situation)
            planned = strategy.plan(change, situation) if strategy is not None else None
        except (KeyError, LookupError, CycleError):
            planned = None
        steps = [*planned.early, *planned.steps, *planned.late] if planned is not None else []
        plain = all(step.mode in _TRANSACTION_ONLY and not step.uses_vibe for step in steps)
        if planned is None or planned.undecided or not steps or not plain:
            self._left.append(change)
            return None
        up = tuple(operation for step in steps for operation in step.up)
        down = tuple(operation for step in reversed(steps) for operation in step.down)
        return PlainStep("change", change.key, up, down)

    def _waits(self, change: Change, new: Collection[Key]) -> bool:
        """Whether a change needs something that is made after most changes."""
        if change.key.kind in {Kind.PRIVILEGES, Kind.DEFAULT_PRIVILEGES}:
            return True
        needed = self._after.depends.get(table_of(change.key) if change.key.kind is Kind.COLUMN else change.key, ())
        return change.key.kind in _CODE and any(need in new for need in needed)


def _backwards(change: Change) -> Change:
    return Change(ChangeKind.ALTER, change.key, change.after, change.before, change.only)


def _is_made_anew(change: Change) -> bool:
    """Whether an object is dropped and created: what others depend on, if it is so in any of both directions."""
    return is_made_anew(change) or (change.key.kind in _CODE and is_made_anew(_backwards(change)))


def _only(one: Column, other: Column, names: Iterable[str]) -> Column:
    """Return the new column with the old values of some facts: what a change starts from when others came before."""
    from dataclasses import replace

    return replace(other, **{name: getattr(one, name) for name in names}) if names else one
