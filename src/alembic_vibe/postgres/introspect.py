"""Read a database into a ``Catalog``: a fixed number of set-based queries, sent in one pipeline.

The queries are in ``queries/``; they follow the PostgreSQL manual, chapter 51 "System Catalogs".
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from alembic_vibe.catalog.catalog import Catalog
from alembic_vibe.catalog.keys import Kind
from alembic_vibe.postgres.build_code import read_code_objects
from alembic_vibe.postgres.build_security import read_security
from alembic_vibe.postgres.build_tables import read_tables
from alembic_vibe.postgres.build_types import read_types
from alembic_vibe.postgres.rows import CatalogRows, Names

if TYPE_CHECKING:
    import psycopg

    from alembic_vibe.catalog.facts import Fact
    from alembic_vibe.catalog.keys import Key


@dataclass(frozen=True)
class Introspection:
    """A catalog, and the key of every object by its address ``(classid, objid)``.

    ``hidden`` are objects of ``public`` that PostgreSQL's own of the same name stand in front of.
    """

    catalog: Catalog
    addresses: dict[tuple[int, int], Key]
    hidden: tuple[Key, ...] = ()


@cache
def _queries() -> dict[str, str]:
    folder = resources.files("alembic_vibe.postgres") / "queries"
    return {
        entry.name.removesuffix(".sql"): entry.read_text(encoding="utf-8")
        for entry in sorted(folder.iterdir(), key=lambda entry: entry.name)
        if entry.name.endswith(".sql")
    }


def _fetch(connection: psycopg.Connection[Any]) -> CatalogRows:
    """Run every query in one round trip, inside one read-only snapshot."""
    rows: dict[str, list[tuple[Any, ...]]] = {}
    cursors = {}
    with connection.transaction():
        connection.execute("SET LOCAL search_path = public")
        # Literals print differently under other settings; these are what pg_dump sets.
        connection.execute("SET LOCAL datestyle = ISO")
        connection.execute("SET LOCAL intervalstyle = postgres")
        connection.execute("SET LOCAL extra_float_digits = 3")
        with connection.pipeline():
            for name, query in _queries().items():
                # Planning them is half of the time that they take; a session that reads again has the plans then.
                cursors[name] = connection.execute(query.encode(), prepare=True)
        for name, cursor in cursors.items():
            rows[name] = cursor.fetchall()
        classes = connection.execute(
            "SELECT relname, oid FROM pg_class WHERE relnamespace = 'pg_catalog'::regnamespace AND relkind = 'r'"
        ).fetchall()
    return CatalogRows(rows, {str(name): int(oid) for name, oid in classes})


def read_catalog(connection: psycopg.Connection[Any]) -> Introspection:
    """Read everything that users made in a database.

    What belongs to an extension, to PostgreSQL itself or to the schema ``vibe_scratch`` is left out. Roles are those of
    the whole server, without PostgreSQL's own, the bootstrap superuser and the session's user.

    Args:
        connection: An open connection, not in a failed transaction; nothing is changed.

    Returns:
        The catalog with ``depends`` and ``column_users`` filled, and the address of each object.
    """
    rows = _fetch(connection)
    names = Names(rows)
    facts: list[Fact] = []
    facts.extend(read_security(rows, names))
    facts.extend(read_types(rows, names))
    facts.extend(read_tables(rows, names))
    facts.extend(read_code_objects(rows, names))
    by_key = {fact.key: fact for fact in sorted(facts, key=lambda fact: fact.key)}
    depends = names.dependencies(by_key)
    catalog = Catalog(
        facts=by_key,
        depends=depends,
        server_version=connection.info.server_version,
        column_users=names.column_users(by_key),
    )
    hidden = (names.addresses.get((classid, oid)) for classid, oid in rows["hidden"])
    # What an extension brings is called by its own schema or not at all: pgcrypto has a gen_random_uuid() as well.
    behind = {key for key in hidden if key in by_key and key.kind is not Kind.EXTENSION}
    return Introspection(catalog, names.addresses, tuple(sorted(behind)))
