"""A table goes (recipe 43): it waits in schema ``vibe`` when the old release is gone, and is then dropped."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Privileges, Sequence, Table
from alembic_vibe.catalog.keys import Kind
from alembic_vibe.diff.compare import ChangeKind
from alembic_vibe.hazards import DATA_LOSS, Danger
from alembic_vibe.locks import LockLevel
from alembic_vibe.plan.belongings import (
    CODE,
    belongings,
    changes_of,
    downs,
    family,
    household,
    is_outgoing,
    make,
    make_code,
    remake_aside,
    sequences_of,
    set_aside,
    standalone,
    unmake_code,
    ups,
)
from alembic_vibe.plan.blocks import alter, exclusive, execute, locks, shown
from alembic_vibe.plan.model import Phase, Step
from alembic_vibe.plan.operations import DropTable, Execute
from alembic_vibe.plan.situation import Planned, node_of
from alembic_vibe.plan.sql import name_of
from alembic_vibe.sql.compose import Literal, Name, Printed, compose

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.catalog.keys import Key
    from alembic_vibe.diff.compare import Change
    from alembic_vibe.plan.belongings import Aside
    from alembic_vibe.plan.operations import Operation
    from alembic_vibe.plan.situation import Node, Situation

RECIPES = ("43",)


def applies(change: Change, situation: Situation) -> bool:
    """Any table but a partition of one that stays."""
    table = change.before
    return (
        change.kind is ChangeKind.DROP
        and change.key.kind is Kind.TABLE
        and isinstance(table, Table)
        and table.partition_of not in situation.after.facts
    )


def plan(change: Change, situation: Situation) -> Planned:
    """Set it aside with its rows; drop it for good. Its foreign keys to other tables have gone before."""
    words = situation.old_words
    tables = [key for key in family(words, change.key) if key not in situation.after.facts]
    heirs = tuple(parent for parent in words.table(change.key).inherits if parent in situation.after.facts)
    alone = standalone(words, change.key) if heirs else words
    freed = {key: replace(fact, owned_by=None) for key, fact in _lasting(situation) if fact.owned_by}
    alone = replace(alone, facts={**alone.facts, **freed}) if freed else alone
    aside = set_aside(tables, situation, alone)
    what = shown(change.key)
    back = _back_to_parents(aside, situation) if heirs else aside.back
    successor = [key for table in tables for key in _successor(table, situation)]
    made = make(situation.new_words, situation.new_source, successor)
    moving = Step(
        change.key,
        (
            *(operation for table in tables for operation in unmake_code(table, words)),
            *_let_go(change.key, situation),
            *(alter(change.key, "NO INHERIT {parent}", parent=name_of(parent)) for parent in heirs),
            *aside.there,
            *ups(made),
        ),
        (
            *downs(made),
            *back,
            *_take_back(change.key, situation),
            *(operation for table in tables for operation in make_code(table, situation)),
        ),
        phase=Phase.CONTRACT,
        title=f"drop {what}",
        locks=(*exclusive(*tables), *locks(LockLevel.SHARE_UPDATE_EXCLUSIVE, *heirs)),
        old_sees=f"{what} does not exist any more",
        uses_vibe=True,
    )
    drop = compose("DROP TABLE {table}", table=name_of(aside.key))
    end = Step(
        change.key,
        (DropTable(aside.key, (drop,)),),
        remake_aside(aside, situation, alone),
        phase=Phase.PURGE,
        title=f"drop {what}",
        locks=exclusive(aside.key),
        loses=f"the rows of {what}",
        dangers=(Danger(DATA_LOSS, what, f"the rows of {what} are gone for good"),),
        uses_vibe=True,
    )
    takes = frozenset(node for table in tables for node in _takes(table, situation))
    takes |= changes_of(situation, successor)
    return Planned((moving, end), takes=takes - {(change.key, ())}, ready=Phase.CONTRACT)


def _successor(table: Key, situation: Situation) -> list[Key]:
    """Return a view that takes over the name, and its privileges: it comes at the same moment."""
    added = situation.new_keys
    found = [key for kind in (Kind.VIEW, Kind.MATERIALIZED_VIEW) if (key := table._replace(kind=kind)) in added]
    if not found:
        return []
    granted = [fact.key for fact in situation.after.of_type(Privileges) if fact.target in found and fact.key in added]
    return [*found, *granted]


def _back_to_parents(aside: Aside, situation: Situation) -> tuple[Operation, ...]:
    """Return what brings a table back to its parents, with its rows: only a new one has its columns from them."""
    words, table = situation.old_words, aside.tables[0]
    keys = [key for key in household(words, [table]) if key.kind not in CODE and not is_outgoing(words.facts[key])]
    columns = [Name(column.name) for column in words.table(table).columns if not column.generated]
    sql = "INSERT INTO {table} ({columns}) OVERRIDING SYSTEM VALUE SELECT {columns} FROM {aside}"
    copy = compose(sql, table=name_of(table), columns=columns, aside=name_of(aside.key))
    return (
        *ups(make(words, {}, keys)),
        Execute(copy),
        *(
            execute("SELECT setval({new}, last_value, is_called) FROM {old}", new=Literal(str(name)), old=old)
            for name, old in sequences_of(words, table, aside)
        ),
        execute("DROP TABLE {aside}", aside=name_of(aside.key)),
    )


def _takes(table: Key, situation: Situation) -> frozenset[Node]:
    """The table and what belongs to it. Its foreign keys to other tables are not among it: they go before."""
    words = situation.old_words
    keys = [
        key
        for key in belongings(words, table)
        if key not in situation.after.facts and not is_outgoing(words.facts[key])
    ]
    freed = {
        node_of(found)
        for key, _ in _lasting_sequences(table, situation)
        for found in situation.by_key.get(key, ())
        if found.alters("owned_by")
    }
    return changes_of(situation, [table, *keys]) | freed


def _let_go(table: Key, situation: Situation) -> Iterator[Execute]:
    """Yield what keeps sequences that stay from moving along."""
    for key, _ in _lasting_sequences(table, situation):
        yield execute("ALTER SEQUENCE {sequence} OWNED BY NONE", sequence=name_of(key))


def _take_back(table: Key, situation: Situation) -> Iterator[Operation]:
    for key, column in _lasting_sequences(table, situation):
        owner = Printed(f"{name_of(table)}.{Name(column)}")
        yield execute("ALTER SEQUENCE {sequence} OWNED BY {owner}", sequence=name_of(key), owner=owner)


def _lasting_sequences(table: Key, situation: Situation) -> Iterator[tuple[Key, str]]:
    for key, sequence in _lasting(situation):
        moves = any(found.alters("owned_by") for found in situation.by_key.get(key, ()))
        if sequence.owned_by is not None and sequence.owned_by[0] == table and moves:
            yield key, sequence.owned_by[1]


def _lasting(situation: Situation) -> Iterator[tuple[Key, Sequence]]:
    """Yield the sequences of tables that go, where they stay themselves."""
    for sequence in situation.old_words.of_type(Sequence):
        owned = sequence.owned_by
        if owned is not None and owned[0] not in situation.after.facts and sequence.key in situation.after.facts:
            yield sequence.key, sequence
