"""The names that PostgreSQL chooses for constraints and indexes that have none.

After ``makeObjectName``, ``ChooseIndexName``, ``ChooseIndexColumnNames`` and ``FigureIndexColname`` of PostgreSQL's
source (indexcmds.c, parse_target.c), and measured. A name that is taken gets a number: ``others`` tells what is taken.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from alembic_vibe.sql.tree import strings, unwrap

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from alembic_vibe.sql.tree import Node

LONGEST_NAME = 63  # bytes, NAMEDATALEN - 1

_LABELS = {
    "primary": "pkey",
    "unique": "key",
    "foreign": "fkey",
    "check": "check",
    "exclude": "excl",
    "not null": "not_null",
    "index": "idx",
}
_CALLS = {
    "A_ArrayExpr": "array",
    "RowExpr": "row",
    "CoalesceExpr": "coalesce",
    "GroupingFunc": "grouping",
    "XmlExpr": "xml",
}


def clip(name: str, length: int = LONGEST_NAME) -> str:
    """Return the name, cut to that many bytes without breaking a character."""
    data = name.encode(errors="replace")
    return name if len(data) <= length else data[:length].decode(errors="ignore")


def object_name(first: str, second: str, label: str) -> str:
    """Return ``first_second_label``, the longer of the two cut until all fits into 63 bytes."""
    room = LONGEST_NAME - len(label) - 1 - (1 if second else 0)
    one, two = len(first.encode(errors="replace")), len(second.encode(errors="replace"))
    while one + two > room:
        if one > two:
            one -= 1
        else:
            two -= 1
    return "_".join(part for part in (clip(first, one), clip(second, two), label) if part)


def chosen_name(table: str, kind: str, columns: Sequence[str], others: Collection[str] = ()) -> str:
    """Return the name of a constraint of that kind (see ``ConstraintSpec``), or of an index (``kind`` index).

    ``columns`` are those of its key (of a CHECK all that it names); of an index also the included ones.
    """
    if kind == "primary":
        second = ""
    elif kind == "check":
        second = columns[0] if len(columns) == 1 else ""
    else:
        second = _joined(columns)
    label = _LABELS.get(kind, kind)
    name = object_name(table, second, label)
    number = 0
    while name in others:
        number += 1
        name = object_name(table, second, f"{label}{number}")
    return name


def _joined(columns: Iterable[str]) -> str:
    joined = ""
    for column in columns:
        joined += f"_{column}" if joined else column
        if len(joined) > LONGEST_NAME:
            break
    return joined


def key_names(items: Iterable[Node]) -> list[str]:
    """Return the names that PostgreSQL gives to the columns of an index: its column, function, ``expr``."""
    names: list[str] = []
    for item in items:
        element: Node = item.get("IndexElem", item)
        original = element.get("indexcolname") or element.get("name") or _figure(element.get("expr"))[0] or "expr"
        name, number = original, 0
        while name in names:
            number += 1
            name = clip(original, LONGEST_NAME - len(str(number))) + str(number)
        names.append(name)
    return names


def _figure(expression: Any) -> tuple[str, int]:
    """Return the name that an expression suggests, and how strongly (0 to 2)."""
    kind, body = unwrap(expression) if isinstance(expression, dict) else ("", {})
    match kind:
        case "ColumnRef":
            words = strings(body.get("fields"))
            return (words[-1], 2) if words else ("", 0)
        case "A_Indirection":
            words = strings(body.get("indirection"))
            return (words[-1], 2) if words else _figure(body.get("arg"))
        case "FuncCall":
            return strings(body.get("funcname"))[-1], 2
        case "A_Expr" if body.get("kind") == "AEXPR_NULLIF":
            return "nullif", 2
        case "TypeCast":
            name, strength = _figure(body.get("arg"))
            words = strings(body.get("typeName", {}).get("names"))
            return (words[-1], 1) if strength <= 1 and words else (name, strength)
        case "CollateClause":
            return _figure(body.get("arg"))
        case "CaseExpr":
            name, strength = _figure(body.get("defresult"))
            return (name, strength) if strength > 1 else ("case", 1)
        case "MinMaxExpr":
            return ("greatest" if body.get("op") == "IS_GREATEST" else "least"), 2
        case "SQLValueFunction":
            return body.get("op", "").removeprefix("SVFOP_").lower().removesuffix("_n"), 2
    return (_CALLS[kind], 2) if kind in _CALLS else ("", 0)
