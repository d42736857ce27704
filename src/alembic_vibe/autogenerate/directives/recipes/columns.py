"""New columns of tables in use (recipes 1 to 6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic.operations import ops

from alembic_vibe.autogenerate.directives.backfill import backfill
from alembic_vibe.autogenerate.directives.defaults import is_volatile
from alembic_vibe.autogenerate.directives.model import Piece, Stage
from alembic_vibe.autogenerate.directives.not_null import set_not_null
from alembic_vibe.autogenerate.directives.operations import Comment, Nothing, Refusal
from alembic_vibe.autogenerate.directives.situation import table_key
from alembic_vibe.autogenerate.directives.writing import qualified

if TYPE_CHECKING:
    from collections.abc import Sequence

    import sqlalchemy as sa
    from alembic.operations.ops import MigrateOperation

    from alembic_vibe.autogenerate.directives.situation import Situation

HANDLES = (ops.AddColumnOp,)
REWRITES = (
    "TODO: {what}, so PostgreSQL writes all of {table} anew, and nobody can even read it meanwhile. On a large table "
    "add a plain column, fill it in batches, and give it its meaning when every row has a value."
)


def rewrite(up: MigrateOperation, down: MigrateOperation | None, situation: Situation) -> Sequence[Piece] | None:
    """Return the pieces; None for a column that is added in a moment."""
    assert isinstance(up, ops.AddColumnOp)
    if not situation.is_in_use(up):
        return None
    column, table = up.column, qualified(table_key(up))
    undo = () if down is None else (down,)
    special = _special(column)
    if special:
        text = REWRITES.format(what=special, table=table)
        situation.tell(f"{table}.{column.name}: {text}")
        return (Piece(Stage.BASE, (Comment(text), up), undo),)
    if column.server_default is None and column.computed is None and column.identity is None:
        return None if column.nullable or column.primary_key else (Piece(Stage.BASE, (Refusal(_refused(up)),)),)
    if not is_volatile(column.server_default, situation):
        return None
    return _volatile(up, undo, situation)


def _special(column: sa.Column[object]) -> str:
    if column.computed is not None and column.computed.persisted is not False:
        return f"{column.name} is generated and stored"
    if column.identity is not None:
        return f"{column.name} gets a number for each row"
    return ""


def _refused(up: ops.AddColumnOp) -> str:
    table = qualified(table_key(up))
    name = up.column.name
    return (
        f"No revision was written: {table}.{name} is new and NOT NULL without a default, which fails as soon as "
        f"{table} has a row. Either give it a server_default; or write a revision with nullable=True, fill the "
        "column, and make it nullable=False afterwards: autogenerate then writes the safe steps to NOT NULL."
    )


def _volatile(up: ops.AddColumnOp, undo: tuple[MigrateOperation, ...], situation: Situation) -> Sequence[Piece]:
    """Add the column empty, then its default, which counts for new rows only; fill the others in batches."""
    column = up.column
    key = table_key(up)
    plain = column._copy()
    default, plain.server_default = plain.server_default, None
    plain.nullable = True
    given = ops.AlterColumnOp(
        up.table_name,
        column.name,
        schema=up.schema,
        existing_type=column.type,
        existing_nullable=True,
        modify_server_default=default,
    )
    added = ops.AddColumnOp(up.table_name, plain, schema=up.schema, **up.kw)
    pieces = [
        Piece(Stage.BASE, (added, given), undo),
        Piece(
            Stage.FILL,
            (backfill(key, str(column.name)),),
            (Nothing(),),
            f"fill {column.name} of {up.table_name}",
            alone=True,
        ),
    ]
    if not column.nullable:
        pieces.append(set_not_null(key, str(column.name), situation))
    return pieces
