"""Facts ↔ JSON that people can read: only what is not the default, one short object a line.

The classes of ``facts`` are the schema; a field that is unknown or of the wrong type raises ``ValueError``.
"""

from __future__ import annotations

import json
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from types import UnionType
from typing import TYPE_CHECKING, Any, Union, get_args, get_origin, get_type_hints

from alembic_vibe.catalog import facts as fact_module
from alembic_vibe.catalog.catalog import Catalog
from alembic_vibe.catalog.facts import Column, Fact, TypeRef
from alembic_vibe.catalog.keys import Key, Kind

if TYPE_CHECKING:
    from collections.abc import Callable

_WIDTH = 118
_dumps = json.JSONEncoder(ensure_ascii=False).encode
_CLASSES = {cls.__name__: cls for cls in get_args(Fact)}
_KINDS = {str(kind): kind for kind in Kind}


def encode(fact: Fact) -> dict[str, Any]:
    """Return a fact as a JSON object: ``{"fact": "Table", "key": ["table", "public", "users"], …}``."""
    return {"fact": type(fact).__name__, **_encode_fields(fact)}


def decode(data: dict[str, Any]) -> Fact:
    """Return the fact of a JSON object.

    Raises:
        ValueError: It is not one that ``encode`` made.
    """
    text = _dumps(data)
    fact = _FACTS.get(text)
    if fact is None:
        fact = _FACTS[text] = _decode(data)
    return fact


def _decode(data: Any) -> Fact:
    name = data.get("fact") if isinstance(data, dict) else data
    if not isinstance(data, dict) or not isinstance(name, str) or name not in _CLASSES:
        msg = f"no such fact: {name!r}"
        raise ValueError(msg)
    fact: Fact = _object_decoder(_CLASSES[name])({key: value for key, value in data.items() if key != "fact"})
    return fact


# A run reads most facts several times: from the snapshot, as the chain has them and as the specification has them.
_FACTS: dict[str, Fact] = {}
_TEXTS: dict[int, tuple[Fact, str]] = {}  # by identity: to compare facts is as slow as to encode them


def _decode_line(text: str) -> Fact:
    fact = _FACTS.get(text)
    if fact is None:
        fact = _FACTS[text] = _decode(json.loads(text))
    _TEXTS[id(fact)] = fact, text
    return fact


def _encode_line(fact: Fact) -> str:
    known = _TEXTS.get(id(fact))
    return known[1] if known is not None and known[0] is fact else _dumps(encode(fact))


def encode_key(key: Key) -> list[str]:
    """Return a key as a JSON list, without an empty member."""
    return [str(key.kind), *key[1 : 4 if key.member else 3]]


def dump_catalog(catalog: Catalog) -> str:
    """Return a whole catalog as lines of JSON: what depends on what, by the numbers of keys, then a line a fact."""
    numbers: dict[Key, int] = {key: number for number, key in enumerate(catalog.facts)}

    def number(key: Key) -> int:
        return numbers.setdefault(key, len(numbers))

    depends = [[number(key), sorted(map(number, needed))] for key, needed in catalog.depends.items()]
    users = [[number(key), column, sorted(map(number, by))] for (key, column), by in catalog.column_users.items()]
    head = {
        "server_version": catalog.server_version,
        "facts": len(catalog.facts),
        "keys": [encode_key(key) for key in list(numbers)[len(catalog.facts) :]],
        "depends": depends,
        "column_users": users,
    }
    return "\n".join([_dumps(head), *map(_encode_line, catalog.facts.values())])


def load_catalog(text: str) -> Catalog:
    """Return the catalog of lines of JSON.

    Raises:
        ValueError: They are not what ``dump_catalog`` made.
    """
    first, *lines = text.split("\n")
    try:
        head = json.loads(first)
        if head["facts"] != len(lines):
            msg = "not a catalog: a part of it is missing"
            raise ValueError(msg)
        facts = [_decode_line(line) for line in lines]
        keys = [*(fact.key for fact in facts), *map(decode_key, head["keys"])]
        return Catalog(
            facts={fact.key: fact for fact in facts},
            depends={keys[key]: frozenset([keys[one] for one in needed]) for key, needed in head["depends"]},
            server_version=int(head["server_version"]),
            column_users={
                (keys[key], str(column)): frozenset([keys[one] for one in users])
                for key, column, users in head["column_users"]
            },
        )
    except (KeyError, IndexError, TypeError) as error:
        msg = f"not a catalog: {error}"
        raise ValueError(msg) from error


@cache
def _defaults(cls: type) -> tuple[tuple[str, Any], ...]:
    """Return the fields of a class with their defaults, which are never changed."""
    return tuple(
        (field.name, field.default_factory() if field.default_factory is not MISSING else field.default)
        for field in fields(cls)
    )


def _encode_fields(value: Any) -> dict[str, Any]:
    cls: type = type(value)
    result = {}
    for name, default in _defaults(cls):
        item = getattr(value, name)
        if default is MISSING or item != default:
            result[name] = _encode_value(item)
    return result


def _encode_value(value: Any) -> Any:
    if isinstance(value, Key):
        return encode_key(value)
    if is_dataclass(value):
        return _encode_fields(value)
    if isinstance(value, tuple):
        return [_encode_value(item) for item in value]
    return value


@cache
def _hints(cls: type) -> dict[str, Any]:
    return get_type_hints(cls, vars(fact_module))


@cache
def _object_decoder(cls: type) -> Callable[[Any], Any]:
    """Return what decodes an object of a class: made once for each class, there are objects by the ten thousand."""
    hints = _hints(cls)
    decoders = {field.name: _decoder(hints[field.name]) for field in fields(cls)}

    def decode_object(data: Any) -> Any:
        if not isinstance(data, dict):
            msg = f"{cls.__name__}: an object is expected, not {data!r}"
            raise ValueError(msg)  # noqa: TRY004 - all that is wrong with a file is a ValueError
        if not data.keys() <= decoders.keys():
            msg = f"{cls.__name__} has no {', '.join(sorted(data.keys() - decoders.keys()))}"
            raise ValueError(msg)
        try:
            return cls(**{name: decoders[name](value) for name, value in data.items()})
        except TypeError as error:
            msg = f"{cls.__name__}: {error}"
            raise ValueError(msg) from error

    return decode_object


@cache
def _decoder(hint: Any) -> Callable[[Any], Any]:
    """Return what decodes a value of a type, as a field of a fact declares it."""
    if get_origin(hint) in {Union, UnionType}:
        decode_value = _decoder(next(choice for choice in get_args(hint) if choice is not type(None)))
        return lambda value: None if value is None else decode_value(value)
    if hint is Key:
        return decode_key
    if is_dataclass(hint) and isinstance(hint, type):
        return _sharing_decoder(hint) if hint in {Column, TypeRef} else _object_decoder(hint)
    if get_origin(hint) is tuple:
        return _tuple_decoder(get_args(hint))

    def decode_plain(value: Any) -> Any:
        if value.__class__ is not hint:
            msg = f"{hint.__name__} is expected, not {value!r}"
            raise ValueError(msg)
        return value

    return decode_plain


def _tuple_decoder(choices: tuple[Any, ...]) -> Callable[[Any], Any]:
    each = len(choices) == 2 and choices[1] is Ellipsis
    decoders = [_decoder(choice) for choice in choices if choice is not Ellipsis]

    def decode_tuple(value: Any) -> Any:
        if not isinstance(value, list):
            msg = f"a list is expected, not {value!r}"
            raise ValueError(msg)  # noqa: TRY004
        if each:
            return tuple(map(decoders[0], value))
        return tuple(decode_item(item) for decode_item, item in zip(decoders, value, strict=True))

    return decode_tuple


def decode_key(value: Any) -> Key:
    """Return the key of a JSON list; raises ``ValueError``."""
    if not isinstance(value, list) or len(value) not in {3, 4} or not all(isinstance(part, str) for part in value):
        msg = f"a key is expected, not {value!r}"
        raise ValueError(msg)
    kind = _KINDS.get(value[0])
    if kind is None:
        msg = f"no such kind of object: {value[0]!r}"
        raise ValueError(msg)
    return Key(kind, *value[1:])


@cache
def _sharing_decoder(cls: type) -> Callable[[Any], Any]:
    """Return what decodes objects of a class of which few differ: equal ones are one object."""
    shared: dict[str, Any] = {}
    decode_object = _object_decoder(cls)

    def decode_shared(value: Any) -> Any:
        text = repr(value)
        found = shared.get(text)
        if found is None:
            found = shared[text] = decode_object(value)
        return found

    return decode_shared


def pretty(value: Any, indent: int = 0) -> str:
    """Return JSON with each object or list on one line where it fits, else one item a line."""
    flat = _dumps(value)
    if len(flat) + indent <= _WIDTH or not isinstance(value, dict | list) or not value:
        return flat
    pad = " " * (indent + 2)
    if isinstance(value, dict):
        lines = [f"{pad}{_dumps(k)}: {pretty(v, indent + 2)}" for k, v in value.items()]
        return "{\n" + ",\n".join(lines) + "\n" + " " * indent + "}"
    return "[\n" + ",\n".join(pad + pretty(item, indent + 2) for item in value) + "\n" + " " * indent + "]"
