"""Indexes on tables that the same run makes, and statistics objects (recipes 28 and 32)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Fact, Index, Statistics, Table
from alembic_vibe.catalog.keys import Kind
from alembic_vibe.plan.model import Step
from alembic_vibe.plan.operations import CreateIndex, DropIndex, Execute, Operation
from alembic_vibe.plan.sql import cluster_on, comment_on, key_statistics, name_of, owner_of
from alembic_vibe.sql.compose import compose

if TYPE_CHECKING:
    from alembic_vibe.plan.context import Context

KINDS = (Kind.INDEX, Kind.STATISTICS)


def create(fact: Fact, context: Context) -> Step:
    """Return the step that makes an index or a statistics object."""
    assert isinstance(fact, Index | Statistics)
    name = name_of(fact.key)
    if isinstance(fact, Statistics):
        up: list[Operation] = [Execute(context.source.get(fact.key, fact.definition))]
        if fact.target is not None:
            up.append(Execute(compose(f"ALTER STATISTICS {{name}} SET STATISTICS {fact.target}", name=name)))
        up.extend(comment_on("STATISTICS", name, fact.comment))
        up.extend(owner_of("STATISTICS", name, fact.owner))
        return Step(fact.key, tuple(up), (Execute(compose("DROP STATISTICS {name}", name=name)),))
    up = [CreateIndex(fact, (definition(fact, context),))]
    up.extend(comment_on("INDEX", name, fact.comment))
    up.extend(key_statistics(name, fact.keys))
    if fact.clustered:
        up.append(cluster_on(fact.table, fact.key.name))
    return Step(fact.key, tuple(up), (DropIndex(fact, (compose("DROP INDEX {name}", name=name),)),))


def definition(index: Index, context: Context) -> str:
    """Return CREATE INDEX as PostgreSQL prints it; for a partitioned table without ONLY, so that partitions get it."""
    table = context.target.facts.get(index.table)
    if isinstance(table, Table) and table.partition_key is not None:
        return index.definition.replace(" ON ONLY ", " ON ", 1)
    return index.definition
