"""An index goes, from a table that stays (recipe 29)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Index
from alembic_vibe.catalog.keys import Kind
from alembic_vibe.diff.compare import ChangeKind
from alembic_vibe.plan.foreign_keys import locked, repointed
from alembic_vibe.plan.indexes import index_locks, relation
from alembic_vibe.plan.keys import build, drop_index, incoming, is_partitioned
from alembic_vibe.plan.model import Mode, Phase, Step
from alembic_vibe.plan.operations import DropIndex
from alembic_vibe.plan.situation import Planned
from alembic_vibe.plan.sql import name_of
from alembic_vibe.sql.compose import compose

if TYPE_CHECKING:
    from alembic_vibe.diff.compare import Change
    from alembic_vibe.plan.operations import Operation
    from alembic_vibe.plan.situation import Situation

RECIPES = ("29",)


def applies(change: Change, situation: Situation) -> bool:
    """Any; one that only gets another name goes by that."""
    fact = change.before
    return (
        change.kind is ChangeKind.DROP
        and isinstance(fact, Index)
        and change.key.kind is Kind.INDEX
        and change.key not in situation.renamed_parts
        and relation(fact, situation.before) in situation.after.facts
    )


def plan(change: Change, situation: Situation) -> Planned:
    """Drop it when the old release is gone, which may need it to be fast, or for ON CONFLICT."""
    fact = situation.old_fact(change.key)
    assert isinstance(fact, Index)
    bound = incoming(change.key, situation.before, situation)
    up: tuple[Operation, ...] = (drop_index(fact),)
    if bound or is_partitioned(fact.table, situation.before):
        # Neither a partitioned index nor one under foreign keys can be dropped concurrently.
        sql = compose("DROP INDEX IF EXISTS {name}", name=name_of(fact.key))
        up = repointed(bound, (DropIndex(fact, (sql,), if_exists=True),), situation.before)
    notes: tuple[str, ...] = ()
    if fact.unique:
        notes = ("The downgrade stops where rows have become the same by then.",)
    step = Step(
        fact.key,
        up,
        build(fact, situation.old),
        phase=Phase.CONTRACT,
        mode=Mode.AUTOCOMMIT,
        title=f"drop {fact.key.name}",
        locks=(*index_locks(fact, situation.before, strong=len(up) > 1 or bool(bound)), *locked(bound)),
        notes=notes,
    )
    return Planned((step,), ready=Phase.CONTRACT)
