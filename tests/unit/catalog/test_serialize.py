"""Facts survive JSON, and what is not a fact is refused with ``ValueError``."""

from __future__ import annotations

import json
import typing
from dataclasses import MISSING, fields, is_dataclass
from types import UnionType
from typing import Any, get_args, get_origin

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alembic_vibe.catalog import facts
from alembic_vibe.catalog.facts import Fact, Table
from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.catalog.serialize import decode, encode, pretty

TEXT = st.text(max_size=8)
KEYS = st.builds(Key, st.sampled_from(Kind), TEXT, TEXT, TEXT)


def values(hint: Any) -> st.SearchStrategy[Any]:
    """Return a strategy for a field of a fact."""
    if hint is Key:
        return KEYS
    if isinstance(hint, type) and is_dataclass(hint):
        return objects(hint)
    if get_origin(hint) in {typing.Union, UnionType}:
        return st.one_of([st.none() if choice is type(None) else values(choice) for choice in get_args(hint)])
    if get_origin(hint) is tuple:
        choices = get_args(hint)
        if choices[1:] == (Ellipsis,):
            return st.lists(values(choices[0]), max_size=2).map(tuple)
        return st.tuples(*map(values, choices))
    return {str: TEXT, int: st.integers(), bool: st.booleans()}[hint]


def objects(cls: type) -> st.SearchStrategy[Any]:
    """Return a strategy for a class of facts; every field is drawn."""
    hints = typing.get_type_hints(cls, vars(facts))
    drawn = {
        field.name: values(hints[field.name])
        if field.default is MISSING
        else st.just(field.default) | values(hints[field.name])
        for field in fields(cls)
    }
    return st.builds(cls, **drawn)


@pytest.mark.parametrize("cls", get_args(Fact), ids=lambda cls: cls.__name__)
def test_every_fact_survives(cls: type) -> None:
    @settings(max_examples=30, deadline=None)
    @given(fact=objects(cls))
    def survives(fact: Any) -> None:
        found = decode(json.loads(pretty(encode(fact))))
        for field in fields(cls):  # also those that comparing leaves out
            assert getattr(found, field.name) == getattr(fact, field.name), field.name

    survives()


TABLE = {"fact": "Table", "key": ["table", "public", "t"], "columns": []}


@pytest.mark.parametrize(
    "change",
    [
        {"fact": "Tabel"},
        {"fact": None},
        {"colour": "red"},
        {"comment": 3},
        {"unlogged": "yes"},
        {"columns": {}},
        {"columns": [3]},
        {"columns": [{"name": "a"}]},
        {"columns": [{"name": "a", "type": {"text": "int", "base": "int"}, "nullable": True}]},
        {"key": ["tabel", "public", "t"]},
        {"key": []},
        {"key": ["table"]},
        {"key": ["table", 3, "t"]},
        {"key": ["table", "public", "t", "m", "more"]},
        {"key": "table"},
        {"key": 3},
        {"key": None},
        {"options": [["a"]]},
        {"options": [["a", "b", "c"]]},
        {"options": [["a", 3]]},
    ],
    ids=json.dumps,
)
def test_what_is_no_fact_is_refused(change: dict[str, Any]) -> None:
    assert decode(TABLE) == Table(key=Key(Kind.TABLE, "public", "t"), columns=())
    with pytest.raises(ValueError):
        decode({**TABLE, **change})


def test_a_fact_without_its_key_is_refused() -> None:
    with pytest.raises(ValueError, match="key"):
        decode({"fact": "Table", "columns": []})


def test_defaults_are_not_written() -> None:
    assert encode(Table(key=Key(Kind.TABLE, "public", "t"), columns=())) == {
        "fact": "Table",
        "key": ["table", "public", "t"],
        "columns": (),
    } | {"columns": []}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
)


@given(value=JSON)
def test_pretty_is_json(value: Any) -> None:
    assert json.loads(pretty(value)) == value


def test_pretty_gives_each_object_a_line() -> None:
    facts = [{"fact": "Enum", "labels": [f"label {i}" for i in range(4)]} for _ in range(3)]
    text = pretty({"objects": facts})
    assert text.splitlines()[0] == "{"
    assert sum(line.strip().startswith('{"fact"') for line in text.splitlines()) == 3
    assert max(map(len, text.splitlines())) <= 120


def test_keys_speak() -> None:
    assert str(Key(Kind.TABLE, "public", "users")) == "table users"
    assert str(Key(Kind.TABLE, "billing", "invoices")) == "table billing.invoices"
    assert str(Key(Kind.FUNCTION, "app", "f", "integer, text")) == "function app.f(integer, text)"
    assert str(Key(Kind.TRIGGER, "public", "users", "touch")) == "trigger touch on users"
    assert Key(Kind.ROLE, "", "app").qualified == "app"
