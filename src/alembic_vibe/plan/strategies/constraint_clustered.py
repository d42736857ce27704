"""CLUSTER goes by another index (recipe 32); no row is moved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Constraint, Index
from alembic_vibe.plan.blocks import alter, exclusive, shown
from alembic_vibe.plan.keys import own_name
from alembic_vibe.plan.model import Step
from alembic_vibe.plan.situation import Planned
from alembic_vibe.plan.sql import cluster_on

if TYPE_CHECKING:
    from alembic_vibe.catalog.catalog import Catalog
    from alembic_vibe.catalog.keys import Key
    from alembic_vibe.diff.compare import Change
    from alembic_vibe.plan.situation import Situation

RECIPES = ("32",)


def applies(change: Change, _situation: Situation) -> bool:
    """Where nothing else differs; a refined change of it always stands alone."""
    return change.alters("clustered")


def plan(change: Change, situation: Situation) -> Planned:
    """Say it before the next release."""
    old, new = change.before, change.after
    assert isinstance(old, Constraint | Index)
    assert isinstance(new, Constraint | Index)
    before, after = (_clustered(catalog, new.table) for catalog in (situation.before, situation.after))
    if old.clustered and after is not None:
        # Another index takes over. Its own change says so; one that is made says so when it is.
        if after in situation.before.facts:
            return Planned()
        back = cluster_on(old.table, own_name(old))
        return Planned(
            (Step(change.key, (), (back,), title=f"cluster {shown(old.table)}", locks=exclusive(old.table)),)
        )
    up = cluster_on(new.table, own_name(new)) if new.clustered else alter(new.table, "SET WITHOUT CLUSTER")
    down = alter(new.table, "SET WITHOUT CLUSTER")
    if before is not None:
        down = cluster_on(new.table, own_name(_fact(situation.before, before)))
    step = Step(change.key, (up,), (down,), title=f"cluster {shown(new.table)}", locks=exclusive(new.table))
    return Planned((step,))


def _clustered(catalog: Catalog, table: Key) -> Key | None:
    """Return the index or constraint that CLUSTER goes by."""
    found = [*catalog.constraints().get(table, ()), *catalog.indexes().get(table, ())]
    return next((fact.key for fact in found if fact.clustered), None)


def _fact(catalog: Catalog, key: Key) -> Constraint | Index:
    fact = catalog.facts[key]
    assert isinstance(fact, Constraint | Index)
    return fact
