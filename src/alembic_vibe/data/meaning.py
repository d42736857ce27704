"""What a column means, by the words of its name, its table and its type.

It is a guess, and a good one for the names that people give; what nothing can be said of is ``OTHER``.
"""

from __future__ import annotations

import re
from functools import lru_cache

from alembic_vibe.data.meaning_words import (
    BOOLS,
    BY_TABLE,
    CODES,
    DOCUMENTS,
    FIRMS,
    GOODS,
    MOMENTS,
    NUMBERS,
    PEOPLE,
    TAILS,
    TEXTS,
)
from alembic_vibe.data.meanings import Meaning

__all__ = ["Meaning", "family_of", "meaning_of", "words_of"]


_WORDS = re.compile(r"[A-Z]+s?(?=[A-Z][a-z]|[^A-Za-z]|$)|[A-Z]?[a-z]+|[A-Z]+|\d+")


@lru_cache(maxsize=8192)
def words_of(name: str) -> str:
    """Return a name in small letters, its words joined by underscores: ``postalCode`` is ``postal_code``."""
    return "_".join(word.lower() for word in _WORDS.findall(name))


_FAMILIES = {
    "number": "smallint integer bigint int int2 int4 int8 numeric decimal real float4 float8 double money serial",
    "moment": "date timestamp timestamptz",
    "bool": "bool boolean",
    "document": "json jsonb hstore",
    "plain": "uuid bytea bit varbit interval time timetz tsvector xml point box circle line lseg path polygon oid",
}
_FAMILY = {word: family for family, words in _FAMILIES.items() for word in words.split()}
_TABLES = {"text": TEXTS, "number": NUMBERS, "moment": MOMENTS, "bool": BOOLS, "document": DOCUMENTS, "plain": ()}
_COMPILED = {
    family: tuple(
        (meaning, re.compile(f"(?:{pattern.replace('~', '(?:.*_)?')})", re.VERBOSE)) for meaning, pattern in rows
    )
    for family, rows in _TABLES.items()
}


def family_of(type_name: str) -> str:
    """Return "text", "number", "moment", "bool", "document" or "plain" for a type, or an array of it."""
    first = re.match(r"_?(?:pg_catalog\.)?\"?([A-Za-z][\w]*)", type_name)
    word = first[1].lower() if first is not None else ""
    return _FAMILY.get(word.removeprefix("_"), _FAMILY.get(word, "text"))


@lru_cache(maxsize=8192)
def meaning_of(table_name: str, column_name: str, type_name: str) -> Meaning:
    """Return what a column means.

    Args:
        table_name: Its table, for names that say little by themselves: ``users.name`` is a person's.
        column_name: The column, in snake_case or camelCase.
        type_name: Its type as SQL spells it; an array means what its elements do.
    """
    name, table, family = words_of(column_name), words_of(table_name), family_of(type_name)
    if family == "plain":
        return _of_plain(name, type_name)
    if type_name.startswith(("inet", "cidr")):
        return Meaning.IP
    if type_name.startswith("macaddr"):
        return Meaning.MAC
    if family in {"text", "number"} and re.fullmatch(r"id|uid|guid|\w+_(id|uuid|guid|ids)", name):
        found = _matched(family, name) if family == "text" else None
        return found if found in _IDENTIFYING else Meaning.IDENTIFIER
    if family == "text":
        by_table = _of_name(_parted(table), name)
        if by_table is not None:
            return by_table
    found = _matched(family, name)
    if found in {None, Meaning.DATE}:
        found = _matched(family, _parted(name)) or found
    return found or (Meaning.METADATA if family == "document" else Meaning.OTHER)


_IDENTIFYING = {
    Meaning.NATIONAL_ID,
    Meaning.TAX_ID,
    Meaning.REFERENCE,
    Meaning.TOKEN,
    Meaning.DEVICE,
    Meaning.LOCALE,
    Meaning.CURRENCY,
    Meaning.USERNAME,
}


@lru_cache(maxsize=8192)
def _matched(family: str, name: str) -> Meaning | None:
    return next((meaning for meaning, pattern in _COMPILED[family] if pattern.fullmatch(name)), None)


def _parted(name: str) -> str:
    """Return a name with its last word apart, where it is written as one: ``billingcity`` is ``billing_city``."""
    tail = next((tail for tail in TAILS if name.endswith(tail) and len(name) > len(tail) + 1), None)
    return f"{name[: -len(tail)].rstrip('_')}_{tail}" if tail is not None else name


def _of_plain(name: str, type_name: str) -> Meaning:
    if type_name.startswith("bytea"):
        found = _matched("text", name)
        return found if found in {Meaning.PASSWORD_HASH, Meaning.TOKEN, Meaning.HASH} else Meaning.OTHER
    if type_name.startswith("interval"):
        return Meaning.DURATION
    return Meaning.IDENTIFIER if type_name.startswith("uuid") else Meaning.OTHER


def _of_name(table: str, name: str) -> Meaning | None:
    """What ``name`` and ``title`` mean depends on the table; ``user_name`` of ``users`` is just the name again."""
    bare = name == "name"
    if not bare:
        singular = name.removesuffix("_name")
        if name.endswith("_name") and table in {singular, f"{singular}s", f"{singular}es", f"{singular[:-1]}ies"}:
            bare = singular not in {"user", "event"}
    if name == "title" and PEOPLE.fullmatch(table):
        return Meaning.JOB_TITLE if table.rstrip("s") in {"employee", "staff", "contact"} else Meaning.NAME_PREFIX
    if name == "code":
        return next((meaning for pattern, meaning in CODES if re.fullmatch(pattern, table)), None)
    if not bare:
        return None
    for pattern, meaning in ((PEOPLE, Meaning.PERSON_NAME), (FIRMS, Meaning.COMPANY), (GOODS, Meaning.PRODUCT)):
        if pattern.fullmatch(table):
            return meaning
    return next((meaning for pattern, meaning in BY_TABLE if re.fullmatch(pattern, table)), None)
