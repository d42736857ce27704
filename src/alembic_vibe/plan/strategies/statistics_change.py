"""Extended statistics come, go and change (recipe 32); readers and writers do not wait for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Statistics
from alembic_vibe.catalog.keys import Kind
from alembic_vibe.diff.compare import ChangeKind
from alembic_vibe.locks import LockLevel
from alembic_vibe.plan.belongings import changes_of
from alembic_vibe.plan.blocks import execute, locks
from alembic_vibe.plan.discovery import makers_by_kind
from alembic_vibe.plan.model import Step
from alembic_vibe.plan.situation import Planned, node_of
from alembic_vibe.plan.sql import name_of
from alembic_vibe.sql.compose import Printed

if TYPE_CHECKING:
    from alembic_vibe.diff.compare import Change
    from alembic_vibe.plan.operations import Operation
    from alembic_vibe.plan.situation import Situation

RECIPES = ("32",)


def applies(change: Change, situation: Situation) -> bool:
    """New, gone from a table that stays, or different in more than comment and owner."""
    if change.key.kind is not Kind.STATISTICS:
        return False
    fact = change.after or change.before
    assert isinstance(fact, Statistics)
    stays = change.kind is not ChangeKind.DROP or fact.table in situation.after.facts
    return stays and not change.alters("comment") and not change.alters("owner")


def plan(change: Change, situation: Situation) -> Planned:
    """Change them before the next release; ANALYZE fills them."""
    old, new = situation.old_fact(change.key), situation.new_fact(change.key)
    fact = new if isinstance(new, Statistics) else old
    assert isinstance(fact, Statistics)
    name = fact.key.qualified
    up: list[Operation] = []
    down: list[Operation] = []
    takes = changes_of(situation, [change.key]) - {node_of(change)}
    title = name
    if change.alters("target"):
        assert isinstance(old, Statistics)
        up, down, takes = [_target(fact)], [_target(old)], frozenset()
    else:
        if isinstance(old, Statistics):
            made = makers_by_kind()[Kind.STATISTICS].create(old, situation.old)
            up, down = [*made.down], [*made.up]
            title = f"drop {name}"
        if isinstance(new, Statistics):
            made = makers_by_kind()[Kind.STATISTICS].create(new, situation.new)
            up, down = [*up, *made.up], [*made.down, *down]
            title = name
    note = f"ANALYZE fills {name}." if new is not None else ""
    level = LockLevel.SHARE_UPDATE_EXCLUSIVE
    step = Step(
        change.key,
        tuple(up),
        tuple(down),
        title=title,
        locks=locks(level, fact.table) if fact.table in situation.before.facts else (),
        notes=(note,) if note else (),
    )
    return Planned((step,), takes=takes)


def _target(fact: Statistics) -> Operation:
    number = Printed(str(fact.target if fact.target is not None else -1))
    return execute("ALTER STATISTICS {name} SET STATISTICS {number}", name=name_of(fact.key), number=number)
