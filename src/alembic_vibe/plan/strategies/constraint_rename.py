"""A constraint or index gets another name and stays as it is (recipes 22, 28): nothing is built or read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Constraint, Index
from alembic_vibe.catalog.keys import Kind
from alembic_vibe.diff.compare import ChangeKind
from alembic_vibe.locks import LockLevel
from alembic_vibe.plan.blocks import alter, execute, locks
from alembic_vibe.plan.constraints import locks_of
from alembic_vibe.plan.described import comment
from alembic_vibe.plan.keys import relation_name
from alembic_vibe.plan.model import Lock, Phase, Step
from alembic_vibe.plan.situation import Planned, table_of
from alembic_vibe.plan.sql import cluster_on
from alembic_vibe.sql.compose import Name

if TYPE_CHECKING:
    from alembic_vibe.diff.compare import Change
    from alembic_vibe.plan.operations import Operation
    from alembic_vibe.plan.situation import Situation

RECIPES = ("22", "28")


def applies(change: Change, situation: Situation) -> bool:
    """Both the one that goes and the one that is new, on a table that stays."""
    if change.key not in situation.renamed_parts or change.key.kind not in {Kind.CONSTRAINT, Kind.INDEX}:
        return False
    fact = change.after if change.kind is ChangeKind.ADD else change.before
    assert isinstance(fact, Constraint | Index)
    return isinstance(fact, Index) or table_of(change.key) in situation.after.facts


def plan(change: Change, situation: Situation) -> Planned:
    """Rename it when the old release is gone, which may say ON CONFLICT ON CONSTRAINT."""
    other = situation.renamed_parts[change.key]
    if change.kind is ChangeKind.DROP:
        return Planned(ready=Phase.CONTRACT)  # the new name carries it out
    old, new = situation.old_fact(other), situation.new_fact(change.key)
    assert isinstance(old, Constraint | Index)
    assert isinstance(new, Constraint | Index)
    taken: tuple[Lock, ...]
    if isinstance(new, Constraint):
        assert isinstance(old, Constraint)
        there, back = (
            alter(new.table, "RENAME CONSTRAINT {one} TO {other}", one=Name(one), other=Name(two))
            for one, two in ((old.name, new.name), (new.name, old.name))
        )
        taken, names = locks_of(new, situation.before), (old.name, new.name)
    else:
        assert isinstance(old, Index)
        there, back = (
            execute("ALTER INDEX {one} RENAME TO {other}", one=relation_name(one), other=Name(two.key.name))
            for one, two in ((old, new), (new, old))
        )
        taken, names = locks(LockLevel.SHARE_UPDATE_EXCLUSIVE, new.key), (old.key.name, new.key.name)
    up: list[Operation] = [there]
    down: list[Operation] = [back]
    if old.comment != new.comment:
        up.append(comment(new.key, new))
        down.append(comment(old.key, old))
    if new.clustered and not old.clustered:
        up.append(cluster_on(new.table, names[1]))
        down.append(alter(new.table, "SET WITHOUT CLUSTER"))
    if old.clustered and not new.clustered:
        up.append(alter(new.table, "SET WITHOUT CLUSTER"))
        down.append(cluster_on(new.table, names[0]))
    step = Step(
        change.key,
        tuple(up),
        tuple(down),
        phase=Phase.CONTRACT,
        title=f"{names[0]} to {names[1]}",
        locks=taken,
    )
    return Planned((step,), takes=frozenset({(other, ())}), ready=Phase.CONTRACT)
