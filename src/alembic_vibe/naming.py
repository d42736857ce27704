"""Names in Python for names in PostgreSQL: classes, attributes, enum members, relationships.

English plurals are guessed by rules and a short list of exceptions; where a guess is odd, a name is still unique and
stable, which is what code that uses the models needs.
"""

from __future__ import annotations

import keyword
import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

_IRREGULAR = {
    "person": "people",
    "child": "children",
    "man": "men",
    "woman": "women",
    "foot": "feet",
    "tooth": "teeth",
    "mouse": "mice",
    "index": "indexes",
    "status": "statuses",
    "bus": "buses",
    "bonus": "bonuses",
    "virus": "viruses",
    "campus": "campuses",
    "address": "addresses",
    "lens": "lenses",
    "analysis": "analyses",
    "basis": "bases",
    "criterion": "criteria",
    "medium": "media",
    "datum": "data",
    "leaf": "leaves",
    "shelf": "shelves",
    "life": "lives",
    "movie": "movies",
    "cookie": "cookies",
    "quiz": "quizzes",
    "cache": "caches",
    "house": "houses",
    "warehouse": "warehouses",
    "database": "databases",
    "release": "releases",
    "purchase": "purchases",
    "response": "responses",
    "course": "courses",
    "expense": "expenses",
    "license": "licenses",
    "lease": "leases",
    "phase": "phases",
    "case": "cases",
    "use": "uses",
    "size": "sizes",
    "axis": "axes",
    "alias": "aliases",
    "canvas": "canvases",
    "atlas": "atlases",
    "gas": "gases",
    "hero": "heroes",
    "potato": "potatoes",
}
_SINGULAR = {plural: singular for singular, plural in _IRREGULAR.items()}
_UNCOUNTABLE = frozenset(
    {
        "news",
        "series",
        "species",
        "equipment",
        "information",
        "feedback",
        "inventory",
        "metadata",
        "settings",
        "stock",
        "media",
        "data",
        "history",
        "staff",
        "content",
        "access",
        "audit",
        "progress",
        "software",
        "hardware",
        "traffic",
        "analytics",
        "logistics",
        "statistics",
    }
)

# What a mapped class, and the module around it, uses itself: an attribute of that name would hide it.
RESERVED_ATTRIBUTES = frozenset(
    {"metadata", "registry", "sa", "dt", "postgresql", "relationship", "mapped_column", "type_annotation_map"}
    | {
        "str",
        "int",
        "float",
        "bool",
        "bytes",
        "dict",
        "list",
        "enum_values",
    }
    | {"Any", "Base", "Decimal", "Mapped", "UUID", "PgType", "TYPE_CHECKING"}
)
# Names of the module itself, which a plain table's variable must not hide.
RESERVED_VARIABLES = frozenset({"enum", "after_create"})
RESERVED_CLASSES = frozenset(
    {"Any", "Base", "Decimal", "Mapped", "UUID", "PgType", "TYPE_CHECKING", "None", "True", "False"}
)


def identifier(name: str) -> str:
    """Return ``name`` as a Python identifier in lower case with underscores, without any promise of uniqueness."""
    text = re.sub(r"\W+", "_", name).strip("_") or "column"
    text = text if text.isascii() or text.isidentifier() else "column"
    text = text.lower() if not text.islower() else text
    return f"_{text}" if text[0].isdigit() else text


def attribute_name(column: str, taken: Collection[str] = ()) -> str:
    """Return the attribute of a mapped class for a column; it is the column's own name wherever that works."""
    name = column if column.isidentifier() and not column.startswith("__") else identifier(column)
    if name.startswith("_"):
        name = f"c{name}" if not name.startswith("__") else f"c_{name.strip('_')}"
    if keyword.iskeyword(name) or name in RESERVED_ATTRIBUTES:
        name += "_"
    return unique(name, taken)


def variable_name(table: str, taken: Collection[str] = ()) -> str:
    """Return the variable of a table that has no class."""
    name = attribute_name(identifier(table))
    return unique(f"{name}_table" if name in RESERVED_VARIABLES else name, taken)


def unique(name: str, taken: Collection[str]) -> str:
    """Return ``name``, or ``name_2``, ``name_3`` … if it is taken."""
    if name not in taken:
        return name
    number = 2
    while f"{name}_{number}" in taken:
        number += 1
    return f"{name}_{number}"


@cache
def singular(word: str) -> str:
    """Return the singular of the last word of a name with underscores: ``order_items`` → ``order_item``."""
    head, separator, last = word.rpartition("_")
    return head + separator + _singular(last)


def _singular(word: str) -> str:
    if word in _SINGULAR:
        return _SINGULAR[word]
    if word in _UNCOUNTABLE or word in _IRREGULAR or len(word) < 3:
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "zzes", "ches", "shes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


@cache
def plural(word: str) -> str:
    """Return the plural of the last word of a name with underscores: ``category`` → ``categories``."""
    head, separator, last = word.rpartition("_")
    return head + separator + _plural(_singular(last))


def _plural(word: str) -> str:
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if word in _UNCOUNTABLE:
        return word
    if word.endswith("y") and len(word) > 1 and word[-2] not in "aeiou":
        return word[:-1] + "ies"
    if word.endswith(("s", "x", "z", "ch", "sh")):
        return word + "es"
    return word + "s"


def class_name(table: str, taken: Collection[str] = ()) -> str:
    """Return the class of a table: ``order_items`` → ``OrderItem``."""
    return _camel(singular(identifier(table)), taken)


def enum_class_name(name: str, taken: Collection[str] = ()) -> str:
    """Return the class of an enum type: ``order_status`` → ``OrderStatus``; ``…Type`` where a table has that name."""
    camel = _camel(identifier(name), ())
    return camel if camel not in taken else unique(f"{camel}Type", taken)


def _camel(name: str, taken: Collection[str]) -> str:
    camel = "".join(part[:1].upper() + part[1:] for part in name.split("_") if part) or "Table"
    if camel[0].isdigit():
        camel = f"T{camel}"
    if camel in RESERVED_CLASSES:
        camel += "Row"
    number = 2
    result = camel
    while result in taken:
        result = f"{camel}{number}"
        number += 1
    return result


def member_name(label: str, taken: Collection[str] = ()) -> str:
    """Return the member of an enum class for a label: ``in-progress`` → ``IN_PROGRESS``."""
    name = re.sub(r"\W+", "_", label).strip("_").upper() or ("SYMBOL" if label else "EMPTY")
    if not name.isidentifier():
        name = f"VALUE_{name}"
        name = name if name.isidentifier() else "VALUE"
    return unique(name, taken)


def reference_name(columns: tuple[str, ...], parent_table: str) -> str:
    """Return the name of a many-to-one relationship, which must not be the column's own.

    ``user_id`` → ``user``; ``country_code`` to countries → ``country``; ``default_currency`` to currencies →
    ``default_currency_ref``; ``approved_by`` to users → ``approved_by_user``; of several columns, the parent's name.
    """
    parent = singular(identifier(parent_table))
    if len(columns) != 1:
        return parent
    column = identifier(columns[0])
    for suffix in ("_id", "_uuid", "_fk"):
        if column.endswith(suffix) and len(column) > len(suffix):
            return column.removesuffix(suffix)
    stem, _, suffix = column.rpartition("_")
    if suffix in {"code", "key", "slug", "name", "number", "no"} and (stem == parent or stem.endswith(f"_{parent}")):
        return stem
    if column in {"id", "uuid"}:
        return parent
    return f"{column}_ref" if column == parent or column.endswith(f"_{parent}") else f"{column}_{parent}"
