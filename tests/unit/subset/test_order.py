"""The order of tables: parents first, and which foreign keys of a circle have to wait."""

from __future__ import annotations

from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.prove.rows_facts import SchemaFacts
from alembic_vibe.subset.order import in_order
from alembic_vibe.subset.schema import Reference, Schema, Table


def schema(*references: tuple[int, int, bool, bool]) -> Schema:
    """Tables by number; each reference is (child, parent, deferrable, required)."""
    numbers = sorted({number for child, parent, *_ in references for number in (child, parent)})
    tables = {n: Table(n, Key(Kind.TABLE, "public", f"t{n}"), False, ["id"], ["id"], []) for n in numbers}
    found = [
        Reference(f"{child}_{parent}", child, parent, [], False, required, deferrable, True, child)
        for child, parent, deferrable, required in references
    ]
    return Schema(tables, found, SchemaFacts({}, {}, [], {}))


def ordered(found: Schema) -> tuple[list[int], list[str]]:
    order, late = in_order(found)
    return [table.oid for table in order], sorted(reference.name for reference in late)


def test_parents_come_first_and_a_table_may_refer_to_itself() -> None:
    assert ordered(schema((1, 2, False, True), (2, 3, False, True), (2, 2, False, True))) == ([3, 2, 1], [])


def test_of_a_circle_what_is_deferrable_waits() -> None:
    assert ordered(schema((1, 2, False, False), (2, 3, True, True), (3, 1, False, False)))[1] == ["2_3"]


def test_then_what_may_be_null() -> None:
    assert ordered(schema((1, 2, False, True), (2, 1, False, False)))[1] == ["2_1"]


def test_two_circles_through_one_table() -> None:
    order, late = ordered(schema((1, 2, True, True), (2, 1, False, True), (1, 3, True, True), (3, 1, False, True)))
    assert late == ["1_2", "1_3"]
    assert order[0] == 1
