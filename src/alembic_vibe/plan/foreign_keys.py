"""Foreign keys that stay while the key that they are bound to goes: bound anew, without stopping writers for long."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.plan.blocks import alter, exclusive
from alembic_vibe.plan.constraints import add_new_rows, comments, drop_if_exists, together
from alembic_vibe.plan.keys import is_partitioned
from alembic_vibe.sql.compose import Name, Printed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from alembic_vibe.catalog.catalog import Catalog
    from alembic_vibe.catalog.facts import Constraint
    from alembic_vibe.plan.model import Lock
    from alembic_vibe.plan.operations import Execute, Operation


def repointed(bound: Sequence[Constraint], change: Sequence[Operation], catalog: Catalog) -> tuple[Operation, ...]:
    """Return a change of a key as one statement with the foreign keys bound to it, and the check of their rows.

    PostgreSQL binds a foreign key to an index when it is made, and does not drop that under it. The rows satisfy it
    already; checking them happens beside readers and writers.

    Args:
        bound: The foreign keys.
        change: What happens to the key.
        catalog: Where partitioned tables are looked up: their foreign keys are checked at once.
    """
    if not bound:
        return (together(change),) if len(change) > 1 else tuple(change)
    away = [drop_if_exists(fact.table, fact.name) for fact in bound]
    again: list[Operation] = []
    for fact in bound:
        again += [_add(fact, catalog), *comments(fact)]
    checks = [
        alter(fact.table, "VALIDATE CONSTRAINT {name}", name=Name(fact.name))
        for fact in bound
        if fact.validated and fact.enforced and not is_partitioned(fact.table, catalog)
    ]
    return (together([*away, *change, *again]), *checks)


def _add(fact: Constraint, catalog: Catalog) -> Execute:
    if not is_partitioned(fact.table, catalog):
        return add_new_rows(fact)
    action = "ADD CONSTRAINT {name} {definition}"
    return alter(fact.table, action, name=Name(fact.name), definition=Printed(fact.definition))


def locked(bound: Sequence[Constraint]) -> tuple[Lock, ...]:
    """Return the locks on the tables of foreign keys that are bound anew."""
    return exclusive(*(fact.table for fact in bound))
