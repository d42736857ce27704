"""When the columns of a foreign key can be cleared before the table that it names goes away."""

from __future__ import annotations

import pytest

from alembic_vibe.catalog.facts import Constraint
from alembic_vibe.plan.circles import clear, clearable_columns
from tests.unit.render.shop import check, column, foreign, primary, table, unique

FREE, BOUND = column("free", "integer", null=True), column("bound", "integer")
OTHER = column("other", "integer", null=True)
MADE = column("made", "integer", null=True, generated="stored", default="1")
ONE = foreign("orders", "free", "users")


@pytest.mark.parametrize(
    ("columns", "facts", "others", "expected"),
    [
        pytest.param("free", {}, [], ("free",), id="nullable"),
        pytest.param("bound", {}, [], (), id="not null"),
        pytest.param("made", {}, [], (), id="generated"),
        pytest.param("free other", {}, [], ("free", "other"), id="every nullable column"),
        pytest.param("free bound", {}, [], ("free",), id="one NULL is enough"),
        pytest.param("free bound", {"match": "FULL"}, [], (), id="MATCH FULL wants all of them NULL"),
        pytest.param("free other", {"match": "FULL"}, [], ("free", "other"), id="MATCH FULL, all nullable"),
        pytest.param("free", {}, [check("orders", "c", "free > 0", columns=("free",))], (), id="in a CHECK"),
        pytest.param("free", {}, [check("orders", "c", "bound > 0", columns=("bound",))], ("free",), id="other CHECK"),
        pytest.param("free", {}, [primary("orders", "free")], (), id="in the primary key"),
        pytest.param("free other", {}, [foreign("orders", "other", "t")], ("free",), id="shared is left alone"),
        pytest.param("free", {}, [foreign("orders", "free other", "t")], ("free",), id="only a shared one"),
        pytest.param(
            "free other",
            {"match": "FULL"},
            [foreign("orders", "other", "t")],
            ("free", "other"),
            id="MATCH FULL clears a shared one too",
        ),
    ],
)
def test_clearable_columns(
    columns: str, facts: dict[str, str], others: list[Constraint], expected: tuple[str, ...]
) -> None:
    owner = table("orders", FREE, OTHER, BOUND, MADE)
    key = foreign("orders", columns, "users", "a b" if " " in columns else "a", name="fk", **facts)
    assert clearable_columns(key, owner, [*others, key]) == expected


def test_a_column_that_takes_one_null_only_cannot_be_cleared() -> None:
    owner = table("orders", FREE)
    once = unique("orders", "free", nulls_not_distinct=True)
    assert clearable_columns(ONE, owner, [once, ONE]) == ()


def test_only_rows_that_have_something_are_touched() -> None:
    key = foreign("orders", "Weird free", "users", "a b")
    assert clear(key, ("Weird", "free")).sql == (
        'UPDATE orders SET "Weird" = NULL, free = NULL WHERE "Weird" IS NOT NULL OR free IS NOT NULL'
    )
