"""What happens when a revision that failed halfway runs again: which of its actions may be done twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.lint import actions as a

if TYPE_CHECKING:
    from collections.abc import Iterable

    from alembic_vibe.lint.actions import Action

# They change nothing of the schema, or set what is set already.
_SESSION = (a.SetVariable, a.SetRole, a.TransactionControl, a.Select, a.LockTable)
_ALWAYS = (
    *_SESSION, a.Other, a.Vacuum, a.RewriteTable, a.Reindex, a.RefreshView, a.RunCode,
    a.ValidateConstraint, a.SetNotNull, a.DropNotNull, a.SetDefault, a.DropDefault, a.AlterType, a.SetRowSecurity,
    a.SwitchTrigger, a.AlterTableOther, a.CreatePolicy, a.CreateTrigger, a.DropTrigger,
    a.Insert, a.Update, a.Delete, a.Truncate, a.Copy,
)  # fmt: skip


def changes_something(action: Action) -> bool:
    """Whether an action does more than to set up its session or to look."""
    return not isinstance(action, _SESSION)


def may_run_again(action: Action, earlier: Iterable[Action]) -> bool:
    """Whether a definition may be carried out a second time without failing.

    Args:
        action: What is carried out again.
        earlier: What the same function does before it: ``DROP … IF EXISTS`` of the same name makes room.
    """
    if isinstance(action, _ALWAYS) or type(action) is a.Action:
        return True
    if getattr(action, "if_exists", False) or getattr(action, "if_not_exists", False):
        return True
    if getattr(action, "replace", False):
        return True
    if isinstance(action, a.CreateIndex):
        return any(isinstance(one, a.DropIndex) and one.if_exists and _drops(one, action) for one in earlier)
    if isinstance(action, a.AddConstraint):
        name = (action.table, action.constraint.name)
        return any(
            isinstance(one, a.DropConstraint) and one.if_exists and (one.table, one.name) == name for one in earlier
        )
    if isinstance(action, a.CreateTable):
        return any(isinstance(one, a.DropTable) and one.if_exists and one.table == action.table for one in earlier)
    return False


def makes_room(earlier: Iterable[Action], action: a.CreateIndex) -> bool:
    """Whether the index is dropped before it is built, in case a failed build has left it."""
    return any(isinstance(one, a.DropIndex) and _drops(one, action) for one in earlier)


def _drops(drop: a.DropIndex, index: a.CreateIndex) -> bool:
    return drop.index == (index.table.schema, index.name)
