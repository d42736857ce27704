"""Test data of a schema that has a bit of everything: what they hold, and that each constraint is really tested."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from psycopg import sql

from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.data.edges import Refusal, TableCases, TestData, render_test_data, test_rows
from alembic_vibe.data.edges.checking import ConstraintRunner, rows_of, wrong_rows
from alembic_vibe.data.edges.files import read_test_data
from alembic_vibe.data.edges.loading import load_rows
from alembic_vibe.diagnostics import FindingsError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.postgres.server import ScratchServer

pytestmark = pytest.mark.server

SCHEMA = Path(__file__).with_name("shop.sql").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def connection(server: ScratchServer) -> Iterator[psycopg.Connection[Any]]:
    name = server.create_database()
    with server.connect(name) as connection:
        connection.execute(SCHEMA.encode())
        connection.commit()
        yield connection
        connection.rollback()
    server.drop_database(name)


@pytest.fixture(scope="module")
def data(connection: psycopg.Connection[Any]) -> TestData:
    found = test_rows(connection)
    connection.rollback()
    return found


@pytest.fixture(scope="module")
def tables(data: TestData, tmp_path_factory: pytest.TempPathFactory) -> list[TableCases]:
    """The same, as they come back from the files."""
    folder = tmp_path_factory.mktemp("seeds")
    for path, text in render_test_data(data).items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    return read_test_data(folder)


def table(tables: list[TableCases], name: str) -> TableCases:
    return next(table for table in tables if table.key.name == name)


def accepted(tables: list[TableCases], name: str) -> dict[str, dict[str, str | None]]:
    return {case.name: dict(case.change) for case in table(tables, name).accepted}


def rejected(tables: list[TableCases], name: str) -> dict[str, tuple[dict[str, str | None], Refusal | None]]:
    return {case.name: (dict(case.change), case.refusal) for case in table(tables, name).rejected}


def test_files_hold_all_of_it(data: TestData, tables: list[TableCases]) -> None:
    shape = [
        (table.key, table.minimal, table.second, table.after, table.accepted, table.rejected) for table in data.tables
    ]
    back = [(table.key, table.minimal, table.second, table.after, table.accepted, table.rejected) for table in tables]
    assert sorted(back, key=lambda item: item[0]) == sorted(shape, key=lambda item: item[0])


def test_every_row_becomes_of_it_what_it_says(
    connection: psycopg.Connection[Any], data: TestData, tables: list[TableCases]
) -> None:
    assert wrong_rows(connection, tables) == {}
    connection.rollback()
    assert list(data.empty) == [Key(Kind.TABLE, "public", "impossible")]
    assert "never" in data.empty[Key(Kind.TABLE, "public", "impossible")]


def test_every_constraint_that_can_refuse_a_row_does(data: TestData) -> None:
    assert data.coverage.missing == ["line: line_once (whatever it refuses, line_pkey refuses first)"]
    assert data.coverage.covered == {**data.coverage.total, "keys": data.coverage.total["keys"] - 1}
    assert data.coverage.total["checks"] == 18


def test_edges_are_exact(tables: list[TableCases]) -> None:
    currency, person, bill = (accepted(tables, name) for name in ("currency", "person", "bill"))
    assert {"digits at its lowest: 0", "digits at its highest: 4", "minimal", "full"} <= currency.keys()
    assert {"weight at its highest: 14"} <= currency.keys()  # no constraint names that number
    assert "weight above its highest: 15" in rejected(tables, "currency")
    assert rejected(tables, "currency")["digits above its highest: 5"] == (
        {"digits": "5"},
        Refusal("23514", "currency_digits"),
    )
    assert {"nick at its shortest: 3 characters", "nick at its longest: 12 characters"} <= person.keys()
    assert len(person["email at its longest: 60 characters"]["email"] or "") == 60
    assert "email at its shortest: 6 characters" in person
    assert any(name.startswith("born at its earliest: 1901-01-01") for name in person)
    assert not any("latest" in name for name in person)  # that is another day tomorrow
    assert {"tags: 0 elements", "tags: 1 element", "tags at its longest: 3 elements"} <= person.keys()
    assert {"opens at its earliest: 06:30:00", "every at its shortest: 00:05:00"} <= accepted(tables, "profile").keys()
    assert "every longer than its longest: 48:00:00.000001" in rejected(tables, "profile")
    assert {"state = 'draft'", "state = 'paid'", "kind = 'goods'", "kind = 'work'"} <= bill.keys()
    assert bill["state = 'paid'"]["paid_at"] is not None  # what belongs to it comes with it
    assert "hours at its highest: 40, with kind = 'work'" in bill
    assert {"net at its lowest: 0", "net at its highest: 9223372036854775807"} <= bill.keys()


def test_refusals_name_what_refuses(tables: list[TableCases]) -> None:
    bill, person = rejected(tables, "bill"), rejected(tables, "person")
    assert bill["state = 'no such value'"][1] == Refusal("22P02")
    assert bill["net below its lowest: -1"][1] == Refusal("23514", "cents_not_negative")
    assert bill["gross given, though it is computed"][1] == Refusal("428C9", column="gross")
    assert bill["number given, though it is numbered always"][1] == Refusal("428C9", column="number")
    assert bill["vat greater than its type holds"][1] == Refusal("22003", column="vat")
    assert bill["kind NULL"][1] == Refusal("23502", column="kind")
    assert bill["owner refers to nothing"][1] == Refusal("23503", "bill_owner")
    assert bill["owner, is_current as in another row"][1] == Refusal("23505", "bill_one_current")
    assert person["email longer than its type holds"][1] == Refusal("22001", column="email")
    early = rejected(tables, "event")["at before its earliest: 2023-12-31 23:59:59.999999+00"]
    assert early[1] == Refusal("23514")  # no partition takes it
    assert rejected(tables, "line")["place in conflict with another row"][1] == Refusal("23P01", "line_places")
    assert rejected(tables, "egg")["hen refers to nothing"][1] == Refusal("23503", "egg_hen")


def test_rows_refer_to_minimal_rows_and_second_ones_only_where_they_must(tables: list[TableCases]) -> None:
    person = Key(Kind.TABLE, "public", "person")
    assert table(tables, "follows").after == ((person, False), (person, True))
    assert (person, True) not in table(tables, "line").after
    assert table(tables, "currency").after == ()
    assert {"digits", "code"} == table(tables, "currency").minimal.keys()
    assert "nick" not in table(tables, "person").minimal


def dropping(connection: psycopg.Connection[Any], key: Key, refusal: Refusal) -> sql.Composed | None:
    """The statement that takes away what refuses a row; ``None`` where it cannot be had away by itself."""
    name = refusal.constraint
    if refusal.sqlstate == "23502":
        is_key = connection.execute(
            "SELECT 1 FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)"
            " WHERE i.indisprimary AND i.indrelid = %s::regclass AND a.attname = %s OR a.attidentity <> ''",
            (sql.Identifier(key.schema, key.name).as_string(connection), refusal.column),
        ).fetchone()
        text = None if is_key else sql.SQL("ALTER TABLE {} ALTER COLUMN {} DROP NOT NULL")
        return text.format(sql.Identifier(key.name), sql.Identifier(refusal.column)) if text else None
    if name == "cents_not_negative":
        return sql.SQL("ALTER DOMAIN cents DROP CONSTRAINT {}").format(sql.Identifier(name))
    if name in {"person_email_key", "bill_one_current"}:
        return sql.SQL("DROP INDEX {}").format(sql.Identifier(name))
    if not name or name.startswith("event_2024"):
        return None
    return sql.SQL("ALTER TABLE {} DROP CONSTRAINT {} CASCADE").format(sql.Identifier(key.name), sql.Identifier(name))


def test_a_constraint_that_is_gone_is_missed_by_its_rows_and_no_others(
    connection: psycopg.Connection[Any], tables: list[TableCases]
) -> None:
    tried = 0
    for found in tables:
        for refusal in sorted({case.refusal for case in found.rejected if case.refusal}, key=str):
            statement = dropping(connection, found.key, refusal)
            if statement is None:
                continue
            connection.execute(statement)
            runner = ConstraintRunner(connection, tables)
            rows = [*rows_of([found], accepted=True), *rows_of([found], accepted=False)]
            missed = {row.case.name for row in rows if runner.refusal(row) != row.refusal}
            expected = {case.name for case in found.rejected if case.refusal == refusal}
            if refusal.constraint == "person_pkey":  # the foreign key to its own table went with it
                expected.add("manager_id refers to nothing")
            assert missed == expected, statement.as_string(connection)
            connection.rollback()
            tried += 1
    assert tried > 40


def test_the_same_schema_gets_the_same_rows(connection: psycopg.Connection[Any], data: TestData) -> None:
    assert render_test_data(test_rows(connection)) == render_test_data(data)
    connection.rollback()


def test_nothing_is_loaded_where_a_table_is_missing(
    connection: psycopg.Connection[Any], tables: list[TableCases]
) -> None:
    connection.execute("DROP TABLE follows")
    with pytest.raises(FindingsError, match="lacks follows"):
        load_rows(connection, tables)
    connection.rollback()


def test_rows_are_loaded_once(connection: psycopg.Connection[Any], tables: list[TableCases]) -> None:
    first = load_rows(connection, tables)
    assert all(first[found.key.qualified] for found in tables)
    rows = sum(len(found.accepted) for found in tables)
    assert sum(first.values()) > rows * 0.8
    assert set(load_rows(connection, tables).values()) == {0}
    connection.rollback()
