"""What is granted on something that a strategy makes: it comes with it.

Where default privileges are in force PostgreSQL grants it at that moment anyway; a revision of its own would take it
away again in its downgrade, and leave a trace.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Privileges
from alembic_vibe.diff.compare import ChangeKind
from alembic_vibe.plan.discovery import makers_by_kind
from alembic_vibe.plan.model import Phase
from alembic_vibe.plan.situation import Node, Planned, node_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from alembic_vibe.catalog.keys import Key
    from alembic_vibe.plan.situation import Situation


def with_grants(planned: Mapping[Node, Planned], taken: Collection[Node], situation: Situation) -> dict[Node, Planned]:
    """Return what is planned with the grants on new objects added to the steps that make these.

    Args:
        planned: By change.
        taken: The changes that others carry out.
        situation: Both states.
    """
    result = dict(planned)
    for change in situation.changes:
        fact = change.after
        if change.kind is not ChangeKind.ADD or not isinstance(fact, Privileges) or node_of(change) in taken:
            continue
        maker = _maker(fact.target, result, taken)
        if fact.target in situation.new_keys and maker is not None:
            words = situation.new_fact(change.key)
            assert isinstance(words, Privileges)
            up = makers_by_kind()[change.key.kind].create(words, situation.new).up
            found = result[maker]
            last = max(i for i, step in enumerate(found.steps) if step.phase is found.steps[0].phase)
            steps = list(found.steps)
            steps[last] = replace(steps[last], up=(*steps[last].up, *up))
            result[maker] = replace(found, steps=tuple(steps), takes=found.takes | {node_of(change)})
    return result


def _maker(target: Key, planned: Mapping[Node, Planned], taken: Collection[Node]) -> Node | None:
    """Return the change whose steps make an object before the new release."""
    for node, found in planned.items():
        makes = node[0] == target or any(other[0] == target for other in found.takes)
        if makes and node not in taken and found.steps and found.steps[0].phase is Phase.EXPAND:
            return node
    return None
