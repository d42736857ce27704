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

_STATEMENTS = frozenset({"execute", "exec_driver_sql"})  # calls that emit what they are given


def preceding(at: Moment) -> Iterator[Action]:
    """Yield the actions of the statements that the same function emits before this one, as ``following`` does."""
    for one in _before(at):
        yield from one.actions


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


def _before(at: Moment) -> Iterator[Read]:
    for emitted in at.rendering.statements if at.rendering else ():
        own = _read(emitted, at)
        if emitted is at.read.emitted:
            yield from own[: _place(own, at)]
            return
        yield from own


def _read(emitted: Emitted, at: Moment) -> tuple[Read, ...]:
    return tuple(statements(emitted, at.before.search_path))


def _place(own: tuple[Read, ...], at: Moment) -> int:
    """Return which of the statements of one text this one is."""
    return next((i for i, one in enumerate(own) if one.sql == at.read.sql), len(own))


def added_by_call(at: Moment, table: QualifiedName, columns: Collection[str]) -> ColumnSpec | None:
    """Return the column that the call which emits this statement has added before it, if it is one of ``columns``.

    ``op.add_column`` of a ``Column`` with ``unique``, ``index`` or ``ForeignKey`` emits several statements.
    """
    emitted = at.read.emitted
    if emitted.call in _STATEMENTS:
        return None
    if emitted.autocommit:  # each statement is a transaction of its own there
        earlier = [(action, one) for one in _before(at) for action in one.actions]
    else:
        earlier = at.transaction.actions
    for action, one in reversed(earlier):
        if one.emitted.place != emitted.place:
            break
        if isinstance(action, AddColumn) and action.table == table and action.column.name in columns:
            return action.column
    return None
