"""Domains: what two have in common, what a type says, and what is in one."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from alembic_vibe.data.checks import type_domain
from alembic_vibe.data.checks.domains import fits, intersect
from alembic_vibe.data.model import Bound, Domain, Pattern
from alembic_vibe.prove.rows_facts import ColumnFact, TypeFact


@pytest.mark.parametrize(
    ("one", "other", "common"),
    [
        (Domain(low=Bound(1)), Domain(high=Bound(9)), Domain(low=Bound(1), high=Bound(9))),
        (Domain(low=Bound(1)), Domain(low=Bound(1, inclusive=False)), Domain(low=Bound(1, inclusive=False))),
        (Domain(choices=(1, 2, 3)), Domain(low=Bound(2)), Domain(choices=(2, 3), low=Bound(2))),
        (Domain(choices=("a", "B")), Domain(patterns=(Pattern("^[A-Z]$"),)), ("B",)),
        (Domain(low=Bound(5)), Domain(high=Bound(3)), Domain(null=True)),
        (Domain(low=Bound(1, inclusive=False)), Domain(high=Bound(2, inclusive=False)), Domain(null=True)),
        (Domain(null=False, low=Bound(5)), Domain(high=Bound(3)), None),
        (Domain(null=True), Domain(null=False), None),
        (Domain(null=True), Domain(low=Bound(1)), Domain(null=True)),
        (Domain(step=4), Domain(step=6), Domain(step=12)),
        (Domain(step=4, remainder=1), Domain(step=6, remainder=3), Domain(step=12, remainder=9)),
        (Domain(null=False, step=2, remainder=1), Domain(step=4), None),
        (Domain(step=Decimal("0.01")), Domain(step=Decimal("0.25")), Domain(step=Decimal("0.25"))),
        (Domain(shortest=3), Domain(longest=2), Domain(null=True)),
        (Domain(letters="lower"), Domain(letters="upper"), Domain(null=True)),
        (Domain(json_types=("object",)), Domain(json_types=("array",)), Domain(null=True)),
    ],
)
def test_what_two_have_in_common(one: Domain, other: Domain, common: Domain | tuple[str, ...] | None) -> None:
    for found in (intersect(one, other), intersect(other, one)):
        if isinstance(common, tuple):
            assert found is not None
            assert found.choices == common
        else:
            assert found == common


def test_what_is_in_a_domain() -> None:
    assert fits(Domain(low=Bound(date(2025, 1, 1))), date(2025, 1, 1)) is True
    assert fits(Domain(low=Bound(1, inclusive=False)), 1) is False
    assert fits(Domain(null=False), None) is False
    assert fits(Domain(excluded=("x",)), "x") is False
    assert fits(Domain(step=Decimal("0.01")), Decimal("1.005")) is False
    assert fits(Domain(elements=Domain(choices=("a",))), ["a", "b"]) is False
    assert fits(Domain(json_types=("object",), json_keys=("k",)), '{"k": 1}') is True
    assert fits(Domain(json_types=("object",), json_keys=("k",)), "{}") is False
    assert fits(Domain(json_types=("array",), shortest=2), "[1, 2]") is True
    assert fits(Domain(patterns=(Pattern(r"(a)\1"),)), "aa") is None
    assert fits(Domain(low=Bound(1)), "text") is None


def _types() -> dict[int, TypeFact]:
    plain = {
        16: ("bool", "b", "B"), 21: ("int2", "b", "N"), 1043: ("varchar", "b", "S"), 1042: ("bpchar", "b", "S"),
        1700: ("numeric", "b", "N"), 25: ("text", "b", "S"),
    }  # fmt: skip
    types = {oid: TypeFact(oid, n, "pg_catalog", t, c, 0, 0, -1, not_null=False) for oid, (n, t, c) in plain.items()}
    types[9] = TypeFact(9, "state", "public", "e", "E", 0, 0, -1, not_null=False, labels=["new", "old"])
    types[10] = TypeFact(10, "code", "public", "d", "S", 0, 1043, 9, not_null=True)
    types[11] = TypeFact(11, "_varchar", "pg_catalog", "b", "A", 1043, 0, -1, not_null=False)
    return types


def _within(most: Decimal, step: Decimal) -> Domain:
    return Domain(low=Bound(-most), high=Bound(most), step=step)


@pytest.mark.parametrize(
    ("type_", "modifier", "domain"),
    [
        (21, -1, Domain(low=Bound(-32768), high=Bound(32767))),
        (1043, 24, Domain(longest=20)),
        (1042, 7, Domain(longest=3)),
        (25, -1, Domain()),
        (16, -1, Domain(choices=(True, False))),
        (9, -1, Domain(choices=("new", "old"))),
        (10, -1, Domain(null=False, longest=5)),
        (11, 24, Domain(elements=Domain(longest=20))),
        (1700, -1, Domain()),
        (
            1700,
            (5 << 16 | 2) + 4,
            Domain(low=Bound(Decimal("-999.99")), high=Bound(Decimal("999.99")), step=Decimal("0.01")),
        ),
        (1700, (3 << 16 | 2046) + 4, _within(Decimal(99900), Decimal(100))),
    ],
)
def test_what_a_type_says(type_: int, modifier: int, domain: Domain) -> None:
    column = ColumnFact(
        "c", type_, modifier, "", not_null=False, default=None, generated=False, identity="", type_text=""
    )
    assert type_domain(_types(), column) == domain
