"""Conditions in any nesting: the answers are PostgreSQL's, and what should satisfy or violate them does."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice, product
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from psycopg.rows import tuple_row

from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.data.checks import compile_checks
from alembic_vibe.data.checks.edges import rows_of
from alembic_vibe.data.model import CheckRule, UndecidedError
from alembic_vibe.prove.rows_facts import read_facts

if TYPE_CHECKING:
    from collections.abc import Iterator

    import psycopg

    from alembic_vibe.postgres.server import ScratchServer

pytestmark = pytest.mark.server

LEAVES = (
    "n > 0", "n = 3", "n <> 3", "n BETWEEN 1 AND 3", "n IN (1, 3)", "n IS NULL", "m IS NOT NULL", "n < m", "n = m + 1",
    "o", "NOT o", "o IS NOT TRUE", "a = 'x'", "a <> ''", "a ~ '^x'", "a IS NULL", "length(a) > 1", "n + m <= 3",
    "coalesce(n, 0) > m", "n IS DISTINCT FROM m", "num_nonnulls(n, m, a) = 1", "n % 2 = 1", "greatest(n, m) < 3",
    "lower(a) = a", "NULL::boolean", "n = ANY (ARRAY[1, m])",
)  # fmt: skip
POOL = {"n": (None, 0, 1, 3, 4), "m": (None, 0, 2, 3), "o": (None, True, False), "a": (None, "", "x", "xY", "q")}
ROWS = [dict(zip(POOL, values, strict=True)) for values in product(*POOL.values())]


def _combined(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    shapes = (
        "({0}) AND ({1})", "({0}) OR ({1})", "NOT ({0})", "CASE WHEN {0} THEN {1} ELSE {2} END", "({0}) = ({1})",
        "({0}) IS TRUE", "({0}) IS NOT FALSE", "coalesce({0}, {1})", "({0}) <> ({1})", "CASE WHEN {0} THEN {1} END",
        "({0}) IS NULL", "({0})::int + ({1})::int = 1", "({0}) AND ({1}) AND NOT ({2})", "({0}) OR ({1} AND {2})",
    )  # fmt: skip
    return st.builds(lambda shape, *parts: shape.format(*parts), st.sampled_from(shapes), inner, inner, inner)


CONDITIONS = st.recursive(st.sampled_from(LEAVES), _combined, max_leaves=6)


@pytest.fixture(scope="module")
def connection(server: ScratchServer) -> Iterator[psycopg.Connection[Any]]:
    name = server.create_database()
    with server.connect(name, autocommit=True) as connection:
        connection.execute("CREATE TABLE r (i int, n int, m int, o boolean, a text)")
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO r VALUES (%s, %s, %s, %s, %s)", [(i, *row.values()) for i, row in enumerate(ROWS)]
            )
        yield connection
    server.drop_database(name)


def said(rule: CheckRule, row: dict[str, Any]) -> Any:
    assert rule.decide is not None
    try:
        return rule.decide(row)
    except UndecidedError:  # a number that is too large, which PostgreSQL refuses for another reason
        return None


@settings(
    max_examples=40,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(condition=CONDITIONS)
def test_any_nesting(connection: psycopg.Connection[Any], condition: str) -> None:
    connection.execute("DROP TABLE IF EXISTS t")
    text = f"CREATE TABLE t (n int, m int, o boolean, a text, CONSTRAINT c CHECK ({condition}))"
    connection.execute(text.encode())
    facts = read_facts(connection, [Key(Kind.TABLE, "public", "t")])
    checks = compile_checks(connection, facts, next(iter(facts.tables.values())))
    (rule,) = checks.rules
    assert checks.left_to_server == ()
    assert rule.decide is not None
    answers = connection.cursor(row_factory=tuple_row).execute(f"SELECT {rule.expression} FROM r ORDER BY i".encode())
    wrong = [
        (row, truth, rule.decide(row))
        for row, (truth,) in zip(ROWS, answers, strict=True)
        if rule.decide(row) is not truth
    ]
    assert wrong == []
    alone = replace(checks, rules=(rule,))
    rows = [row for case in rule.cases for row in islice(rows_of(case, rule, alone), 60)]
    if rule.exact:
        assert [row for row in rows if said(rule, row) is False] == []
    if rule.cases == ():
        assert all(rule.decide(row) is False for row in ROWS)
    if rule.broken_by == ():
        assert not any(rule.decide(row) is False for row in ROWS)
