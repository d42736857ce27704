"""What hangs on columns and steps aside while they change: code, and the columns that are generated from them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Column, Table
from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.diff.compare import ChangeKind
from alembic_vibe.plan.blocks import alter
from alembic_vibe.plan.column_sql import add_column
from alembic_vibe.plan.dependents import CODE, dependents, make_in_between, relation_of
from alembic_vibe.plan.discovery import makers_by_kind
from alembic_vibe.plan.situation import column_key, node_of, table_of
from alembic_vibe.plan.words import names_column
from alembic_vibe.sql.compose import Name

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from alembic_vibe.catalog.catalog import Catalog
    from alembic_vibe.plan.context import Context
    from alembic_vibe.plan.operations import Operation
    from alembic_vibe.plan.situation import Node, Situation

_ON_COLUMNS = {Kind.INDEX, Kind.CONSTRAINT, Kind.STATISTICS}


@dataclass(frozen=True)
class Around:
    """What goes before a change and comes back after it, in the upgrade (``away``, ``back``) and in the downgrade.

    The objects come back in their new form, where they have one; ``takes`` are those changes. An object that the wanted
    state lacks comes back as it was, and goes when its own change says so.
    """

    keys: tuple[Key, ...] = ()
    away: tuple[Operation, ...] = ()
    back: tuple[Operation, ...] = ()
    unmake: tuple[Operation, ...] = ()  # the downgrade's ``away``
    remake: tuple[Operation, ...] = ()  # and ``back``
    takes: frozenset[Node] = frozenset()
    generated: tuple[Key, ...] = ()
    locked: tuple[Key, ...] = ()

    @property
    def notes(self) -> tuple[str, ...]:
        """A sentence for the reviewer, if something steps aside."""
        shown = ", ".join(map(str, (*self.generated, *self.keys)))
        return (f"Dropped and made again in the same transaction: {shown}.",) if shown else ()


def around(columns: Collection[Key], situation: Situation, *, others: Iterable[Key] = (), last: bool = False) -> Around:
    """Return what hangs on some columns, directly or not.

    Args:
        columns: Columns of the old state.
        situation: Both states.
        others: Further objects that what depends on must step aside, such as a type.
        last: What the wanted state lacks goes for good, because its old form cannot be made any more.
    """
    generated = generated_from(columns, situation.before)
    later = later_users(columns, situation) if columns else set()
    keys, _ = dependents(situation.before, (*columns, *generated, *others), CODE)
    found = around_keys(keys, situation, generated, last=last, later=later)
    return replace(found, takes=frozenset(node for node in found.takes if node[0] not in later))


def later_users(columns: Collection[Key], situation: Situation) -> set[Key]:
    """Return what also hangs on a column that changes after some columns, or gets another name: that one sees to it.

    Args:
        columns: Columns of the wanted state.
        situation: For the other columns that get another type or name.
    """
    found: set[Key] = set()
    for change in situation.changes:
        old = change.before
        if change.key.kind is not Kind.COLUMN or not isinstance(old, Column) or change.key in columns:
            continue
        if change.kind is not ChangeKind.RENAME and change.key < max(columns):
            continue
        if change.kind is ChangeKind.RENAME or {"type", "collation"} & set(change.altered_fields):
            key = change.key._replace(member=old.name)
            roots = (key, *generated_from([key], situation.before))
            found |= {*dependents(situation.before, roots, CODE)[0]}
            found |= situation.before.column_users.get((table_of(key), old.name), frozenset())
    return found


def around_keys(
    keys: Collection[Key],
    situation: Situation,
    generated: tuple[Key, ...] = (),
    *,
    last: bool = False,
    later: Collection[Key] = (),
) -> Around:
    """Return the same for objects that are known already, all that depends on them included."""
    lost = [key for key in keys if key not in situation.after.facts or key in later]
    kept = [key for key in keys if key not in lost]
    make_old, drop_old = make_in_between(situation, keys, new=False)
    make_new, drop_new = make_in_between(situation, kept, new=True)
    # What hangs on a column that changes later is still there for that one.
    again = [key for key in lost if key in later] if last else lost
    make_lost, drop_lost = make_in_between(situation, again, new=False)
    parts = parts_of(generated, situation.before)
    taken = {*generated, *kept, *(key for key in lost if key not in again), *parts}
    return Around(
        keys=tuple(keys),
        away=(*drop_old, *_drop_columns(generated)),
        back=(*_add_columns(generated, situation, new=True), *_make(parts, situation.new), *make_new, *make_lost),
        unmake=(*drop_lost, *drop_new, *_drop_columns(generated)),
        remake=(*_add_columns(generated, situation, new=False), *_make(parts, situation.old), *make_old),
        takes=frozenset(node_of(change) for change in situation.changes if change.key in taken),
        generated=generated,
        locked=tuple(dict.fromkeys(_locked(keys, situation.before))),
    )


def _locked(keys: Iterable[Key], catalog: Catalog) -> Iterable[Key]:
    for key in keys:
        if key.kind in {Kind.VIEW, Kind.MATERIALIZED_VIEW}:
            yield key
        elif key.kind in {Kind.RULE, Kind.POLICY, Kind.TRIGGER}:
            yield relation_of(catalog, key)


def generated_from(columns: Collection[Key], catalog: Catalog) -> tuple[Key, ...]:
    """Return the generated columns that are computed from some columns; one cannot depend on another."""
    found: list[Key] = []
    for key in columns:
        table = table_of(key)
        fact = catalog.facts.get(table)
        if not isinstance(fact, Table) or table not in catalog.column_users.get((table, key.member), ()):
            continue
        for column in fact.columns:
            other = column_key(table, column.name)
            if column.generated and other not in columns and names_column(column.default or "", key.member):
                found.append(other)
    return tuple(dict.fromkeys(found))


def parts_of(generated: Iterable[Key], catalog: Catalog) -> list[Key]:
    """Return the indexes, constraints and statistics that go with generated columns."""
    found = {
        user
        for key in generated
        for user in catalog.column_users.get((table_of(key), key.member), ())
        if user.kind in _ON_COLUMNS and not getattr(catalog.facts.get(user), "inherited", False)
    }
    return sorted(found)


def _make(keys: Iterable[Key], context: Context) -> tuple[Operation, ...]:
    facts = [context.target.facts[key] for key in keys if key in context.target.facts]
    return tuple(op for fact in facts for op in makers_by_kind()[fact.key.kind].create(fact, context).up)


def _drop_columns(generated: Iterable[Key]) -> tuple[Operation, ...]:
    return tuple(alter(table_of(key), "DROP COLUMN {name}", name=Name(key.member)) for key in generated)


def _add_columns(generated: Iterable[Key], situation: Situation, *, new: bool) -> tuple[Operation, ...]:
    result: list[Operation] = []
    for key in generated:
        column = (situation.new_fact(key) if new else None) or situation.old_fact(key)
        if isinstance(column, Column):
            result.extend(add_column(table_of(key), column))
    return tuple(result)
