"""What a downgrade costs whoever uses the database meanwhile, as far as its statements tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.lint.actions import AddColumn, Delete, Insert, OnTable, RunCode, Update
from alembic_vibe.lint.blocks import hidden, statements_within
from alembic_vibe.lint.model import START, Emitted
from alembic_vibe.lint.moment import is_workspace
from alembic_vibe.lint.reading import read
from alembic_vibe.lint.schema import Schema
from alembic_vibe.lint.taken import Work, locks_of
from alembic_vibe.sql.quoting import quote_qualified

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from alembic_vibe.lint.actions import Action
    from alembic_vibe.plan.model import Step
    from alembic_vibe.sql.tree import QualifiedName

_PLAIN = frozenset(
    {"int2", "int4", "int8", "numeric", "float4", "float8", "bool", "text", "varchar", "bpchar", "bytea", "uuid"}
    | {"json", "jsonb", "date", "time", "timetz", "timestamp", "timestamptz", "interval", "inet", "cidr"}
)
_OLDEST = 15  # PostgreSQL: the revisions run on any later one


def worked_through(steps: Iterable[Step]) -> tuple[str, ...]:
    """Return the tables whose rows the downgrade of some steps reads or writes while others wait, quoted, each once.

    The state before is not looked at: what may be work is taken to be work. Of code that hides what it does, the
    locks that its step declares are told.
    """
    found: dict[str, None] = {}
    for step in steps:
        for operation in step.down:
            for sql in operation.statements:
                for table in _tables(sql, step):
                    if not is_workspace(table):
                        found[quote_qualified(*table)] = None
    return tuple(found)


def _tables(sql: str, step: Step) -> Iterator[QualifiedName]:
    from alembic_vibe.sql.tree import QualifiedName

    for one in read(Emitted(sql, START)):
        for action in one.actions:
            yield from _of(action)
            if isinstance(action, RunCode):
                if hidden(action):
                    yield from (QualifiedName(lock.relation.schema, lock.relation.name) for lock in step.locks)
                for inner in statements_within(action, one, "public"):
                    for done in inner.actions:
                        yield from _of(done)


def _of(action: Action) -> Iterator[QualifiedName]:
    if isinstance(action, Update | Delete) or (isinstance(action, Insert) and action.from_query):
        yield action.table
    if isinstance(action, AddColumn) and action.column.type.name.name not in _PLAIN:
        yield action.table  # it may be a domain with constraints
    for lock in locks_of(action, Schema(), _OLDEST):
        if lock.work is not Work.NONE and lock.table.name:
            yield lock.table
            if isinstance(action, OnTable):
                yield action.table
