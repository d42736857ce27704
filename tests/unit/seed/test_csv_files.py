"""Rows of a library as CSV: every value comes back, and the file says what it is."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.seed.csv_files import fits_csv, parse_csv, render_csv
from alembic_vibe.seed.model import Origin, SeedRow, SeedTable

KEY = Key(Kind.TABLE, "public", 'a "b",\nc')
ORIGIN = Origin("iso3166 3.0.0", {"code": "alpha_2", 'n"a,me': "name [x 1]"}, ("DE",), "", ("# Agreed with Sales.",))
TEXTS = st.one_of(st.none(), st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=8))


def table(*rows: tuple[str | None, str | None]) -> SeedTable:
    names = tuple(ORIGIN.columns)
    return SeedTable(KEY, ("code",), tuple(SeedRow(dict(zip(names, row, strict=True))) for row in rows), ORIGIN)


@given(rows=st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=4))
def test_every_value_comes_back(rows: list[tuple[str | None, str | None]]) -> None:
    written = table(*rows)
    text = render_csv(written, ORIGIN)
    read = parse_csv(text)
    assert read == written
    assert read.origin is not None
    assert render_csv(read, read.origin) == text


def test_null_and_an_empty_text_differ() -> None:
    text = render_csv(table(("A", None), ("B", ""), ("#C", " d ")), ORIGIN)
    assert text.splitlines()[-3:] == ["A,", 'B,""', '"#C"," d "']


def test_an_edit_is_seen_and_comments_stay() -> None:
    text = render_csv(table(("A", "x"), ("B", "y")), ORIGIN)
    assert "\n# Agreed with Sales.\n" in text
    edited = parse_csv(text.replace("B,y", "B,z").replace("\n", "\r\n")).origin
    assert edited is not None
    assert edited.digest
    assert edited == replace(ORIGIN, digest=edited.digest)
    # And it still is one after it was written again.
    again = parse_csv(render_csv(table(("A", "x"), ("B", "z")), edited)).origin
    assert again == edited


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        (("A,x", "A,x,y"), r"line \d+ has 3 values for 2 columns"),
        (("A,x", 'A,"x'), "quotation mark of line 10 is not closed"),
        (("A,x", 'A,"x"y'), "line 10 has text behind a closing quotation mark"),
        (("# source", "# sauce"), "no line # source"),
        (('"alpha_2"', "alpha_2"), "the line # columns: .* cannot be read"),
        (('["code"]', '"code"'), "a list is expected"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(broken: tuple[str, str], said: str) -> None:
    text = render_csv(table(("A", "x")), ORIGIN)
    with pytest.raises(ValueError, match=said):
        parse_csv(text.replace(*broken))


def test_what_csv_cannot_hold_is_left_to_json() -> None:
    assert fits_csv(table(("A", None)))
    uneven = replace(table(("A", None)), rows=(SeedRow({"code": "A"}), SeedRow({"code": "A", "name": "x"})))
    assert not fits_csv(uneven)
    assert not fits_csv(replace(uneven, rows=(SeedRow({"code": 1}),)))
