"""Order keeps to the dependencies, and to the wish where they allow it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alembic_vibe.plan.graph import CycleError, components, order

GRAPHS = st.dictionaries(st.integers(0, 9), st.sets(st.integers(0, 9), max_size=3), max_size=10)


def reaches(needs: dict[int, set[int]], start: int) -> set[int]:
    found: set[int] = set()
    waiting = list(needs.get(start, ()))
    while waiting:
        node = waiting.pop()
        if node not in found:
            found.add(node)
            waiting.extend(needs.get(node, ()))
    return found


@given(needs=GRAPHS)
def test_components_are_the_circles(needs: dict[int, set[int]]) -> None:
    nodes = sorted(needs.keys() | {need for found in needs.values() for need in found})
    found = components(nodes, needs)
    assert sorted(node for members in found for node in members) == nodes
    place = {node: i for i, members in enumerate(found) for node in members}
    for one in nodes:
        for other in nodes:
            together = one == other or (other in reaches(needs, one) and one in reaches(needs, other))
            assert (place[one] == place[other]) == together
        assert all(place[need] <= place[one] for need in needs.get(one, ()))


@given(needs=GRAPHS, wish=st.permutations(range(10)))
def test_order_respects_needs_and_wish(needs: dict[int, set[int]], wish: list[int]) -> None:
    nodes = sorted(needs)
    inside = {node: {need for need in needs[node] if need in needs and need != node} for node in nodes}
    if any(node in reaches(inside, node) for node in nodes):
        with pytest.raises(CycleError) as caught:
            order(nodes, needs, wish.__getitem__)
        assert {node for node in nodes if node in reaches(inside, node)} <= set(caught.value.nodes)
        return
    found = order(nodes, needs, wish.__getitem__)
    assert sorted(found) == nodes
    for i, node in enumerate(found):
        assert inside[node] <= set(found[:i])
        ready = [other for other in found[i:] if inside[other] <= set(found[:i])]
        assert node == min(ready, key=wish.__getitem__)  # of those that could come now, the wished one


def test_a_long_chain_needs_no_recursion() -> None:
    needs = {i: {i + 1} for i in range(20_000)}
    assert len(components(range(20_001), needs)) == 20_001
    assert order(range(20_001), needs, lambda i: i)[0] == 20_000
