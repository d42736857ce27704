"""Steps put together into revisions, and the titles that become the names of their files."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alembic_vibe.catalog.catalog import Catalog
from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.plan.grouping import group_steps, subject, title_of
from alembic_vibe.plan.model import Mode, Phase, Step
from alembic_vibe.plan.planner import Origins
from alembic_vibe.plan.situation import Situation
from tests.unit.render.shop import index

ORDERS = Key(Kind.TABLE, "public", "orders")
USERS = Key(Kind.TABLE, "public", "users")
NOTE = Key(Kind.COLUMN, "public", "orders", "note")
INDEX = index("orders", "orders_note_idx", "note")
CATALOG = Catalog({INDEX.key: INDEX})
SITUATION = Situation(CATALOG, CATALOG, CATALOG, CATALOG)
ORIGINS = Origins(section={ORDERS: "5.4", USERS: "5.3"})


def titled(*titles: str) -> tuple[Step, ...]:
    return tuple(Step(ORDERS, (), title=title) for title in titles)


def grouped(*steps: Step) -> list[tuple[str, Phase, int]]:
    return [(r.section, r.phase, len(r.steps)) for r in group_steps(steps, SITUATION, ORIGINS)]


def test_the_steps_of_a_table_share_a_revision() -> None:
    constraint = Key(Kind.CONSTRAINT, "public", "orders", "orders_check")
    assert grouped(Step(NOTE, ()), Step(INDEX.key, ()), Step(constraint, ()), Step(USERS, ())) == [
        ("5.4", Phase.EXPAND, 3),
        ("5.3", Phase.EXPAND, 1),
    ]


def test_what_is_outside_a_transaction_stays_alone() -> None:
    alone = Step(NOTE, (), mode=Mode.AUTOCOMMIT)
    assert grouped(Step(NOTE, ()), alone, alone, Step(NOTE, ())) == [("5.4", Phase.EXPAND, 1)] * 4


def test_phases_are_apart_and_in_order() -> None:
    late, early = Step(NOTE, (), phase=Phase.CONTRACT), Step(NOTE, (), phase=Phase.EXPAND)
    assert grouped(late, early, late) == [("5.4", Phase.EXPAND, 1), ("5.4", Phase.CONTRACT, 2)]


def test_an_index_is_about_its_table_even_where_it_is_gone() -> None:
    assert subject(INDEX.key, SITUATION) == ORDERS
    gone = Key(Kind.INDEX, "public", "gone")
    assert subject(gone, SITUATION) == gone


@pytest.mark.parametrize(
    ("titles", "expected"),
    [
        pytest.param(["orders.note"], "expand orders.note", id="one"),
        pytest.param(["orders.note", "orders.note"], "expand orders.note", id="the same twice"),
        pytest.param(["orders.note", "orders.status"], "expand orders: note, status", id="one table"),
        pytest.param(["orders.note", "users.name"], "expand orders.note, users.name", id="two tables"),
        pytest.param(
            ["orders.note", "orders.status", "orders.amount", "orders.currency"],
            "expand orders: note, status and 2 more",
            id="too many",
        ),
        pytest.param([""], "expand table orders", id="without a title"),
        pytest.param(["a" * 50], "expand " + "a" * 50, id="long by itself"),
    ],
)
def test_titles(titles: list[str], expected: str) -> None:
    assert title_of(Phase.EXPAND, titled(*titles)) == expected


NAMES = st.text("abcdefgh", min_size=1, max_size=12)


@given(st.lists(st.tuples(NAMES, NAMES), min_size=1, max_size=8), st.sampled_from(Phase))
def test_a_title_of_several_is_no_longer_than_a_file_name(names: list[tuple[str, str]], phase: Phase) -> None:
    titles = [f"{table}.{column}" for table, column in names]
    title = title_of(phase, titled(*titles))
    assert title.startswith(f"{phase} ")
    assert len(title) <= 40
    slug = "_".join(re.findall(r"\w+", title)).lower()  # as Alembic makes it (script/base.py)
    assert not slug.endswith("_")
