"""How a column is stored and counted, and what the planner knows of it (recipe 32): nothing that a statement sees."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Column
from alembic_vibe.catalog.keys import Kind
from alembic_vibe.locks import LockLevel
from alembic_vibe.plan.blocks import alter, excused, execute, locks, shown
from alembic_vibe.plan.column_sql import family, identity_settings
from alembic_vibe.plan.model import Phase, Step
from alembic_vibe.plan.situation import Planned, table_of
from alembic_vibe.plan.sql import name_of, storage_parameters
from alembic_vibe.sql.compose import Literal, Name, Printed

if TYPE_CHECKING:
    from alembic_vibe.catalog.keys import Key
    from alembic_vibe.diff.compare import Change
    from alembic_vibe.plan.operations import Operation
    from alembic_vibe.plan.situation import Situation

RECIPES = ("32",)
_WEAK = {"statistics", "options"}
_SETTINGS = ("storage", "compression", "statistics", "options", "identity_options", "identity_sequence")
# SET STORAGE DEFAULT came with PostgreSQL 16; the type says what it is.
_TYPE_STORAGE = """\
DO $vibe$
BEGIN
    EXECUTE (
        SELECT format('ALTER TABLE %s ALTER COLUMN %I SET STORAGE %s', attrelid::regclass, attname,
            CASE typstorage WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL' WHEN 'm' THEN 'MAIN' ELSE 'EXTENDED' END)
        FROM pg_attribute JOIN pg_type ON pg_type.oid = atttypid
        WHERE attrelid = {table}::regclass AND attname = {column}
    );
END
$vibe$"""


def applies(change: Change, _situation: Situation) -> bool:
    """Storage, compression, statistics, options; options and sequence name of an identity."""
    return change.key.kind is Kind.COLUMN and change.alters(*_SETTINGS)


def plan(change: Change, situation: Situation) -> Planned:
    """Set it before the next release: it waits for nobody's rows."""
    before, after = situation.old_fact(change.key), situation.new_fact(change.key)
    assert isinstance(before, Column)
    assert isinstance(after, Column)
    table = table_of(change.key)
    changed = set(change.altered_fields)
    level = LockLevel.SHARE_UPDATE_EXCLUSIVE if changed <= _WEAK else LockLevel.ACCESS_EXCLUSIVE
    if changed <= {"identity_sequence"}:
        tables: tuple[Key, ...] = ()
    else:
        tables = family(table, situation.after)
    what = f"{shown(table, after.name)} {', '.join(name.replace('_', ' ') for name in sorted(changed))}"
    sees = ""
    if "identity_options" in changed:
        sees = f"{shown(table, after.name)} is counted as the next release wants it"
    elif "identity_sequence" in changed:
        sees = "nextval() with the sequence's old name fails"
    step = Step(
        change.key,
        _operations(table, before, after, changed),
        _operations(table, after, before, changed),
        phase=Phase.EXPAND,
        title=what,
        locks=locks(level, *tables),
        old_sees=sees,
    )
    return Planned((step,))


def _operations(table: Key, old: Column, new: Column, changed: set[str]) -> tuple[Operation, ...]:
    found: list[Operation] = []
    name = Name(new.name)
    if "storage" in changed and new.storage is None:
        statement = execute(_TYPE_STORAGE, table=Literal(str(name_of(table))), column=Literal(new.name))
        found.append(excused(statement, "opaque-sql", "the server alone knows how the type is stored"))
    elif "storage" in changed:
        value = Printed((new.storage or "").upper())
        found.append(alter(table, "ALTER COLUMN {name} SET STORAGE {value}", name=name, value=value))
    if "compression" in changed:
        value = Printed(new.compression or "default")
        found.append(alter(table, "ALTER COLUMN {name} SET COMPRESSION {value}", name=name, value=value))
    if "statistics" in changed:
        value = Printed(str(-1 if new.statistics is None else new.statistics))
        found.append(alter(table, "ALTER COLUMN {name} SET STATISTICS {value}", name=name, value=value))
    if "options" in changed:
        gone = [str(Name(option)) for option, _ in old.options if option not in dict(new.options)]
        if gone:
            options = Printed(", ".join(gone))
            found.append(alter(table, "ALTER COLUMN {name} RESET ({options})", name=name, options=options))
        if new.options:
            options = storage_parameters(new.options)
            found.append(alter(table, "ALTER COLUMN {name} SET {options}", name=name, options=options))
    if "identity_options" in changed:
        found += identity_settings(table, old, replace(new, identity_sequence=old.identity_sequence))
    if "identity_sequence" in changed:
        found += identity_settings(table, old, replace(new, identity_options=old.identity_options))
    return tuple(found)
