"""What a plan knows and a reader of one revision cannot: that a table of an earlier revision has no rows yet."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from alembic_vibe.plan.blocks import excused, shown
from alembic_vibe.plan.operations import AddConstraint, CreateTable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from alembic_vibe.catalog.keys import Key
    from alembic_vibe.plan.model import PlannedRevision
    from alembic_vibe.plan.operations import Operation


def excuse_new_tables(revisions: Sequence[PlannedRevision]) -> tuple[PlannedRevision, ...]:
    """Return the revisions; where one adds a foreign key to a table that an earlier one of them makes, it says so.

    Such a foreign key is checked at once: there is nothing to read.
    """
    made: set[Key] = set()
    found = []
    for revision in revisions:
        own = set(_made(revision))
        steps = tuple(
            replace(step, up=tuple(_excused(operation, made - own) for operation in step.up)) for step in revision.steps
        )
        found.append(replace(revision, steps=steps))
        made |= own
    return tuple(found)


def _made(revision: PlannedRevision) -> Iterator[Key]:
    for operation in revision.up:
        if isinstance(operation, CreateTable):
            yield operation.table.key


def _excused(operation: Operation, made: set[Key]) -> Operation:
    if not isinstance(operation, AddConstraint) or operation.not_valid or operation.excuses:
        return operation
    table = operation.constraint.table
    if operation.constraint.references is None or table not in made:
        return operation
    return excused(operation, "fk-not-valid", f"{shown(table)} is new: it has no rows to read yet")
