"""What goes for good goes last, in a revision of its own that somebody has to look at (recipes 7, 8, 43, 44)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from alembic.operations import ops

from alembic_vibe.autogenerate.directives.model import Piece, Stage
from alembic_vibe.autogenerate.directives.operations import Comment
from alembic_vibe.autogenerate.directives.situation import sql_name, table_key
from alembic_vibe.sql.compose import Name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from alembic.operations.ops import MigrateOperation

    from alembic_vibe.autogenerate.directives.situation import Situation

HANDLES = (ops.DropColumnOp, ops.DropTableOp, ops.DropIndexOp)
TODO = (
    "TODO: {what} goes with its data, which downgrade() does not bring back. Apply this revision only when no release "
    "that uses it is running any more, and say so in the docstring: `Phase: contract`."
)
LOST = "{what} comes back empty: its data is lost."
RENAMED = (
    "If {new} is only its new name, delete both from these revisions: a rename keeps the data "
    "(`{call}`), but breaks the release that is running."
)


def rewrite(up: MigrateOperation, down: MigrateOperation | None, situation: Situation) -> Sequence[Piece] | None:
    """Return the piece, with what to think about; None where something of the same name comes back."""
    undo: tuple[MigrateOperation, ...] = () if down is None else (down,)
    if isinstance(up, ops.DropIndexOp):
        gone = table_key(up) in situation.dropped and table_key(up) not in situation.created
        return (Piece(Stage.DROP, (up,), undo, ""),) if gone else None
    if isinstance(up, ops.DropTableOp):
        if table_key(up) in situation.created:
            return None
        what, guess = _table(up, situation)
    else:
        assert isinstance(up, ops.DropColumnOp)
        if not situation.is_in_use(up) or _comes_back(up, situation):
            return None
        what, guess = _column(up, situation)
    text = TODO.format(what=what)
    situation.tell(f"{text} {guess}".strip())
    if undo:
        undo = (Comment(LOST.format(what=what)), *undo)
    return (Piece(Stage.DROP, (Comment(f"{text}\n{guess}".strip()), up), undo, f"drop {what}"),)


def _comes_back(up: ops.DropColumnOp, situation: Situation) -> bool:
    added = (one for one in situation.upgrade if isinstance(one, ops.AddColumnOp))
    return any(table_key(one) == table_key(up) and one.column.name == up.column_name for one in added)


def _column(up: ops.DropColumnOp, situation: Situation) -> tuple[str, str]:
    key = table_key(up)
    assert key is not None
    what = f"{sql_name(key)}.{Name(str(up.column_name))}"
    try:
        old = up.to_column().type
    except ValueError:  # made by hand: nobody knows its type
        return what, ""
    for one in situation.upgrade:
        if isinstance(one, ops.AddColumnOp) and table_key(one) == key and _same_type(old, one.column.type, situation):
            call = f"op.alter_column({key[1]!r}, {str(up.column_name)!r}, new_column_name={str(one.column.name)!r})"
            return what, RENAMED.format(new=one.column.name, call=call)
    return what, ""


def _same_type(one: Any, other: Any, situation: Situation) -> bool:
    compiler = situation.context.dialect.type_compiler_instance
    try:
        return str(compiler.process(one)) == str(compiler.process(other))
    except Exception:  # noqa: BLE001 - a type of somebody's own that does not print itself is like no other
        return False


def _table(up: ops.DropTableOp, situation: Situation) -> tuple[str, str]:
    key = table_key(up)
    assert key is not None
    what = str(sql_name(key))
    try:
        columns = {column.name for column in up.to_table().columns}
    except ValueError:
        return what, ""
    for one in situation.upgrade:
        if isinstance(one, ops.CreateTableOp) and columns == {column.name for column in one.to_table().columns}:
            call = f"op.rename_table({key[1]!r}, {str(one.table_name)!r})"
            return what, RENAMED.format(new=one.table_name, call=call)
    return what, ""
