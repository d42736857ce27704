"""An extension goes, or moves to another schema (recipe 41)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Extension
from alembic_vibe.diff.compare import ChangeKind
from alembic_vibe.hazards import OLD_RELEASE_BREAKS, Danger
from alembic_vibe.plan.blocks import execute
from alembic_vibe.plan.discovery import makers_by_kind
from alembic_vibe.plan.model import Phase, Step
from alembic_vibe.plan.situation import Planned
from alembic_vibe.sql.compose import Name

if TYPE_CHECKING:
    from alembic_vibe.diff.compare import Change
    from alembic_vibe.plan.operations import Operation
    from alembic_vibe.plan.situation import Situation

RECIPES = ("41",)


def applies(change: Change, _situation: Situation) -> bool:
    """Any change of an extension but a new one."""
    return change.kind is not ChangeKind.ADD and isinstance(change.before, Extension)


def plan(change: Change, situation: Situation) -> Planned:
    """Drop it last, without CASCADE: what was set aside may still use it."""
    one, other = change.before, change.after
    assert isinstance(one, Extension)
    name = change.key.name
    if not isinstance(other, Extension):
        made = makers_by_kind()[change.key.kind].create(one, situation.old)
        step = Step(change.key, made.down, made.up, phase=Phase.PURGE, title=f"drop extension {name}")
        return Planned((step,), ready=Phase.PURGE)
    message = f"what extension {name} brings is in schema {other.schema} from then on, for both releases"
    step = Step(
        change.key,
        (_move(other),),
        (_move(one),),
        phase=Phase.MIGRATE,
        title=f"extension {name} to {other.schema}",
        old_sees=message,
        dangers=(Danger(OLD_RELEASE_BREAKS, name, message),),
    )
    return Planned((step,), ready=Phase.MIGRATE)


def _move(fact: Extension) -> Operation:
    sql = "ALTER EXTENSION {name} SET SCHEMA {schema}"
    return execute(sql, name=Name(fact.key.name), schema=Name(fact.schema))
