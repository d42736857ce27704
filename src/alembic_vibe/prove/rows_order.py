"""In which order tables are filled, and how circles of foreign keys are broken."""

from __future__ import annotations

from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from alembic_vibe.prove.rows_facts import ConstraintFact, SchemaFacts, TableFact


@dataclass(slots=True)
class Arrangement:
    """The order.

    ``levels``: tables of a level refer only to earlier levels. ``later``: foreign keys (root table, constraint) that
    stay NULL at first. ``groups``: roots that only a deferred check can take, by root, in order of insertion.
    ``forced``: columns per root whose value must be known in advance because another row of the same attempt, or the
    row itself, refers to it; each with the (root, column) that decides the value.
    """

    levels: list[list[TableFact]] = field(default_factory=list)
    later: list[tuple[int, ConstraintFact]] = field(default_factory=list)
    groups: dict[int, tuple[int, ...]] = field(default_factory=dict)
    forced: dict[int, dict[str, tuple[int, str]]] = field(default_factory=dict)


def arrange(tables: list[TableFact], facts: SchemaFacts) -> Arrangement:
    """Sort tables by their foreign keys; partitions count as their root."""
    result = Arrangement()
    by_root: dict[int, list[TableFact]] = {}
    for table in tables:
        by_root.setdefault(table.target_oid, []).append(table)
    roots_of = _roots(facts)
    edges: dict[int, dict[int, list[ConstraintFact]]] = {root: {} for root in by_root}
    for root, members in by_root.items():
        for constraint in members[0].constraints:
            parent = roots_of.get(constraint.references, 0) if constraint.kind == "f" else 0
            if parent == root:
                if not _nullable(members[0], constraint):
                    _force(result, root, parent, constraint)
            elif parent in by_root:
                edges[root].setdefault(parent, []).append(constraint)
    merged: list[tuple[int, ...]] = []
    while True:
        sorter = TopologicalSorter({root: sorted(parents) for root, parents in edges.items()})
        try:
            sorter.prepare()
        except CycleError as error:
            circle: list[int] = error.args[1]
            _cut(circle, edges, by_root, result, merged)
            continue
        break
    while sorter.is_active():
        ready = sorter.get_ready()
        result.levels.append([table for root in sorted(ready) for table in by_root[root]])
        sorter.done(*ready)
    _settle_groups(result, merged)
    return result


def _roots(facts: SchemaFacts) -> dict[int, int]:
    roots = {table.oid: table.target_oid for table in facts.tables.values()}
    for table in facts.tables.values():
        roots.update(dict.fromkeys(table.ancestors, table.target_oid))
    return roots


def _nullable(table: TableFact, constraint: ConstraintFact) -> bool:
    return any(not table.column(name).not_null for name in constraint.columns)


def _force(result: Arrangement, child: int, parent: int, constraint: ConstraintFact) -> None:
    """Both ends of a foreign key get a value that is known before the rows are."""
    for column, referenced in zip(constraint.columns, constraint.reference_columns, strict=True):
        source = result.forced.setdefault(parent, {}).setdefault(referenced, (parent, referenced))
        result.forced.setdefault(child, {})[column] = source


def _cut(
    circle: list[int],
    edges: dict[int, dict[int, list[ConstraintFact]]],
    by_root: dict[int, list[TableFact]],
    result: Arrangement,
    merged: list[tuple[int, ...]],
) -> None:
    """Remove one edge of a circle: best one that may be NULL for a while, else one that may be checked at the end."""
    pairs = []
    for one, other in pairwise(circle):
        pairs.append((one, other) if other in edges.get(one, {}) else (other, one))
    for child, parent in pairs:
        if all(_nullable(by_root[child][0], constraint) for constraint in edges[child][parent]):
            result.later.extend((child, constraint) for constraint in edges[child].pop(parent))
            return
    for child, parent in pairs:
        if all(constraint.deferrable for constraint in edges[child][parent]):
            for constraint in edges[child].pop(parent):
                _force(result, child, parent, constraint)
            merged.append(tuple(circle))
            return
    child, parent = pairs[0]  # no row can ever be the first: the server will say so
    edges[child].pop(parent)


def _settle_groups(result: Arrangement, merged: list[tuple[int, ...]]) -> None:
    position = {table.target_oid: at for at, level in enumerate(result.levels) for table in level}
    groups: list[set[int]] = []
    for circle in merged:
        members = set(circle)
        for other in [group for group in groups if group & members]:
            members |= other
            groups.remove(other)
        groups.append(members)
    for members in groups:
        ordered = tuple(sorted(members, key=lambda root: (position[root], root)))
        result.groups.update(dict.fromkeys(ordered, ordered))
