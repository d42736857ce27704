from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alembic_vibe.diagnostics import Diagnostic
from alembic_vibe.postgres.loader import LoadResult, load
from alembic_vibe.postgres.server import ScratchServer
from alembic_vibe.source import Span
from alembic_vibe.sql.statement import MissingExtension, Statement
from tests.acceptance.postgres.conftest import dump, parse_statements

pytestmark = pytest.mark.server

Parse = Callable[[str], list[Statement]]


def run(server: ScratchServer, database: str, text: str) -> LoadResult:
    return load(parse_statements(text), server, database)


def codes(diagnostics: tuple[Diagnostic, ...]) -> list[str]:
    return [diagnostic.code for diagnostic in diagnostics]


SHOP = """
CREATE SCHEMA billing;
CREATE ROLE app_rw NOLOGIN;
CREATE TYPE order_status AS ENUM ('open', 'paid');
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.updated_at := now(); RETURN NEW; END $$;
CREATE TABLE users (
    id uuid PRIMARY KEY DEFAULT uuid_generate_v4(),
    email citext NOT NULL UNIQUE,
    team_id bigint REFERENCES teams (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED CHECK (team_id > 0),
    updated_at timestamptz
);
CREATE TABLE teams (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, owner_id uuid NOT NULL REFERENCES users);
CREATE TABLE billing.orders (
    id bigint,
    user_id uuid NOT NULL REFERENCES users (id),
    status order_status NOT NULL DEFAULT 'open',
    at timestamptz NOT NULL,
    PRIMARY KEY (id, at)
) PARTITION BY RANGE (at);
CREATE TABLE billing.orders_2026 PARTITION OF billing.orders FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
ALTER TABLE users ADD COLUMN note text;
ALTER TABLE users ADD CONSTRAINT note_is_short CHECK (length(note) < 100);
CREATE INDEX users_note_idx ON users USING gin (note gin_trgm_ops);
CREATE INDEX CONCURRENTLY orders_user_idx ON billing.orders_2026 (user_id);
CREATE TRIGGER users_touch BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION touch();
CREATE VIEW open_orders AS SELECT o.id, u.email FROM billing.orders o JOIN users u ON u.id = o.user_id;
CREATE MATERIALIZED VIEW totals AS SELECT count(*) AS n FROM open_orders;
CREATE UNIQUE INDEX totals_idx ON totals (n);
COMMENT ON COLUMN users.note IS 'free text';
COMMENT ON CONSTRAINT note_is_short ON users IS 'fits on a card';
ALTER TABLE users ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_row ON users TO app_rw USING (id = current_setting('app.user')::uuid);
GRANT SELECT, UPDATE ON users TO app_rw;
GRANT USAGE ON SCHEMA billing TO app_rw;
GRANT SELECT ON ALL TABLES IN SCHEMA billing TO app_rw;
"""


def test_a_whole_schema_in_any_order(server: ScratchServer, database: str) -> None:
    result = run(server, database, SHOP)
    assert result.ok, result.diagnostics
    assert sorted(result.order) == list(range(len(parse_statements(SHOP))))
    assert set(result.extensions_added) == {"citext", "uuid-ossp", "pg_trgm"}
    assert result.role_origins == {"app_rw": 1}
    split = [note for note in result.repairs if note.code == "AV411"]
    assert len(split) == 1
    assert "DEFERRABLE INITIALLY DEFERRED" in split[0].notes[0]
    expected = dump(server, database)
    assert not [line for line in expected if "vibe_scratch" in line]
    assert any("ADD CONSTRAINT users_team_id_fkey" in line for line in expected)

    # What is granted on all tables is granted on those above: the last statement stays the last.
    *movable, sweeping = parse_statements(SHOP)

    @given(st.permutations(movable))
    @settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    def shuffled(statements: list[Statement]) -> None:
        other = server.create_database()
        again = load([*statements, sweeping], server, other)
        assert again.ok, again.diagnostics
        found = dump(server, other)
        server.drop_database(other)
        assert found == expected

    shuffled()


def test_order_is_kept_and_nothing_is_said_where_nothing_is_wrong(server: ScratchServer, database: str) -> None:
    result = run(server, database, "CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (id int REFERENCES a);")
    assert (result.order, result.repairs, result.diagnostics) == ((0, 1), (), ())


def test_what_is_moved_is_said_where_it_stands(server: ScratchServer, database: str) -> None:
    text = """CREATE INDEX i ON a (id);
CREATE VIEW v AS SELECT 1 AS x;
CREATE TABLE a (id int);
COMMENT ON INDEX i IS 'x';"""
    result = run(server, database, text)
    assert result.ok
    assert result.order == (1, 2, 0, 3)
    (note,) = result.repairs
    assert (note.code, note.line, note.column) == ("AV410", 1, 1)
    assert "line 3" in note.message


@pytest.mark.parametrize("careful", [False, True])
def test_every_object_knows_its_statements(server: ScratchServer, database: str, careful: bool) -> None:
    text = """
        CREATE TABLE a (id serial PRIMARY KEY, n int CHECK (n > 0));
        ALTER TABLE a ADD COLUMN m int;
        ALTER TABLE a ADD CONSTRAINT m_key UNIQUE (m);
        CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
        CREATE TRIGGER t BEFORE INSERT ON a EXECUTE FUNCTION f();
        GRANT SELECT ON a TO PUBLIC;
        COMMENT ON COLUMN a.m IS 'x';
    """ + ("CREATE VIEW v AS SELECT * FROM w; CREATE VIEW w AS SELECT 1 AS x;" if careful else "")
    result = run(server, database, text)
    assert result.ok
    with server.connect(database) as connection:

        def origin(expression: str, class_name: str, part: int = 0) -> list[int]:
            query = f"SELECT '{class_name}'::regclass::oid::bigint, ({expression})::oid::bigint"
            row = connection.execute(query.encode()).fetchone()
            assert row is not None
            return result.origins.get((row[0], row[1], part), [])

        def constraint(name: str) -> list[int]:
            return origin(f"SELECT oid FROM pg_constraint WHERE conname = '{name}'", "pg_constraint")

        assert origin("'a'::regclass", "pg_class") == [0, 1, 2, 5]
        assert origin("'a'::regclass", "pg_class", 3) == [1, 6]
        assert origin("'a_id_seq'::regclass", "pg_class") == [0]
        assert origin("'a_pkey'::regclass", "pg_class") == [0]
        assert origin("'m_key'::regclass", "pg_class") == [2]
        assert [constraint(name) for name in ("a_pkey", "a_n_check", "m_key")] == [[0], [0], [2]]
        assert origin("'f'::regproc", "pg_proc") == [3]
        assert origin("SELECT oid FROM pg_trigger WHERE tgname = 't'", "pg_trigger") == [4]


def test_three_tables_in_a_circle(server: ScratchServer, database: str) -> None:
    text = "\n".join(
        f"CREATE TABLE t{n} (id int PRIMARY KEY, o int REFERENCES t{(n + 1) % 3}, FOREIGN KEY (id) REFERENCES t{n});"
        for n in range(3)
    )
    result = run(server, database, text)
    assert result.ok
    assert codes(result.repairs).count("AV411") == 1
    names = [line for line in dump(server, database) if "_fkey" in line]
    assert len(names) == 6


def test_a_mistake_in_a_circle_is_still_found(server: ScratchServer, database: str) -> None:
    text = """CREATE TABLE a (id int PRIMARY KEY, b int REFERENCES b);
CREATE TABLE b (id uuid PRIMARY KEY, a int REFERENCES a);"""
    result = run(server, database, text)
    (error,) = result.diagnostics
    assert error.code == "AV333"
    assert error.line in {1, 2}


def test_root_causes_only(server: ScratchServer, database: str) -> None:
    text = """CREATE TABLE users (id bigint PRIMARY KEY, born datetime);
CREATE TABLE posts (id bigint PRIMARY KEY, user_id bigint REFERENCES users (id));
CREATE INDEX posts_idx ON posts (user_id);
CREATE VIEW v AS SELECT * FROM posts;
COMMENT ON TABLE users IS 'x';
CREATE TABLE fine (id int);
CREATE INDEX i1 ON nothing (id);
CREATE INDEX i2 ON nothing (id);
"""
    result = run(server, database, text)
    assert [(d.code, d.line, d.column, d.consequences) for d in result.diagnostics] == [
        ("AV312", 1, 49, 2),
        ("AV310", 7, 20, 1),
    ]
    # The table that only refers to the broken one was made without its foreign key, to find mistakes behind it.
    assert sorted(result.order) == [2, 3, 5]


def test_what_the_parser_refused_has_consequences(server: ScratchServer, database: str) -> None:
    statements = parse_statements(
        "CREATE TABLE a (id int); CREATE VIEW v AS SELECT * FROM a; CREATE VIEW w AS SELECT * FROM broken_one; "
        "CREATE TABLE b (id int); CREATE TABLE b (id int);"
    )
    result = load(statements, server, database, refused={0}, repeated={4}, broken=["billing.broken_one"])
    assert result.diagnostics == ()
    assert result.consequences_of_refused == {0: 1}
    assert result.consequences_of_broken == {"billing.broken_one": 1}
    assert result.order == (3,)


def test_roles_of_an_earlier_load_are_altered(server: ScratchServer, database: str) -> None:
    assert run(server, database, "CREATE ROLE r_one LOGIN CONNECTION LIMIT 5;").ok
    other = server.create_database()
    result = run(server, other, "CREATE ROLE r_one NOLOGIN BYPASSRLS; CREATE TABLE t (); GRANT SELECT ON t TO r_one;")
    assert result.ok
    with server.connect(other) as connection:
        row = connection.execute(
            "SELECT rolcanlogin, rolbypassrls, rolconnlimit FROM pg_roles WHERE rolname = 'r_one'"
        ).fetchone()
    assert row == (False, True, -1)
    server.drop_database(other)
    server.drop_database(database)
    server.reset_roles()
    assert "r_one" not in server.existing_roles()


def test_roles_of_the_server_are_not_touched(server: ScratchServer, database: str) -> None:
    result = run(server, database, "ALTER ROLE postgres SET work_mem = '64MB';")
    assert codes(result.diagnostics) == ["AV304"]


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER SYSTEM SET work_mem = '1GB'",
        "LOAD 'x'",
        "CREATE FUNCTION f() RETURNS int LANGUAGE c AS 'libc', 'system'",
        "CREATE FUNCTION f() RETURNS int LANGUAGE plpython3u AS 'return 1'",
        "CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$BEGIN EXECUTE 'COPY t TO PROGRAM ''id'''; END$$",
        "CREATE MATERIALIZED VIEW v AS SELECT pg_read_file('/etc/passwd')",
        "CREATE VIEW v AS SELECT U&\"\\0070g_read_file\"('/etc/passwd')",
        "CREATE TABLESPACE s LOCATION '/tmp'",
        "CREATE DATABASE d",
        "DO 'BEGIN END'",
        "COPY t FROM PROGRAM 'id'",
    ],
)
def test_what_reaches_out_is_not_executed(server: ScratchServer, database: str, statement: str) -> None:
    from dataclasses import replace

    from alembic_vibe.sql.statement import StatementKind

    statements = [replace(s, kind=StatementKind.DEFINITION) for s in parse_statements(statement)]
    result = load(statements, server, database)
    assert codes(result.diagnostics) == ["AV301"]
    assert result.order == ()


def test_an_event_trigger_of_the_specification_does_not_fire(server: ScratchServer, database: str) -> None:
    result = run(
        server,
        database,
        "CREATE FUNCTION e() RETURNS event_trigger LANGUAGE plpgsql AS $$BEGIN RAISE EXCEPTION 'no'; END$$;"
        "CREATE EVENT TRIGGER e ON ddl_command_start EXECUTE FUNCTION e(); CREATE TABLE t (id int);",
    )
    assert result.ok
    assert any("CREATE EVENT TRIGGER e " in line for line in dump(server, database))


def test_announced_extensions_are_made_first_and_said_once(server: ScratchServer, database: str) -> None:
    statements = parse_statements("CREATE TABLE a (id int);\nCREATE TABLE t (email citext, name text);")
    where = statements[1]
    announced = [
        MissingExtension("citext", "citext", Span(where.span.start + 16, where.span.start + 22), where.source),
        MissingExtension("no_such", "x", where.span, where.source),
    ]
    result = load(statements, server, database, missing_extensions=announced)
    assert result.ok
    assert result.extensions_added == ("citext",)
    assert result.repairs == ()
    with server.connect(database) as connection:
        row = connection.execute(
            "SELECT 'pg_extension'::regclass::oid::bigint, oid::bigint FROM pg_extension WHERE extname = 'citext'"
        ).fetchone()
    assert row is not None
    assert result.origins[row[0], row[1], 0] == [1]


def test_examples_and_seeds_are_not_executed(server: ScratchServer, database: str) -> None:
    result = run(server, database, "CREATE TABLE t (id int); INSERT INTO t VALUES (1); SELECT 1/0; DROP TABLE t;")
    assert result.order == (0,)
    with server.connect(database) as connection:
        assert connection.execute("SELECT count(*) FROM t").fetchone() == (0,)
