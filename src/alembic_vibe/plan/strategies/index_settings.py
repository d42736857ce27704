"""Settings of an index that can be said in place (recipes 30 and 32): storage parameters, statistics targets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Index
from alembic_vibe.catalog.keys import Kind
from alembic_vibe.diff.compare import ChangeKind
from alembic_vibe.hazards import BLOCKING_SCAN, Danger
from alembic_vibe.locks import LockLevel
from alembic_vibe.plan.blocks import exclusive, execute, locks
from alembic_vibe.plan.indexes import in_place, option_changes, statistics_changes
from alembic_vibe.plan.model import Step
from alembic_vibe.plan.situation import Planned
from alembic_vibe.plan.sql import name_of
from alembic_vibe.sql.compose import Name

if TYPE_CHECKING:
    from alembic_vibe.diff.compare import Change
    from alembic_vibe.plan.operations import Operation
    from alembic_vibe.plan.situation import Situation

RECIPES = ("30", "32")


def applies(change: Change, _situation: Situation) -> bool:
    """What is in the index stays as it is."""
    return change.kind is ChangeKind.ALTER and change.key.kind is Kind.INDEX and in_place(change)


def plan(change: Change, situation: Situation) -> Planned:
    """Say them before the next release; another tablespace moves the index while nobody can use the table."""
    old, new = situation.old_fact(change.key), situation.new_fact(change.key)
    assert isinstance(old, Index)
    assert isinstance(new, Index)
    moved = old.tablespace != new.tablespace
    name = new.key.qualified
    text = f"{name} is copied to another tablespace while nobody can use it"
    step = Step(
        change.key,
        tuple(_settings(old, new)),
        tuple(_settings(new, old)),
        title=f"settings of {name}",
        locks=exclusive(new.key) if moved else locks(LockLevel.SHARE_UPDATE_EXCLUSIVE, new.key),
        dangers=(Danger(BLOCKING_SCAN, name, text),) if moved else (),
    )
    return Planned((step,))


def _settings(old: Index, new: Index) -> list[Operation]:
    found: list[Operation] = []
    found.extend(option_changes("INDEX", new.key, old.options, new.options))
    found.extend(statistics_changes(old, new))
    if old.tablespace != new.tablespace:
        space = Name(new.tablespace or "pg_default")
        found.append(execute("ALTER INDEX {name} SET TABLESPACE {space}", name=name_of(new.key), space=space))
    return found
