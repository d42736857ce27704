"""A schema that is known only as facts, made again on the scratch server: where a chain cannot be replayed.

The facts come from a staging copy or from the snapshot. What they are made of is our own creation plan, statement by
statement; what the scratch server cannot make (an extension that it does not have) is left out and named.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from alembic_vibe.catalog.bookkeeping import without_version_table
from alembic_vibe.catalog.keys import Kind
from alembic_vibe.diff.compare import ChangeKind, compare
from alembic_vibe.plan.planner import Origins, Section, plan_changes
from alembic_vibe.postgres.introspect import read_catalog

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import psycopg

    from alembic_vibe.catalog.catalog import Catalog
    from alembic_vibe.catalog.facts import Fact
    from alembic_vibe.catalog.keys import Key
    from alembic_vibe.plan.model import Plan, PlannedRevision
    from alembic_vibe.postgres.server import ScratchServer

_SECTION = Section("5", "")
_MAJOR = 10_000


@dataclass(frozen=True)
class Restored:
    """A database on the scratch server; ``lost`` says of what could not be made why."""

    database: str
    lost: Mapping[Key, str] = field(default_factory=dict)


def restore(
    wanted: Catalog,
    server: ScratchServer,
    *,
    sources: Mapping[Key, str] | None = None,
    undo: Sequence[PlannedRevision] = (),
    schemas: Sequence[str] = (),
) -> Restored:
    """Make a schema again in a database of its own.

    Args:
        wanted: The facts, in an order in which they can be made where the catalog does not know what depends on what.
        server: Where to make it.
        sources: The author's CREATE statements of what PostgreSQL prints otherwise.
        undo: Planned revisions whose reverse is run afterwards, the last one first.
        schemas: Empty schemas to make besides, such as that of Alembic's own table.
    """
    from psycopg import sql

    name = server.create_database()
    failed: dict[Key, str] = {}
    with server.connect(name, autocommit=True) as connection:
        # Bodies may name what is made later, as in a dump (pg_dump sets the same).
        connection.execute("SET check_function_bodies = off")
        for schema in schemas:
            connection.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(sql.Identifier(schema)))
        before = read_catalog(connection).catalog
        plan = _creation(before, wanted, sources or {}, failed)
        for step in (step for revision in plan.revisions for step in revision.steps):
            statements = [statement for operation in step.up for statement in operation.statements]
            problem = _try(connection, statements)
            if problem:
                failed[step.key] = problem
        found = without_version_table(read_catalog(connection).catalog)
        lost = dict(_lost(wanted, found, failed))
        for revision in reversed(undo):
            _try(connection, [statement for operation in revision.down for statement in operation.statements])
    return Restored(name, lost)


def _creation(before: Catalog, wanted: Catalog, sources: Mapping[Key, str], failed: dict[Key, str]) -> Plan:
    """Return the plan that makes the facts; those of a kind that cannot be carried are left out."""
    facts = {key: fact for key, fact in wanted.facts.items() if key.kind is not Kind.OTHER or key in sources}
    failed.update(dict.fromkeys(wanted.facts.keys() - facts.keys(), "its kind is known by name only"))
    while True:
        target = replace(wanted, facts=facts)
        position = {key: number for number, key in enumerate(facts)}
        origins = Origins(statement=position, section=dict.fromkeys(facts, _SECTION.number), source=sources)
        changes = [change for change in compare(before, target) if change.kind is ChangeKind.ADD]
        try:
            return plan_changes(changes, target, origins, [_SECTION])
        except LookupError as error:
            culprit = next((key for key in facts if str(key) in str(error)), None)
            if culprit is None:
                raise
            failed[culprit] = str(error)
            del facts[culprit]


def _try(connection: psycopg.Connection[Any], statements: Sequence[str]) -> str:
    """Run statements, all or none; return why that was not possible, or nothing."""
    import psycopg

    try:
        with connection.transaction():
            for statement in statements:
                connection.execute(statement.encode())
    except psycopg.errors.ActiveSqlTransaction:  # such as CREATE INDEX CONCURRENTLY in a downgrade
        try:
            for statement in statements:
                connection.execute(statement.encode())
        except psycopg.Error as error:
            return _first_line(error)
    except psycopg.Error as error:
        return _first_line(error)
    return ""


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0]


def _lost(wanted: Catalog, found: Catalog, failed: Mapping[Key, str]) -> Iterator[tuple[Key, str]]:
    same_print = wanted.server_version // _MAJOR == found.server_version // _MAJOR
    for change in compare(wanted, found):
        if change.kind is ChangeKind.DROP or (change.kind is ChangeKind.ALTER and same_print):
            yield change.key, failed.get(change.key, change.describe())


def as_migrated(catalog: Catalog, owner: str | None, session: str) -> Catalog:
    """Return the catalog of a database as the role that runs the migrations would read it.

    Args:
        catalog: As it was read, where objects of the session's own role have no owner.
        owner: Who owns Alembic's own table, and so runs the migrations; ``None``: the session's role.
        session: The session's role.

    Roles that nothing refers to are somebody else's, and left out.
    """
    facts: dict[Key, Fact] = dict(catalog.facts)
    if owner is not None:
        for key, fact in catalog.facts.items():
            own: Any = fact
            if hasattr(own, "owner"):
                facts[key] = replace(own, owner=None if own.owner == owner else own.owner or session)
    used = {need for needs in catalog.depends.values() for need in needs}
    of_server = (Kind.ROLE, Kind.MEMBERSHIP)
    facts = {key: fact for key, fact in facts.items() if key.kind not in of_server or key in used}
    return replace(catalog, facts=facts)
