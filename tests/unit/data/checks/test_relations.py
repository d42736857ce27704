"""Values are moved until the relations between their columns hold, and stay in their domains."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from hypothesis import given
from hypothesis import strategies as st

from alembic_vibe.data.checks import fixer
from alembic_vibe.data.model import Bound, Case, Computed, Domain, Relation

if TYPE_CHECKING:
    from collections.abc import Mapping

HOUR = timedelta(hours=1)


def fixed(case: Case, **row: Any) -> dict[str, Any] | None:
    fix = fixer(case, tuple(row))
    values = list(row.values())
    assert fix is not None
    return dict(zip(row, values, strict=True)) if fix(values) else None


def test_what_holds_or_is_null_stays() -> None:
    case = Case(relations=(Relation("a", "<", "b"),))
    assert fixed(case, a=1, b=2) == {"a": 1, "b": 2}
    assert fixed(case, a=None, b=2) == {"a": None, "b": 2}
    assert fixer(case, ("a", "c")) is None
    assert fixer(Case(), ("a",)) is None


def test_values_are_swapped_before_anything_is_made_up() -> None:
    assert fixed(Case(relations=(Relation("a", "<", "b"),)), a=5, b=2) == {"a": 2, "b": 5}


def test_an_offset_is_kept() -> None:
    start = datetime(2025, 1, 1, tzinfo=UTC)
    case = Case(relations=(Relation("ends", ">", "starts", HOUR),))
    row = fixed(case, starts=start, ends=start)
    assert row is not None
    assert row["ends"] > row["starts"] + HOUR
    assert fixed(Case(relations=(Relation("a", "=", "b", 3),)), a=1, b=2) == {"a": 5, "b": 2}


def test_domains_are_kept() -> None:
    narrow = Domain(null=False, low=Bound(0), high=Bound(10))
    case = Case({"a": narrow, "b": Domain(null=False)}, (Relation("a", ">=", "b", 5),))
    row = fixed(case, a=3, b=9)
    assert row is not None
    assert 0 <= row["a"] <= 10
    assert row["a"] >= row["b"] + 5
    impossible = Case({"a": narrow, "b": replace_low(11)}, (Relation("a", ">", "b"),))
    assert fixed(impossible, a=3, b=12) is None


def replace_low(low: int) -> Domain:
    return Domain(null=False, low=Bound(low))


def test_null_is_the_last_resort() -> None:
    choices = Domain(null=False, choices=("x",))
    case = Case({"a": choices, "b": Domain(choices=("x",))}, (Relation("a", "<>", "b"),))
    assert fixed(case, a="x", b="x") == {"a": "x", "b": None}


def test_chains_come_to_an_end() -> None:
    case = Case(relations=(Relation("a", "<", "b"), Relation("b", "<", "c"), Relation("c", "<=", "d")))
    row = fixed(case, a=date(2025, 4, 1), b=date(2025, 3, 1), c=date(2025, 2, 1), d=date(2025, 1, 1))
    assert row is not None
    assert row["a"] < row["b"] < row["c"] <= row["d"]
    circle = Case({name: Domain(null=False) for name in "ab"}, (Relation("a", "<", "b"), Relation("b", "<", "a", -5)))
    assert fixed(circle, a=1, b=1) is None


def test_what_others_add_up_to() -> None:
    def net_and_tax(row: Mapping[str, Any]) -> Any:
        return row["net"] + row["tax"]

    total = Computed("total", "=", ("net", "tax"), net_and_tax)
    row = fixed(Case(computed=(total,)), net=Decimal("10.00"), tax=Decimal("1.90"), total=Decimal(1))
    assert row is not None
    assert row["total"] == Decimal("11.90")
    limited = Case({"total": Domain(null=False, high=Bound(Decimal(5)))}, computed=(total,))
    assert fixed(limited, net=Decimal(10), tax=Decimal(1), total=Decimal(1)) is None
    half = Computed("a", "<", ("b",), lambda row: Decimal(row["b"]) / 2)
    assert fixed(Case({"a": Domain(step=2)}, computed=(half,)), a=40, b=9) == {"a": 4, "b": 9}


OPERATORS = {"<": "__lt__", "<=": "__le__", "=": "__eq__", "<>": "__ne__", ">=": "__ge__", ">": "__gt__"}


@given(st.sampled_from(sorted(OPERATORS)), st.integers(-50, 50), st.integers(-50, 50), st.integers(-9, 9))
def test_any_relation_of_free_numbers_can_be_had(sign: str, one: int, other: int, offset: int) -> None:
    free = Domain(null=False)
    row = fixed(Case({"a": free, "b": free}, (Relation("a", sign, "b", offset or None),)), a=one, b=other)
    assert row is not None
    assert getattr(row["a"], OPERATORS[sign])(row["b"] + offset)
