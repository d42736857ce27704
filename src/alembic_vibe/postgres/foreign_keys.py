"""Takes the foreign keys out of a CREATE TABLE, for tables that refer to each other.

The names that PostgreSQL gives to unnamed foreign keys come out the same: ``ADD FOREIGN KEY`` chooses them by the same
rule (``ChooseConstraintName`` in src/backend/commands/indexcmds.c and tablecmds.c).
"""

from __future__ import annotations

from importlib import import_module  # the parser is imported late: it costs more than this module
from typing import Any

_ATTRIBUTES = {
    "CONSTR_ATTR_DEFERRABLE": ("deferrable", True),
    "CONSTR_ATTR_NOT_DEFERRABLE": ("deferrable", False),
    "CONSTR_ATTR_DEFERRED": ("initdeferred", True),
    "CONSTR_ATTR_IMMEDIATE": ("initdeferred", False),
    "CONSTR_ATTR_ENFORCED": ("is_enforced", True),
    "CONSTR_ATTR_NOT_ENFORCED": ("is_enforced", False),
}


def split(text: str) -> tuple[str, tuple[str, ...]] | None:
    """Split one CREATE TABLE into itself without foreign keys to other tables, and an ALTER TABLE for each of those.

    Returns ``None`` where there is nothing to split, or the text cannot be taken apart faithfully.
    """
    postgast = import_module("postgast")
    pb = import_module("postgast.pg_query_pb2")
    try:
        parsed = postgast.parse(text)
        if len(parsed.stmts) != 1 or not parsed.stmts[0].stmt.HasField("create_stmt"):
            return None
        table = parsed.stmts[0].stmt.create_stmt
        removed = _remove(table, pb)
        if not removed:
            return None
        alters = tuple(postgast.deparse(_alter(table.relation, constraint, pb)) for constraint in removed)
        return postgast.deparse(parsed), alters
    except (postgast.PgQueryError, ValueError):  # ValueError: a tree that is too deep for its encoding
        return None


def _foreign(constraint: Any, table: Any, pb: Any) -> bool:
    if constraint.contype != pb.ConstrType.CONSTR_FOREIGN:
        return False
    target = constraint.pktable
    return bool((target.schemaname, target.relname) != (table.relation.schemaname, table.relation.relname))


def _remove(table: Any, pb: Any) -> list[Any]:
    removed: list[Any] = []
    kept: list[Any] = []
    for element in table.table_elts:
        kind = element.WhichOneof("node")
        if kind == "constraint" and _foreign(element.constraint, table, pb):
            removed.append(_copy(element.constraint, pb))
            continue
        kept.append(element)
        if kind == "column_def":
            removed.extend(_remove_from_column(element.column_def, table, pb))
    if len(kept) != len(table.table_elts):
        copies = [_copy_node(node, pb) for node in kept]
        del table.table_elts[:]
        table.table_elts.extend(copies)
    return removed


def _remove_from_column(column: Any, table: Any, pb: Any) -> list[Any]:
    removed: list[Any] = []
    kept: list[Any] = []
    following = False  # attributes such as DEFERRABLE stand behind the constraint that they belong to
    for node in column.constraints:
        constraint = node.constraint
        name = pb.ConstrType.Name(constraint.contype)
        if _foreign(constraint, table, pb):
            copy = _copy(constraint, pb)
            del copy.fk_attrs[:]
            copy.fk_attrs.add().string.sval = column.colname
            removed.append(copy)
            following = True
        elif following and name in _ATTRIBUTES:
            field, value = _ATTRIBUTES[name]
            setattr(removed[-1], field, value)
            if field == "initdeferred" and value:
                removed[-1].deferrable = True
        else:
            following = False
            kept.append(_copy_node(node, pb))
    if removed:
        del column.constraints[:]
        column.constraints.extend(kept)
    return removed


def _copy(constraint: Any, pb: Any) -> Any:
    copy = pb.Constraint()
    copy.CopyFrom(constraint)
    return copy


def _copy_node(node: Any, pb: Any) -> Any:
    copy = pb.Node()
    copy.CopyFrom(node)
    return copy


def _alter(relation: Any, constraint: Any, pb: Any) -> Any:
    result = pb.ParseResult()
    statement = result.stmts.add().stmt.alter_table_stmt
    statement.relation.CopyFrom(relation)
    statement.relation.inh = True
    statement.relation.relpersistence = "p"
    statement.objtype = pb.ObjectType.OBJECT_TABLE
    command = statement.cmds.add().alter_table_cmd
    command.subtype = pb.AlterTableType.AT_AddConstraint
    getattr(command, "def").constraint.CopyFrom(constraint)
    command.behavior = pb.DropBehavior.DROP_RESTRICT
    return result
