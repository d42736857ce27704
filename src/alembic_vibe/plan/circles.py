"""Foreign keys between revisions: what becomes of their columns when the table that they name is taken away.

A foreign key that is made later than its table (because sections need each other) outlives, in a downgrade, the rows
that it names. They are gone with their table, and the next upgrade would find references to nothing. So the downgrade
clears such columns; where they cannot be cleared, the table is made together with the one that it needs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Constraint, ConstraintKind
from alembic_vibe.plan.operations import Execute
from alembic_vibe.plan.sql import name_of
from alembic_vibe.sql.compose import Name, Printed, compose

if TYPE_CHECKING:
    from collections.abc import Sequence

    from alembic_vibe.catalog.facts import Index, Table


def clearable_columns(
    foreign_key: Constraint, table: Table, constraints: Sequence[Constraint], indexes: Sequence[Index] = ()
) -> tuple[str, ...]:
    """Return the columns whose NULL takes a row out of the foreign key's reach; empty where that is not possible.

    Not possible: every column is NOT NULL, generated, of a domain, part of a partition key, or named by a CHECK or a
    key that NULL might offend.
    """
    bound = {
        column
        for other in constraints
        if other.key != foreign_key.key
        and (other.kind in {ConstraintKind.CHECK, ConstraintKind.PRIMARY} or other.nulls_not_distinct)
        for column in other.columns
    }
    bound |= {key.column for index in indexes if index.nulls_not_distinct for key in index.keys if key.column}
    bound |= {column.name for column in table.columns if column.type.origin == "domain"}
    if table.partition_key is not None:
        bound |= {column.name for column in table.columns if column.name in table.partition_key}
    shared = {
        column
        for other in constraints
        if other.key != foreign_key.key and other.kind == ConstraintKind.FOREIGN
        for column in other.columns
    }
    free = [
        name
        for name in foreign_key.columns
        if name not in bound and not (column := table.column(name)).not_null and not column.generated
    ]
    if foreign_key.match == "FULL" and len(free) < len(foreign_key.columns):
        return ()
    alone = [name for name in free if name not in shared]
    return tuple(free if foreign_key.match == "FULL" or not alone else alone)


def clear(foreign_key: Constraint, columns: Sequence[str]) -> Execute:
    """Return the statement that clears the columns of a foreign key whose table is about to be dropped."""
    assignments = [Printed(compose("{column} = NULL", column=Name(column))) for column in columns]
    filled = " OR ".join(compose("{column} IS NOT NULL", column=Name(column)) for column in columns)
    sql = "UPDATE {table} SET {assignments} WHERE {filled}"
    return Execute(compose(sql, table=name_of(foreign_key.table), assignments=assignments, filled=Printed(filled)))
