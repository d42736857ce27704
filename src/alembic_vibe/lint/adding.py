"""What ADD COLUMN and ADD CONSTRAINT add to a table that is in use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.lint.ahead import added_by_call
from alembic_vibe.lint.taken import Work
from alembic_vibe.sql.tree import unwrap

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.lint.actions import AddColumn, AddConstraint, ColumnSpec, ConstraintSpec
    from alembic_vibe.lint.moment import Moment


def adds_to_table_in_use(action: AddColumn, at: Moment) -> bool:
    """Whether the column is new, and its table was there before the revision."""
    if at.is_own(action.table):
        return False
    table = at.table(action.table)
    return not (action.if_not_exists and table is not None and action.column.name in table.columns)


def has_default(column: ColumnSpec) -> bool:
    """Whether a column gets a value in the rows that are there: ``DEFAULT NULL`` is none."""
    if column.default is None:
        return False
    kind, body = unwrap(column.default.node)
    while kind == "TypeCast":
        kind, body = unwrap(body.get("arg", {}))
    return not (kind == "A_Const" and body.get("isnull"))


def constraints_of(column: ColumnSpec, *kinds: str) -> Iterator[ConstraintSpec]:
    """Yield the constraints that are written on a column and hold from the start, of these kinds."""
    for constraint in column.constraints:
        if constraint.kind in kinds and constraint.valid and constraint.enforced:
            yield constraint


def builds_index(action: AddConstraint, at: Moment, kind: str) -> bool:
    """Whether a constraint of that kind builds its index while the table is in use; that of a new column does not.

    Nor does that of a partitioned table alone: the index of a parent has no rows, and those of its partitions are
    attached to it.
    """
    spec = action.constraint
    if spec.kind != kind or at.is_own(action.table) or added_by_call(at, action.table, spec.columns):
        return False
    if not any(lock.work is Work.BUILD for lock in at.locks):
        return False
    table = at.table(action.table)
    return not (table is not None and table.is_partitioned and (action.only or not table.partitions))
