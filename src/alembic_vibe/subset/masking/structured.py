"""Masks of values that are made of others: arrays, composites, hstore and json. psycopg reads and writes them."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

from alembic_vibe.subset.masking.looks import mask_by_looks

if TYPE_CHECKING:
    from collections.abc import Callable

    from psycopg.abc import Transformer

_LONG_NUMBER = 7  # digits from which on a number in json may be somebody's


@cache
def _transformer() -> Transformer:
    from psycopg import adapt

    return adapt.Transformer()


@cache
def _oid(name: str) -> int:
    from psycopg import adapters

    found = adapters.types[name]
    return found.array_oid if name == "text" else found.oid


def array_mask(element: Callable[[str], str | None]) -> Callable[[str], str | None]:
    """Mask every element; NULL elements and the shape of the array stay."""
    from psycopg.adapt import PyFormat
    from psycopg.pq import Format

    load = _transformer().get_loader(_oid("text"), Format.TEXT).load

    def masked(found: Any) -> Any:
        if isinstance(found, list):
            return [masked(item) for item in found]
        return None if found is None else element(found)

    def write(value: str) -> str | None:
        elements = masked(load(value.encode()))
        dimensions = value[: value.index("=") + 1] if value.startswith("[") else ""
        if not elements:
            return value
        dumped = _transformer().get_dumper(elements, PyFormat.TEXT).dump(elements)
        return dimensions + bytes(dumped or b"{}").decode()

    return write


def composite_mask(attributes: list[Callable[[str], str | None] | None]) -> Callable[[str], str | None]:
    """Mask those attributes that have a mask."""
    from psycopg.adapt import PyFormat
    from psycopg.pq import Format

    load = _transformer().get_loader(_oid("record"), Format.TEXT).load

    def write(value: str) -> str | None:
        found = load(value.encode())
        if len(found) != len(attributes):  # () is one attribute that is NULL
            return value if value == "()" else None
        row = tuple(
            item if item is None or mask is None else mask(item) for item, mask in zip(found, attributes, strict=True)
        )
        return bytes(_transformer().get_dumper(row, PyFormat.TEXT).dump(row) or b"").decode()

    return write


class JsonMask:
    """Masks the texts within json: keys and structure stay, and so do truth values and short numbers.

    A text is masked by what its key means, else by its looks, else as words. Numbers are masked where their key is
    personal, and from seven digits on unless the key is an id's. Keys that look like an address or a number are masked.
    """

    def __init__(self, mask: Callable[[str, str], str | None], meaning: Callable[[str], str | None]) -> None:
        """Take what masks a text, by the name of a mask, and what names the mask for a key (``keep`` to leave it)."""
        self._mask, self._meaning = mask, cache(meaning)

    def __call__(self, value: str) -> str | None:
        """Return masked json; ``{}`` for what cannot be read."""
        try:
            document = json.loads(value, parse_float=_Number, parse_int=_Number, object_pairs_hook=_Pairs)
            parts: list[str] = []
            self._write(document, "", parts.append)
        except (ValueError, RecursionError):
            return "{}"
        return "".join(parts)

    def _write(self, node: Any, key: str, write: Callable[[str], None]) -> None:
        if isinstance(node, _Pairs):
            write("{")
            for i, (name, item) in enumerate(node):
                shown = name
                if (looks := mask_by_looks(name)) is not None and (looks != "digits" or len(name) >= _LONG_NUMBER):
                    shown = self._mask(looks, name) or ""
                write((", " if i else "") + _quoted(shown) + ": ")
                self._write(item, name if shown == name else "", write)
            write("}")
        elif isinstance(node, list):
            write("[")
            for i, item in enumerate(node):
                write(", " if i else "")
                self._write(item, key, write)
            write("]")
        elif isinstance(node, _Number):
            write(self._number(node, key))
        elif isinstance(node, str):
            write(_quoted(self._text(node, key)))
        else:
            write(json.dumps(node))

    def _text(self, text: str, key: str) -> str:
        name = self._meaning(key) or mask_by_looks(text) or "text"
        return text if name == "keep" else self._mask(name, text) or ""

    def _number(self, number: str, key: str) -> str:
        name = self._meaning(key)
        long = sum(map(str.isdecimal, number)) >= _LONG_NUMBER and "." not in number
        is_id = key.lower() == "id" or key.lower().endswith(("_id", "id"))
        if name is None and long and not is_id:
            name = "number"
        if name is None or name == "keep":
            return str(number)
        return self._mask("number", number) or "0"


class _Number(str):
    """A number as it is written: no digit is lost."""

    __slots__ = ()


class _Pairs(list[Any]):
    """An object, with keys that occur twice."""


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def hstore_mask(mask: JsonMask) -> Callable[[str], str | None]:
    """Mask the values of an hstore like the texts of json."""
    from psycopg.types.hstore import HstoreLoader, _make_hstore_dumper

    load = HstoreLoader(0).load
    dump = _make_hstore_dumper(0)(dict).dump

    def write(value: str) -> str | None:
        found = load(value.encode())
        texts = {
            key: None if item is None else json.loads(mask(json.dumps({key: item})) or "{}")
            for key, item in found.items()
        }
        masked: dict[str, str | None] = {}
        for key, document in texts.items():
            if document is None:
                masked[key] = None
            else:
                masked.update(document)
        return bytes(dump(masked) or b"").decode()

    return write
