"""Which revision holds which object: one revision a section, in dependency order.

A section comes after those that it needs. Where two sections need each other, the document decides, and what would
come too early (a foreign key, a view) moves to the later one. Objects that others are built from (types, functions
used in defaults, extensions, roles) move to the first revision that needs them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.plan.graph import components, order

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_SUPPORT = {
    Kind.ROLE,
    Kind.SCHEMA,
    Kind.EXTENSION,
    Kind.ENUM,
    Kind.DOMAIN,
    Kind.COMPOSITE,
    Kind.RANGE,
    Kind.SEQUENCE,
    Kind.FUNCTION,
    Kind.AGGREGATE,
    Kind.OTHER,
}

Needs = dict[Key, set[Key]]


def assign(
    nodes: Sequence[Key], hard: Needs, soft: Needs, section_of: Mapping[Key, str], document: Sequence[str]
) -> tuple[list[str], dict[Key, int]]:
    """Return the sections in the order of their revisions, and for each object the position of its revision.

    Args:
        nodes: The objects, each after those that it needs (``hard``).
        hard: What must exist before an object.
        soft: What should (the tables that a foreign key inside CREATE TABLE names).
        section_of: The section whose statement made the object; objects without one follow those that need them.
        document: The numbers of all sections, in document order.
    """
    sections = _order_sections(nodes, hard, soft, section_of, document)
    own = {node: sections.index(section_of[node]) for node in nodes if node in section_of}
    position: dict[Key, int] = {}
    for node in nodes:
        needed = [position[need] for need in hard.get(node, ()) if need in position and need.kind not in _SUPPORT]
        position[node] = max([own.get(node, 0), *needed])
    _pull_support_forward(nodes, hard, own, position)
    for node in nodes:  # a function may need a table of a later revision after all
        position[node] = max([position[node], *(position[need] for need in hard.get(node, ()) if need in position)])
    return sections, position


def _order_sections(
    nodes: Sequence[Key], hard: Needs, soft: Needs, section_of: Mapping[Key, str], document: Sequence[str]
) -> list[str]:
    rank = {number: i for i, number in enumerate(document)}
    used = sorted({section_of[node] for node in nodes if node in section_of}, key=rank.__getitem__)
    needs: dict[str, set[str]] = {section: set() for section in used}
    for node in nodes:
        if node not in section_of or node.kind in _SUPPORT:
            continue
        for need in hard.get(node, set()) | soft.get(node, set()):
            if need in section_of and need.kind not in _SUPPORT and section_of[need] != section_of[node]:
                needs[section_of[node]].add(section_of[need])
    group: dict[str, int] = {}
    for number, members in enumerate(components(used, needs)):
        group.update(dict.fromkeys(members, number))
    acyclic = {s: {need for need in found if group[need] != group[s]} for s, found in needs.items()}
    # The members of a circle stay together, in document order, after all that any of them needs.
    for section in used:
        for other in used:
            if group[section] == group[other]:
                acyclic[section] |= acyclic[other] - {s for s in used if group[s] == group[section]}
    return order(used, acyclic, rank.__getitem__)


def _pull_support_forward(nodes: Sequence[Key], hard: Needs, own: Mapping[Key, int], position: dict[Key, int]) -> None:
    """Move types, functions and the like to the first revision that needs them."""
    first_need: dict[Key, int] = {}
    for node in reversed(nodes):
        if node.kind in _SUPPORT:
            candidates = [found for found in (own.get(node), first_need.get(node)) if found is not None]
            position[node] = min(candidates, default=0)
        for need in hard.get(node, ()):
            first_need[need] = min(first_need.get(need, position[node]), position[node])
