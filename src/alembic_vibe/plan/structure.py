"""What belongs to a table's structure, so that no second column can take its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Constraint, ConstraintKind, Index, Privileges, Table
from alembic_vibe.catalog.keys import Kind
from alembic_vibe.plan.retype import has_heirs

if TYPE_CHECKING:
    from alembic_vibe.catalog.facts import Column
    from alembic_vibe.catalog.keys import Key
    from alembic_vibe.plan.situation import Situation


def stands_alone(table: Key, old: Column, new: Column, situation: Situation) -> bool:
    """Whether another column can take a column's place: what belongs to the table's structure cannot be moved."""
    fact = situation.before.facts.get(table)
    if not isinstance(fact, Table) or fact.partition_of is not None or fact.partition_key is not None:
        return False
    if old.generated or new.generated or old.identity or new.identity or old.inherited or has_heirs(table, situation):
        return False
    if "nextval(" in (old.default or "") + (new.default or ""):
        return False
    catalog = situation.before
    users = {key: catalog.facts.get(key) for key in catalog.column_users.get((table, old.name), ())}
    if any(key.kind in {Kind.OTHER, Kind.STATISTICS, Kind.TABLE} for key in users):
        return False
    for found in users.values():
        if isinstance(found, Index) and _is_chosen(found.key.name, found.clustered, fact):
            return False
    if any(found.target == table and found.column == old.name for found in catalog.of_type(Privileges)):
        return False
    return all(_can_be_moved(found, table, old.name, fact) for found in catalog.of_type(Constraint))


def _can_be_moved(constraint: Constraint, table: Key, column: str, fact: Table) -> bool:
    if constraint.references == table and column in constraint.reference_columns:
        return False
    if constraint.table != table or column not in constraint.columns:
        return True
    fixed = constraint.kind in {ConstraintKind.PRIMARY, ConstraintKind.EXCLUDE}
    return not fixed and not _is_chosen(constraint.name, constraint.clustered, fact)


def _is_chosen(index: str, clustered: bool, table: Table) -> bool:
    """Whether the table's replica identity or its order on disk goes by an index."""
    return clustered or table.replica_identity == f"index {index}"
