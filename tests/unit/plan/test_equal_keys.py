"""Of keys over the same columns, one is made with its table and the others after it."""

from __future__ import annotations

from typing import Any

from alembic_vibe.catalog.facts import Constraint
from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.plan.equal_keys import first_of_equal_keys


def key(name: str, kind: str, *columns: str, **more: Any) -> Constraint:
    return Constraint(key=Key(Kind.CONSTRAINT, "public", "t", name), kind=kind, definition="", columns=columns, **more)


def test_the_primary_key_stays_and_what_differs_stays() -> None:
    given = [
        key("a_again", "u", "id"),
        key("b_deferred", "u", "id", deferrable=True),
        key("c_more", "u", "id", include=("name",)),
        key("d_check", "c", "id"),
        key("e_check", "c", "id"),
        key("t_pkey", "p", "id"),
        key("z_order", "u", "id", "name"),
        key("z_other_order", "u", "name", "id"),
    ]
    kept = [fact.name for fact in first_of_equal_keys(given)]
    assert kept == ["t_pkey", "b_deferred", "c_more", "d_check", "e_check", "z_order", "z_other_order"]
