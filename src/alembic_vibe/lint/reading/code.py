"""Views, functions, triggers, policies, and code that runs at once."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from alembic_vibe.lint import actions as a
from alembic_vibe.lint.reading.data import relations_read
from alembic_vibe.sql import grammar
from alembic_vibe.sql.tree import name_of, option

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.lint.reading.context import Context
    from alembic_vibe.sql.tree import Node

_COMMIT = re.compile(r"(?:^|;|\b(?:begin|then|else|loop)\b)\s*(?:commit|rollback)\b", re.IGNORECASE)


def _view(node: Node, context: Context) -> Iterator[a.Action]:
    name = context.relation(node.get("view"))
    reads = relations_read(node.get("query"), context)
    yield a.CreateView(name, replace=node.get("replace", False), reads=reads)


def _refresh(node: Node, context: Context) -> Iterator[a.Action]:
    yield a.RefreshView(context.relation(node.get("relation")), node.get("concurrent", False))


def _function(node: Node, context: Context) -> Iterator[a.Action]:
    name = context.created(name_of(node.get("funcname")))
    yield a.CreateFunction(name, _volatility(node.get("options")) or "volatile", node.get("replace", False))


def _alter_function(node: Node, context: Context) -> Iterator[a.Action]:
    volatility = _volatility(node.get("actions"))
    if volatility:
        name = context.created(name_of(node.get("func", {}).get("objname")))
        yield a.CreateFunction(name, volatility, replace=True)


def _volatility(options: list[Node] | None) -> str:
    return _word(option(options, "volatility"))


def _word(found: Node | None) -> str:
    word: str = (found or {}).get("arg", {}).get("String", {}).get("sval", "")
    return word


def _trigger(node: Node, context: Context) -> Iterator[a.Action]:
    yield a.CreateTrigger(context.relation(node.get("relation")), node.get("trigname", ""))


def _create_policy(node: Node, context: Context) -> Iterator[a.Action]:
    yield a.CreatePolicy(context.relation(node.get("table")), node.get("policy_name", ""), "create")


def _alter_policy(node: Node, context: Context) -> Iterator[a.Action]:
    yield a.CreatePolicy(context.relation(node.get("table")), node.get("policy_name", ""), "alter")


def _do(node: Node, context: Context) -> Iterator[a.Action]:
    del context
    body = _word(option(node.get("args"), "as"))
    commits = bool(_COMMIT.search(grammar.mask(body)))
    yield a.RunCode(_word(option(node.get("args"), "language")) or "plpgsql", body, commits)


def _call(node: Node, context: Context) -> Iterator[a.Action]:
    del node
    yield a.RunCode("", context.text[: context.end].strip())


READERS = {
    "ViewStmt": _view,
    "RefreshMatViewStmt": _refresh,
    "CreateFunctionStmt": _function,
    "AlterFunctionStmt": _alter_function,
    "CreateTrigStmt": _trigger,
    "CreatePolicyStmt": _create_policy,
    "AlterPolicyStmt": _alter_policy,
    "DoStmt": _do,
    "CallStmt": _call,
}
