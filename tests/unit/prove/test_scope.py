from __future__ import annotations

from dataclasses import replace

from alembic_vibe.catalog.catalog import Catalog
from alembic_vibe.catalog.facts import Column, Constraint, Enum, Fact, Table, TypeRef, View
from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.prove.contents import columns_of
from alembic_vibe.prove.scope import accepted_on, affected, shared_columns, with_parents
from alembic_vibe.prove.staged import StagedRevision

INTEGER = TypeRef(text="integer", base="integer")
STATE = Key(Kind.ENUM, "public", "state")


def key(name: str) -> Key:
    return Key(Kind.TABLE, "public", name)


def table(name: str, *columns: Column | str, **facts: object) -> Table:
    made = tuple(c if isinstance(c, Column) else Column(name=c, type=INTEGER) for c in columns or ("id",))
    return replace(Table(key=key(name), columns=made), **facts)  # type: ignore[arg-type]


def foreign(child: str, parent: str) -> Constraint:
    return Constraint(
        key=Key(Kind.CONSTRAINT, "public", child, f"{child}_{parent}"),
        kind="f",
        definition=f"FOREIGN KEY (id) REFERENCES {parent}(id)",
        references=key(parent),
    )


def catalog(*facts: Fact, depends: dict[Key, frozenset[Key]] | None = None) -> Catalog:
    return Catalog({fact.key: fact for fact in facts}, depends or {})


def many(*facts: Fact) -> list[Fact]:
    """Enough tables for a schema that is not tried whole."""
    return [*(table(f"other{i}") for i in range(50)), *facts]


def test_small_schemas_are_tried_whole() -> None:
    one = catalog(table("a"), table("b"))
    assert affected(one, one) == {key("a"), key("b")}


def test_of_large_ones_what_differs_uses_or_neighbours() -> None:
    view = View(key=Key(Kind.VIEW, "public", "v"), query="SELECT 1")
    facts = many(table("a"), table("child"), table("parent"), foreign("child", "a"), foreign("a", "parent"), view)
    depends = {view.key: frozenset({key("a")})}
    old = catalog(*facts, depends=depends)
    new = catalog(*(fact for fact in facts if fact.key != key("a")), table("a", "id", "more"), depends=depends)
    assert affected(old, new) == {key("a"), key("child"), key("parent"), view.key}
    assert affected(old, old) == frozenset()


def test_a_part_of_a_table_stands_for_the_table() -> None:
    old, new = catalog(*many(table("a"), table("b"))), catalog(*many(table("a"), table("b"), foreign("a", "b")))
    assert affected(old, new) == {key("a"), key("b")}


def test_parents_of_parents() -> None:
    facts = (table("a"), table("b"), table("c"), table("d"), foreign("a", "b"), foreign("b", "c"), foreign("c", "a"))
    assert with_parents([key("b")], catalog(*facts)) == {key("a"), key("b"), key("c")}


def test_shared_columns() -> None:
    state = TypeRef(text="state", base="state", origin="enum", key=STATE)
    old = catalog(
        Enum(key=STATE, labels=("a",)),
        table("t", "id", "gone", "wider", Column(name="made", type=INTEGER, generated="stored", default="id"),
              Column(name="state", type=state)),
        table("p", partition_key="RANGE (id)"),
        table("p1", partition_of=key("p")),
        table("dropped"),
    )  # fmt: skip
    big = Column(name="wider", type=TypeRef(text="bigint", base="bigint"))
    new = catalog(
        Enum(key=STATE, labels=("a", "b")),
        table("t", big, "made", "id", Column(name="state", type=state), "more"),
        table("p", partition_key="RANGE (id)"),
    )
    assert shared_columns(old, new, columns_of(old)) == {key("t"): ("id", "state")}


def test_what_is_accepted_for_a_new_name_holds_for_the_old_one() -> None:
    old, new = catalog(table("a"), table("b")), catalog(table("b"), table("c"))
    assert accepted_on([StagedRevision("1", accepted=("b",))], old, new) == {"b"}
    assert accepted_on([StagedRevision("1", accepted=("c",))], old, new) == {"a", "c"}
