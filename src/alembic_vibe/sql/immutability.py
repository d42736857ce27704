"""Which parts of an expression depend on the clock, the session or the catalog, as far as the tree can tell.

PostgreSQL decides this by ``pg_proc.provolatile`` after it has resolved types; here stand the functions that specs
get wrong, with the types that the spec itself gives its columns. What is not known is taken to be immutable: the
server has the last word.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from alembic_vibe.sql.tree import column_name, name_of, type_name, unwrap, walk

if TYPE_CHECKING:
    from collections.abc import Mapping

    from alembic_vibe.sql.tree import Node

CLOCK = "clock"
SESSION = "session"

_CLOCK_FUNCTIONS = frozenset(
    {"now", "transaction_timestamp", "statement_timestamp", "clock_timestamp", "timeofday", "age"}
)
_RANDOM = frozenset({"random", "gen_random_uuid", "uuid_generate_v4", "nextval", "uuidv7", "uuidv4"})
_SETTING = frozenset({"current_setting", "current_user", "session_user", "current_schema"})
_ZONED = frozenset({"timestamptz", "timetz"})
_PLAIN = frozenset({"date", "timestamp", "time", "text", "varchar"})


@dataclass(frozen=True, slots=True)
class Volatile:
    """A part that is not immutable. ``location`` is a byte offset in the statement."""

    kind: str  # CLOCK, SESSION, "date comparison"
    text: str
    location: int
    reason: str
    instead: str = ""


def volatile_parts(expression: Any, types: Mapping[str, str]) -> list[Volatile]:
    """Return the parts of an expression that are not immutable, in the order of the text.

    Args:
        expression: A tree.
        types: The columns in scope with their types (``timestamptz``); a column that is not among them has any type.
    """
    found = []
    for kind, body in walk(expression):
        part = _JUDGES[kind](body, types) if kind in _JUDGES else None
        if part is not None:
            found.append(part)
    return sorted(found, key=lambda part: part.location)


def type_of(expression: Any, types: Mapping[str, str]) -> str:
    """Return the type of an expression where that is plain to see: a column, a cast, AT TIME ZONE; else ""."""
    kind, body = unwrap(expression) if isinstance(expression, dict) else ("", {})
    if kind == "ColumnRef":
        return types.get(column_name(body), "")
    if kind == "TypeCast":
        return type_name(body.get("typeName")).name
    if kind == "FuncCall":
        name = name_of(body.get("funcname")).name
        arguments = body.get("args", ())
        if name == "timezone" and len(arguments) == 2:
            return {"timestamptz": "timestamp", "timestamp": "timestamptz"}.get(type_of(arguments[1], types), "")
        if name == "date_trunc" and len(arguments) > 1:
            return type_of(arguments[1], types)
        return {"now": "timestamptz", "date": "date", "to_timestamp": "timestamptz"}.get(name, "")
    return ""


def _keyword(body: Node, _types: Mapping[str, str]) -> Volatile | None:
    word = body.get("op", "").removeprefix("SVFOP_").removesuffix("_N")
    if word in {"CURRENT_USER", "CURRENT_ROLE", "SESSION_USER", "USER", "CURRENT_SCHEMA", "CURRENT_CATALOG"}:
        return Volatile(SESSION, word, body.get("location", 0), "it depends on who asks")
    return Volatile(CLOCK, word, body.get("location", 0), "it changes with the clock")


def _call(body: Node, types: Mapping[str, str]) -> Volatile | None:
    name = name_of(body.get("funcname")).name
    arguments = body.get("args", ())
    location = body.get("location", 0)
    if name in _CLOCK_FUNCTIONS and (name != "age" or len(arguments) == 1):
        return Volatile(CLOCK, f"{name}()", location, "it changes with the clock")
    if name in _RANDOM:
        return Volatile(CLOCK, f"{name}()", location, "it gives another value at each call")
    if name in _SETTING:
        return Volatile(SESSION, f"{name}()", location, "it depends on the session")
    if name == "to_tsvector" and len(arguments) == 1:
        return Volatile(
            SESSION,
            "to_tsvector() with one argument",
            location,
            "it depends on the setting default_text_search_config",
            "name the configuration: `to_tsvector('english', …)`",
        )
    return _zoned_call(name, body, types)


def _zoned_call(name: str, body: Node, types: Mapping[str, str]) -> Volatile | None:
    arguments = body.get("args", ())
    reason = "the result depends on the time zone of the session"
    location = body.get("location", 0)
    if name in {"date", "time", "timestamp"} and len(arguments) == 1 and type_of(arguments[0], types) in _ZONED:
        shown = _shown(arguments[0])
        help_ = f"fix the time zone: `(({shown} AT TIME ZONE 'UTC')::{name})`"
        return Volatile(SESSION, f"{name}({shown})", location, reason, help_)
    if name in {"date_trunc", "date_part", "extract"} and len(arguments) == 2:
        if type_of(arguments[1], types) not in _ZONED:
            return None
        field = arguments[0].get("A_Const", {}).get("sval", {}).get("sval", "day")
        if name != "date_trunc" and field == "epoch":
            return None
        shown = _shown(arguments[1])
        help_ = f"fix the time zone: `({name}('{field}', {shown} AT TIME ZONE 'UTC'))`"
        return Volatile(SESSION, f"{name}('{field}', {shown})", location, reason, help_)
    if name == "to_char" and len(arguments) == 2:
        help_ = "index the column itself; format it in the query"
        return Volatile(SESSION, "to_char()", location, "it depends on the locale of the session", help_)
    return None


def _cast(body: Node, types: Mapping[str, str]) -> Volatile | None:
    target = type_name(body.get("typeName")).name
    origin = type_of(body.get("arg"), types)
    location = body.get("location", 0)
    shown = _shown(body.get("arg", {}))
    if origin in _ZONED and target in _PLAIN:
        if target in {"text", "varchar"}:
            help_ = "index the column itself"
        else:
            help_ = f"fix the time zone: `(({shown} AT TIME ZONE 'UTC')::{target})`"
        reason = "the result depends on the time zone of the session"
        return Volatile(SESSION, f"{shown}::{target}", max(location, 0), reason, help_)
    constant = body.get("arg", {}).get("A_Const", {}).get("sval", {}).get("sval", "")
    if target in {"date", "timestamp", "timestamptz"} and constant in {"now", "today", "tomorrow", "yesterday"}:
        return Volatile(CLOCK, f"'{constant}'::{target}", max(location, 0), "it changes with the clock")
    return None


_COMPARISONS = frozenset({"<", ">", "<=", ">=", "=", "<>"})


def _operator(body: Node, types: Mapping[str, str]) -> Volatile | None:
    operator = name_of(body.get("name")).name
    if body.get("kind") != "AEXPR_OP" or operator not in _COMPARISONS:
        return None
    sides = [type_of(body.get(side), types) for side in ("lexpr", "rexpr")]
    if "timestamptz" not in sides or not {"date", "timestamp"} & set(sides):
        return None
    other = next(side for side in sides if side in {"date", "timestamp"})
    constants = [
        unwrap(body[side])[1].get("arg", {}).get("A_Const", {}).get("sval", {}).get("sval")
        for side in ("lexpr", "rexpr")
        if side in body
    ]
    day = next((c for c in constants if c), "2024-01-01")
    return Volatile(
        "date comparison",
        f"a timestamptz is compared with a {other}",
        body.get("location", 0),
        "when a day begins depends on the time zone of the session",
        f"compare with a timestamptz: `'{day[:10]} 00:00+00'::timestamptz`",
    )


def _shown(expression: Any) -> str:
    kind, body = unwrap(expression) if isinstance(expression, dict) else ("", {})
    return column_name(body) if kind == "ColumnRef" else "…"


_JUDGES = {"SQLValueFunction": _keyword, "FuncCall": _call, "TypeCast": _cast, "A_Expr": _operator}
