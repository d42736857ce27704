"""Names in Python for names in PostgreSQL."""

from __future__ import annotations

import keyword

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alembic_vibe import naming


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ("users", "User"),
        ("order_items", "OrderItem"),
        ("categories", "Category"),
        ("addresses", "Address"),
        ("order_statuses", "OrderStatus"),
        ("people", "Person"),
        ("news", "News"),
        ("boxes", "Box"),
        ("analyses", "Analysis"),
        ("Weird Name", "WeirdName"),
        ("2fa_codes", "T2faCode"),
        ("any", "AnyRow"),
    ],
)
def test_class_names(table: str, expected: str) -> None:
    assert naming.class_name(table) == expected


@pytest.mark.parametrize("word", ["user", "category", "box", "address", "status", "person", "day", "branch", "cache"])
def test_plural_and_singular_are_inverse(word: str) -> None:
    assert naming.singular(naming.plural(word)) == word
    assert naming.plural(naming.plural(word)) == naming.plural(word)


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        ("id", "id"),
        ("class", "class_"),
        ("metadata", "metadata_"),
        ("int", "int_"),
        ("event", "event"),
        ("Weird Name", "weird_name"),
        ("2fa", "c_2fa"),
    ],
)
def test_attribute_names(column: str, expected: str) -> None:
    assert naming.attribute_name(column) == expected


@given(st.text(min_size=1, max_size=20).filter(lambda text: "\x00" not in text))
def test_every_column_gets_a_usable_attribute(column: str) -> None:
    name = naming.attribute_name(column)
    assert name.isidentifier()
    assert not keyword.iskeyword(name)
    assert name not in naming.RESERVED_ATTRIBUTES


@given(st.text(max_size=20))
def test_every_label_gets_a_usable_member(label: str) -> None:
    assert naming.member_name(label).isidentifier()


def test_members_and_classes_are_unique() -> None:
    assert naming.member_name("in progress", {"IN_PROGRESS"}) == "IN_PROGRESS_2"
    assert naming.class_name("users", {"User"}) == "User2"
    assert naming.enum_class_name("user", {"User"}) == "UserType"


@pytest.mark.parametrize(
    ("columns", "parent", "expected"),
    [
        (("user_id",), "users", "user"),
        (("created_by",), "users", "created_by_user"),
        (("tenant_id", "order_id"), "orders", "order"),
        (("id",), "users", "user"),
    ],
)
def test_reference_names(columns: tuple[str, ...], parent: str, expected: str) -> None:
    assert naming.reference_name(columns, parent) == expected


def test_variables_do_not_hide_the_module() -> None:
    assert naming.variable_name("enum") == "enum_table"
    assert naming.variable_name("log_lines") == "log_lines"
