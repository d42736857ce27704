"""Parameters, transactions and roles of the session."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.lint import actions as a
from alembic_vibe.sql.tree import name_of, unwrap

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.lint.reading.context import Context
    from alembic_vibe.sql.tree import Node

_ROLES = {"role", "session_authorization"}
_RESETS = {"VAR_SET_DEFAULT", "VAR_RESET"}


def first_schema(value: str | None) -> str:
    """Return the schema in which a search path finds plain names: its first one; ``public`` where it has none."""
    for word in (value or "").split(","):
        name = word.strip().strip("'\"")
        if name and name not in {"$user", "pg_catalog"}:
            return name
    return "public"


def configured(node: Node) -> Iterator[a.Action]:
    """Yield the parameters that ``SELECT set_config(name, value, local)`` sets."""
    for item in node.get("targetList", ()):
        kind, body = unwrap(item.get("ResTarget", {}).get("val", {}))
        arguments = body.get("args", ())
        if kind != "FuncCall" or name_of(body.get("funcname")).name != "set_config" or len(arguments) < 3:
            continue
        name, value = (constant(argument) for argument in arguments[:2])
        if name is not None and value is not None:
            local = arguments[2].get("A_Const", {}).get("boolval", {}).get("boolval", False)
            yield _set(name.lower(), value, local=local)


def constant(node: Node) -> str | None:
    """Return the text of a constant, None for any other expression."""
    kind, body = unwrap(node)
    if kind == "TypeCast":
        return constant(body.get("arg", {}))
    if kind != "A_Const":
        return None
    if "ival" in body:
        return str(body["ival"].get("ival", 0))
    if "boolval" in body:
        return "true" if body["boolval"].get("boolval") else "false"
    text: str = body.get("sval", {}).get("sval", body.get("fval", {}).get("fval", ""))
    return text


def _set(name: str, value: str | None, *, local: bool = False) -> a.Action:
    if name in _ROLES:
        return a.SetRole(value or "")
    return a.SetVariable(name, value, local)


def _variable(node: Node, context: Context) -> Iterator[a.Action]:
    del context
    kind = node.get("kind")
    name = node.get("name", "").lower()
    local = node.get("is_local", False)
    if kind == "VAR_RESET_ALL":
        yield a.SetVariable("all", None)
    elif kind in _RESETS:
        yield _set(name, None, local=local)
    elif kind == "VAR_SET_VALUE":
        values = [constant(argument) or "" for argument in node.get("args", ())]
        yield _set(name, ", ".join(values), local=local)


def _transaction(node: Node, context: Context) -> Iterator[a.Action]:
    del context
    yield a.TransactionControl(node.get("kind", "").removeprefix("TRANS_STMT_").lower().replace("_", " "))


def _discard(node: Node, context: Context) -> Iterator[a.Action]:
    del context
    if node.get("target") == "DISCARD_ALL":
        yield a.SetVariable("all", None)


READERS = {"VariableSetStmt": _variable, "TransactionStmt": _transaction, "DiscardStmt": _discard}
