"""Row-level security goes on or off (recipe 57).

Without a policy that lets it, the running release would read no rows: security goes on when only the next release is
left, which knows its policies, and those are there by then.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Table
from alembic_vibe.catalog.keys import Kind
from alembic_vibe.hazards import AUTHORIZATION, Danger
from alembic_vibe.plan.blocks import alter, exclusive, shown
from alembic_vibe.plan.model import Phase, Step
from alembic_vibe.plan.situation import Planned
from alembic_vibe.sql.compose import Printed

if TYPE_CHECKING:
    from alembic_vibe.diff.compare import Change
    from alembic_vibe.plan.operations import Operation
    from alembic_vibe.plan.situation import Situation

RECIPES = ("57",)
_WORDS = {
    "row_security": ("ENABLE", "DISABLE"),
    "force_row_security": ("FORCE", "NO FORCE"),
}


def applies(change: Change, _situation: Situation) -> bool:
    """Where only the flags differ; a refined change of them always stands alone."""
    return change.key.kind is Kind.TABLE and change.alters("row_security", "force_row_security")


def plan(change: Change, _situation: Situation) -> Planned:
    """Switch on after the old release, off before the next one."""
    one, other = change.before, change.after
    assert isinstance(one, Table)
    assert isinstance(other, Table)
    table = change.key
    steps = []
    for phase, wanted in ((Phase.EXPAND, False), (Phase.CONTRACT, True)):
        fields = [f for f in _WORDS if getattr(one, f) != getattr(other, f) and getattr(other, f) is wanted]
        if not fields:
            continue
        up: list[Operation] = []
        down: list[Operation] = []
        for field in fields:
            on, off = _WORDS[field]
            verb, back = (on, off) if wanted else (off, on)
            up.append(alter(table, "{verb} ROW LEVEL SECURITY", verb=Printed(verb)))
            down.insert(0, alter(table, "{verb} ROW LEVEL SECURITY", verb=Printed(back)))
        message = f"policies of {shown(table)} no longer keep rows from the running release"
        steps.append(
            Step(
                table,
                tuple(up),
                tuple(down),
                phase=phase,
                title=f"row security {shown(table)}",
                locks=exclusive(table),
                old_sees="" if wanted else message,
                new_sees=f"{shown(table)} is not filtered by its policies before contract" if wanted else "",
                dangers=() if wanted else (Danger(AUTHORIZATION, shown(table), message),),
            )
        )
    return Planned(tuple(steps))  # what is new on the table does not wait for it
