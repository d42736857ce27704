"""Statements about rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from alembic_vibe.lint import actions as a
from alembic_vibe.lint.reading.session import configured
from alembic_vibe.sql.tree import name_of, relation_name, unwrap, walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.lint.actions import Expression
    from alembic_vibe.lint.reading.context import Context
    from alembic_vibe.sql.tree import Node, QualifiedName

_WRITES = {"InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt"}


def relations_read(node: Any, context: Context) -> tuple[QualifiedName, ...]:
    """Return the relations that a tree names, each once, without the names of its WITH queries."""
    local = set()
    found = []
    for kind, body in walk(node):
        if kind == "CommonTableExpr":
            local.add(body.get("ctename"))
        elif kind == "RangeVar":
            found.append(body)
    names = (relation_name(body) for body in found)
    return tuple(dict.fromkeys(context.resolve(name) for name in names if name.schema or name.name not in local))


def _constants(node: Any) -> tuple[str, ...]:
    """Return the string constants of a tree, each once."""
    found = (body["sval"].get("sval", "") for kind, body in walk(node) if kind == "A_Const" and "sval" in body)
    return tuple(dict.fromkeys(found))


def _nested(node: Node, context: Context) -> Iterator[a.Action]:
    """Yield what the WITH queries of a statement write."""
    for item in node.get("withClause", {}).get("ctes", ()):
        kind, body = unwrap(item.get("CommonTableExpr", {}).get("ctequery", {}))
        if kind in _WRITES:
            yield from READERS[kind](body, context)


def _others(node: Node) -> dict[str, Any]:
    return {key: value for key, value in node.items() if key != "relation"}


def _where(node: Node, context: Context) -> Expression | None:
    condition = node.get("whereClause")
    if not condition:
        return None
    return context.after_word("where", condition, until="returning" if "returningClause" in node else "")


def _is_bounded(node: Node) -> bool:
    """Whether there is a WHERE, and another one than WHERE true."""
    condition = node.get("whereClause")
    if not condition:
        return False
    return not unwrap(condition)[1].get("boolval", {}).get("boolval", False)


def _insert(node: Node, context: Context) -> Iterator[a.Action]:
    yield from _nested(node, context)
    reads = relations_read(_others(node), context)
    query = node.get("selectStmt", {}).get("SelectStmt", {})
    from_query = bool(reads) and "valuesLists" not in query
    yield a.Insert(context.relation(node.get("relation")), from_query, reads, _constants(node))


def _update(node: Node, context: Context) -> Iterator[a.Action]:
    yield from _nested(node, context)
    yield a.Update(
        table=context.relation(node.get("relation")),
        bounded=_is_bounded(node),
        columns=_targets(node),
        reads=relations_read(_others(node), context),
        uses=_constants(node),
        where=_where(node, context),
    )


def _targets(node: Node) -> tuple[str, ...]:
    return tuple(item.get("ResTarget", {}).get("name", "") for item in node.get("targetList", ()))


def _merge(node: Node, context: Context) -> Iterator[a.Action]:
    yield from _nested(node, context)
    reads = relations_read(_others(node), context)
    clauses = [item.get("MergeWhenClause", {}) for item in node.get("mergeWhenClauses", ())]
    columns = [name for item in clauses if item.get("commandType") == "CMD_UPDATE" for name in _targets(item)]
    table = context.relation(node.get("relation"))
    yield a.Update(table, not reads, tuple(dict.fromkeys(columns)), reads, _constants(node))


def _delete(node: Node, context: Context) -> Iterator[a.Action]:
    yield from _nested(node, context)
    reads = relations_read(_others(node), context)
    table = context.relation(node.get("relation"))
    yield a.Delete(table, _is_bounded(node), reads, _constants(node), _where(node, context))


def _truncate(node: Node, context: Context) -> Iterator[a.Action]:
    cascade = node.get("behavior") == "DROP_CASCADE"
    for item in node.get("relations", ()):
        yield a.Truncate(context.relation(item.get("RangeVar")), cascade)


def _select(node: Node, context: Context) -> Iterator[a.Action]:
    yield from _nested(node, context)
    into = node.get("intoClause", {}).get("rel")
    if into:
        temporary = into.get("relpersistence") == "t"
        yield a.CreateTable(context.relation(into), as_query=True, temporary=temporary)
    yield from configured(node)
    others = {key: value for key, value in node.items() if key != "intoClause"}
    calls = dict.fromkeys(name_of(body.get("funcname")) for kind, body in walk(node) if kind == "FuncCall")
    yield a.Select(relations_read(others, context), tuple(calls), _constants(node))


def _copy(node: Node, context: Context) -> Iterator[a.Action]:
    if "relation" in node:
        yield a.Copy(context.relation(node["relation"]), node.get("is_from", False))
    else:
        yield a.Select(relations_read(node.get("query"), context))


def _lock(node: Node, context: Context) -> Iterator[a.Action]:
    for item in node.get("relations", ()):
        yield a.LockTable(context.relation(item.get("RangeVar")), node.get("mode", 8))


READERS = {
    "InsertStmt": _insert,
    "UpdateStmt": _update,
    "MergeStmt": _merge,
    "DeleteStmt": _delete,
    "TruncateStmt": _truncate,
    "SelectStmt": _select,
    "CopyStmt": _copy,
    "LockStmt": _lock,
}
