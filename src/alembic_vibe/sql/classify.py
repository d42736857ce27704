"""What each type of statement is in a spec for; what has no place there is told why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.sql.statement import StatementKind

if TYPE_CHECKING:
    from alembic_vibe.sql.tree import Node

_SESSION = frozenset({"TransactionStmt", "VariableSetStmt", "DiscardStmt", "ConstraintsSetStmt"})

_EXAMPLE = frozenset(
    {
        "SelectStmt", "ExplainStmt", "UpdateStmt", "DeleteStmt", "MergeStmt", "CallStmt", "VariableShowStmt",
        "PrepareStmt", "ExecuteStmt", "DeallocateStmt", "DeclareCursorStmt", "FetchStmt", "ClosePortalStmt",
    }
)  # fmt: skip

_DROPS = frozenset({"DropStmt", "DropRoleStmt", "DropdbStmt", "DropUserMappingStmt", "DropTableSpaceStmt"})

# What cannot be a part of a schema that is built from nothing, whatever it says.
_UNSUPPORTED = frozenset(
    {
        "DoStmt", "CopyStmt", "VacuumStmt", "ClusterStmt", "ReindexStmt", "LockStmt", "TruncateStmt", "ListenStmt",
        "NotifyStmt", "UnlistenStmt", "CheckPointStmt", "LoadStmt", "CreatedbStmt", "AlterDatabaseStmt",
        "AlterDatabaseSetStmt", "AlterDatabaseRefreshCollStmt", "AlterSystemStmt", "CreateTableSpaceStmt",
        "AlterTableSpaceOptionsStmt", "AlterTableMoveAllStmt", "CreateSubscriptionStmt", "AlterSubscriptionStmt",
        "DropSubscriptionStmt", "DropOwnedStmt", "ReassignOwnedStmt", "ImportForeignSchemaStmt", "RefreshMatViewStmt",
    }
)  # fmt: skip


def classify(node_type: str, node: Node) -> StatementKind:
    """Return what a statement is there for, by its type and its own words (not by what else the spec says)."""
    if node_type == "SelectStmt" and "intoClause" in node:
        return StatementKind.UNSUPPORTED
    if node_type == "CreateTableAsStmt":
        is_view = node.get("objtype") == "OBJECT_MATVIEW"
        return StatementKind.DEFINITION if is_view else StatementKind.UNSUPPORTED
    if node_type in _DROPS:
        return StatementKind.PREAMBLE if node.get("missing_ok") else StatementKind.UNSUPPORTED
    for kind, types in (
        (StatementKind.SEED, {"InsertStmt"}),
        (StatementKind.EXAMPLE, _EXAMPLE),
        (StatementKind.SESSION, _SESSION),
        (StatementKind.UNSUPPORTED, _UNSUPPORTED),
    ):
        if node_type in types:
            return kind
    return StatementKind.DEFINITION
