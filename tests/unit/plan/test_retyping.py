"""The way back from what the author wrote, where it is known."""

from __future__ import annotations

import pytest

from alembic_vibe.catalog.catalog import Catalog
from alembic_vibe.catalog.facts import Column, TypeRef
from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.diff.compare import Change, ChangeKind
from alembic_vibe.plan.intents import Intents
from alembic_vibe.plan.retyping import question, way_back
from alembic_vibe.plan.situation import Situation

_KEY = Key(Kind.COLUMN, "public", "orders", "at")


def _change(old: str, new: str) -> Change:
    before, after = (Column(name="at", type=TypeRef(text=text, base=text)) for text in (old, new))
    return Change(ChangeKind.ALTER, _KEY, before, after)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (None, "at::text"),
        ("at::integer", "at::text"),
        ("(at)::integer", "at::text"),
        ("trim(at)::integer", "at::text"),
        ("nullif(at, '')::integer", "at::text"),
        ("at AT TIME ZONE 'UTC'", "at AT TIME ZONE 'UTC'"),
        ("length(at)", ""),
        ("at::integer * 100", ""),
        ("CASE at WHEN 'a' THEN 1 END", ""),
    ],
)
def test_only_what_can_be_turned_round_is(expression: str | None, expected: str) -> None:
    empty = Catalog()
    intents = Intents(convert={_KEY: expression} if expression else {})
    situation = Situation(empty, empty, empty, empty, intents=intents)
    assert way_back(_change("text", "integer"), situation) == expected


def test_the_question_has_the_line_to_write() -> None:
    asked = question(_change("timestamp without time zone", "timestamp with time zone"))
    assert asked.code == "AV847"
    assert "-- convert: at AT TIME ZONE 'UTC'" in asked.message
