"""Cases in the making: alternatives that are combined by AND and OR."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from alembic_vibe.data.checks.domains import intersect
from alembic_vibe.data.model import ANYTHING, Case, Computed, Domain, Relation

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

MOST_CASES = 64
MOST_DRAFTS = 192  # while they are combined; contradictions fall away later


@dataclass(frozen=True, slots=True)
class Draft:
    """One alternative; ``exact`` as in :class:`~alembic_vibe.data.model.CheckRule`."""

    domains: Mapping[str, Domain] = field(default_factory=dict)
    relations: tuple[Relation, ...] = ()
    computed: tuple[Computed, ...] = ()
    exact: bool = True

    def case(self) -> Case:
        """Return it as a case."""
        return Case(dict(self.domains), self.relations, self.computed)


ANYWAY = Draft()
UNKNOWN = Draft(exact=False)


def only(column: str, domain: Domain, *, exact: bool = True) -> list[Draft]:
    """Return the one alternative that a column is in a domain."""
    return [Draft({column: domain}, exact=exact)]


def both(one: Draft, other: Draft) -> Draft | None:
    """Return two alternatives as one, ``None`` if they contradict each other."""
    if one is ANYWAY:
        return other
    if other is ANYWAY:
        return one
    domains = dict(one.domains)
    for column, domain in other.domains.items():
        try:
            found = intersect(domains[column], domain) if column in domains else domain
        except TypeError:  # bounds of types that do not compare
            return replace(one, exact=False)
        if found is None:
            return None
        domains[column] = found
    relations = tuple(dict.fromkeys([*one.relations, *other.relations]))
    if _contradictory(domains, relations) or not _possible(domains, relations):
        return None
    return Draft(domains, relations, (*one.computed, *other.computed), one.exact and other.exact)


def _contradictory(domains: Mapping[str, Domain], relations: Iterable[Relation]) -> bool:
    """Whether relations between the same two columns exclude each other, NULL being no way out."""
    allowed: dict[tuple[str, str], set[str]] = {}
    for relation in relations:
        left, right = relation.left, relation.right
        free = any(domains.get(column, ANYTHING).null is not False for column in (left, right))
        if relation.offset is not None or free:
            continue
        signs = {sign for sign in "<=>" if sign in relation.operator}
        if left > right:
            left, right = right, left
            signs = {{"<": ">", ">": "<", "=": "="}[sign] for sign in signs}
        allowed[left, right] = allowed.get((left, right), set("<=>")) & signs
    return any(not signs for signs in allowed.values())


def _possible(domains: Mapping[str, Domain], relations: Iterable[Relation]) -> bool:
    """Whether the bounds of two columns leave room for the relation between them (NULL satisfies it)."""
    for relation in relations:
        left, right = domains.get(relation.left), domains.get(relation.right)
        if left is None or right is None or left.null is not False or right.null is not False:
            continue
        if relation.operator[0] == ">":
            left, right = right, left
        low, high = left.low, right.high
        if relation.offset is None and relation.operator[0] in "<>" and relation.operator != "<>" and low and high:
            try:
                if low.value > high.value:
                    return False
            except TypeError:
                continue
    return True


def every(groups: Iterable[Sequence[Draft]], most: int = MOST_DRAFTS) -> list[Draft]:
    """Return the ways to take one alternative of each group: those that are first in their groups come first."""
    found: list[Draft] = [ANYWAY]
    for group in groups:
        ranked: list[tuple[int, int, Draft]] = []
        for i, one in enumerate(found):
            for j, other in enumerate(group):
                joined = both(one, other)
                if joined is not None:
                    ranked.append((i + j, i, joined))
        ranked.sort(key=lambda item: item[:2])
        found = [draft for _, _, draft in ranked][:most]
    return found
