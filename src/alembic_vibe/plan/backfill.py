"""Filling rows that were there before, a batch at a time, beside readers and writers (recipes, block BF).

One statement, run outside a transaction, where a DO block may commit (PostgreSQL manual, 41.8 "Transaction
Management"). It goes through the table in the order of its primary key, up to the last key that was there when it
began: what is written later is complete, because the trigger or default that sees to it was committed before. Where it
has got to is kept in ``vibe.progress``, so that a second run goes on where the first one stopped; the table goes with
its last row. A table without a primary key is read by ranges of blocks until no row is left.

``SET vibe.batch_size`` and ``SET vibe.pause`` (seconds) make it gentler or faster.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import ConstraintKind
from alembic_vibe.locks import LockLevel
from alembic_vibe.plan.blocks import locks, shown
from alembic_vibe.plan.model import Mode, Phase, Step, Verify
from alembic_vibe.plan.situation import column_key, table_of
from alembic_vibe.plan.sql import name_of
from alembic_vibe.plan.written import written
from alembic_vibe.sql.compose import Literal, Name, Printed, compose

if TYPE_CHECKING:
    from collections.abc import Sequence

    from alembic_vibe.catalog.keys import Key
    from alembic_vibe.plan.operations import Execute
    from alembic_vibe.plan.situation import Situation


def backfill_step(
    key: Key,
    assignments: str,
    where: str,
    situation: Situation,
    *,
    title: str = "",
    phase: Phase = Phase.MIGRATE,
    verify: tuple[Verify, ...] = (),
    notes: tuple[str, ...] = (),
    insert: str = "",
) -> Step:
    """Return the step that updates the rows of a table that need it, a batch at a time.

    Args:
        key: The column that is filled (of kind COLUMN), or a table; a column of the wanted state.
        assignments: What follows SET, as SQL: ``amount_cents = amount * 100``. The trigger or default that completes
            new rows must have been committed in an earlier step.
        where: The rows that are still to do, as SQL; it must be false of a row once it is done.
        situation: For the primary key.
        title: A few words for the revision; by default ``backfill`` and the column.
        phase: When.
        verify: What must hold before.
        notes: What a reviewer should know.
        insert: Instead of assignments, an INSERT … SELECT … FROM the table; rows that exist by then are left alone.
    """
    table = table_of(key)
    what = shown(table, key.member)
    return Step(
        key,
        (backfill(table, what, assignments, where, walked_by(table, situation), insert),),
        (forget(what),),
        phase=phase,
        mode=Mode.BATCHED,
        title=title or f"backfill {what}",
        locks=locks(LockLevel.ROW_EXCLUSIVE, table),
        scans=(table,),
        verify=verify,
        done=(_nothing_left(table, what, where),),
        notes=notes,
        uses_vibe=True,
    )


def _nothing_left(table: Key, what: str, where: str) -> Verify:
    query = compose("SELECT count(*) FROM {table} WHERE {where}", table=name_of(table), where=Printed(where))
    return Verify(query, f"rows of {shown(table)} are not backfilled ({what})")


def backfill(table: Key, job: str, assignments: str, where: str, keys: Sequence[str], insert: str = "") -> Execute:
    """Return the statement by itself.

    Args:
        table: Whose rows.
        job: Under which name its progress is kept.
        assignments: See ``backfill_step``.
        where: See ``backfill_step``.
        keys: The columns of the primary key; empty: by blocks.
        insert: See ``backfill_step``.
    """

    def variables(what: str, suffix: str = "") -> str:
        return ", ".join(f"vibe_{what}_{number}{suffix}" for number in range(1, len(keys) + 1))

    name = name_of(table)
    return written(
        "backfill",
        table=name,
        literal=Literal(str(name)),
        job=Literal(job),
        keys=[str(Name(key)) for key in keys],
        variables=variables,
        change=insert or compose("UPDATE {table} SET {what}", table=name, what=Printed(assignments)),
        where=where,
        after="\n        ON CONFLICT DO NOTHING" if insert else "",
    )


def forget(job: str) -> Execute:
    """Return the statement that removes what an interrupted backfill left in ``vibe.progress``."""
    return written("forget", job=Literal(job))


def walked_by(table: Key, situation: Situation) -> tuple[str, ...]:
    """Return the columns of a table's primary key; none if it has none, or one of them gets another name meanwhile."""
    renamed = situation.intents.renamed
    moving = set(renamed) | set(renamed.values())
    known = situation.old_constraints
    for constraint in [*known.get(table, []), *known.get(renamed.get(table, table), [])]:
        if constraint.kind == ConstraintKind.PRIMARY:
            keys = {column_key(table, column) for column in constraint.columns}
            return () if keys & moving else constraint.columns
    return ()
