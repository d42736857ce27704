"""Values within a domain: they fit it, come again alike, and never twice where they must not."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from random import Random
from typing import Any

import pytest

from alembic_vibe.data.checks.domains import fits
from alembic_vibe.data.meaning import meaning_of
from alembic_vibe.data.model import LATEST, NOW, Bound, Domain, Pattern
from alembic_vibe.data.values import as_text, generator, null_share, texts
from alembic_vibe.prove.rows_facts import ColumnFact, TypeFact

SCALARS = [
    "text", "varchar", "bpchar", "citext", "int2", "int4", "int8", "numeric", "float8", "bool", "date", "timestamp",
    "timestamptz", "time", "interval", "inet", "jsonb", "bytea", "uuid",
]  # fmt: skip
TYPES = {n: TypeFact(n, name, "pg_catalog", "b", "X", 0, 0, -1, False) for n, name in enumerate(SCALARS, 1)}
TYPES[50] = TypeFact(50, "_text", "pg_catalog", "b", "A", 1, 0, -1, False)
TYPES[51] = TypeFact(51, "mood", "public", "e", "E", 0, 0, -1, False, labels=["calm", "happy", "sad"])
OIDS = {fact.name: oid for oid, fact in TYPES.items()}


def column(name: str, kind: str = "text", modifier: int = -1) -> ColumnFact:
    return ColumnFact(name, OIDS[kind], modifier, kind, True, None, False, "", kind)


def values(name: str, kind: str, domain: Domain, *, unique: bool, count: int = 500, modifier: int = -1) -> list[Any]:
    made = generator(TYPES, column(name, kind, modifier), "users", domain, unique=unique)
    assert made is not None
    count = count if made.capacity is None or not unique else min(count, made.capacity)
    found = made.batch(Random(5), 0, count)
    again = generator(TYPES, column(name, kind, modifier), "users", domain, unique=unique)
    assert again is not None
    assert again.batch(Random(5), 0, count) == found
    if unique and kind != "uuid":  # whatever the chance and the size of the batch
        assert again.batch(Random(6), 0, count // 2) + again.batch(Random(7), count // 2, count - count // 2) == found
    return found


DOMAINS: list[tuple[str, str, Domain]] = [
    ("email", "citext", Domain(patterns=(Pattern(r"^[^@\s]+@[^@\s]+\.[a-z]{2,}$"),), longest=40)),
    ("email", "varchar", Domain(longest=22)),
    ("username", "text", Domain(patterns=(Pattern("^[a-z0-9_]{3,20}$"),))),
    ("username", "text", Domain(patterns=(Pattern("^[A-Z][A-Z0-9]*$"),))),
    ("phone", "text", Domain(patterns=(Pattern(r"^\+[1-9]\d{6,14}$"),))),
    ("phone", "text", Domain(patterns=(Pattern(r"^\d{3}-\d{3}-\d{4}$"),))),
    ("sku", "text", Domain(patterns=(Pattern("^[A-Z]{2}-[0-9]{4,6}$"),))),
    ("slug", "text", Domain(patterns=(Pattern("^[a-z0-9]+(-[a-z0-9]+)*$"),), longest=30)),
    ("code", "bpchar", Domain(longest=3, letters="upper")),
    ("country_code", "bpchar", Domain(longest=2, patterns=(Pattern("^[A-Z]{2}$"),))),
    ("description", "text", Domain(shortest=600, longest=900)),
    ("title", "text", Domain(shortest=5, excluded=("Quiet Harbour",), patterns=(Pattern("^ |x", negated=True),))),
    ("strange", "text", Domain(patterns=(Pattern("^(ab|cd){3}[0-9]{2}z$"),))),
    ("anything", "varchar", Domain(longest=1)),
    ("price", "numeric", Domain(low=Bound(Decimal(0), False), high=Bound(Decimal(50)))),
    ("rating", "int2", Domain(low=Bound(1), high=Bound(5))),
    ("step", "int4", Domain(low=Bound(10), high=Bound(100_000), step=5)),
    ("odd", "int8", Domain(step=2, remainder=1, excluded=(3,))),
    ("below", "int4", Domain(high=Bound(0, False))),
    ("percent", "float8", Domain(low=Bound(0.0), high=Bound(1.0))),
    ("expires_at", "timestamptz", Domain(low=Bound(LATEST, False))),
    ("created_at", "timestamptz", Domain(high=Bound(NOW))),
    ("starts_at", "timestamp", Domain(low=Bound(datetime(2020, 1, 1)), high=Bound(datetime(2020, 2, 1), False))),
    ("birth_date", "date", Domain(low=Bound(date(1900, 1, 1)), high=Bound(date(2008, 1, 1), False))),
    ("status", "text", Domain(choices=("open", "closed", "lost"), excluded=("lost",))),
    ("mood", "mood", Domain(excluded=("sad",))),
    ("settings", "jsonb", Domain(json_types=("object",), json_keys=("theme", "count"))),
    ("items", "jsonb", Domain(json_types=("array",))),
    ("tags", "_text", Domain(shortest=1, longest=3, elements=Domain(patterns=(Pattern("^[a-z]+$"),)))),
    ("digest", "bytea", Domain(shortest=32, longest=32)),
]  # fmt: skip


@pytest.mark.parametrize("unique", [False, True])
@pytest.mark.parametrize(
    ("name", "kind", "domain"), DOMAINS, ids=[f"{n}-{k}-{i}" for i, (n, k, _) in enumerate(DOMAINS)]
)
def test_values_are_in_the_domain(name: str, kind: str, domain: Domain, unique: bool) -> None:
    found = values(name, kind, domain, unique=unique)
    assert [value for value in found if fits(domain, value) is not True] == []
    if unique:
        assert len({str(value).lower() for value in found}) == len(found)


@pytest.mark.parametrize(
    "name",
    [
        "email",
        "phone",
        "name",
        "username",
        "company",
        "title",
        "slug",
        "city",
        "avatar_url",
        "token",
        "sku",
        "iban",
        "version",
        "ip",
        "file_name",
        "domain",
    ],
)
@pytest.mark.parametrize("longest", [None, 24])
def test_texts_that_must_differ_differ_far_down(name: str, longest: int | None) -> None:
    made = generator(TYPES, column(name), "companies", Domain(longest=longest), unique=True)
    assert made is not None
    count = 40_000 if made.capacity is None else min(40_000, made.capacity)
    found = made.batch(Random(1), 0, count)
    assert len({text.lower() for text in found}) == count
    assert max(map(len, found)) <= (longest or 10_000)
    if longest is None and name not in {"token", "iban"}:
        assert meaning_of("companies", name, "text").value
        assert all("A" * 5 not in text for text in found)


def test_nothing_leads_to_anybody() -> None:
    seen = {
        name: values(name, "text", Domain(), unique=unique, count=2000)
        for name in ("email", "website", "phone", "ip", "card_number", "host_name", "mac_address")
        for unique in (False, True)
    }
    assert all(re.search(r"@example\.(com|org|net)$", text) for text in seen["email"])
    assert all(text.startswith("https://example.com/") for text in seen["website"])
    assert all(re.search(r"(^|\.)example\.(com|org|net)$", text) for text in seen["host_name"])
    assert all(re.fullmatch(r"\+1\d{3}55501\d\d", text) for text in seen["phone"])
    assert all(re.match(r"(203\.0\.113|198\.51\.100|192\.0\.2)\.|2001:db8:", text) for text in seen["ip"])
    assert all(re.match(r"00:00:5e:00:53:|02:", text) for text in seen["mac_address"])
    for number in seen["card_number"]:
        digits = [int(digit) * (2 - place % 2) for place, digit in enumerate(number)]
        assert sum(sum(divmod(digit, 10)) for digit in digits) % 10 != 0


def test_one_seed_gives_one_column_whatever_is_made_beside_it() -> None:
    made = generator(TYPES, column("email"), "users", unique=False)
    assert made is not None
    assert made.batch(Random(1), 0, 50) == made.batch(Random(1), 0, 50) != made.batch(Random(2), 0, 50)


def test_what_cannot_be_is_none() -> None:
    assert generator(TYPES, column("a"), "t", Domain(null=True), unique=False) is None
    assert generator(TYPES, column("a", "int2"), "t", Domain(low=Bound(40_000)), unique=False) is None
    assert generator({}, column("a"), "t", unique=False) is None


def test_the_first_of_a_list_is_the_commonest() -> None:
    found = values("state", "text", Domain(choices=("open", "done", "lost", "gone")), unique=False, count=2000)
    assert found.count("open") > found.count("done") > found.count("gone") > 100


def test_usually_deleted_at_is_null() -> None:
    assert null_share("users", "deleted_at", "timestamptz") > 0.9 > null_share("users", "middle_name", "text") > 0.5
    assert null_share("users", "created_at", "timestamptz") == 0


def test_a_column_of_texts_is_the_text_of_each() -> None:
    mixed: list[Any] = [
        None,
        True,
        1,
        2.5,
        Decimal("1e3"),
        b"\x00",
        date(2026, 1, 1),
        NOW.astimezone(UTC),
        ["a b", None],
    ]
    assert texts(mixed) == [as_text(value) for value in mixed]
    assert texts(mixed)[3:5] == ["2.5", "1000"]
    assert texts([["(1,1),(0,0)", "(2,2),(0,0)"]], "_box") == ['{"(1,1),(0,0)";"(2,2),(0,0)"}']
    assert texts([float("nan"), float("-inf")]) == ["NaN", "-Infinity"]


def test_no_two_columns_have_the_same_secrets() -> None:
    first, second = (set(values(name, "text", Domain(), unique=True)) for name in ("session_token", "refresh_token"))
    assert not first & second
