"""Reading a catalog: a fixed number of queries, nothing of PostgreSQL's own, nothing changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.postgres.introspect import read_catalog

if TYPE_CHECKING:
    import psycopg

    from alembic_vibe.postgres.server import ScratchServer

pytestmark = pytest.mark.server


def queries(connection: psycopg.Connection[Any]) -> int:
    """Count the statements that reading the catalog sends."""
    sent = 0
    execute = type(connection).execute

    def counting(self: psycopg.Connection[Any], *arguments: Any, **keywords: Any) -> Any:
        nonlocal sent
        sent += 1
        return execute(self, *arguments, **keywords)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(connection), "execute", counting)
        read_catalog(connection)
    return sent


def test_the_number_of_queries_does_not_grow(server: ScratchServer, database: str) -> None:
    with server.connect(database, autocommit=True) as connection:
        few = queries(connection)
        for number in range(40):
            connection.execute(
                f"CREATE TABLE t{number} (id int PRIMARY KEY, a text UNIQUE, CHECK (id > 0));"
                f"CREATE INDEX i{number} ON t{number} (lower(a)); CREATE VIEW v{number} AS SELECT * FROM t{number}"
            )
        assert queries(connection) == few
        assert few > 10


def test_an_empty_database_has_no_facts(server: ScratchServer, database: str) -> None:
    with server.connect(database) as connection:
        assert dict(read_catalog(connection).catalog.facts) == {}


def test_the_session_is_left_as_it_was(server: ScratchServer, database: str) -> None:
    with server.connect(database, autocommit=True) as connection:
        connection.execute("SET search_path = pg_catalog; SET datestyle = German; SET extra_float_digits = 0")
        settings = "SELECT current_setting('search_path'), current_setting('datestyle')"
        before = connection.execute(settings).fetchone()
        connection.execute("CREATE TABLE public.t (d date DEFAULT '2024-02-01')")
        fact = read_catalog(connection).catalog.table(Key(Kind.TABLE, "public", "t"))
        assert fact.columns[0].default is not None
        assert "2024-02-01" in fact.columns[0].default
        assert connection.execute(settings).fetchone() == before


def test_what_an_object_needs(server: ScratchServer, database: str) -> None:
    with server.connect(database) as connection:
        connection.execute(
            "CREATE TYPE e AS ENUM ('a'); CREATE FUNCTION f(e) RETURNS boolean IMMUTABLE LANGUAGE sql AS 'SELECT true';"
            "CREATE TABLE t (id int PRIMARY KEY, x e CHECK (f(x))); CREATE VIEW v AS SELECT x FROM t;"
            "CREATE TABLE u (t_id int REFERENCES t)"
        )
        catalog = read_catalog(connection).catalog
    table, kind = Key(Kind.TABLE, "public", "t"), Key(Kind.ENUM, "public", "e")
    function = Key(Kind.FUNCTION, "public", "f", "e")
    assert kind in catalog.depends[table]
    assert kind in catalog.depends[function]
    assert table in catalog.depends[Key(Kind.VIEW, "public", "v")]
    assert function in catalog.depends[Key(Kind.CONSTRAINT, "public", "t", "t_x_check")]
    assert table in catalog.depends[Key(Kind.CONSTRAINT, "public", "u", "u_t_id_fkey")]


def test_a_role_that_may_do_nothing_reads_the_same(server: ScratchServer, database: str) -> None:
    """A staging copy is read by an account of its own, which needs no privileges for what the catalog tells."""
    with server.connect(database, autocommit=True) as connection:
        connection.execute(
            "CREATE EXTENSION postgres_fdw; CREATE SERVER far FOREIGN DATA WRAPPER postgres_fdw;"
            "CREATE USER MAPPING FOR PUBLIC SERVER far OPTIONS (user 'u', password 'p');"
            "CREATE TABLE t (id int PRIMARY KEY, a text); CREATE STATISTICS s ON id, a FROM t;"
            "CREATE VIEW v AS SELECT id FROM t; CREATE PUBLICATION p FOR TABLE t; CREATE ROLE may_do_nothing"
        )
        ours = {key for key in read_catalog(connection).catalog.facts if key.kind is not Kind.ROLE}
        connection.execute("SET SESSION AUTHORIZATION may_do_nothing")
        assert {key for key in read_catalog(connection).catalog.facts if key.kind is not Kind.ROLE} == ours
        assert len(ours) > 6  # its own role is not among what it reads
