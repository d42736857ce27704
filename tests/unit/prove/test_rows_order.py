from __future__ import annotations

from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.prove.rows_facts import ColumnFact, ConstraintFact, SchemaFacts, TableFact
from alembic_vibe.prove.rows_order import Arrangement, arrange


def column(name: str, *, not_null: bool) -> ColumnFact:
    return ColumnFact(name, 23, -1, "integer", not_null, None, False, "", "integer")


def arranged(*edges: tuple[int, int, str]) -> Arrangement:
    """Arrange tables numbered by their oid; an edge is (child, parent, "" | "null" | "deferrable")."""
    oids = {oid for edge in edges for oid in edge[:2]}
    tables = {}
    for oid in sorted(oids):
        key = Key(Kind.TABLE, "public", f"t{oid}")
        tables[oid] = TableFact(oid, key, key, oid, columns=[column("id", not_null=True)])
    for child, parent, how in edges:
        tables[child].columns.append(column(f"to{parent}", not_null=how != "null"))
        tables[child].constraints.append(
            ConstraintFact(f"f{parent}", "f", [f"to{parent}"], None, parent, ["id"], how == "deferrable")
        )
    return arrange(list(tables.values()), SchemaFacts(tables, {}, [], {}))


def levels(arrangement: Arrangement) -> list[list[int]]:
    return [[table.oid for table in level] for level in arrangement.levels]


def test_parents_come_first() -> None:
    result = arranged((1, 2, ""), (2, 3, ""), (4, 3, ""))
    assert levels(result) == [[3], [2, 4], [1]]
    assert result.later == []


def test_a_circle_is_broken_where_null_is_allowed() -> None:
    result = arranged((1, 2, ""), (2, 3, ""), (3, 1, "null"))
    assert levels(result) == [[3], [2], [1]]
    assert [(oid, constraint.name) for oid, constraint in result.later] == [(3, "f1")]
    assert result.groups == {}


def test_a_circle_without_null_needs_a_deferred_check() -> None:
    result = arranged((1, 2, ""), (2, 1, "deferrable"))
    assert result.groups == {1: (2, 1), 2: (2, 1)}
    assert result.forced == {1: {"id": (1, "id")}, 2: {"to1": (1, "id")}}


def test_a_row_that_must_refer_to_itself_knows_its_key() -> None:
    assert arranged((1, 1, "")).forced == {1: {"id": (1, "id"), "to1": (1, "id")}}
    assert arranged((1, 1, "null")).forced == {}


def test_what_nothing_can_break_is_left_to_the_server() -> None:
    result = arranged((1, 2, ""), (2, 1, ""))
    assert sorted(oid for level in levels(result) for oid in level) == [1, 2]
    assert result.groups == {}
