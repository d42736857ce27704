"""Where a key of a TOML document stands."""

from __future__ import annotations

import tomllib

import pytest

from alembic_vibe.source import Source
from alembic_vibe.toml_places import key_span

DOCUMENTS = {
    "header": '[tool.v]\n\n[tool.v.lint]\nx = 1 # one\n',
    "quoted": '["tool".\'v\'.lint]\n  "x" = 1 # one\n',
    "dotted": 'x = 0\n[tool]\nv.lint.x = 1 # one\n',
    "spaced": '[ tool . v ]\nlint . x = 1 # one\n',
    "inline": '[tool.v]\nlint = { y = ["{", "x = 3"], z = {x = 2}, x = 1 }\n',
    "texts": '[tool.v]\ny = """\n[tool.v.lint]\nx = 2\n"""\n# [tool.v.lint]\n# x = 3\n[tool.v.lint]\nx = 1 # one\n',
    "others": '[tool.other.lint]\nx = 2\n[tool.v]\nx = 3\n[tool.v.lint.more]\nx = 4\n[tool.v.lint]\nx = 1 # one\n',
    "windows": '[tool.v.lint]\r\nx = 1 # one\r\ny = 2\r\n',
    "apostrophe": "# it's\n[tool.v.lint]\ny = \"it's\"\nx = 1 # one\n",
}  # fmt: skip


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_key_is_found_with_its_value(name: str) -> None:
    text = DOCUMENTS[name]
    assert tomllib.loads(text)["tool"]["v"]["lint"]["x"] == 1
    span = key_span(Source("p", text), ("tool", "v", "lint", "x"))
    assert span is not None
    assert text[span.start : span.end].replace('"x"', "x").replace("lint . x", "x").replace("v.lint.x", "x") in {
        "x = 1 # one",
        "x = 1 }",
    }


def test_the_nearest_table_stands_for_what_is_not_found() -> None:
    source = Source("p", '[tool.v.lint]\nignore = ["a"]\n')
    span = key_span(source, ("tool", "v", "lint", "ignore", "0"))
    assert span is not None
    assert source.text[span.start : span.end] == 'ignore = ["a"]'
    span = key_span(source, ("tool", "v", "lint", "other"))
    assert span is not None
    assert source.text[span.start : span.end] == "tool.v.lint]"
    assert key_span(source, ("project", "name")) is None
    assert key_span(Source("p", ""), ("tool", "v")) is None
