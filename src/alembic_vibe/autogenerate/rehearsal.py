"""Alembic's own operations on a copy of the database: which do what the models say, and can be undone.

Only PostgreSQL knows. The copy has the structure and no rows. An operation stays if it brings the copy nearer to what
is wanted and its reverse takes it back exactly; the others are left out, and what they were about is done otherwise.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from alembic_vibe.autogenerate.declared import database_on
from alembic_vibe.autogenerate.managed import ownerless
from alembic_vibe.catalog.catalog import Catalog
from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.diff.compare import ChangeKind, compare
from alembic_vibe.diff.refine import refine
from alembic_vibe.plan.belongings import make
from alembic_vibe.plan.graph import CycleError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Sequence as Many

    from alembic.operations.ops import MigrateOperation

    from alembic_vibe.plan.operations import Operation
    from alembic_vibe.postgres.server import ScratchServer

_SERVER_WIDE = (Kind.ROLE, Kind.MEMBERSHIP)
Difference = dict[Key, frozenset[str]]


@dataclass
class Copy:
    """A copy of the database, in one transaction that is never committed; ``lost`` could not be copied."""

    connection: Any  # SQLAlchemy's
    driver: Any  # psycopg's
    roles: frozenset[Key]
    lost: frozenset[Key] = frozenset()

    def read(self) -> Catalog:
        """Return what it holds now, with the roles that the real server has."""
        from alembic_vibe.postgres.introspect import read_catalog

        found = ownerless(read_catalog(self.driver).catalog)
        facts = {key: fact for key, fact in found.facts.items() if key.kind not in _SERVER_WIDE or key in self.roles}
        return Catalog(facts, found.depends, found.server_version, found.column_users)

    def run(self, operations: Many[Operation]) -> None:
        """Execute the statements of operations of ours."""
        for operation in operations:
            for sql in operation.statements:
                self.driver.execute(sql.encode())

    def invoke(self, operation: MigrateOperation) -> None:
        """Execute an operation of Alembic's as the revision would that it is written into.

        What is written may say less than the operation knows: the text of an altered identity column loses what it was.
        Only where the text names modules of the user's, which only their template imports, the operation itself runs.
        """
        from alembic import op
        from alembic.autogenerate import render_python_code
        from alembic.operations import Operations
        from alembic.operations.ops import UpgradeOps
        from alembic.runtime.migration import MigrationContext

        context = MigrationContext.configure(self.connection)
        text = render_python_code(UpgradeOps([operation]), migration_context=context)
        code = "\n".join(line.removeprefix("    ") for line in str(text).split("\n"))
        with Operations.context(context) as operations:
            try:
                exec(compile(code, "<revision>", "exec"), _names(op))  # noqa: S102 - Alembic's own rendering
            except (NameError, SyntaxError):
                operations.invoke(operation)

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """Take back what happens in the block, unless it ends without an exception."""
        with self.driver.transaction():
            yield

    @contextmanager
    def trial(self) -> Iterator[None]:
        """Take back what happens in the block."""
        with self.driver.transaction(force_rollback=True):
            yield


@contextmanager
def copy_of(present: Catalog, server: ScratchServer) -> Iterator[Copy]:
    """Have a copy of a database, without rows.

    What cannot be copied, such as what only its author's statement says, is missing and named in ``lost``.
    """
    import psycopg

    with database_on(server) as (engine, driver), engine.connect() as connection:
        roles = frozenset(key for key in present.facts if key.kind in _SERVER_WIDE)
        copy = Copy(connection, driver, roles)
        connection.exec_driver_sql("SET check_function_bodies = off")
        lost: set[Key] = {key for key in present.facts if key.kind is Kind.OTHER}
        try:
            steps = make(present, {}, sorted(key for key in present.facts if key not in lost))
        except (CycleError, LookupError):
            steps = ()
            lost = set(present.facts)
        for step in steps:
            try:
                with copy.attempt():
                    copy.run(step.up)
            except psycopg.Error:
                lost.add(step.key)
        copy.lost = frozenset(lost)
        yield copy
        connection.rollback()


def _names(op: Any) -> dict[str, Any]:
    import sqlalchemy as sa
    from sqlalchemy.dialects import postgresql

    return {"op": op, "sa": sa, "postgresql": postgresql}


def difference(one: Catalog, other: Catalog) -> Difference:
    """Return what differs, by object or column: the names of facts, or that it is new or gone."""
    found: Difference = {}
    for change in refine(compare(one, other, _SERVER_WIDE), one, other):
        names = change.altered_fields if change.kind is ChangeKind.ALTER else (f"!{change.kind}",)
        found[change.key] = found.get(change.key, frozenset()) | frozenset(names)
    return found


def is_nearer(was: Difference, now: Difference) -> bool:
    """Whether a step led towards what is wanted, and nowhere else."""
    if was == now:
        return False
    for key, names in now.items():
        before = was.get(key)
        if before is None and key.kind is Kind.COLUMN:
            before = was.get(Key(Kind.TABLE, key.schema, key.name))
        if before is None or not (names <= before or any(name.startswith("!") for name in before)):
            return False
        if f"!{ChangeKind.DROP}" in names and f"!{ChangeKind.DROP}" not in before:
            return False
    return True


@dataclass(frozen=True)
class Rehearsed:
    """The operations that stay, as Alembic had them, and those that do not."""

    kept: tuple[MigrateOperation, ...]
    refused: tuple[MigrateOperation, ...]


def rehearse(copy: Copy, wanted: Catalog, operations: Many[MigrateOperation]) -> Rehearsed:
    """Run Alembic's operations on the copy, and leave it as those that stay have made it.

    Args:
        copy: Where to.
        wanted: The state that is wanted.
        operations: Alembic's; containers of operations on one table are taken apart.
    """
    from alembic.operations.ops import ModifyTableOps

    if _all_work(copy, wanted, operations):
        return Rehearsed(tuple(operations), ())
    kept: list[MigrateOperation] = []
    refused: list[MigrateOperation] = []
    for operation in operations:
        if not isinstance(operation, ModifyTableOps):
            (kept if _works(copy, wanted, [operation]) else refused).append(operation)
            continue
        parts = [part for part in operation.ops if _works(copy, wanted, [part])]
        refused += [part for part in operation.ops if part not in parts]
        if parts:
            kept.append(ModifyTableOps(operation.table_name, ops=parts, schema=operation.schema))
    return Rehearsed(tuple(kept), tuple(refused))


def _all_work(copy: Copy, wanted: Catalog, operations: Many[MigrateOperation]) -> bool:
    from alembic.operations.ops import ModifyTableOps

    flat: list[MigrateOperation] = []
    for operation in operations:
        flat += operation.ops if isinstance(operation, ModifyTableOps) else [operation]
    return not flat or _works(copy, wanted, flat)


class _RefusedError(Exception):
    """What was tried does not do."""


def _works(copy: Copy, wanted: Catalog, operations: Many[MigrateOperation]) -> bool:
    """Whether operations work and can be undone; if so, the copy is as they make it, else as it was."""
    before = copy.read()
    try:
        with copy.attempt():
            for operation in operations:
                copy.invoke(operation)
            _expect(is_nearer(difference(before, wanted), difference(copy.read(), wanted)))
            with copy.trial():
                for operation in reversed(operations):
                    copy.invoke(operation.reverse())
                _expect(not difference(before, copy.read()))
    except Exception:  # noqa: BLE001 - whatever an operation does when it does not work
        return False
    return True


def _expect(it: bool) -> None:
    if not it:
        raise _RefusedError
