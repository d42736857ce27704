"""What is said of a CHECK is what PostgreSQL does: every expression of the cases, on many rows."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import chain, islice, product
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
import yaml
from psycopg import sql

from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.data.checks import TableChecks, compile_checks, edges, violations
from alembic_vibe.data.checks.domains import fits
from alembic_vibe.data.checks.edges import rows_of
from alembic_vibe.data.checks.samples import at_edges
from alembic_vibe.data.checks.witnesses import typical
from alembic_vibe.data.model import ANYTHING, CheckRule, UndecidedError
from alembic_vibe.prove.rows_facts import read_facts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.postgres.server import ScratchServer

pytestmark = pytest.mark.server

CASES = Path(__file__).parents[3] / "cases/data/checks/expressions.yaml"
GROUPS = yaml.safe_load(CASES.read_text(encoding="utf-8"))
MOST_ROWS = 36
UNDECIDED = "undecided"

Row = dict[str, Any]


@pytest.fixture(scope="module")
def connection(server: ScratchServer) -> Iterator[psycopg.Connection[Any]]:
    name = server.create_database()
    with server.connect(name, autocommit=True) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        yield connection
    server.drop_database(name)


def compiled(connection: psycopg.Connection[Any], number: int, group: dict[str, Any]) -> TableChecks:
    """Make the table of a group, each CHECK under a number of its own, and compile it."""
    connection.execute(b"DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    connection.execute(group.get("types", "").encode())
    columns = ", ".join(f"{name} {kind}" for name, kind in group["columns"].items())
    checks = [*group["checks"], *group.get("left", ())]
    constraints = "".join(f", CONSTRAINT c{i} CHECK ({check})" for i, check in enumerate(checks))
    connection.execute(f"CREATE TABLE t{number} ({columns}{constraints})".encode())
    key = Key(Kind.TABLE, "public", f"t{number}")
    facts = read_facts(connection, [key])
    return compile_checks(connection, facts, next(t for t in facts.tables.values() if t.key == key))


def rows_for(rule: CheckRule, checks: TableChecks) -> list[Row]:
    """Rows of all sorts: at the edges of a rule and beyond, and combinations of whatever its columns may hold."""
    alone = replace(checks, rules=(rule,), types={})
    found = [*edges(rule, alone)[: MOST_ROWS // 3], *violations(rule, alone)[: MOST_ROWS // 3]]
    choice = random.Random(rule.expression)
    pools = []
    for name in rule.columns:
        near = [
            at_edges(checks.kinds[name], case.domains.get(name, ANYTHING)) for case in (*rule.cases, *rule.broken_by)
        ]
        pool = [*chain(*near), *islice(typical(checks.kinds[name]), 60)]
        pools.append([*choice.sample(pool, min(len(pool), 14)), None])
    combinations = list(islice(product(*pools), 4000))
    for values in choice.sample(combinations, min(len(combinations), MOST_ROWS)):
        found.append(dict(zip(rule.columns, values, strict=True)))
    return [row for row in found if all(fits(checks.types[name], value) is not False for name, value in row.items())]


def answers(connection: psycopg.Connection[Any], number: int, rule: CheckRule, rows: list[Row]) -> list[Any]:
    """What PostgreSQL makes of the rows: True, False, None, or the error that the expression or a value raises."""
    kinds = {name: sql.SQL(kind) for name, kind in GROUPS[number]["columns"].items()}
    values_as = [
        sql.SQL("CAST({} AS {}) AS {}").format(
            sql.Placeholder(name), sql.SQL(kind.as_string().split(" COLLATE")[0]), sql.Identifier(name)
        )
        for name, kind in kinds.items()
        if name in rule.columns
    ]
    row = sql.SQL(", ").join(values_as)
    query = sql.SQL("SELECT {} FROM (SELECT {} OFFSET 0) r").format(sql.SQL(rule.expression), row)
    found: list[Any] = []
    for values in rows:
        try:
            with connection.transaction():
                answer = connection.execute(query, values).fetchone()
            found.append(answer[0] if answer else None)
        except psycopg.Error as error:
            found.append(error)
    return found


def said(rule: CheckRule, row: Row) -> Any:
    assert rule.decide is not None
    try:
        return rule.decide(row)
    except UndecidedError:
        return UNDECIDED


@pytest.mark.parametrize("number", range(len(GROUPS)))
def test_postgresql_says_the_same(connection: psycopg.Connection[Any], number: int) -> None:
    group = GROUPS[number]
    checks = compiled(connection, number, group)
    texts = [*group["checks"], *group.get("left", ())]
    rules = {rule.name: rule for rule in checks.rules}
    assert {texts[int(name[1:])] for name in checks.left_to_server} == set(group.get("left", ()))
    wrong: list[tuple[str, Row, Any, Any]] = []
    decided = undecided = 0
    for rule in checks.rules:
        if rule.decide is None:
            continue
        rows = rows_for(rule, checks)
        for row, truth in zip(rows, answers(connection, number, rule, rows), strict=True):
            if isinstance(truth, psycopg.Error):  # an error of its own, such as a division by zero
                continue
            answer = said(rule, row)
            if answer is UNDECIDED:
                undecided += 1
                continue
            decided += 1
            if answer is not truth or (rule.holds is not None and rule.holds(row) is not truth):
                wrong.append((rule.expression, row, truth, answer))
    assert wrong == []
    assert decided > max(400, 50 * undecided)
    assert rules


@pytest.mark.parametrize("number", range(len(GROUPS)))
def test_cases_are_what_they_promise(connection: psycopg.Connection[Any], number: int) -> None:
    group = GROUPS[number]
    checks = compiled(connection, number, group)
    texts = [*group["checks"], *group.get("left", ())]
    lacking: set[str] = set()
    inexact: set[str] = set()
    unsound: list[tuple[str, Row]] = []
    for rule in checks.rules:
        text = texts[int(rule.name[1:])] if rule.name[1:].isdigit() else rule.name
        alone = replace(checks, rules=(rule,))
        if not rule.exact:
            inexact.add(text)
        if rule.decide is None or not rule.whole:
            continue
        rows = (row for case in rule.cases for row in rows_of(case, rule, alone))
        unsound += [(text, row) for row in rows if rule.exact and said(rule, row) is False]
        if not edges(rule, alone) or not violations(rule, alone):
            lacking.add(text)
    assert unsound == []
    assert lacking == set(group.get("unbroken", ()))
    assert inexact - set(group.get("left", ())) == set(group.get("inexact", ()))
