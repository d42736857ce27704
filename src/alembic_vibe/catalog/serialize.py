"""Facts ↔ JSON that people can read: only what is not the default, one short object a line.

The classes of ``facts`` are the schema; a field that is unknown or of the wrong type raises ``ValueError``.
"""

from __future__ import annotations

import json
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from alembic_vibe.catalog import facts as fact_module
from alembic_vibe.catalog.catalog import Catalog
from alembic_vibe.catalog.facts import Fact
from alembic_vibe.catalog.keys import Key, Kind

_WIDTH = 118
_dumps = json.JSONEncoder(ensure_ascii=False).encode
_CLASSES = {cls.__name__: cls for cls in get_args(Fact)}


def encode(fact: Fact) -> dict[str, Any]:
    """Return a fact as a JSON object: ``{"fact": "Table", "key": ["table", "public", "users"], …}``."""
    return {"fact": type(fact).__name__, **_encode_fields(fact)}


def decode(data: dict[str, Any]) -> Fact:
    """Return the fact of a JSON object.

    Raises:
        ValueError: It is not one that ``encode`` made.
    """
    name = data.get("fact") if isinstance(data, dict) else data
    if not isinstance(data, dict) or not isinstance(name, str) or name not in _CLASSES:
        msg = f"no such fact: {name!r}"
        raise ValueError(msg)
    fact: Fact = _decode_object(_CLASSES[name], {key: value for key, value in data.items() if key != "fact"})
    return fact


def encode_catalog(catalog: Catalog) -> dict[str, Any]:
    """Return a whole catalog as a JSON object, with what depends on what: each key once, and then its number."""
    numbers: dict[Key, int] = {}

    def number(key: Key) -> int:
        return numbers.setdefault(key, len(numbers))

    depends = [[number(key), sorted(map(number, needed))] for key, needed in catalog.depends.items()]
    users = [[number(key), column, sorted(map(number, by))] for (key, column), by in catalog.column_users.items()]
    return {
        "server_version": catalog.server_version,
        "facts": [encode(fact) for fact in catalog.facts.values()],
        "keys": [_encode_value(key) for key in numbers],
        "depends": depends,
        "column_users": users,
    }


def decode_catalog(data: Any) -> Catalog:
    """Return the catalog of a JSON object.

    Raises:
        ValueError: It is not one that ``encode_catalog`` made.
    """
    try:
        facts = [decode(item) for item in data["facts"]]
        keys = [_decode_value(Key, item) for item in data["keys"]]
        return Catalog(
            facts={fact.key: fact for fact in facts},
            depends={keys[key]: frozenset(keys[one] for one in needed) for key, needed in data["depends"]},
            server_version=int(data["server_version"]),
            column_users={
                (keys[key], str(column)): frozenset(keys[one] for one in users)
                for key, column, users in data["column_users"]
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
        parts = [str(value.kind), value.schema, value.name, value.member]
        return parts if value.member else parts[:-1]
    if is_dataclass(value):
        return _encode_fields(value)
    if isinstance(value, tuple):
        return [_encode_value(item) for item in value]
    return value


@cache
def _hints(cls: type) -> dict[str, Any]:
    return get_type_hints(cls, vars(fact_module))


def _decode_object(cls: type, data: Any) -> Any:
    if not isinstance(data, dict):
        msg = f"{cls.__name__}: an object is expected, not {data!r}"
        raise ValueError(msg)  # noqa: TRY004 - all that is wrong with a file is a ValueError
    hints = _hints(cls)
    unknown = set(data) - {field.name for field in fields(cls)}
    if unknown:
        msg = f"{cls.__name__} has no {', '.join(sorted(unknown))}"
        raise ValueError(msg)
    try:
        return cls(**{name: _decode_value(hints[name], value) for name, value in data.items()})
    except TypeError as error:
        msg = f"{cls.__name__}: {error}"
        raise ValueError(msg) from error


def _decode_value(hint: Any, value: Any) -> Any:
    if get_origin(hint) in {Union, UnionType}:
        if value is None:
            return None
        hint = next(choice for choice in get_args(hint) if choice is not type(None))
    if hint is Key:
        if not isinstance(value, list) or len(value) not in {3, 4} or not all(isinstance(part, str) for part in value):
            msg = f"a key is expected, not {value!r}"
            raise ValueError(msg)
        return Key(Kind(value[0]), *value[1:])
    if is_dataclass(hint) and isinstance(hint, type):
        return _decode_object(hint, value)
    if get_origin(hint) is tuple:
        choices = get_args(hint)
        if not isinstance(value, list):
            msg = f"a list is expected, not {value!r}"
            raise ValueError(msg)
        if len(choices) == 2 and choices[1] is Ellipsis:
            return tuple(_decode_value(choices[0], item) for item in value)
        return tuple(_decode_value(choice, item) for choice, item in zip(choices, value, strict=True))
    if isinstance(hint, type) and not isinstance(value, hint):
        msg = f"{hint.__name__} is expected, not {value!r}"
        raise ValueError(msg)  # noqa: TRY004
    return value


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
