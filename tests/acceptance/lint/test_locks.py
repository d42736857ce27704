"""The table of locks is replayed on a server: every form takes what it says, and is told from the statement alone."""

from __future__ import annotations

import tomllib
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from alembic_vibe.lint import actions
from alembic_vibe.lint.forms import FILE, Cost, Work, forms
from alembic_vibe.lint.model import START, Emitted
from alembic_vibe.lint.reading import read
from alembic_vibe.lint.replay import apply
from alembic_vibe.lint.schema import Schema
from alembic_vibe.lint.taken import locks_of
from alembic_vibe.lint.variants import forms_of
from tests.acceptance.lint.locking import measure_alone, measure_in_transaction

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.postgres.server import ScratchServer

DOCUMENT = tomllib.loads(FILE.read_text(encoding="utf-8"))
ROLES = {"t": "table", "rest": "default"}
# Each probe gets new tables. They are small, but plans shall be those of a large table: which of its indexes is chosen
# to look up a few keys does not count.
NEW = """
DROP SCHEMA IF EXISTS elsewhere, made CASCADE; DROP SCHEMA public CASCADE; CREATE SCHEMA public;
DROP ACCESS METHOD IF EXISTS pile;
SET enable_indexscan = off; SET enable_indexonlyscan = off; SET enable_bitmapscan = off;
"""


@dataclass(frozen=True)
class Case:
    """A form on one kind of table, and what it costs by role."""

    form: str
    base: str
    entry: dict[str, Any]

    @property
    def setup(self) -> list[str]:
        return [*DOCUMENT[self.base], *self.entry.get("setup", ())]

    @property
    def since(self) -> int:
        since: int = self.entry.get("since", 15)
        return max(since, self.entry.get("partitioned_since", 15)) if self.base == "partitioned" else since

    def expected(self, version: int) -> dict[str, Cost]:
        found = dict(forms()[self.form].costs(version))
        if self.base == "plain":
            found.pop("partitions", None)
        return found

    def __str__(self) -> str:
        return self.form if self.base == "plain" else f"{self.form}-{self.base}"


def cases() -> list[Case]:
    """Every form on plain tables, and on partitioned ones where it says what becomes of partitions."""
    entries = {name: entry for name, entry in DOCUMENT.items() if isinstance(entry, dict)}
    return [
        Case(name, base, entry)
        for name, entry in entries.items()
        for base in ("plain", "partitioned")
        if base == "plain" or "partitions" in entry["locks"]
    ]


@pytest.fixture(scope="module")
def place(server: ScratchServer) -> Iterator[str]:
    name = server.create_database()
    yield name
    server.drop_database(name)


@pytest.mark.server
@pytest.mark.parametrize("case", cases(), ids=str)
def test_a_form_takes_what_the_table_of_locks_says(case: Case, server: ScratchServer, place: str) -> None:
    statement = case.entry["probe"]

    @contextmanager
    def prepare() -> Iterator[psycopg.Connection[Any]]:
        with server.connect(place, autocommit=True) as connection:
            connection.execute(NEW)
            for text in case.setup:
                connection.execute(text.encode())
            yield connection

    with server.connect(place) as connection:
        version = connection.info.server_version // 10000
    if version < case.since:
        pytest.skip(f"PostgreSQL {case.since} has it")
    try:
        try:
            with prepare() as connection:
                measured = measure_in_transaction(connection, statement)
        except psycopg.errors.ActiveSqlTransaction:
            measured = measure_alone(prepare, lambda: server.connect(place, autocommit=True), statement)
    finally:
        with server.connect(place, autocommit=True) as connection:
            for text in case.entry.get("cleanup", ()):
                connection.execute(text.encode())
    expected = case.expected(version)
    unseen = {name: Cost.parse(text) for name, text in case.entry.get("unseen", {}).items()}
    with server.connect(place, autocommit=True) as connection:
        indexes = {row[0] for row in connection.execute("SELECT relname FROM pg_class WHERE relkind IN ('i', 'I')")}
    found = {ROLES.get(name, name): cost for name, cost in measured.items() if name == "index" or name not in indexes}
    if "index" not in expected:
        found.pop("index", None)
    if case.base == "partitioned":  # a partitioned table has no rows: what is done to its partitions is told of it
        found["table"] = Cost(found["table"].level, expected["table"].work)
        assert expected["table"].work is expected.get("partitions", expected["table"]).work
    assert found == {**expected, **unseen}


def schema_of(texts: list[str]) -> Schema:
    """The schema that statements make."""
    schema = Schema()
    for text in texts:
        for one in read(Emitted(text, START)):
            for action in one.actions:
                apply(action, schema, "1")
    return schema


@pytest.mark.parametrize("case", cases(), ids=str)
def test_a_statement_is_known_by_its_form(case: Case) -> None:
    schema = schema_of(case.setup)
    (action,) = (action for one in read(Emitted(case.entry["probe"], START)) for action in one.actions)
    assert type(action).__name__ == case.entry["action"]
    assert case.form in forms_of(action, schema)
    names = {role: name for name, role in ROLES.items()}
    expected = {names.get(role, role): cost for role, cost in case.expected(18).items() if role != "index"}
    assert {lock.table.name: Cost(lock.level, lock.work) for lock in locks_of(action, schema, 18)} == expected


def test_every_action_has_a_form() -> None:
    classes = {
        kind.__name__
        for kind in vars(actions).values()
        if isinstance(kind, type) and issubclass(kind, actions.Action) and kind not in {actions.Action, actions.OnTable}
    }
    assert classes == {form.action for form in forms().values()}


def test_work_that_takes_longest_comes_last() -> None:
    assert [work.rank for work in Work] == [0, 1, 2, 3]
