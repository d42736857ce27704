"""What the database shall be: all that the models declare, and whatever they say nothing about as it is.

Nothing is dropped that nobody declared. A table that the models declare is theirs with its columns, constraints and
indexes; with its triggers, policies, rules, statistics and privileges too, where the metadata is marked as complete (as
generated models are). What stands on its own (functions, views, types, extensions …) goes only where such metadata
lacks it, and only if the specification's snapshot says that it made it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from alembic_vibe.autogenerate.names import named_as
from alembic_vibe.catalog.catalog import Catalog
from alembic_vibe.catalog.facts import (
    Column,
    DefaultPrivileges,
    Index,
    Policy,
    Privileges,
    Role,
    Sequence,
    Statistics,
    Table,
)
from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.plan.situation import table_of

if TYPE_CHECKING:
    from alembic_vibe.catalog.facts import Fact

_SERVER_WIDE = {Kind.ROLE, Kind.MEMBERSHIP}
_ALWAYS = {Kind.CONSTRAINT, Kind.INDEX}
_HANGING = {Kind.TRIGGER, Kind.POLICY, Kind.RULE, Kind.STATISTICS, Kind.PRIVILEGES}
# What SQLAlchemy has no words for, or few people use them: left alone where plain metadata says nothing.
_TABLE_SILENT = (
    "row_security",
    "force_row_security",
    "replica_identity",
    "options",
    "unlogged",
    "access_method",
    "tablespace",
    "of_type",
)
_COLUMN_SILENT = ("storage", "compression", "statistics", "options", "not_null_name")


@dataclass(frozen=True)
class Scope:
    """What belongs to whom.

    Attributes:
        complete: All that a table has stands in the models, or hangs on their metadata.
        owned: What the specification made, by its snapshot; nothing where the metadata is not complete.
        busy: Objects and columns whose change waits for a later phase.
        hidden: Tables that the filters of env.py leave out.
        dropped: Tables that Alembic proposes to drop, as its own filters allow.
        lent: Objects of the database that the models were made with.
        kinds: Kinds that another tool looks after.
        defaults: Whether defaults are compared although the metadata is not complete.
        types: The same for types.
    """

    complete: bool = False
    owned: frozenset[Key] = frozenset()
    busy: frozenset[Key] = frozenset()
    hidden: frozenset[Key] = frozenset()
    dropped: frozenset[Key] = frozenset()
    lent: frozenset[Key] = frozenset()
    kinds: frozenset[Kind] = frozenset()
    defaults: bool = True
    types: bool = True
    hidden_parts: frozenset[Key] = field(default=frozenset())


def owner_table(key: Key, fact: Fact) -> Key:
    """Return the table (or view, by the name of a table) that an object is a part of; else a key of no table."""
    match fact:
        case Index() | Statistics():
            return fact.table
        case Privileges():
            return fact.target._replace(kind=Kind.TABLE) if fact.target.kind is Kind.TABLE else fact.target
        case Sequence() if fact.owned_by is not None:
            return fact.owned_by[0]
        case _:
            return table_of(key)


def ownerless(catalog: Catalog) -> Catalog:
    """Return a catalog whose objects belong to nobody: owners are the business of who runs the migrations."""
    facts = {
        key: replace(fact, owner=None) if getattr(fact, "owner", None) is not None else fact  # type: ignore[arg-type]
        for key, fact in catalog.facts.items()
    }
    return Catalog(facts, catalog.depends, catalog.server_version, catalog.column_users)


def bookkeeping(catalog: Catalog, version_table: str, version_schema: str) -> frozenset[Key]:
    """Return Alembic's own table and what belongs to it, and what revisions keep for themselves (``vibe``)."""
    version = Key(Kind.TABLE, version_schema, version_table)

    def ours(key: Key, fact: Fact) -> bool:
        table = owner_table(key, fact)
        return (
            version in (key, table)
            or "vibe" in (key.schema, table.schema)
            or (key.kind is Kind.SCHEMA and key.name == "vibe")
            or table.name.startswith("vibe_")
            or key.name.startswith("vibe_")
            or key.member.startswith("vibe_")
        )

    return frozenset(key for key, fact in catalog.facts.items() if ours(key, fact))


def target(present: Catalog, declared: Catalog, scope: Scope) -> Catalog:
    """Return the state that the database shall have.

    Args:
        present: What it holds; both catalogs without owners and bookkeeping.
        declared: What the models make.
        scope: What belongs to whom.
    """
    if not scope.complete:
        declared = named_as(present, declared)
    return _Target(present, declared, scope).catalog()


class _Target:
    def __init__(self, present: Catalog, declared: Catalog, scope: Scope) -> None:
        self._present = present
        self._declared = declared
        self._scope = scope
        tables = {table.key for table in declared.of_type(Table)}
        self._tables = tables | {key._replace(kind=Kind.TABLE) for key in declared.facts if "view" in key.kind.value}

    def catalog(self) -> Catalog:
        theirs = set()
        facts = {key: fact for key, fact in self._present.facts.items() if not self._goes(key, fact)}
        for key, fact in self._declared.facts.items():
            if self._is_theirs(key, fact):
                there = self._present.facts.get(key)
                facts[key] = self._merged(fact, there)
                theirs.add(key)
        facts |= self._roles(facts)
        depends = {**self._present.depends}
        depends |= {key: self._declared.depends[key] for key in theirs if key in self._declared.depends}
        users = dict(self._present.column_users)
        for column, by in self._declared.column_users.items():
            users[column] = users.get(column, frozenset()) | by
        facts = {key: facts[key] for key in sorted(facts)}
        return Catalog(facts, depends, self._declared.server_version, users)

    def _is_theirs(self, key: Key, fact: Fact) -> bool:
        """Whether an object is as the models say."""
        scope = self._scope
        if key.kind in _SERVER_WIDE | scope.kinds or key in scope.lent | scope.busy | scope.hidden_parts:
            return False
        if owner_table(key, fact) in scope.hidden or key in scope.hidden:
            return False
        # Without a comparison of defaults, nobody knows whether a key counts by a sequence or not at all.
        counts = isinstance(fact, Sequence) and fact.owned_by is not None and not scope.complete
        return not counts or key in self._present.facts or fact.owned_by[0] not in self._present.facts  # type: ignore[union-attr, index]

    def _goes(self, key: Key, fact: Fact) -> bool:
        scope = self._scope
        if key in self._declared.facts and key not in scope.lent:
            return False
        if key.kind in _SERVER_WIDE | scope.kinds or key in scope.lent | scope.busy | scope.hidden_parts:
            return False
        table = owner_table(key, fact)
        if table in scope.hidden or key in scope.hidden:
            return False
        if table in scope.dropped or key in scope.dropped:
            return True
        if table in self._tables and key.kind is not Kind.TABLE:
            if key.kind in _ALWAYS:
                return not getattr(fact, "inherited", False)
            if key.kind in _HANGING:
                return scope.complete or key in scope.owned
        if isinstance(fact, Privileges):
            declared = fact.target in self._declared.facts and fact.target not in scope.lent
            return key in scope.owned or (declared and scope.complete)
        return key in scope.owned

    def _merged(self, fact: Fact, there: Fact | None) -> Fact:
        """Return what the models say, and what the database has where they have no word for it."""
        if not isinstance(fact, Table) or not isinstance(there, Table):
            return fact
        scope = self._scope
        if not scope.complete:
            fact = replace(fact, **_silent(fact, there, _TABLE_SILENT, Table))
        known = {column.name: column for column in there.columns}
        apart = [key for key in scope.busy | scope.hidden_parts if key.kind is Kind.COLUMN]
        busy = {key.member for key in apart if table_of(key) == fact.key}
        columns = [self._column(column, known.get(column.name)) for column in fact.columns if column.name not in busy]
        columns += [column for column in there.columns if column.name in busy]
        return replace(fact, columns=tuple(columns))

    def _column(self, column: Column, there: Column | None) -> Column:
        scope = self._scope
        if scope.complete or there is None:
            return column
        column = replace(column, **_silent(column, there, _COLUMN_SILENT, Column))
        made = column.generated or there.generated or column.identity or there.identity
        if not scope.defaults and not made:
            column = replace(column, default=there.default)
        if not scope.types:
            column = replace(column, type=there.type, collation=there.collation)
        return column

    def _roles(self, facts: dict[Key, Fact]) -> dict[Key, Fact]:
        """Return the roles that are new and that something which the models declare names."""
        named: set[str] = set()
        for fact in facts.values():
            match fact:
                case Privileges() | DefaultPrivileges():
                    named.add(fact.grantee)
                case Policy():
                    named.update(fact.roles)
        return {
            fact.key: fact
            for fact in self._declared.of_type(Role)
            if fact.key not in self._present.facts and fact.key.name in named
        }


def _silent(fact: Table | Column, there: Table | Column, names: tuple[str, ...], cls: type) -> dict[str, Any]:
    """Return the facts of the database for which the models have PostgreSQL's default."""
    from dataclasses import MISSING, fields

    usual = {found.name: found.default for found in fields(cls) if found.default is not MISSING}
    return {name: getattr(there, name) for name in names if getattr(fact, name) == usual[name]}
