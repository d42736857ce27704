"""An object becomes another one where it stands; what cannot is made anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.autogenerate.plain.columns import settings_between
from alembic_vibe.catalog.facts import (
    Constraint,
    DefaultPrivileges,
    Function,
    Index,
    Policy,
    Privileges,
    Sequence,
    Statistics,
    Table,
    Trigger,
    View,
)
from alembic_vibe.catalog.keys import Kind
from alembic_vibe.plan.blocks import alter, execute
from alembic_vibe.plan.context import Context
from alembic_vibe.plan.definitions import must_be_remade, or_replace
from alembic_vibe.plan.described import comment
from alembic_vibe.plan.discovery import makers_by_kind
from alembic_vibe.plan.sql import cluster_on, name_of, storage_parameters
from alembic_vibe.sql.compose import Name, Printed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.catalog.catalog import Catalog
    from alembic_vibe.catalog.facts import Fact
    from alembic_vibe.diff.compare import Change
    from alembic_vibe.plan.operations import Operation

_ENABLE = {
    "origin": "ENABLE TRIGGER",
    "disabled": "DISABLE TRIGGER",
    "replica": "ENABLE REPLICA TRIGGER",
    "always": "ENABLE ALWAYS TRIGGER",
}


def is_made_anew(change: Change) -> bool:
    """Whether an altered object is dropped and created: it cannot be changed where it stands, and holds no rows."""
    one, other = change.before, change.after
    names = set(change.altered_fields) - {"comment", "owner"}
    if not names:
        return False
    if change.key.kind is Kind.RULE:
        return True
    match one, other:
        case Constraint(), Constraint():
            told = "options" in names or _only_validated(one, other)
            return bool(names - {"clustered", "options", "validated", "definition"}) or not (
                told or names == {"clustered"}
            )
        case Index(), Index():
            return bool(names - {"clustered", "options", "definition"}) or names == {"definition"}
        case Trigger(), Trigger():
            return names != {"enabled"}
        case (Policy(), Policy()) | (Statistics(), Statistics()):
            return True
    return must_be_remade(change)


def _only_validated(one: Constraint, other: Constraint) -> bool:
    return other.validated and one.definition.removesuffix(" NOT VALID") == other.definition


def alter_object(change: Change, after: Catalog) -> tuple[Operation, ...] | None:
    """Return what makes one object of another in place; ``None`` where this module does not know how.

    Args:
        change: An ALTER.
        after: Where one goes, for making what it needs.
    """
    found = _known(change, after)
    if found is None:
        return None
    said = (
        () if "comment" not in change.altered_fields or change.after is None else (comment(change.key, change.after),)
    )
    return (*found, *said)


def _known(change: Change, after: Catalog) -> tuple[Operation, ...] | None:
    one, other = change.before, change.after
    if not set(change.altered_fields) - {"comment"}:
        return ()
    match one, other:
        case Function(), Function():
            return (execute("{sql}", sql=Printed(or_replace(other.definition))),)
        case View(), View() if change.key.kind is Kind.VIEW:
            return _view(one, other, after)
        case Trigger(), Trigger():
            action = _ENABLE[other.enabled] + " {name}"
            return (alter(change.key._replace(kind=Kind.TABLE, member=""), action, name=Name(change.key.member)),)
        case Privileges(), Privileges():
            return _again(one, other, after)
        case DefaultPrivileges(), DefaultPrivileges():
            return _again(one, other, after)
        case Table(), Table():
            return _table(change, one, other)
        case Constraint(), Constraint():
            return tuple(_constraint(one, other))
        case Index(), Index():
            return tuple(_index(one, other))
        case Sequence(), Sequence():
            return _sequence(change, one, other)
    return None


def _again(one: Fact, other: Fact, after: Catalog) -> tuple[Operation, ...]:
    """Return the old object's end and the new one's beginning."""
    make = makers_by_kind()[other.key.kind].create
    return (*make(one, Context(after)).down, *make(other, Context(after)).up)


def _view(one: View, other: View, after: Catalog) -> tuple[Operation, ...]:
    first, *rest = makers_by_kind()[Kind.VIEW].create(other, Context(after)).up
    (sql,) = first.statements
    gone, _ = settings_between(one.options, other.options)
    reset = (execute("ALTER VIEW {view} RESET ({gone})", view=name_of(other.key), gone=gone),) if gone else ()
    silent = [
        comment(other.key._replace(kind=Kind.COLUMN, member=column.name), column)
        for column in other.columns
        if column.comment is None and any(was.name == column.name and was.comment for was in one.columns)
    ]
    return (execute("{sql}", sql=Printed(or_replace(sql))), *reset, *rest, *silent)


def _table(change: Change, one: Table, other: Table) -> tuple[Operation, ...] | None:
    """Return the change of what a table is beside its columns."""
    known = {"comment", "row_security", "force_row_security", "replica_identity", "options", "unlogged"}
    known |= {"partition_of", "partition_bound"}
    if set(change.altered_fields) - known:
        return None
    found: list[Operation] = []
    names = set(change.altered_fields)
    if names & {"partition_of", "partition_bound"}:
        child = name_of(other.key)
        if one.partition_of is not None:
            found.append(alter(one.partition_of, "DETACH PARTITION {child}", child=child))
        if other.partition_of is not None:
            bound = Printed(other.partition_bound or "DEFAULT")
            found.append(alter(other.partition_of, "ATTACH PARTITION {child} {bound}", child=child, bound=bound))
    if "row_security" in names:
        found.append(alter(other.key, f"{'ENABLE' if other.row_security else 'DISABLE'} ROW LEVEL SECURITY"))
    if "force_row_security" in names:
        found.append(alter(other.key, f"{'FORCE' if other.force_row_security else 'NO FORCE'} ROW LEVEL SECURITY"))
    if "replica_identity" in names:
        kind, _, index = other.replica_identity.partition(" ")
        identity = Printed(f"USING INDEX {Name(index)}" if index else kind.upper())
        found.append(alter(other.key, "REPLICA IDENTITY {identity}", identity=identity))
    if "unlogged" in names:
        found.append(alter(other.key, f"SET {'UNLOGGED' if other.unlogged else 'LOGGED'}"))
    if "options" in names:
        gone, kept = settings_between(one.options, other.options)
        if gone:
            found.append(alter(other.key, "RESET ({gone})", gone=gone))
        if kept:
            found.append(alter(other.key, "SET {options}", options=storage_parameters(kept)))
    return tuple(found)


def _constraint(one: Constraint, other: Constraint) -> Iterator[Operation]:
    table = other.table
    if other.validated and not one.validated:
        yield alter(table, "VALIDATE CONSTRAINT {name}", name=Name(other.name))
    yield from _index_settings(one, other, Name(other.key.schema, other.name))
    if one.clustered != other.clustered:
        yield cluster_on(table, other.name) if other.clustered else alter(table, "SET WITHOUT CLUSTER")


def _index(one: Index, other: Index) -> Iterator[Operation]:
    yield from _index_settings(one, other, name_of(other.key))
    if one.clustered != other.clustered:
        yield cluster_on(other.table, other.key.name) if other.clustered else alter(other.table, "SET WITHOUT CLUSTER")


def _index_settings(one: Constraint | Index, other: Constraint | Index, name: Name) -> Iterator[Operation]:
    gone, kept = settings_between(one.options, other.options)
    if gone:
        yield execute("ALTER INDEX {name} RESET ({gone})", name=name, gone=gone)
    if kept:
        yield execute("ALTER INDEX {name} SET {options}", name=name, options=storage_parameters(kept))


def _sequence(change: Change, one: Sequence, other: Sequence) -> tuple[Operation, ...] | None:
    if set(change.altered_fields) - {"comment", "options", "owned_by"}:
        return None
    found: list[Operation] = []
    name = name_of(other.key)
    if one.options != other.options:
        now = other.options
        settings = (
            f"AS {now.type} INCREMENT BY {now.increment} MINVALUE {now.minimum} MAXVALUE {now.maximum}"
            f" START WITH {now.start} CACHE {now.cache} {'CYCLE' if now.cycle else 'NO CYCLE'}"
        )
        found.append(execute("ALTER SEQUENCE {name} {settings}", name=name, settings=Printed(settings)))
    if one.owned_by != other.owned_by:
        owner = "NONE" if other.owned_by is None else f"{name_of(other.owned_by[0])}.{Name(other.owned_by[1])}"
        found.append(execute("ALTER SEQUENCE {name} OWNED BY {owner}", name=name, owner=Printed(owner)))
    return tuple(found)
