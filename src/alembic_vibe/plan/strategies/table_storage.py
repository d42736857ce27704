"""How a table is stored, and how it is replicated (recipe 32)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.diff.compare import ChangeKind
from alembic_vibe.hazards import TABLE_REWRITE, Danger
from alembic_vibe.locks import LockLevel
from alembic_vibe.plan.blocks import alter, exclusive, locks, shown
from alembic_vibe.plan.indexes import option_changes
from alembic_vibe.plan.model import Phase, Step
from alembic_vibe.plan.situation import Planned
from alembic_vibe.plan.sql import name_of
from alembic_vibe.sql.compose import Name, Printed

if TYPE_CHECKING:
    from alembic_vibe.catalog.facts import Table
    from alembic_vibe.diff.compare import Change
    from alembic_vibe.plan.operations import Operation
    from alembic_vibe.plan.situation import Situation

RECIPES = ("32",)
_REWRITING = ("unlogged", "tablespace", "access_method")
_KNOWN = (*_REWRITING, "options", "replica_identity", "of_type")


def applies(change: Change, _situation: Situation) -> bool:
    """One of these facts of a table; a refined change is about one fact."""
    return change.key.kind is Kind.TABLE and any(change.alters(name) for name in _KNOWN)


def plan(change: Change, situation: Situation) -> Planned:
    """Say it before the next release; what the table is made of anew happens while nobody can use it."""
    old, new = situation.old_words.table(change.key), situation.new_words.table(change.key)
    (field,) = change.altered_fields
    what = shown(new.key)
    if field == "replica_identity":
        phase = _phase(new, situation)
        step = Step(
            change.key,
            (_replica_identity(new),),
            (_replica_identity(old),),
            phase=phase,
            title=f"replica identity of {what}",
            locks=exclusive(new.key),
        )
        return Planned((step,), ready=phase)
    dangers: tuple[Danger, ...] = ()
    if field in _REWRITING:
        words = field.replace("_", " ")
        message = f"another {words} rewrites {what} while nobody can read or write it"
        if field == "unlogged":
            message = f"{what} is rewritten {_logged(new).lower()} while nobody can read or write it"
        dangers = () if new.partition_key is not None else (Danger(TABLE_REWRITE, what, message),)
    step = Step(
        change.key,
        _operations(field, old, new),
        _operations(field, new, old),
        title=f"{field.replace('_', ' ')} of {what}",
        locks=locks(LockLevel.SHARE_UPDATE_EXCLUSIVE, new.key) if field == "options" else exclusive(new.key),
        rewrites=(new.key,) if dangers else (),
        dangers=dangers,
    )
    return Planned((step,))


def _operations(field: str, old: Table, new: Table) -> tuple[Operation, ...]:
    match field:
        case "options":
            return tuple(option_changes("TABLE", new.key, old.options, new.options))
        case "unlogged":
            return (alter(new.key, "SET {logged}", logged=Printed(_logged(new))),)
        case "tablespace":
            return (alter(new.key, "SET TABLESPACE {name}", name=Name(new.tablespace or "pg_default")),)
        case "access_method":
            return (alter(new.key, "SET ACCESS METHOD {name}", name=Name(new.access_method)),)
        case _:
            if new.of_type is None:
                return (alter(new.key, "NOT OF"),)
            return (alter(new.key, "OF {type}", type=name_of(new.of_type)),)


def _logged(table: Table) -> str:
    return "UNLOGGED" if table.unlogged else "LOGGED"


def _replica_identity(table: Table) -> Operation:
    identity = table.replica_identity
    words = Printed(identity.upper())
    if identity.startswith("index "):
        words = Printed(f"USING INDEX {Name(identity.removeprefix('index '))}")
    return alter(table.key, "REPLICA IDENTITY {words}", words=words)


def _phase(new: Table, situation: Situation) -> Phase:
    """Return when the index is there that rows are known by."""
    name = new.replica_identity.removeprefix("index ")
    keys = (Key(Kind.INDEX, new.key.schema, name), Key(Kind.CONSTRAINT, new.key.schema, new.key.name, name))
    changed = [found for key in keys for found in situation.by_key.get(key, ()) if found.kind is not ChangeKind.DROP]
    return Phase.CONTRACT if changed and name != new.replica_identity else Phase.EXPAND
