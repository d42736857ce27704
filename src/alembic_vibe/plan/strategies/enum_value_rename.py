"""Labels of an enum get other names (recipe 35): at once, for everybody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Enum
from alembic_vibe.hazards import OLD_RELEASE_BREAKS, Danger
from alembic_vibe.plan.blocks import execute
from alembic_vibe.plan.enums import follows, labels_of
from alembic_vibe.plan.model import Phase, Step
from alembic_vibe.plan.situation import Planned, node_of
from alembic_vibe.plan.sql import exact_name
from alembic_vibe.sql.compose import Literal

if TYPE_CHECKING:
    from alembic_vibe.diff.compare import Change
    from alembic_vibe.plan.situation import Situation

RECIPES = ("35",)


def applies(change: Change, situation: Situation) -> bool:
    """New names, as the author says, and nothing else."""
    labels = labels_of(change, situation)
    return labels is not None and labels.only_renamed


def plan(change: Change, situation: Situation) -> Planned:
    """Rename them before the new release; defaults, CHECKs and views that name them follow by themselves."""
    labels = labels_of(change, situation)
    new = situation.new_fact(change.key)
    assert labels is not None
    assert isinstance(new, Enum)
    name = exact_name(new.key, shadowed=new.shadowed)
    sql = "ALTER TYPE {name} RENAME VALUE {old} TO {new}"
    pairs = [(Literal(old), Literal(now)) for old, now in labels.renamed.items()]
    shown = ", ".join(f"'{old}' to '{now}'" for old, now in labels.renamed.items())
    what = change.key.qualified
    step = Step(
        change.key,
        tuple(execute(sql, name=name, old=old, new=now) for old, now in pairs),
        tuple(execute(sql, name=name, old=now, new=old) for old, now in reversed(pairs)),
        phase=Phase.EXPAND,
        title=f"{what}: {shown}",
        old_sees=f"the new labels when it reads, and errors when it writes {', '.join(map(repr, labels.renamed))}",
        dangers=(
            Danger(
                OLD_RELEASE_BREAKS,
                what,
                f"statements that name the old labels fail ({shown}); to avoid that, add the new labels, let the new "
                "release write them, and remove the old ones later",
            ),
        ),
    )
    takes = {node_of(found) for found in situation.changes if found.key != change.key and follows(found, labels)}
    return Planned((step,), takes=frozenset(takes))
