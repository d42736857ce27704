"""Changes of what is in use → a plan in phases.

What is new and hangs on nothing that changes is planned as on an empty database. Every other change goes to its
strategy; the parts are put in the order of a dependency graph, and then by phase.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Constraint, Index, Privileges, Table
from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.diff.compare import ChangeKind
from alembic_vibe.locks import LockLevel
from alembic_vibe.plan.blocks import locks
from alembic_vibe.plan.discovery import strategy_for
from alembic_vibe.plan.excuses import excuse_new_tables
from alembic_vibe.plan.grants import with_grants
from alembic_vibe.plan.graph import CycleError, order
from alembic_vibe.plan.grouping import group_steps, subject, title_of, words_for
from alembic_vibe.plan.model import Phase, Plan
from alembic_vibe.plan.moving import move_questions
from alembic_vibe.plan.needs import Needs, find_needs
from alembic_vibe.plan.operations import AddConstraint, CreateTable
from alembic_vibe.plan.planner import plan_changes
from alembic_vibe.plan.situation import Node, Planned, node_of, table_of
from alembic_vibe.plan.workspace import prepare

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from alembic_vibe.diagnostics import Diagnostic
    from alembic_vibe.diff.compare import Change
    from alembic_vibe.plan.model import PlannedRevision, Step
    from alembic_vibe.plan.operations import Operation
    from alembic_vibe.plan.planner import Origins, Section
    from alembic_vibe.plan.situation import Situation


@dataclass(frozen=True)
class Evolution:
    """A plan, and what stands in its way: questions to the author, and changes that no strategy takes."""

    plan: Plan
    undecided: tuple[Diagnostic, ...] = ()


def plan_evolution(situation: Situation, origins: Origins, sections: Sequence[Section]) -> Evolution:
    """Return the revisions of all phases that lead from one state to the other.

    Args:
        situation: Both states, and the refined changes between them.
        origins: Where each object stands in the spec.
        sections: The sections in document order.

    Raises:
        CycleError: Changes need each other in a circle.
        LookupError: An object is of a kind that cannot be carried.
    """
    plain = {change.key: change for change in situation.changes if is_plain(change, situation)}
    changing = {node_of(change): change for change in situation.changes if change.key not in plain}
    planned: dict[Node, Planned] = {}
    unplanned = []
    for node, change in changing.items():
        strategy = strategy_for(change, situation)
        if strategy is None:
            unplanned.append(change)
        else:
            planned[node] = strategy.plan(change, situation)
    planned = with_grants(planned, {node for found in planned.values() for node in found.takes}, situation)
    taken = {node for found in planned.values() for node in found.takes}
    undecided = [d for node, found in planned.items() if node not in taken for d in found.undecided]
    undecided += move_questions(situation)
    unplanned = [change for change in unplanned if node_of(change) not in taken]
    if unplanned or undecided:
        return Evolution(Plan(unplanned=tuple(unplanned)), tuple(dict.fromkeys(undecided)))
    nodes: dict[Node, Change] = {node_of(change): change for change in situation.changes}
    needs = find_needs(nodes, {node: found.takes for node, found in planned.items()}, situation)
    ready = {node: found.ready for node, found in planned.items() if node not in taken}
    layers = _layers(nodes, needs, set(changing), origins)
    floor = _floors(layers, needs, ready)
    work = _Work(situation, origins, sections, planned, taken, floor)
    revisions: list[tuple[int, PlannedRevision]] = []
    steps: list[Step] = []
    numbered = 0
    for layer in layers:
        if layer[0] in changing:
            for node in layer:
                steps.extend(work.steps(node))
            continue
        revisions += [(numbered, revision) for revision in group_steps(steps, situation, origins, numbered)]
        numbered, steps = numbered + 1, []
        revisions += [(numbered, revision) for revision in work.plain(layer, nodes)]
        numbered += 1
    revisions += [(numbered, revision) for revision in group_steps(steps, situation, origins, numbered)]
    numbered, steps = numbered + 1, [step for layer in layers for node in layer for step in work.late(node)]
    revisions += [(numbered, revision) for revision in group_steps(steps, situation, origins, numbered)]
    revisions.sort(key=lambda found: (found[1].phase.rank, found[0]))
    return Evolution(Plan(prepare(excuse_new_tables([revision for _, revision in revisions]))))


class _Work:
    """What is known of the parts while they are put together."""

    def __init__(
        self,
        situation: Situation,
        origins: Origins,
        sections: Sequence[Section],
        planned: Mapping[Node, Planned],
        taken: Collection[Node],
        floor: Mapping[Node, Phase],
    ) -> None:
        self._situation = situation
        self._origins = origins
        self._sections = sections
        self._planned = planned
        self._taken = taken
        self._floor = floor

    def steps(self, node: Node) -> list[Step]:
        """Return the steps of one change, none of them before what it relies on."""
        if node in self._taken:
            return []
        floor = self._floor[node]
        planned = self._planned[node]
        return [
            *planned.early,
            *(replace(step, phase=floor) if step.phase.rank < floor.rank else step for step in planned.steps),
        ]

    def late(self, node: Node) -> list[Step]:
        """Return the steps of one change that come after those of all others."""
        return list(self._planned[node].late) if node in self._planned and node not in self._taken else []

    def plain(self, layer: Sequence[Node], nodes: Mapping[Node, Change]) -> list[PlannedRevision]:
        """Return the revisions that make new objects, by phase."""
        result: list[PlannedRevision] = []
        for phase in Phase:
            changes = [nodes[node] for node in layer if self._floor[node] is phase and node not in self._taken]
            if changes:
                origins = _grants_with_objects(changes, self._origins)
                made = plan_changes(changes, self._situation.after, origins, self._sections)
                result.extend(_in_phase(revision, phase, self._situation) for revision in made.revisions)
        return result


def _grants_with_objects(changes: Sequence[Change], origins: Origins) -> Origins:
    """Let what is granted on a new object come in the revision of that object.

    Default privileges that are in force grant it there anyway; the downgrade of a later revision would take it away.
    """
    moved = {
        change.key: origins.section[change.after.target]
        for change in changes
        if isinstance(change.after, Privileges) and change.after.target in origins.section
    }
    return replace(origins, section={**origins.section, **moved})


def _in_phase(revision: PlannedRevision, phase: Phase, situation: Situation) -> PlannedRevision:
    """Return a revision of new objects in its phase; a foreign key to a table in use locks that table for a moment."""
    steps = []
    here = {step.key for step in revision.steps}
    for step in revision.steps:
        made = [found for operation in step.up for found in _foreign_keys(operation)]
        locked = sorted({found.references for found in made if found.references is not None} - situation.new_keys)
        part = step.key.member or subject(step.key, situation) in here - {step.key}
        title = "" if part else words_for(step.key)
        steps.append(replace(step, phase=phase, title=title, locks=locks(LockLevel.SHARE_ROW_EXCLUSIVE, *locked)))
    notes = (_NEW, *revision.notes)
    return replace(revision, title=title_of(phase, steps), phase=phase, steps=tuple(steps), notes=notes)


def _foreign_keys(operation: Operation) -> tuple[Constraint, ...]:
    if isinstance(operation, CreateTable):
        return operation.constraints
    return (operation.constraint,) if isinstance(operation, AddConstraint) else ()


_NEW = "Everything here is new: the release that is running does not see it (5.M.2)."


def is_plain(change: Change, situation: Situation) -> bool:
    """Whether a change makes something new that no table or view in use has to bear."""
    if change.kind is not ChangeKind.ADD or change.key.kind is Kind.COLUMN:
        return False
    return not touches_what_exists(change, situation.new_keys)


def touches_what_exists(change: Change, new: Collection[Key]) -> bool:
    """Whether something new hangs on a table or view that was there before, and restricts or locks it."""
    fact, key = change.after, change.key
    match key.kind:
        case Kind.CONSTRAINT if isinstance(fact, Constraint) and fact.references and fact.references not in new:
            return True
        case Kind.CONSTRAINT | Kind.TRIGGER | Kind.POLICY | Kind.RULE:
            owners = [Key(kind, key.schema, key.name) for kind in (Kind.TABLE, Kind.VIEW, Kind.MATERIALIZED_VIEW)]
        case Kind.INDEX if isinstance(fact, Index):
            owners = [fact.table, fact.table._replace(kind=Kind.MATERIALIZED_VIEW)]
        case Kind.TABLE if isinstance(fact, Table) and fact.partition_of is not None:
            owners = [fact.partition_of]
        case Kind.PRIVILEGES if isinstance(fact, Privileges) and fact.revoked:
            owners = [fact.target]
        case _:
            return False
    return not any(owner in new for owner in owners)


def _layers(
    nodes: Mapping[Node, Change], needs: Needs, changing: Collection[Node], origins: Origins
) -> list[list[Node]]:
    """Divide the changes into runs of new objects and of other changes, each after what it needs.

    Raises:
        CycleError: They need each other in a circle.
    """
    rank = {node: (origins.statement.get(_place(node[0]), 1 << 30), node) for node in nodes}
    done: set[Node] = set()
    left = dict.fromkeys(sorted(nodes, key=rank.__getitem__))
    layers: list[list[Node]] = []
    while left:
        for kind in (False, True):
            layer: list[Node] = []
            progress = True
            while progress:
                found = [n for n in left if (n in changing) is kind and needs.get(n, set()) <= done]
                progress = bool(found)
                for node in found:
                    del left[node]
                done.update(found)
                layer.extend(found)
            if layer:
                inside = {node: needs.get(node, set()) & set(layer) for node in layer}
                layers.append(order(layer, inside, rank.__getitem__))
                break
        else:
            raise CycleError(tuple(node[0] for node in left))
    return layers


def _place(key: Key) -> Key:
    return table_of(key) if key.kind is Kind.COLUMN else key


def _floors(layers: Sequence[Sequence[Node]], needs: Needs, ready: Mapping[Node, Phase]) -> dict[Node, Phase]:
    """Return the first phase in which each change can happen: when all that it relies on is there."""
    floor: dict[Node, Phase] = {}
    available: dict[Node, Phase] = {}
    for layer in layers:
        for node in layer:
            phases = [
                available[need] for need in needs.get(node, ()) if need in available and not _only_ordered(node, need)
            ]
            floor[node] = max(phases, key=lambda phase: phase.rank, default=Phase.EXPAND)
            available[node] = max((floor[node], ready.get(node, Phase.EXPAND)), key=lambda phase: phase.rank)
    return floor


def _only_ordered(node: Node, need: Node) -> bool:
    """Whether a change comes after another one within a phase, but need not wait for its phase.

    Privileges are on the object as a whole: what is granted before the next release is granted on its old form.
    """
    return node[0].kind is Kind.PRIVILEGES and bool(need[1])
