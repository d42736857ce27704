"""Constraints that cannot be made together with their table: circular foreign keys, NOT VALID ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Constraint, Fact
from alembic_vibe.catalog.keys import Kind
from alembic_vibe.plan.model import Step
from alembic_vibe.plan.operations import AddConstraint, DropConstraint, Operation
from alembic_vibe.plan.sql import cluster_on, comment_on, key_statistics, name_of
from alembic_vibe.sql.compose import Name, Printed, compose

if TYPE_CHECKING:
    from alembic_vibe.plan.context import Context

KINDS = (Kind.CONSTRAINT,)


def create(fact: Fact, _context: Context) -> Step:
    """Return the step that adds a constraint to a table that is there."""
    assert isinstance(fact, Constraint)
    parts = {"table": name_of(fact.table), "name": Name(fact.name)}
    sql = "ALTER TABLE {table} ADD CONSTRAINT {name} {definition}"
    add = AddConstraint(fact, (compose(sql, **parts, definition=Printed(fact.definition)),))
    target = Printed(f"{Name(fact.name)} ON {name_of(fact.table)}")
    drop = DropConstraint(fact, (compose("ALTER TABLE {table} DROP CONSTRAINT {name}", **parts),))
    up: list[Operation] = [add, *comment_on("CONSTRAINT", target, fact.comment)]
    up.extend(key_statistics(Name(fact.key.schema, fact.name), fact.keys))
    if fact.clustered:
        up.append(cluster_on(fact.table, fact.name))
    return Step(fact.key, tuple(up), (drop,))
