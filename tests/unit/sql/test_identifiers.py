"""Names in instructions and options are read as PostgreSQL reads them."""

from __future__ import annotations

import pytest

from alembic_vibe.sql.identifiers import read_label, read_name


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("users", ("users",)),
        (" Users . Full_Name ", ("users", "full_name")),
        ('public."a.b"."c ""d"""', ("public", "a.b", 'c "d"')),
        ("größe_ÄÖ", ("größe_ÄÖ",)),
        ("a$1", ("a$1",)),
        ("a" * 70, ("a" * 63,)),
        ("ä" * 40, ("ä" * 31,)),
        ("", ()),
        ("a b", ()),
        ("a.", ()),
        (".a", ()),
        ("1a", ()),
        ('"a', ()),
        ("a,", ()),
        ("'a'", ()),
    ],
)
def test_names(text: str, parts: tuple[str, ...]) -> None:
    assert read_name(text) == parts


def test_names_as_they_are_written() -> None:
    assert read_name('Users."B c"', fold=False) == ("Users", "B c")


@pytest.mark.parametrize(("text", "label"), [("new", "new"), ("'it''s'", "it's"), ("'", "'"), ("in use", "in use")])
def test_labels(text: str, label: str) -> None:
    assert read_label(text) == label
