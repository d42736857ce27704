"""What the models declare: the database that ``create_all`` makes of them, as PostgreSQL reads it."""

from __future__ import annotations

import hashlib
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from alembic_vibe.autogenerate.scope import is_complete
from alembic_vibe.catalog.facts import Extension, Schema, Sequence
from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.catalog.serialize import dump_catalog, load_catalog
from alembic_vibe.history.cache import Shelf, stamp
from alembic_vibe.plan.belongings import make

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Sequence as Many

    import sqlalchemy as sa

    from alembic_vibe.catalog.catalog import Catalog
    from alembic_vibe.postgres.server import ScratchServer

_SHELF = Shelf("declared", 20, stamp)
_MORE = "more"  # is kept of models that need more of the database than its extensions
_LENT = (Kind.EXTENSION, Kind.ENUM, Kind.DOMAIN, Kind.COMPOSITE, Kind.RANGE, Kind.SEQUENCE, Kind.FUNCTION)


class DeclaredError(Exception):
    """The models cannot be made on an empty database; the message is PostgreSQL's or SQLAlchemy's own."""


@dataclass(frozen=True)
class Declared:
    """The objects that the models make; ``lent`` are those of the database that they cannot be made without."""

    catalog: Catalog
    lent: frozenset[Key] = frozenset()


def declared_catalog(models: Many[sa.MetaData], present: Catalog, server: ScratchServer) -> Declared:
    """Return what the models declare; the same models are made once only.

    Hand-written models often rely on what only revisions make. So they are tried on an empty database with the
    extensions of the real one first, and then on one that has its types and functions too.

    Args:
        models: The metadata to compare.
        present: What the database holds.
        server: Where to make them; not started for what is known.

    Raises:
        DeclaredError: The models cannot be made.
        EnvironmentFailureError: There is no server.
    """
    text = _statements(models)
    extensions = sorted(fact.key.name for fact in present.of_type(Extension))
    key = "\n".join([server.identity, *extensions, text]) if text is not None else None
    kinds: tuple[Kind, ...] = () if is_complete(models) else (Kind.EXTENSION,)
    if key is not None and _SHELF.read(key) == _MORE:
        kinds = _LENT
    lent = _lent(present, kinds)
    known = _recall(_key(key, present, lent))
    if known is not None:
        return Declared(known, lent)
    try:
        found = _made(models, present, server, lent)
    except DeclaredError:
        if kinds == _LENT:
            raise
        lent = _lent(present, _LENT)
        found = _made(models, present, server, lent)
        if key is not None:
            _SHELF.keep(key, _MORE)
    kept = _key(key, present, lent)
    if kept is not None:
        _SHELF.keep(kept, dump_catalog(found))
    return Declared(found, lent)


def _key(key: str | None, present: Catalog, lent: frozenset[Key]) -> str | None:
    """Return the name under which is kept what the models make on top of what is lent to them."""
    if key is None:
        return None
    facts = {name: fact for name, fact in present.facts.items() if name in lent}
    return f"{key}\n{dump_catalog(replace(present, facts=facts, depends={}, column_users={}))}"


def _recall(key: str | None) -> Catalog | None:
    text = _SHELF.read(key) if key is not None else None
    try:
        return load_catalog(text) if text is not None else None
    except ValueError:
        return None  # a cache that cannot be read is no cache


def _lent(present: Catalog, kinds: tuple[Kind, ...]) -> frozenset[Key]:
    """Return the objects of the database that the models may rely on."""
    return frozenset(
        key
        for key, fact in present.facts.items()
        if key.kind in kinds
        and not (isinstance(fact, Sequence) and fact.owned_by is not None)
        and not _needs_table(key, present)
    )


def _statements(models: Many[sa.MetaData]) -> str | None:
    """Return all that ``create_all`` would execute; ``None`` where that depends on answers of a database."""
    import sqlalchemy as sa

    found: list[str] = []

    def write(statement: Any, *_: Any, **__: Any) -> None:
        found.append(str(statement.compile(dialect=engine.dialect)) if not isinstance(statement, str) else statement)

    engine = sa.create_mock_engine("postgresql+psycopg://", write)
    try:
        for metadata in models:
            metadata.create_all(engine, checkfirst=False)
    except Exception:  # noqa: BLE001 - listeners of the user's may do anything with a connection
        return None
    return hashlib.sha256("\n;\n".join(found).encode(errors="surrogatepass")).hexdigest()


def _made(models: Many[sa.MetaData], present: Catalog, server: ScratchServer, lent: frozenset[Key]) -> Catalog:
    import psycopg
    import sqlalchemy as sa

    from alembic_vibe.postgres.introspect import read_catalog

    schemas = {table.schema for metadata in models for table in metadata.tables.values() if table.schema}
    schemas |= {key.schema for key in lent if key.schema} | {
        fact.schema for fact in present.of_type(Extension) if fact.schema != "pg_catalog"
    }
    made = {key for key, fact in present.facts.items() if isinstance(fact, Schema) and key.name in schemas}
    with database_on(server) as (engine, connection):
        try:
            connection.execute("SET check_function_bodies = off")
            for step in make(present, {}, sorted(lent | made)):
                for operation in step.up:
                    for sql in operation.statements:
                        if " OWNER TO " not in sql:
                            connection.execute(sql.encode())
            for schema in sorted(schemas - {key.name for key in made} - {"public"}):
                connection.execute(psycopg.sql.SQL("CREATE SCHEMA {}").format(psycopg.sql.Identifier(schema)))
            connection.execute("RESET check_function_bodies")
            connection.commit()
            for metadata in models:
                metadata.create_all(engine)
        except (psycopg.Error, sa.exc.SQLAlchemyError, LookupError, NotImplementedError) as error:
            said = getattr(error, "orig", None) or error
            raise DeclaredError(f"the models cannot be made on an empty database: {said}") from error
        return read_catalog(connection).catalog


def _needs_table(key: Key, catalog: Catalog) -> bool:
    waiting, seen = [key], {key}
    while waiting:
        for need in catalog.depends.get(waiting.pop(), ()):
            if need.kind in {Kind.TABLE, Kind.VIEW, Kind.MATERIALIZED_VIEW}:
                return True
            if need not in seen:
                seen.add(need)
                waiting.append(need)
    return False


@contextmanager
def database_on(server: ScratchServer) -> Iterator[tuple[sa.Engine, Any]]:
    """Have an empty database: an engine of SQLAlchemy, and the one psycopg connection that it uses."""
    import sqlalchemy as sa

    name = server.create_database()
    connection = server.connect(name)
    engine = sa.create_engine("postgresql+psycopg://", creator=lambda: connection, poolclass=sa.pool.StaticPool)
    try:
        yield engine, connection
    finally:
        connection.close()
        server.drop_database(name)
