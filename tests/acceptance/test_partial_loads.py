"""A specification that changed a little is loaded in part, and nothing shows the difference."""

from __future__ import annotations

import random
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from alembic_vibe import compilation
from alembic_vibe.diagnostics import SpecError
from alembic_vibe.history import cache
from alembic_vibe.sql import grammar
from tests.acceptance.test_known_loads import assert_same, compiled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from alembic_vibe.compilation import Compiled, Parsed
    from alembic_vibe.postgres.server import ScratchServer

pytestmark = pytest.mark.server
SCHEMA = (Path(__file__).parent / "every_kind.sql").read_text(encoding="utf-8")
STATEMENTS = [SCHEMA[start:end] for start, end in grammar.split(SCHEMA)]


@pytest.fixture(scope="module")
def known(server: ScratchServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A cache that holds the schema; what a test adds to it goes away."""
    folder = tmp_path_factory.mktemp("known")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cache.Shelf, "folder", folder / "cache")
        compiled(server, folder, script(STATEMENTS))
        yield folder


@pytest.fixture
def check(server: ScratchServer, known: Path) -> Callable[[list[str]], bool]:
    """Compile statements in part and as a whole, compare, and say whether it was in part."""

    def compare(statements: list[str]) -> bool:
        whole: list[bool] = []
        load = compilation._load

        def counting(parsed: Parsed, server: ScratchServer) -> Compiled:
            whole.append(True)
            return load(parsed, server)

        (entry,) = (known / "cache").iterdir()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(compilation, "_load", counting)
            found = outcome(lambda: compiled(server, known, script(statements)))
        expected = outcome(lambda: compiled(server, known, script(statements), fresh=True))
        for other in set((known / "cache").iterdir()) - {entry}:
            other.unlink()
        if isinstance(expected, tuple) or isinstance(found, tuple):
            assert found == expected
        else:
            assert_same(found, expected)
        return not whole

    return compare


def script(statements: list[str]) -> str:
    """Write statements as the text of a block."""
    return ";\n".join(statements) + ";"


def outcome(run: Callable[[], Compiled]) -> Compiled | tuple[object, ...]:
    """Return the schema, or what is wrong with it."""
    try:
        return run()
    except SpecError as error:
        return error.diagnostics


def edited(old: str, new: str) -> list[str]:
    """Return the statements with the one that holds ``old`` edited."""
    assert SCHEMA.count(old) == 1, old
    return [statement.replace(old, new) for statement in STATEMENTS if statement.replace(old, new)]


REFUSING = "char(2) PRIMARY KEY, name text CHECK (name < 'G')"  # Germany is among the seeds
EDITS = {
    "a column's type": ("nick varchar(40)", "nick varchar(60)"),
    "a column is added": ("    born date,", "    born date,\n    seen date,"),
    "a column that an index needs is gone": ("    born date,\n", ""),
    "a column that a foreign key needs": (
        "id serial PRIMARY KEY,\n    tenant_id",
        "id bigserial PRIMARY KEY,\n    tenant_id",
    ),
    "a table that many refer to": ("name text NOT NULL, home address", "name varchar(9) NOT NULL, home address"),
    "a label is added": ("'paid', 'sent'", "'paid', 'sent', 'lost'"),
    "a label is gone": ("'new', 'paid'", "'fresh', 'paid'"),
    "an attribute of a type": ("street text, city text", "street text, city text, country text"),
    "a domain": ("VALUE > 0", "VALUE > 10"),
    "a sequence": ("START WITH 1000", "START WITH 2000"),
    "a default": ("DEFAULT 0 CHECK", "DEFAULT 1 CHECK"),
    "a generated column": ("price * 1.2", "price * 1.19"),
    "a comment": ("'Who may log in'", "'Who may log in now'"),
    "a policy": ("same_tenant ON users USING", "same_tenant ON users FOR UPDATE USING"),
    "a grant": ("UPDATE (nick)", "UPDATE (nick, born)"),
    "a grant on views": ("GRANT SELECT ON open_orders, busy_users", "GRANT SELECT ON busy_users"),
    "a unique index": ("(tenant_id, lower(name))", "(lower(name))"),
    "an index with no name": ("ON users (nick)", "ON users (nick, born)"),
    "a constraint by itself": ("length(note) < 100", "length(note) < 90"),
    "a view below a view": ("o.state <> 'sent'", "o.state = 'new'"),
    "a column of a view": ("o.*, u.email", "o.id, u.email"),
    "a function with text": ("SELECT taxed FROM public", "SELECT price FROM public"),
    "a function with another argument": ("full_price(item integer)", "full_price(item bigint)"),
    "a trigger": ("BEFORE UPDATE ON orders", "BEFORE INSERT OR UPDATE ON orders"),
    "a partition": ("('2024-01-01') TO", "('2023-01-01') TO"),
    "a partitioned table": ("happened date NOT NULL, what text", "happened date NOT NULL, what text, who text"),
    "an index of partitions": ("ON events (what)", "ON events (what, id)"),
    "a parent": ("animals (id integer PRIMARY KEY, name text)", "animals (id integer PRIMARY KEY, name text, age int)"),
    "a column that code needs": (
        "animals (id integer PRIMARY KEY, name text)",
        "animals (id integer PRIMARY KEY, title text)",
    ),
    "an heir": ("lives integer DEFAULT 9", "lives integer DEFAULT 7"),
    "a table with a strange name": ('"Größe" text', '"Größe" varchar(3)'),
    "the first of two that want a name": ("a_b (c integer UNIQUE)", "a_b (c integer)"),
    "the second of two that want a name": ("a (b_c integer UNIQUE)", "a (b_c bigint UNIQUE)"),
    "a name that others bear as a column": ("TABLE tags (name", "TABLE tags (name varchar(9), label"),
    "statistics": ("ON user_id, state FROM", "ON user_id, amount FROM"),
    "a table with seeds": ("char(2) PRIMARY KEY, name text", "char(2) PRIMARY KEY, name varchar(8)"),
    "a table that refuses its seeds": ("char(2) PRIMARY KEY, name text", REFUSING),
    "a mistake": ("born IS NOT NULL", "borne IS NOT NULL"),
    "a role": ("clerk NOLOGIN", "clerk LOGIN"),
    "default privileges": ("GRANT SELECT ON TABLES", "GRANT INSERT ON TABLES"),
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_an_edit(check: Callable[[list[str]], bool], edit: tuple[str, str]) -> None:
    in_part = check(edited(*edit))
    assert in_part is (edit[1] not in WHOLE)


ADDITIONS = [
    "CREATE TABLE wishes (id integer PRIMARY KEY, user_id bigint REFERENCES users)",
    "CREATE TABLE status (id integer)",
    "CREATE TABLE state (id integer)",
    "CREATE TYPE state AS ENUM ('on', 'off')",
    "CREATE INDEX ON orders (made_at)",
    "CREATE UNIQUE INDEX users_nick_key ON users (nick)",
    "ALTER TABLE users ADD COLUMN phone text",
    "ALTER TABLE products ALTER COLUMN name TYPE varchar(100)",
    "ALTER TABLE users DROP COLUMN nick",
    "COMMENT ON COLUMN orders.state IS 'How far it is'",
    "COMMENT ON FUNCTION touch() IS 'For triggers'",
    "GRANT EXECUTE ON FUNCTION full_price(integer) TO clerk",
    "GRANT USAGE ON SCHEMA billing TO clerk",
    "GRANT SELECT ON users, products TO clerk",
    "CREATE FUNCTION full_price(item bigint) RETURNS numeric LANGUAGE sql AS 'SELECT 1.0'",
    "CREATE FUNCTION length(text, text) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT 1'",
    "CREATE TABLE events_2025 PARTITION OF events FOR VALUES FROM ('2025-01-01') TO ('2026-01-01')",
    "CREATE TABLE dogs (tail boolean) INHERITS (animals)",
    "CREATE TRIGGER users_touch BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION touch()",
    "CREATE VIEW names AS SELECT name FROM animals",
    "CREATE TABLE users (id integer)",
    "CREATE TABLE IF NOT EXISTS users (id integer)",
    "CREATE TABLE users_nick_idx (id integer)",
    "CREATE POLICY others ON users FOR SELECT USING (true)",
    "ALTER SEQUENCE order_numbers OWNED BY orders.id",
    "ALTER TABLE tenants RENAME COLUMN name TO title",
    "CREATE COLLATION nordic (provider = icu, locale = 'sv')",
    "CREATE SCHEMA shipping",
]


@pytest.mark.parametrize("statement", ADDITIONS)
def test_an_addition(check: Callable[[list[str]], bool], statement: str) -> None:
    in_part = check([*STATEMENTS, statement])
    assert in_part is (statement not in WHOLE)


@pytest.mark.parametrize("number", range(len(STATEMENTS)))
def test_a_removal(check: Callable[[list[str]], bool], number: int) -> None:
    check([*STATEMENTS[:number], *STATEMENTS[number + 1 :]])


# What is not done in part: mistakes, what concerns all objects or more than half of them, names that are counted.
WHOLE = {
    "",
    "id bigserial PRIMARY KEY,\n    tenant_id",
    "'fresh', 'paid'",
    "a_b (c integer)",
    "a (b_c bigint UNIQUE)",
    "borne IS NOT NULL",
    "animals (id integer PRIMARY KEY, title text)",
    "clerk LOGIN",
    "GRANT INSERT ON TABLES",
    REFUSING,
    "CREATE TABLE users (id integer)",
    "CREATE TABLE IF NOT EXISTS users (id integer)",
    "CREATE TABLE users_nick_idx (id integer)",
    "ALTER TABLE tenants RENAME COLUMN name TO title",
    "CREATE COLLATION nordic (provider = icu, locale = 'sv')",
    "CREATE SCHEMA shipping",
}


@pytest.mark.parametrize("seed", range(4))
def test_one_change_after_another(
    server: ScratchServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    """Each version is loaded by way of those before it, which were loaded in part themselves."""
    monkeypatch.setattr(cache.Shelf, "folder", tmp_path / "cache")
    chance = random.Random(seed)
    statements = list(STATEMENTS)
    compiled(server, tmp_path, script(statements))
    for _ in range(6):
        changed = mutated(statements, chance)
        text = script(changed)
        found = outcome(lambda: compiled(server, tmp_path, text))  # noqa: B023 - called at once
        expected = outcome(lambda: compiled(server, tmp_path, text, fresh=True))  # noqa: B023
        if isinstance(expected, tuple) or isinstance(found, tuple):
            assert found == expected
        else:
            assert_same(found, expected)
            statements = changed


def mutated(statements: list[str], chance: random.Random) -> list[str]:
    """Return statements with a few of them edited, added, taken out or moved."""
    result = list(statements)
    for _ in range(chance.randint(1, 3)):
        match chance.randrange(5):
            case 0:
                result.insert(chance.randrange(len(result) + 1), chance.choice(ADDITIONS))
            case 1:
                result.pop(chance.randrange(len(result)))
            case 2:
                result.insert(chance.randrange(len(result)), result.pop(chance.randrange(len(result))))
            case _:
                old, new = chance.choice(list(EDITS.values()))
                result = [statement.replace(old, new) for statement in result]
    return result
