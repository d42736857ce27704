"""Whether something stands under the name of a table after it has moved away, so that nobody notices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.lint.actions import CreateTable, CreateView, RenameTable, RenameView, SetSchema
from alembic_vibe.lint.ahead import following
from alembic_vibe.sql.quoting import quote_qualified

if TYPE_CHECKING:
    from alembic_vibe.lint.actions import Action
    from alembic_vibe.lint.moment import Moment
    from alembic_vibe.sql.tree import QualifiedName


def has_stand_in(name: QualifiedName, at: Moment) -> bool:
    """Whether a view or another table gets the name later in the same transaction."""
    if at.transaction.autocommit:
        return False
    return any(_arrives_at(action) == name for action in following(at))


def is_stand_in(name: QualifiedName, at: Moment) -> bool:
    """Whether a table that now gets this name takes it over from one that has left it in the same transaction."""
    return any(_leaves(action) == name for action, _ in at.transaction.actions)


def has_just_come(name: QualifiedName, at: Moment) -> bool:
    """Whether the table got this name in the same transaction: no application knows it yet."""
    return any(_arrives_at(action) == name for action, _ in at.transaction.actions)


def advice(name: QualifiedName, new: QualifiedName) -> str:
    """Return what to write beside the statement that moves a table."""
    view = f"CREATE VIEW {quote_qualified(*name)} WITH (security_invoker = true)"
    return (
        f"Add to the same revision: `{view} AS TABLE {quote_qualified(*new)}`, with the privileges of the table, and "
        "drop the view in a later revision whose docstring says `Phase: contract`."
    )


def _arrives_at(action: Action) -> QualifiedName | None:
    match action:
        case CreateView(view=name) | CreateTable(table=name):
            return name
        case RenameTable(table=name, new_name=new_name) | RenameView(view=name, new_name=new_name) if new_name:
            return name._replace(name=new_name)
        case SetSchema(table=name, new_schema=new_schema):
            return name._replace(schema=new_schema)
    return None


def _leaves(action: Action) -> QualifiedName | None:
    match action:
        case RenameTable(table=name) | SetSchema(table=name):
            return name
    return None
