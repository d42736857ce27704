"""Order in a dependency graph: deterministic, and as close to a wished order as the dependencies allow."""

from __future__ import annotations

from heapq import heapify, heappop, heappush
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping
    from typing import Any

Node = TypeVar("Node")


class CycleError(Exception):
    """The nodes depend on each other in a circle; ``nodes`` are those that could not be ordered."""

    def __init__(self, nodes: tuple[object, ...]) -> None:
        self.nodes = nodes
        super().__init__(f"dependency cycle between {', '.join(map(str, nodes))}")


def components(nodes: Iterable[Node], needs: Mapping[Node, Collection[Node]]) -> list[tuple[Node, ...]]:
    """Return the strongly connected components, those that others need first (Tarjan's algorithm, iterative)."""
    index: dict[Node, int] = {}
    low: dict[Node, int] = {}
    stack: list[Node] = []
    on_stack: set[Node] = set()
    result: list[tuple[Node, ...]] = []
    for root in nodes:
        if root in index:
            continue
        work = [(root, iter(needs.get(root, ())))]
        index[root] = low[root] = len(index)
        stack.append(root)
        on_stack.add(root)
        while work:
            node, children = work[-1]
            for child in children:
                if child not in index:
                    index[child] = low[child] = len(index)
                    stack.append(child)
                    on_stack.add(child)
                    work.append((child, iter(needs.get(child, ()))))
                    break
                if child in on_stack:
                    low[node] = min(low[node], index[child])
            else:
                work.pop()
                if work:
                    parent = work[-1][0]
                    low[parent] = min(low[parent], low[node])
                if low[node] == index[node]:
                    component = []
                    while True:
                        member = stack.pop()
                        on_stack.discard(member)
                        component.append(member)
                        if member == node:
                            break
                    result.append(tuple(component))
    return result


def order(nodes: Collection[Node], needs: Mapping[Node, Collection[Node]], wish: Callable[[Node], Any]) -> list[Node]:
    """Return the nodes so that each comes after those it needs, otherwise in the order of ``wish``.

    Args:
        nodes: What to order.
        needs: For a node, the nodes that must come before it; others than ``nodes`` are ignored.
        wish: A sort key; must be different for different nodes.

    Raises:
        CycleError: There is no such order.
    """
    known = set(nodes)
    waiting = {node: {need for need in needs.get(node, ()) if need in known and need != node} for node in nodes}
    dependents: dict[Node, list[Node]] = {}
    for node, missing in waiting.items():
        for need in missing:
            dependents.setdefault(need, []).append(node)
    ready = [(wish(node), node) for node, missing in waiting.items() if not missing]
    heapify(ready)
    result: list[Node] = []
    while ready:
        _, node = heappop(ready)
        result.append(node)
        for dependent in dependents.get(node, ()):
            waiting[dependent].discard(node)
            if not waiting[dependent]:
                heappush(ready, (wish(dependent), dependent))
    if len(result) < len(waiting):
        left = set(waiting) - set(result)
        raise CycleError(tuple(node for node in nodes if node in left))
    return result
