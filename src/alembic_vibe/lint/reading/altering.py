"""ALTER TABLE, one action for each of its commands, and ALTER INDEX … ATTACH PARTITION."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from alembic_vibe.lint import actions as a
from alembic_vibe.lint.reading.columns import collation, column, is_null
from alembic_vibe.lint.reading.constraints import constraint
from alembic_vibe.sql.tree import unwrap

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.lint.reading.context import Context
    from alembic_vibe.sql.tree import Node, QualifiedName

_REWRITES = {
    "AT_SetLogged": "SET LOGGED",
    "AT_SetUnLogged": "SET UNLOGGED",
    "AT_SetAccessMethod": "SET ACCESS METHOD",
    "AT_SetTableSpace": "SET TABLESPACE",
}
_ROW_SECURITY: dict[str, dict[str, bool]] = {
    "AT_EnableRowSecurity": {"enabled": True},
    "AT_DisableRowSecurity": {"enabled": False},
    "AT_ForceRowSecurity": {"forced": True},
    "AT_NoForceRowSecurity": {"forced": False},
}
_TRIGGERS = {
    "AT_EnableTrig": True,
    "AT_EnableAlwaysTrig": True,
    "AT_EnableReplicaTrig": True,
    "AT_EnableTrigAll": True,
    "AT_EnableTrigUser": True,
    "AT_DisableTrig": False,
    "AT_DisableTrigAll": False,
    "AT_DisableTrigUser": False,
}


def _alter(node: Node, context: Context) -> Iterator[a.Action]:
    table = context.relation(node.get("relation"))
    commands = [item.get("AlterTableCmd", {}) for item in node.get("cmds", ())]
    kind = node.get("objtype")
    if kind == "OBJECT_INDEX":
        for command in commands:
            if command.get("subtype") == "AT_AttachPartition":
                child = context.relation(command.get("def", {}).get("PartitionCmd", {}).get("name"))
                yield a.AttachIndex(table, child)
        return
    if kind not in {"OBJECT_TABLE", "OBJECT_FOREIGN_TABLE"}:
        return
    only = not node.get("relation", {}).get("inh", False)
    for command in commands:
        action = _command(command, table, context)
        yield replace(action, only=only) if isinstance(action, a.AddConstraint) else action


def _command(node: Node, table: QualifiedName, context: Context) -> a.Action:
    kind = node.get("subtype", "")
    cascade = node.get("behavior") == "DROP_CASCADE"
    name = node.get("name", "")
    _, body = unwrap(node.get("def", {}))
    match kind:
        case "AT_AddColumn":
            return a.AddColumn(table, column(body, table, context), node.get("missing_ok", False))
        case "AT_DropColumn":
            return a.DropColumn(table, name, node.get("missing_ok", False), cascade)
        case "AT_AddConstraint":
            spec = constraint(body, table, context)
            return a.AddConstraint(table, spec) if spec else a.AlterTableOther(table, kind)
        case "AT_DropConstraint":
            return a.DropConstraint(table, name, node.get("missing_ok", False), cascade)
        case "AT_ValidateConstraint":
            return a.ValidateConstraint(table, name)
        case "AT_AttachPartition":
            bound = body.get("bound", {})
            child = context.relation(body.get("name"))
            return a.AttachPartition(table, child, context.bound(bound), bound.get("is_default", False))
        case "AT_DetachPartition" | "AT_DetachPartitionFinalize":
            finalize = kind == "AT_DetachPartitionFinalize"
            return a.DetachPartition(table, context.relation(body.get("name")), body.get("concurrent", False), finalize)
    if kind in _ROW_SECURITY:
        return a.SetRowSecurity(table, **_ROW_SECURITY[kind])
    if kind in _TRIGGERS:
        return a.SwitchTrigger(table, name, _TRIGGERS[kind])
    if kind in _REWRITES:
        return a.RewriteTable(table, _REWRITES[kind])
    return _column_command(node, table, context) or a.AlterTableOther(table, kind)


def _column_command(node: Node, table: QualifiedName, context: Context) -> a.Action | None:
    name = node.get("name", "")
    definition = node.get("def", {})
    match node.get("subtype"):
        case "AT_AlterColumnType":
            body = definition.get("ColumnDef", {})
            using = body.get("raw_default")
            expression = context.after_word("using", using) if using else None
            return a.AlterType(table, name, context.type(body.get("typeName")), expression, collation(body))
        case "AT_SetNotNull":
            return a.SetNotNull(table, name)
        case "AT_DropNotNull":
            return a.DropNotNull(table, name)
        case "AT_ColumnDefault" if definition and not is_null(definition):
            return a.SetDefault(table, name, context.after_word("default", definition))
        case "AT_ColumnDefault":
            return a.DropDefault(table, name)
        case "AT_AddIdentity":
            return a.AddIdentity(table, name)
        case "AT_DropExpression":
            return a.DropExpression(table, name, "expression")
        case "AT_DropIdentity":
            return a.DropExpression(table, name, "identity")
    return None


READERS = {"AlterTableStmt": _alter}
