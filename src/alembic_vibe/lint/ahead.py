"""What a function of a revision does around an action: in the same call before it, and later on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.lint.actions import AddColumn
from alembic_vibe.lint.reading import read

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from alembic_vibe.lint.actions import Action, ColumnSpec
    from alembic_vibe.lint.moment import Moment
    from alembic_vibe.sql.tree import QualifiedName


def following(at: Moment) -> Iterator[Action]:
    """Yield the actions of the statements that the same function emits after this one.

    They are read anew, so ask only where there is something to decide. Names without a schema resolve as they do now.
    """
    statements = at.rendering.statements if at.rendering else ()
    seen = False
    for emitted in statements:
        if emitted is at.read.emitted:
            seen = True
            own = read(emitted, at.before.search_path)
            texts = [one.sql for one in own]
            later = own[texts.index(at.read.sql) + 1 :] if at.read.sql in texts else ()
        elif seen:
            later = read(emitted, at.before.search_path)
        else:
            continue
        for one in later:
            yield from one.actions


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
