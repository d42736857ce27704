"""Operations that several recipes write."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING

from alembic.operations import ops
from sqlalchemy.schema import conv

from alembic_vibe.autogenerate.directives.operations import Autocommit, NotValid, Statement
from alembic_vibe.autogenerate.directives.situation import TableKey, sql_name, table_key
from alembic_vibe.plan.blocks import vibe_name
from alembic_vibe.sql.compose import Literal, Name, Part, Printed, compose

if TYPE_CHECKING:
    from collections.abc import Sequence

    from alembic.operations.ops import MigrateOperation

    from alembic_vibe.autogenerate.directives.situation import Situation


def sql(template: str, **parts: Part | Sequence[Part]) -> Statement:
    """Return a statement; the template is a constant, the parts quote themselves."""
    return Statement(compose(template, **parts))


def qualified(key: TableKey | None) -> Name:
    """Return the name of a table that there is."""
    assert key is not None
    return sql_name(key)


def in_schema(key: TableKey | None, name: str) -> Name:
    """Return the name of an index that lies in the schema of its table."""
    return Name(key[0], name) if key and key[0] else Name(name)


def meanwhile(what: str, name: str) -> conv:
    """Return a name for what is there until the last revision only: nobody has an object of that name already."""
    return conv(vibe_name(what, str(name)))


def outside(operations: Sequence[MigrateOperation], *, lock_timeout: str | None = None) -> Autocommit:
    """Return operations outside a transaction.

    Without ``lock_timeout`` for those that wait for others as long as it takes: a concurrent build that gives up leaves
    an invalid index. The session's own time-outs are back afterwards.
    """
    rest = (sql("RESET lock_timeout"), sql("RESET statement_timeout"))
    return Autocommit((_wait(lock_timeout), sql("SET statement_timeout = 0"), *operations, *rest))


def waiting(situation: Situation | None) -> Statement:
    """Return what makes the statements behind it give up when they do not get their lock; None: they never do."""
    return _wait(situation.lock_timeout if situation else None)


def _wait(lock_timeout: str | None) -> Statement:
    return sql("SET lock_timeout = {time}", time=Printed("0") if lock_timeout is None else Literal(lock_timeout))


def concurrent_index(
    index: ops.CreateIndexOp, name: str | None = None, table: str | None = None
) -> tuple[ops.DropIndexOp, ops.CreateIndexOp]:
    """Return what builds an index beside readers and writers, and can be run again after it failed.

    A build that fails leaves an invalid index of that name, which IF NOT EXISTS would take for done: it is dropped
    first (PostgreSQL manual, CREATE INDEX, "Building Indexes Concurrently").
    """
    built = copy(index)
    built.kw = {**index.kw, "postgresql_concurrently": True}
    built.if_not_exists = None
    if name is not None:
        built.index_name = name
    if table is not None:
        built.table_name = table
    return concurrent_drop(built), built


def concurrent_drop(index: ops.CreateIndexOp | ops.DropIndexOp, name: str | None = None) -> ops.DropIndexOp:
    """Return what drops an index beside readers and writers, if it is there."""
    gone = name or index.index_name
    assert gone is not None  # autogenerate finds named indexes only
    return ops.DropIndexOp(
        gone,
        index.table_name,
        schema=index.schema,
        if_exists=True,
        postgresql_concurrently=True,
    )


def not_valid(constraint: ops.AddConstraintOp, name: conv) -> NotValid:
    """Return what adds a constraint under this name without a look at the rows."""
    assert isinstance(constraint, ops.CreateForeignKeyOp | ops.CreateCheckConstraintOp)
    added = copy(constraint)
    added.constraint_name = name
    return NotValid(added)


def validate(constraint: ops.AddConstraintOp, name: str) -> Statement:
    """Return the look at the rows."""
    return sql(
        "ALTER TABLE {table} VALIDATE CONSTRAINT {name}", table=qualified(table_key(constraint)), name=Name(str(name))
    )


def drop(constraint: ops.AddConstraintOp | ops.DropConstraintOp, name: conv) -> ops.DropConstraintOp:
    """Return what drops a constraint of that name."""
    key = table_key(constraint)
    assert key is not None
    kind = constraint.constraint_type if isinstance(constraint, ops.DropConstraintOp) else _TYPES[type(constraint)]
    return ops.DropConstraintOp(name, key[1], type_=kind, schema=key[0])


_TYPES: dict[type, str] = {
    ops.CreateForeignKeyOp: "foreignkey",
    ops.CreateUniqueConstraintOp: "unique",
    ops.CreateCheckConstraintOp: "check",
}
