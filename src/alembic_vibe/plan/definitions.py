"""Whether CREATE OR REPLACE can make one definition of another (PostgreSQL manual, CREATE FUNCTION and CREATE VIEW)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Aggregate, Function, View
from alembic_vibe.catalog.keys import Kind
from alembic_vibe.diff.compare import ChangeKind
from alembic_vibe.sql import grammar
from alembic_vibe.sql.tree import unwrap, without_locations

if TYPE_CHECKING:
    from alembic_vibe.catalog.facts import Column
    from alembic_vibe.diff.compare import Change
    from alembic_vibe.plan.situation import Situation
    from alembic_vibe.sql.tree import Node

_CREATE = re.compile(r"\A\s*CREATE\s+(?:OR\s+REPLACE\s+)?", re.IGNORECASE)
_OUT = {"FUNC_PARAM_OUT", "FUNC_PARAM_INOUT", "FUNC_PARAM_TABLE"}
_RETURNED = {"FUNC_PARAM_OUT", "FUNC_PARAM_TABLE"}
_FROM = "\n   FROM "


def or_replace(sql: str) -> str:
    """Return a CREATE statement as CREATE OR REPLACE."""
    return _CREATE.sub("CREATE OR REPLACE ", sql, count=1)


def must_be_remade(change: Change) -> bool:
    """Whether a view, function or aggregate can only be dropped and created to be what it shall be."""
    old, new = change.before, change.after
    if change.kind is not ChangeKind.ALTER or change.alters("comment", "owner"):
        return False
    if isinstance(old, Function) and isinstance(new, Function):
        return not can_replace_function(old, new)
    if isinstance(old, View) and isinstance(new, View):
        return change.key.kind is Kind.MATERIALIZED_VIEW or not can_replace_view(old, new)
    return isinstance(new, Aggregate)


def can_replace_function(old: Function, new: Function) -> bool:
    """Whether arguments keep their names and defaults, and the result its type."""
    one, other = _create_function(old), _create_function(new)
    if old.procedure != new.procedure or one is None or other is None:
        return False
    if one.get("returnType") != other.get("returnType") or _is_window(one) != _is_window(other):
        return False
    arguments, others = (_parameters(node) for node in (one, other))
    if len(arguments) != len(others):
        return False
    return all(_can_follow(was, now) for was, now in zip(arguments, others, strict=True))


def _can_follow(was: Node, now: Node) -> bool:
    if (was.get("mode"), was.get("argType")) != (now.get("mode"), now.get("argType")):
        return False
    if was.get("name", "") != now.get("name", "") and (was.get("name") or was.get("mode") in _OUT):
        return False
    return "defexpr" in now or "defexpr" not in was


def _create_function(function: Function) -> Node | None:
    try:
        trees = grammar.parse(function.definition)
    except grammar.GrammarError:
        return None
    kind, body = unwrap(trees[0]) if trees else ("", {})
    found: Node = without_locations(body)
    return found if kind == "CreateFunctionStmt" else None


def _parameters(node: Node) -> list[Node]:
    return [unwrap(parameter)[1] for parameter in node.get("parameters", ())]


def _is_window(node: Node) -> bool:
    return any(unwrap(option)[1].get("defname") == "window" for option in node.get("options", ()))


# -- views -----------------------------------------------------------------------------------------------------------


def can_replace_view(old: View, new: View) -> bool:
    """Whether the new columns are the old ones and perhaps some after them."""
    return outline(new)[: len(old.columns)] == outline(old)


def outline(view: View) -> list[tuple[object, ...]]:
    """Return what the columns of a view are, without their comments and defaults."""
    return [shape(column) for column in view.columns]


def shape(column: Column) -> tuple[object, ...]:
    """Return what CREATE OR REPLACE VIEW cannot change of a column."""
    return column.name, column.type, column.collation


def only_appends(old: View, new: View) -> bool:
    """Whether the new query gives the same rows as the old one, and the same values in the old columns."""
    one, other = old.query.partition(_FROM), new.query.partition(_FROM)
    return one[2] == other[2] and other[0].startswith(one[0])


def union_query(old: View, new: View) -> str | None:
    """Return a query with the old columns and then those that only the new view has; ``None`` if there is none.

    Both must read the same rows: PostgreSQL prints the same from FROM on. A column of both must be of one type.
    """
    one, other = old.query.partition(_FROM), new.query.partition(_FROM)
    known = {column.name: column for column in old.columns}
    if one[1:] != other[1:] or "DISTINCT" in one[0] or "UNION" in one[2] or "GROUP BY" in one[2]:
        return None
    if any(column.name in known and shape(known[column.name]) != shape(column) for column in new.columns):
        return None
    texts = _targets(other[0])
    if texts is None or len(texts) != len(new.columns):
        return None
    added = [text for text, column in zip(texts, new.columns, strict=True) if column.name not in known]
    if not added:
        return None
    return ",\n    ".join([one[0], *added]) + one[1] + one[2]


def _targets(head: str) -> list[str] | None:
    """Return the texts of the items between SELECT and FROM."""
    try:
        kind, body = unwrap(grammar.parse(head)[0])
    except (grammar.GrammarError, IndexError):
        return None
    if kind != "SelectStmt":
        return None
    data = head.encode()
    starts = [unwrap(target)[1].get("location", 0) for target in body.get("targetList", ())]
    ends = [*starts[1:], len(data)]
    return [data[start:end].decode().rstrip().rstrip(",") for start, end in zip(starts, ends, strict=True)]


def longer_form(change: Change, situation: Situation) -> Function | None:
    """Return the new function that answers the calls of one that goes: with more arguments, which have defaults.

    Beside each other they would make such a call ambiguous (PostgreSQL manual, 10.3).
    """
    old = change.before
    if change.kind is not ChangeKind.DROP or not isinstance(old, Function):
        return None
    for found in situation.changes:
        new = found.after
        if found.kind is not ChangeKind.ADD or not isinstance(new, Function) or new.procedure != old.procedure:
            continue
        if (found.key.schema, found.key.name) == (change.key.schema, change.key.name) and _answers(old, new):
            return new
    return None


def _answers(old: Function, new: Function) -> bool:
    one, other = _create_function(old), _create_function(new)
    if one is None or other is None:
        return False
    arguments, others = (
        [argument for argument in _parameters(node) if argument.get("mode") not in _RETURNED] for node in (one, other)
    )
    types, wanted = ([argument.get("argType") for argument in found] for found in (arguments, others))
    more = others[len(arguments) :]
    return bool(more) and wanted[: len(types)] == types and all("defexpr" in argument for argument in more)
