"""Changes of columns in use: NOT NULL and types (recipes 9 to 13); the rest of a change stays as it is."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING

from alembic.operations import ops

from alembic_vibe.autogenerate.directives.model import Piece, Stage
from alembic_vibe.autogenerate.directives.not_null import drop_not_null, set_not_null
from alembic_vibe.autogenerate.directives.operations import Comment
from alembic_vibe.autogenerate.directives.retyping import cost_of_type
from alembic_vibe.autogenerate.directives.situation import table_key
from alembic_vibe.autogenerate.directives.writing import qualified

if TYPE_CHECKING:
    from collections.abc import Sequence

    from alembic.operations.ops import MigrateOperation

    from alembic_vibe.autogenerate.directives.situation import Situation

HANDLES = (ops.AlterColumnOp,)


def rewrite(up: MigrateOperation, down: MigrateOperation | None, situation: Situation) -> Sequence[Piece] | None:
    """Return the pieces."""
    assert isinstance(up, ops.AlterColumnOp)
    if not situation.is_in_use(up):
        return None
    nullable = up.modify_nullable
    key, undone = table_key(up), isinstance(down, ops.AlterColumnOp)
    before = _warning(up, situation)
    if nullable is None:
        return None if before is None else (Piece(Stage.BASE, (before, up), () if down is None else (down,)),)
    pieces = []
    rest, undo = _without_nullable(up), _without_nullable(down) if isinstance(down, ops.AlterColumnOp) else None
    if rest.has_changes():
        steps = (rest,) if before is None else (before, rest)
        pieces.append(Piece(Stage.BASE, steps, (undo,) if undo is not None and undo.has_changes() else ()))
    change = drop_not_null if nullable else set_not_null
    pieces.append(change(key, up.column_name, situation, undone=undone))
    return pieces


def _without_nullable(change: ops.AlterColumnOp) -> ops.AlterColumnOp:
    rest = copy(change)
    if change.modify_nullable is not None:
        rest.existing_nullable = (
            not change.modify_nullable if change.existing_nullable is None else (change.existing_nullable)
        )
        rest.modify_nullable = None
    return rest


def _warning(up: ops.AlterColumnOp, situation: Situation) -> Comment | None:
    cost = cost_of_type(up, situation)
    if not cost:
        return None
    column = f"{qualified(table_key(up))}.{up.column_name}"
    situation.tell(f"{column}: {cost}")
    return Comment(f"TODO: {cost}")
