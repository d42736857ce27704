"""Which revision an object lands in, from its needs and the sections alone."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.plan.sections import Needs, assign

DOCUMENT = ["5.3", "5.4", "5.5"]
USERS, ORDERS, LOGS = (Key(Kind.TABLE, "public", name) for name in ("users", "orders", "logs"))
KEY = Key(Kind.CONSTRAINT, "public", "users", "users_last_order_fkey")
STATUS = Key(Kind.ENUM, "public", "status")
REPORT = Key(Kind.FUNCTION, "public", "report")


def revisions(
    nodes: list[Key], hard: Needs, section_of: dict[Key, str], soft: Needs | None = None
) -> dict[str, set[Key]]:
    sections, position = assign(nodes, hard, soft or {}, section_of, DOCUMENT)
    assert set(position) == set(nodes)
    return {section: {key for key in nodes if position[key] == i} for i, section in enumerate(sections)}


def test_the_document_decides_where_nothing_else_does() -> None:
    found = revisions([ORDERS, USERS], {}, {ORDERS: "5.4", USERS: "5.3"})
    assert list(found.items()) == [("5.3", {USERS}), ("5.4", {ORDERS})]


def test_a_section_comes_after_those_that_it_needs() -> None:
    of = {USERS: "5.4", ORDERS: "5.3", LOGS: "5.5"}
    assert list(revisions([USERS, ORDERS, LOGS], {ORDERS: {USERS}}, of)) == ["5.4", "5.3", "5.5"]
    assert list(revisions([USERS, ORDERS, LOGS], {}, of, soft={ORDERS: {USERS}})) == ["5.4", "5.3", "5.5"]


def test_sections_that_need_each_other_keep_the_document_s_order() -> None:
    of = {USERS: "5.3", ORDERS: "5.4", KEY: "5.3"}
    found = revisions([USERS, ORDERS, KEY], {ORDERS: {USERS}, KEY: {USERS, ORDERS}}, of)
    assert list(found.items()) == [("5.3", {USERS}), ("5.4", {ORDERS, KEY})]


def test_a_circle_of_sections_comes_after_what_any_of_them_needs() -> None:
    of = {USERS: "5.3", ORDERS: "5.4", KEY: "5.3", LOGS: "5.5"}
    hard = {ORDERS: {USERS, LOGS}, KEY: {USERS, ORDERS}}
    assert list(revisions([LOGS, USERS, ORDERS, KEY], hard, of)) == ["5.5", "5.3", "5.4"]


def test_what_others_are_built_from_comes_with_the_first_that_needs_it() -> None:
    of = {STATUS: "5.5", USERS: "5.3", ORDERS: "5.4"}
    found = revisions([STATUS, USERS, ORDERS], {USERS: {STATUS}, ORDERS: {STATUS}}, of)
    assert list(found.items()) == [("5.3", {STATUS, USERS}), ("5.4", {ORDERS}), ("5.5", set())]


def test_what_others_are_built_from_is_not_pushed_later() -> None:
    of = {STATUS: "5.3", USERS: "5.3", ORDERS: "5.4"}
    assert revisions([STATUS, USERS, ORDERS], {ORDERS: {STATUS}}, of)["5.3"] == {STATUS, USERS}


def test_support_objects_without_a_section_follow_those_that_need_them() -> None:
    of = {USERS: "5.3", ORDERS: "5.4"}
    found = revisions([STATUS, USERS, ORDERS], {ORDERS: {STATUS}}, of)
    assert found["5.4"] == {STATUS, ORDERS}


def test_what_others_are_built_from_brings_what_it_needs_itself() -> None:
    domain = Key(Kind.DOMAIN, "public", "email")
    of = {domain: "5.4", STATUS: "5.5", USERS: "5.3", ORDERS: "5.4", LOGS: "5.5"}
    found = revisions([domain, STATUS, USERS, ORDERS, LOGS], {STATUS: {domain}, USERS: {STATUS}}, of)
    assert found["5.3"] == {domain, STATUS, USERS}


def test_a_function_waits_for_the_table_that_it_needs() -> None:
    of = {USERS: "5.3", ORDERS: "5.4", REPORT: "5.3"}
    assert revisions([USERS, ORDERS, REPORT], {REPORT: {ORDERS}}, of)["5.4"] == {ORDERS, REPORT}


@given(
    needs=st.dictionaries(st.integers(1, 9), st.sets(st.integers(0, 8), max_size=3)),
    kinds=st.lists(st.sampled_from([Kind.TABLE, Kind.VIEW, Kind.ENUM, Kind.FUNCTION]), min_size=10, max_size=10),
    places=st.lists(st.sampled_from([*DOCUMENT, ""]), min_size=10, max_size=10),
)
def test_nothing_is_made_before_what_it_needs(needs: dict[int, set[int]], kinds: list[Kind], places: list[str]) -> None:
    nodes = [Key(kind, "public", f"n{i}") for i, kind in enumerate(kinds)]
    hard = {nodes[i]: {nodes[need] for need in found if need < i} for i, found in needs.items()}
    section_of = {node: place for node, place in zip(nodes, places, strict=True) if place}
    sections, position = assign(nodes, hard, {}, section_of, DOCUMENT)
    assert sorted(sections) == sorted(set(section_of.values()))
    for node in nodes:
        assert 0 <= position[node] < max(1, len(sections))
        assert all(position[need] <= position[node] for need in hard.get(node, ()))
