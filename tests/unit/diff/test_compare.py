"""Facts are compared, not the order of columns, nor what PostgreSQL derives for partitions."""

from __future__ import annotations

from dataclasses import replace

from alembic_vibe.catalog.catalog import Catalog
from alembic_vibe.catalog.facts import Column, Constraint, Enum, Fact, Index, Table, TypeRef
from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.diff.compare import ChangeKind, compare, compared

T = Key(Kind.TABLE, "public", "t")


def catalog(*facts: Fact) -> Catalog:
    return Catalog({fact.key: fact for fact in facts})


def column(name: str, type_: str = "integer") -> Column:
    return Column(name=name, type=TypeRef(text=type_, base=type_))


TABLE = Table(key=T, columns=(column("a"), column("b")))
ENUM = Enum(key=Key(Kind.ENUM, "public", "e"), labels=("x",))


def told(one: Catalog, other: Catalog) -> list[str]:
    return [change.describe() for change in compare(one, other)]


def test_new_gone_and_the_same() -> None:
    assert told(catalog(TABLE), catalog(TABLE)) == []
    changes = compare(catalog(TABLE), catalog(ENUM))
    assert [(change.kind, change.before, change.after) for change in changes] == [
        (ChangeKind.ADD, None, ENUM),
        (ChangeKind.DROP, TABLE, None),
    ]
    assert [change.describe() for change in changes] == ["enum e is new", "table t is gone"]
    assert compare(catalog(TABLE), catalog(ENUM), ignore=(Kind.ENUM, Kind.TABLE)) == ()


def test_the_order_of_columns_is_ignored() -> None:
    assert told(catalog(TABLE), catalog(replace(TABLE, columns=TABLE.columns[::-1]))) == []


def test_the_columns_that_differ_are_named() -> None:
    other = replace(TABLE, columns=(column("b", "text"), column("a"), column("c")), comment="x")
    (change,) = compare(catalog(TABLE), catalog(other))
    assert change.altered_fields == ("columns", "comment")
    assert change.describe() == "table t differs in columns, comment (b, c)"
    moved = replace(TABLE, columns=TABLE.columns[::-1], row_security=True)
    assert told(catalog(TABLE), catalog(moved)) == ["table t differs in row security"]


def test_what_is_inherited_is_ignored() -> None:
    inherited = (
        Index(key=Key(Kind.INDEX, "public", "i"), table=T, definition="CREATE INDEX i ON t (a)", inherited=True),
        Constraint(key=Key(Kind.CONSTRAINT, "public", "t", "c"), kind="c", definition="CHECK (true)", inherited=True),
    )
    assert told(catalog(TABLE, *inherited), catalog(TABLE)) == []
    assert list(compared(catalog(TABLE, *inherited))) == [T]
    own = replace(inherited[0], inherited=False)
    assert told(catalog(TABLE), catalog(TABLE, own)) == ["index i is new"]


def test_what_does_not_count_for_a_fact() -> None:
    other = replace(TABLE, columns=(replace(column("a"), type=TypeRef(text="integer", base="int4")), column("b")))
    assert told(catalog(TABLE), catalog(other)) == []
