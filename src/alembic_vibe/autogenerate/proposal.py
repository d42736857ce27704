"""The operations of a new revision: Alembic's that work, and ours for the rest, tried on a copy of the database."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from alembic.operations import ops

from alembic_vibe.autogenerate.managed import target
from alembic_vibe.autogenerate.operations import ObjectOp, WayOp
from alembic_vibe.autogenerate.plain.steps import MAKE_WAY, steps_between, steps_first
from alembic_vibe.autogenerate.present import without
from alembic_vibe.autogenerate.rehearsal import copy_of, difference, rehearse
from alembic_vibe.catalog.catalog import Catalog
from alembic_vibe.catalog.facts import Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from alembic_vibe.autogenerate.managed import Scope
    from alembic_vibe.autogenerate.plain.steps import PlainStep
    from alembic_vibe.autogenerate.rehearsal import Copy, Difference
    from alembic_vibe.catalog.facts import Fact
    from alembic_vibe.catalog.keys import Key
    from alembic_vibe.postgres.server import ScratchServer

_KNOWN = (
    ops.ModifyTableOps,
    ops.CreateTableOp,
    ops.DropTableOp,
    ops.AddColumnOp,
    ops.DropColumnOp,
    ops.AlterColumnOp,
    ops.AddConstraintOp,
    ops.DropConstraintOp,
    ops.CreateIndexOp,
    ops.DropIndexOp,
    ops.CreateTableCommentOp,
    ops.DropTableCommentOp,
)


@dataclass(frozen=True)
class Comparison:
    """Both states and what belongs to whom.

    ``differing`` is what differs between the database and what it shall be, as far as its own server prints it;
    ``None`` where that is of another version than the server that made the models.
    """

    present: Catalog
    declared: Catalog
    scope: Scope
    differing: Difference | None


@dataclass(frozen=True)
class Proposal:
    """The operations in order; what was left out of Alembic's; and what nobody carries, in words."""

    operations: tuple[ops.MigrateOperation, ...]
    refused: tuple[ops.MigrateOperation, ...] = ()
    problems: tuple[str, ...] = ()


def propose(comparison: Comparison, server: ScratchServer, operations: Sequence[ops.MigrateOperation]) -> Proposal:
    """Return the operations that make the database what it shall be, each with its reverse.

    Args:
        comparison: What to compare.
        server: Where the copy is made.
        operations: What Alembic and other plugins propose; operations of others stay untouched.
    """
    known = [operation for operation in operations if isinstance(operation, _KNOWN)]
    others = [operation for operation in operations if operation not in known]
    with copy_of(comparison.present, server) as copy:
        start = copy.read()
        wanted = _wanted(comparison, start, copy.lost)
        if not difference(start, wanted) and not known:
            return Proposal(tuple(others))
        first = _run(copy, steps_first(start, wanted).steps)
        rehearsed = rehearse(copy, wanted, known)
        between = copy.read()
        rest = steps_between(between, wanted)
        last = _run(copy, rest.steps)
        end = copy.read()
        problems = [f"{change.describe()}: this change has to be written by hand" for change in rest.left]
        problems += [f"{step.key} could not be tried: {message}" for step, message in (*first.failed, *last.failed)]
        told = {step.key for step, _ in (*first.failed, *last.failed)} | {change.key for change in rest.left}
        problems += [f"{key} stays different from the models" for key in difference(end, wanted) if key not in told]
    result = [
        *(_operation(step, wanted, start) for step in first.done),
        *rehearsed.kept,
        *others,
        *(_operation(step, wanted, between) for step in last.done),
        *(ObjectOp("change", change.key, (), (), wanted, between) for change in rest.left),
    ]
    return Proposal(tuple(result), rehearsed.refused, tuple(problems))


def _operation(step: PlainStep, there: Catalog, back: Catalog) -> ObjectOp:
    made = WayOp if step.verb == MAKE_WAY else ObjectOp
    return made(step.verb, step.key, step.up, step.down, there, back)


@dataclass(frozen=True)
class _Ran:
    done: tuple[PlainStep, ...]
    failed: tuple[tuple[PlainStep, str], ...]


def _run(copy: Copy, steps: Iterable[PlainStep]) -> _Ran:
    """Run steps on the copy; what PostgreSQL refuses there stays in the revision all the same, and is told."""
    import psycopg

    done, failed = [], []
    for step in steps:
        done.append(step)
        try:
            with copy.attempt():
                copy.run(step.up)
        except psycopg.Error as error:
            failed.append((step, " ".join(str(error).split())))
    return _Ran(tuple(done), tuple(failed))


def _wanted(comparison: Comparison, start: Catalog, lost: frozenset[Key]) -> Catalog:
    """Return the wanted state as the server of the copy prints it.

    PostgreSQL does not print every expression the same when it has read its own print. Where the database's server says
    that nothing differs, the copy is right as it is.
    """
    declared = without(comparison.declared, lost)
    wanted = target(start, declared, comparison.scope)
    if comparison.differing is None:
        return wanted
    noise = {key for key in difference(start, wanted) if key not in comparison.differing}
    facts: dict[Key, Fact] = dict(wanted.facts)
    for key in noise:
        table = key._replace(kind=key.kind.TABLE, member="")
        if key.kind is key.kind.COLUMN:
            facts[table] = _with_column(facts[table], start.facts.get(table), key.member)
        elif isinstance(mine := facts.get(key), Table) and isinstance(there := start.facts.get(key), Table):
            facts[key] = replace(there, columns=mine.columns)
        elif key in start.facts:
            facts[key] = start.facts[key]
        else:
            facts.pop(key, None)
    return Catalog(
        {key: facts[key] for key in sorted(facts)}, wanted.depends, wanted.server_version, wanted.column_users
    )


def _with_column(fact: Fact, there: Fact | None, name: str) -> Fact:
    if not isinstance(fact, Table) or not isinstance(there, Table):
        return fact
    known = {column.name: column for column in there.columns}
    columns = (known.get(column.name, column) if column.name == name else column for column in fact.columns)
    return replace(fact, columns=tuple(columns))
