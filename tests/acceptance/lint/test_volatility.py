"""The volatility of functions, as the linter knows it, is that of the server."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from alembic_vibe.lint.actions import AddColumn
from alembic_vibe.lint.model import START, Emitted
from alembic_vibe.lint.reading import read
from alembic_vibe.lint.volatility import is_volatile, known_functions
from tests.acceptance.lint.test_locks import schema_of

if TYPE_CHECKING:
    from alembic_vibe.postgres.server import ScratchServer

pytestmark = pytest.mark.server


def test_every_function_of_the_server(server: ScratchServer, database: str) -> None:
    with server.connect(database) as connection:
        rows = connection.execute(
            "SELECT proname, bool_or(provolatile = 'v') FROM pg_proc "
            "WHERE pronamespace = 'pg_catalog'::regnamespace AND prokind = 'f' AND NOT proretset "
            "AND 'internal'::regtype <> ALL (proargtypes) AND prorettype::regtype::text !~ 'handler|trigger|internal' "
            "GROUP BY proname"
        ).fetchall()
    real = dict(rows)
    known = known_functions()
    assert {name for name, volatile in known.items() if name in real and volatile is not real[name]} == set()
    missing = {name for name, volatile in real.items() if volatile and not known.get(name)}
    assert {name for name in missing if not name.startswith("binary_upgrade_")} == set()


def test_no_operator_is_volatile(server: ScratchServer, database: str) -> None:
    with server.connect(database) as connection:
        query = "SELECT o.oid FROM pg_operator o JOIN pg_proc p ON p.oid = o.oprcode WHERE p.provolatile = 'v'"
        assert connection.execute(query).fetchall() == []


@pytest.mark.parametrize(
    "default",
    [
        "1", "now()", "CURRENT_TIMESTAMP", "clock_timestamp()", "timeofday()", "random()", "gen_random_uuid()",
        "nextval('s')", "statement_timestamp() + interval '1 day'", "(now() AT TIME ZONE 'UTC')", "'{}'::jsonb",
        "lower('A')", "md5(random()::text)", "current_setting('x.y', true)", "CURRENT_USER", "ARRAY[]::text[]",
        "jsonb_build_object('a', 1)", "to_char(now(), 'YYYY')", "COALESCE(now(), clock_timestamp())",
        "pg_backend_pid()",
        "f()", "g()", "h()", "public.g()", "txid_current()", "extract(year from now())", "date_trunc('day', now())",
    ],
)  # fmt: skip
def test_a_volatile_default_rewrites(server: ScratchServer, database: str, default: str) -> None:
    made = "CREATE SEQUENCE s; CREATE TABLE t (id int); INSERT INTO t VALUES (1);"
    functions = "".join(
        f"CREATE FUNCTION {name}() RETURNS int LANGUAGE plpgsql {how} AS 'BEGIN RETURN 1; END';"
        for name, how in (("f", "VOLATILE"), ("g", "STABLE"), ("h", "IMMUTABLE"))
    )
    with server.connect(database) as connection:
        connection.execute(made + functions)
        kind = connection.execute(f"SELECT pg_typeof({default})".encode()).fetchone()
        assert kind is not None
        before = connection.execute("SELECT pg_relation_filenode('t')").fetchone()
        statement = f"ALTER TABLE t ADD made {kind[0]} DEFAULT {default}"
        connection.execute(statement.encode())
        rewritten = connection.execute("SELECT pg_relation_filenode('t')").fetchone() != before
    schema = schema_of([functions])
    (action,) = (action for one in read(Emitted(statement, START)) for action in one.actions)
    assert isinstance(action, AddColumn)
    assert action.column.default is not None
    assert is_volatile(action.column.default, schema.functions) is rewritten
