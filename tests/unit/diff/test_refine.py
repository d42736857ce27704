"""A table's difference taken apart into what is carried out one by one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from alembic_vibe.catalog.catalog import Catalog
from alembic_vibe.catalog.facts import Fact, Table
from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.diff.compare import ChangeKind, compare
from alembic_vibe.diff.refine import refine
from tests.unit.render.shop import check, column, table

A = column("a", "integer")
FREE = column("a", "integer", null=True)


def refined(before: Fact | list[Fact], after: Fact | list[Fact]) -> list[tuple[str, str, tuple[str, ...]]]:
    """Say kind, object and facts of each change."""
    one, other = (
        Catalog({fact.key: fact for fact in (facts if isinstance(facts, list) else [facts])})
        for facts in (before, after)
    )
    found = refine(compare(one, other), one, other)
    return [(change.kind.value, str(change.key), change.only) for change in found]


def altered(**facts: Any) -> list[tuple[str, ...]]:
    """Return the parts of a change of one column."""
    found = refined(table("t", FREE), table("t", replace(FREE, **facts)))
    assert {kind for kind, _, _ in found} == {"alter"}
    assert {name for _, name, _ in found} == {"column a on t"}
    return [only for _, _, only in found]


def test_columns_come_and_go_by_themselves() -> None:
    before, after = table("t", A, column("b", "text")), table("t", A, column("c", "text"))
    assert refined(before, after) == [("drop", "column b on t", ()), ("add", "column c on t", ())]


def test_the_order_of_columns_is_no_change() -> None:
    b = column("b", "text")
    assert refined(table("t", A, b), table("t", b, A)) == []


def test_a_new_default_and_not_null_are_apart() -> None:
    assert sorted(altered(default="0", not_null=True)) == [("default",), ("not_null",)]


def test_not_null_goes_with_its_name() -> None:
    assert altered(not_null=True, not_null_name="t_a_nn") == [("not_null", "not_null_name")]


def test_a_new_type_takes_everything_along_but_the_comment() -> None:
    other = column("x", "bigint").type
    found = altered(type=other, default="0", not_null=True, comment="!")
    assert sorted(map(sorted, found)) == [["comment"], ["default", "not_null", "type"]]


def test_an_identity_takes_the_default_along() -> None:
    found = altered(identity="a", default="0", not_null=True)
    assert sorted(map(sorted, found)) == [["default", "identity"], ["not_null"]]


def test_the_facts_of_a_table_are_apart() -> None:
    before = table("t", A)
    after = replace(before, comment="!", row_security=True, force_row_security=True, owner="app")
    parts = [only for _, name, only in refined(before, after) if name == "table t"]
    assert ("row_security", "force_row_security") in parts
    assert ("comment",) in parts
    assert ("owner",) in parts


def test_the_comment_of_anything_is_apart() -> None:
    before = check("t", "t_check", "a > 0")
    after = replace(before, expression="a > 1", definition="CHECK (a > 1)", comment="!")
    assert [only for _, _, only in refined(before, after)] == [("comment",), ("definition", "expression")]


def test_what_is_new_or_gone_stays_whole() -> None:
    assert refined([], [table("t", A)]) == [("add", "table t", ())]
    assert refined([table("t", A)], []) == [("drop", "table t", ())]


# -- from parents ----------------------------------------------------------------------------------------------------

PARENT = Key(Kind.TABLE, "public", "p")


def family(child: Table, *columns: Any, own: tuple[Any, ...] | None = None) -> list[Fact]:
    return [table("p", *columns, partition_key="RANGE (a)"), replace(child, columns=own or columns)]


@pytest.mark.parametrize(
    "child",
    [
        pytest.param(table("c", partition_of=PARENT, partition_bound="DEFAULT"), id="partition"),
        pytest.param(table("c", inherits=(PARENT,)), id="child"),
    ],
)
def test_what_comes_from_the_parent_is_left_out(child: Table) -> None:
    b = column("b", "text")
    inherited = replace(b, inherited=True)
    assert refined(family(child, A), family(child, A, b, own=(A, inherited))) == [("add", "column b on p", ())]
    assert refined(family(child, A, b, own=(A, inherited)), family(child, A)) == [("drop", "column b on p", ())]
    wider = replace(A, type=column("a", "bigint").type)
    assert refined(family(child, A), family(child, wider)) == [("alter", "column a on p", ("type",))]


def test_what_a_child_has_of_its_own_stays() -> None:
    child = table("c", inherits=(PARENT,))
    own = column("own", "text")
    assert refined(family(child, A), family(child, A, own=(A, own))) == [("add", "column own on c", ())]


def test_inherited_alone_is_no_change_of_a_column() -> None:
    child = table("c", inherits=(PARENT,))
    found = refined(family(child, A), family(child, A, own=(replace(A, inherited=True),)))
    assert found == []
    assert ChangeKind.ALTER not in {kind for kind, _, _ in found}
