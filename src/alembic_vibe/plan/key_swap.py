"""One UNIQUE or PRIMARY KEY takes the place of another (recipe 24): built first, changed over in an instant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import ConstraintKind
from alembic_vibe.plan.blocks import alter, shown, vibe_name
from alembic_vibe.plan.constraints import blocking, locks_of, stop_at_duplicates
from alembic_vibe.plan.foreign_keys import locked, repointed
from alembic_vibe.plan.keys import (
    build,
    build_index,
    builds_at_once,
    incoming,
    is_partitioned,
    no_duplicates,
    over_index,
    remove,
    settings,
)
from alembic_vibe.plan.model import Mode, Phase, Step
from alembic_vibe.plan.twins import index_of
from alembic_vibe.sql.compose import Name, Printed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from alembic_vibe.catalog.catalog import Catalog
    from alembic_vibe.catalog.facts import Constraint
    from alembic_vibe.plan.operations import Operation
    from alembic_vibe.plan.situation import Situation


def swap_key(old: Constraint, new: Constraint, situation: Situation) -> Step:
    """Return the step that puts ``new`` in the place of ``old``, when the old release is gone.

    Foreign keys that stay are bound to another key in the same statement. On a partitioned table the old key goes
    before the new one is built on each partition.

    Args:
        old: In words to write.
        new: In words to write; under another name or the same.
        situation: Both states.
    """
    there = incoming(old.key, situation.before, situation)
    back = incoming(new.key, situation.after, situation)
    notes: tuple[str, ...] = ()
    if is_partitioned(new.table, situation.before):
        up = (*remove(old, situation.old), *build(new, situation.new))
        down = (*remove(new, situation.new), *build(old, situation.old))
        notes = (f"Until it is built, nothing keeps rows of {shown(new.table)} from being the same.",)
    else:
        up = _swap(old, new, there, situation.before)
        down = (stop_at_duplicates(old), *_swap(new, old, back, situation.after))
    kind = "PRIMARY KEY" if new.kind == ConstraintKind.PRIMARY else "UNIQUE"
    return Step(
        new.key,
        up,
        down,
        phase=Phase.CONTRACT,
        mode=Mode.AUTOCOMMIT,
        title=new.name,
        locks=(*locks_of(new, situation.before), *locked([*there, *back])),
        scans=(new.table,),
        verify=(no_duplicates(new),) if _may_find(old, new) else (),
        dangers=(blocking(new),) if builds_at_once(new, situation.before) else (),
        new_sees=f"{kind} {new.name} is the old one until contract",
        notes=(*notes, f"The downgrade stops where rows of {shown(new.table)} are the same in the old key by then."),
    )


def _may_find(old: Constraint, new: Constraint) -> bool:
    return not set(old.columns) <= set(new.columns) or (new.nulls_not_distinct and not old.nulls_not_distinct)


def _swap(old: Constraint, new: Constraint, bound: Sequence[Constraint], catalog: Catalog) -> tuple[Operation, ...]:
    stand_in = vibe_name("new", new.name)
    index = index_of(new, stand_in)
    change = alter(
        new.table,
        "DROP CONSTRAINT IF EXISTS {old}, {adding}",
        old=Name(old.name),
        adding=Printed(over_index(new, stand_in)),
    )
    first: tuple[Operation, ...] = ()
    if old.name != new.name:
        # What a broken attempt has changed over already.
        first = (alter(new.table, "DROP CONSTRAINT IF EXISTS {name}", name=Name(new.name)),)
    swapped = repointed(bound, (*first, change), catalog)
    return (*build_index(index), *swapped, *settings(new))
