"""In which order tables are chosen and loaded, and which foreign keys must then be checked at the end."""

from __future__ import annotations

from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from alembic_vibe.subset.schema import Reference, Schema, Table


def in_order(schema: Schema) -> tuple[list[Table], list[Reference]]:
    """Sort the tables, those that others refer to first.

    Returns:
        The tables, and the foreign keys that a circle makes point to a later table. References of a table to itself
        are none of these: all rows of a table go in with one statement.
    """
    edges: dict[int, dict[int, list[Reference]]] = {
        table.oid: {} for table in sorted(schema.tables.values(), key=lambda table: table.key)
    }
    for reference in schema.references:
        if reference.child != reference.parent:
            edges[reference.child].setdefault(reference.parent, []).append(reference)
    late: list[Reference] = []
    while True:
        try:
            order = list(TopologicalSorter({oid: list(above) for oid, above in edges.items()}).static_order())
        except CycleError as error:
            circle: list[int] = error.args[1]
            # Each is a predecessor, that is a parent, of the next. Deferrable ones cost nothing to check later.
            child, parent = min(
                ((child, parent) for parent, child in pairwise(circle)),
                key=lambda edge: (
                    not all(reference.deferrable for reference in edges[edge[0]][edge[1]]),
                    any(reference.required for reference in edges[edge[0]][edge[1]]),
                ),
            )
            late += edges[child].pop(parent)
        else:
            return [schema.tables[oid] for oid in order], late
