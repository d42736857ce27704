"""What a function of a revision does around an action: before it, in the same call, and later on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.lint.actions import AddColumn
from alembic_vibe.lint.blocks import statements

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from alembic_vibe.lint.actions import Action, ColumnSpec
    from alembic_vibe.lint.model import Emitted, Read
    from alembic_vibe.lint.moment import Moment
    from alembic_vibe.sql.tree import QualifiedName


def preceding(at: Moment) -> Iterator[Action]:
    """Yield the actions of the statements that the same function emits before this one, as ``following`` does."""
    for emitted in at.rendering.statements if at.rendering else ():
        own = _read(emitted, at)
        if emitted is at.read.emitted:
            own = own[: _place(own, at)]
        for one in own:
            yield from one.actions
        if emitted is at.read.emitted:
            return


def following(at: Moment) -> Iterator[Action]:
    """Yield the actions of the statements that the same function emits after this one.

    They are read anew, so ask only where there is something to decide. Names without a schema resolve as they do now.
    """
    seen = False
    for emitted in at.rendering.statements if at.rendering else ():
        later: tuple[Read, ...] = ()
        if emitted is at.read.emitted:
            seen = True
            own = _read(emitted, at)
            later = own[_place(own, at) + 1 :]
        elif seen:
            later = _read(emitted, at)
        for one in later:
            yield from one.actions


def _read(emitted: Emitted, at: Moment) -> tuple[Read, ...]:
    return tuple(statements(emitted, at.before.search_path))


def _place(own: tuple[Read, ...], at: Moment) -> int:
    """Return which of the statements of one text this one is."""
    return next((i for i, one in enumerate(own) if one.sql == at.read.sql), len(own))


def added_by_call(at: Moment, table: QualifiedName, columns: Collection[str]) -> ColumnSpec | None:
    """Return the column that the call which emits this statement has added before it, if it is one of ``columns``.

    ``op.add_column`` of a ``Column`` with ``unique``, ``index`` or ``ForeignKey`` emits several statements.
    """
    for action, earlier in reversed(at.transaction.actions):
        if earlier.emitted.place != at.read.emitted.place:
            break
        if isinstance(action, AddColumn) and action.table == table and action.column.name in columns:
            return action.column
    return None
