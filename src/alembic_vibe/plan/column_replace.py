"""What hangs on a column that is dropped and added again in another form: it goes before, and comes back after.

DROP COLUMN takes indexes, constraints and privileges along silently, and is refused by views and other code
(PostgreSQL manual, ALTER TABLE).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Constraint, ConstraintKind, Privileges
from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.plan.around import around
from alembic_vibe.plan.column_sql import family
from alembic_vibe.plan.discovery import makers_by_kind
from alembic_vibe.plan.situation import node_of, table_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from alembic_vibe.plan.context import Context
    from alembic_vibe.plan.model import Step
    from alembic_vibe.plan.operations import Operation
    from alembic_vibe.plan.situation import Node, Situation

_KINDS = {Kind.INDEX, Kind.CONSTRAINT, Kind.STATISTICS}


@dataclass(frozen=True)
class Hanging:
    """What goes (``away``) and comes back (``back``) in the upgrade; ``unmake`` and ``remake`` do so in the downgrade.

    ``takes`` are the changes of what comes back in its new form; ``locked`` other relations that are locked by it.
    """

    away: tuple[Operation, ...]
    back: tuple[Operation, ...]
    unmake: tuple[Operation, ...]
    remake: tuple[Operation, ...]
    takes: frozenset[Node]
    locked: tuple[Key, ...]
    notes: tuple[str, ...]


def hanging_on(column: Key, situation: Situation) -> Hanging:
    """Return what hangs on a column of the old state, and shall hang on the one that takes its place."""
    code = around((column,), situation)
    parts = _parts(column, situation)
    kept = [key for key in parts if key in situation.after.facts]
    lost = [key for key in parts if key not in situation.after.facts]
    old = _steps(parts, situation.old)
    new = [*_steps(kept, situation.new), *_steps(lost, situation.old)]
    others = [fact.table for key in parts if isinstance(fact := situation.before.facts[key], Constraint)]
    others += [
        fact.references
        for key in parts
        if isinstance(fact := situation.before.facts[key], Constraint) and fact.references
    ]
    names = ", ".join(str(key) for key in parts if key.kind is not Kind.PRIVILEGES)
    return Hanging(
        away=(*code.away, *_downs(old)),
        back=(*_ups(new), *code.back),
        unmake=(*code.unmake, *_downs(new)),
        remake=(*_ups(old), *code.remake),
        takes=code.takes | {node_of(change) for change in situation.changes if change.key in kept},
        locked=(*code.locked, *(key for key in dict.fromkeys(others) if key != table_of(column))),
        notes=(*code.notes, *((f"Built again in the same transaction: {names}.",) if names else ())),
    )


def _parts(column: Key, situation: Situation) -> list[Key]:
    """Return indexes, constraints, statistics and privileges on the column, foreign keys last."""
    before = situation.before
    tables = family(table_of(column), before)
    found = {user for table in tables for user in before.column_users.get((table, column.member), ())}
    keys = [key for key in found if key.kind in _KINDS and not getattr(before.facts.get(key), "inherited", False)]
    keys += [fact.key for fact in before.of_type(Privileges) if fact.target in tables and fact.column == column.member]

    def last(key: Key) -> tuple[bool, Key]:
        fact = before.facts[key]
        return isinstance(fact, Constraint) and fact.kind == ConstraintKind.FOREIGN, key

    return sorted(keys, key=last)


def _steps(keys: Iterable[Key], context: Context) -> list[Step]:
    return [makers_by_kind()[key.kind].create(context.target.facts[key], context) for key in keys]


def _ups(steps: Iterable[Step]) -> tuple[Operation, ...]:
    return tuple(operation for step in steps for operation in step.up)


def _downs(steps: list[Step]) -> tuple[Operation, ...]:
    return tuple(operation for step in reversed(steps) for operation in step.down)
