"""CREATE INDEX, REINDEX, CLUSTER, VACUUM and ANALYZE."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.lint import actions as a
from alembic_vibe.lint.chosen_names import chosen_name, key_names
from alembic_vibe.lint.reading.constraints import named_columns
from alembic_vibe.sql.tree import QualifiedName, column_name, option

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.lint.reading.context import Context
    from alembic_vibe.sql.tree import Node

_TARGETS = {
    "REINDEX_OBJECT_INDEX": "index",
    "REINDEX_OBJECT_TABLE": "table",
    "REINDEX_OBJECT_SCHEMA": "schema",
    "REINDEX_OBJECT_SYSTEM": "system",
    "REINDEX_OBJECT_DATABASE": "database",
}
_OFF = {"off", "false", "0", "no"}


def _create(node: Node, context: Context) -> Iterator[a.Action]:
    table = context.relation(node.get("relation"))
    keys = node.get("indexParams", [])
    included = node.get("indexIncludingParams", [])
    name = node.get("idxname", "")
    predicate = node.get("whereClause")
    columns = tuple(_column(item.get("IndexElem", {})) for item in keys)
    expressions = [item for column, item in zip(columns, keys, strict=True) if not column]
    yield a.CreateIndex(
        table=table,
        name=name or chosen_name(table.name, "index", key_names([*keys, *included])),
        columns=columns,
        include=tuple(item.get("IndexElem", {}).get("name", "") for item in included),
        unique=node.get("unique", False),
        concurrently=node.get("concurrent", False),
        if_not_exists=node.get("if_not_exists", False),
        only=not node.get("relation", {}).get("inh", False),
        method=node.get("accessMethod", "btree"),
        predicate=context.after_word("where", predicate) if predicate else None,
        nulls_not_distinct=node.get("nulls_not_distinct", False),
        is_named=bool(name),
        expressions_use=tuple(named_columns([*expressions, predicate])),
        key_names=tuple(key_names([*keys, *included])),
    )


def _column(element: Node) -> str:
    """Return the column that a key of an index is, "" for an expression; in parentheses it is still a column."""
    expression = element.get("expr", {})
    while "CollateClause" in expression:
        expression = expression["CollateClause"].get("arg", {})
    return element.get("name", "") or column_name(expression.get("ColumnRef", {}))


def _reindex(node: Node, context: Context) -> Iterator[a.Action]:
    target = _TARGETS.get(node.get("kind", ""), "table")
    plain = target not in {"index", "table"}
    name = QualifiedName("", node.get("name", "")) if plain else context.relation(node.get("relation"))
    yield a.Reindex(target, name, _is_on(node.get("params"), "concurrently"))


def _cluster(node: Node, context: Context) -> Iterator[a.Action]:
    yield a.RewriteTable(context.relation(node["relation"]) if "relation" in node else QualifiedName("", ""), "CLUSTER")


def _vacuum(node: Node, context: Context) -> Iterator[a.Action]:
    rels = [item.get("VacuumRelation", {}).get("relation") for item in node.get("rels", ())]
    tables = [context.relation(relation) for relation in rels] or [QualifiedName("", "")]
    vacuum = node.get("is_vacuumcmd", False)
    for table in tables:
        if vacuum and _is_on(node.get("options"), "full"):
            yield a.RewriteTable(table, "VACUUM FULL")
        else:
            yield a.Vacuum(table, analyze_only=not vacuum)


def _is_on(options: list[Node] | None, name: str) -> bool:
    found = option(options, name)
    if found is None:
        return False
    argument = found.get("arg", {})
    word = argument.get("String", {}).get("sval", "")
    return not (word.lower() in _OFF or ("Integer" in argument and not argument["Integer"].get("ival")))


READERS = {"IndexStmt": _create, "ReindexStmt": _reindex, "ClusterStmt": _cluster, "VacuumStmt": _vacuum}
