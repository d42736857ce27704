"""Changes → plan. New objects are made plainly: nobody uses them yet."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Column, Constraint, ConstraintKind, Index, Privileges, Sequence, Table
from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.diff.compare import Change, ChangeKind
from alembic_vibe.plan.circles import clear, clearable_columns
from alembic_vibe.plan.context import Context
from alembic_vibe.plan.discovery import makers_by_kind
from alembic_vibe.plan.equal_keys import first_of_equal_keys
from alembic_vibe.plan.excuses import excuse_new_tables
from alembic_vibe.plan.graph import components, order
from alembic_vibe.plan.model import Phase, Plan, PlannedRevision, Step
from alembic_vibe.plan.objects import privileges, row_security
from alembic_vibe.plan.sections import Needs, assign
from alembic_vibe.plan.serial import serial_sequence

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from collections.abc import Sequence as Many

    from alembic_vibe.catalog.catalog import Catalog
    from alembic_vibe.catalog.facts import Fact
    from alembic_vibe.plan.expressions import Authored

_LAST = 1 << 30


@dataclass(frozen=True)
class Origins:
    """Where the objects come from, in the author's document.

    ``statement`` is the position of an object's first statement in the order in which the server took them,
    ``section`` the number of its section, ``source`` its CREATE statement where that says it all, ``uses`` what the
    text of a function's body names.
    """

    statement: Mapping[Key, int] = field(default_factory=dict)
    section: Mapping[Key, str] = field(default_factory=dict)
    source: Mapping[Key, str] = field(default_factory=dict)
    uses: Mapping[Key, Collection[Key]] = field(default_factory=dict)
    first: Mapping[Key, int] = field(default_factory=dict)  # the index of the first statement in the document
    expressions: Mapping[Key, Authored] = field(default_factory=dict)  # the author's text of expressions


@dataclass(frozen=True)
class Section:
    """A section of the spec, as the planner needs it."""

    number: str
    title: str


def plan_changes(changes: Many[Change], target: Catalog, origins: Origins, sections: Many[Section]) -> Plan:
    """Return the revisions that make what is new, one for each section, in dependency order.

    Args:
        changes: From the chain's catalog to the wanted one.
        target: The wanted catalog.
        origins: Where each object stands in the spec.
        sections: The sections in document order.

    Returns:
        The plan; changes of existing objects are in ``unplanned``.

    Raises:
        CycleError: New objects need each other in a circle that no separate foreign key breaks.
        LookupError: An object is of a kind that cannot be carried.
    """
    new = {
        change.key: change.after
        for change in changes
        if change.kind is ChangeKind.ADD and change.after is not None and not isinstance(change.after, Column)
    }
    unplanned = tuple(change for change in changes if change.kind is not ChangeKind.ADD)
    if not new:
        return Plan(unplanned=unplanned)
    work = _Work(new, target, origins)
    document = [section.number for section in sections]
    numbers, position = assign(work.order, work.firm(), work.soft, work.sections(), document)
    titles = {section.number: section.title for section in sections}
    work.inline_constraints(position)
    revisions = []
    members: list[list[Key]] = [[] for _ in numbers]
    for key in work.order:
        members[position[key]].append(key)
    for number, keys in zip(numbers, members, strict=True):
        steps = work.steps(keys)
        if steps:
            revisions.append(PlannedRevision(number, titles[number], Phase.EXPAND, steps))
    return Plan(revisions=excuse_new_tables(revisions), unplanned=unplanned)


class _Work:
    """The nodes of one plan: what each needs, their order, and the steps that make them."""

    def __init__(self, new: Mapping[Key, Fact], target: Catalog, origins: Origins) -> None:
        self._target = target
        self._origins = origins
        constraints = target.constraints()
        self._facts = dict(new)
        self._drop_serial_sequences(constraints)
        for fact in list(new.values()):
            if isinstance(fact, Table) and row_security.needed(fact):
                self._facts[fact.key._replace(member=row_security.ASPECT)] = fact
        self._constraints = constraints
        self._indexes = target.indexes()
        self.hard, self.soft = self._needs()
        self._cut_soft_circles()
        joined = {key: self.hard.get(key, set()) | self.soft.get(key, set()) for key in self._facts}
        self.order = order(list(self._facts), joined, self._wish)
        self._inline: dict[Key, tuple[Constraint, ...]] = {}
        self._inlined: set[Key] = set()
        self._context = Context(target, origins.source, self._inline)

    # -- the graph --------------------------------------------------------------------------------------------------

    def _drop_serial_sequences(self, constraints: Mapping[Key, list[Constraint]]) -> None:
        for fact in list(self._facts.values()):
            if not isinstance(fact, Sequence) or fact.owned_by is None or fact.owned_by[0] not in self._facts:
                continue
            table = self._target.table(fact.owned_by[0])
            column = table.column(fact.owned_by[1])
            if serial_sequence(column, table, self._target, constraints.get(table.key, ())) is not None:
                del self._facts[fact.key]

    def _needs(self) -> tuple[Needs, Needs]:
        policies: dict[tuple[str, str], set[Key]] = {}
        for key in self._facts:
            if key.kind is Kind.POLICY:
                policies.setdefault((key.schema, key.name), set()).add(key)
        hard: Needs = {key: set() for key in self._facts}
        soft: Needs = {}
        for key, fact in self._facts.items():
            if key.member == row_security.ASPECT and isinstance(fact, Table):
                hard[key] |= {fact.key} | policies.get((key.schema, key.name), set())
                continue
            needed = set(self._target.depends.get(key, ())) | set(self._origins.uses.get(key, ()))
            hard[key] |= {self._present(need) for need in needed} - {key}
            if isinstance(fact, Sequence) and fact.owned_by is not None and fact.owned_by[0] in hard:
                hard[key].discard(fact.owned_by[0])
                hard[fact.owned_by[0]].add(key)
        for key, fact in self._facts.items():
            if isinstance(fact, Constraint) and fact.table in self._facts:
                hard[key].add(fact.table)
                soft.setdefault(fact.table, set()).update(self._owner(need) for need in hard[key] if need != fact.table)
                soft[fact.table].discard(fact.table)
        for key, fact in self._partitions():
            root = self._root(fact)
            soft.setdefault(root, set()).update(
                need for need in hard[key] if need != root and need.kind is not Kind.TABLE
            )
        return hard, soft

    def _partitions(self) -> Iterator[tuple[Key, Table]]:
        """Yield the new partitions of new tables."""
        for key, fact in self._facts.items():
            if isinstance(fact, Table) and key == fact.key and fact.partition_of in self._facts:
                yield key, fact

    def _root(self, table: Table) -> Key:
        """Return the partitioned table at the top of a partition, as far up as they are new; else the table itself."""
        while table.partition_of is not None and table.partition_of in self._facts:
            table = self._target.table(table.partition_of)
        return table.key

    def firm(self) -> Needs:
        """Return what must not be in a later revision: what is needed, and what a foreign key names for good.

        A partitioned table waits for what its partitions need, so that they are made with it: a partition cannot go
        before its parent while rows elsewhere refer to its rows.
        """
        firm = {key: set(needed) for key, needed in self.hard.items()}
        for key, partition in self._partitions():
            root = self._root(partition)
            firm[root] |= self.hard[key] & self.soft.get(root, set())
        for fact in self._facts.values():
            if not isinstance(fact, Constraint) or fact.kind != ConstraintKind.FOREIGN or fact.references is None:
                continue
            named = fact.references in self.soft.get(fact.table, ())
            if named and not self._clearable(fact):
                firm[fact.table].add(fact.references)
        return firm

    def _clearable(self, foreign_key: Constraint) -> tuple[str, ...]:
        table = self._target.table(foreign_key.table)
        constraints = self._constraints.get(table.key, ())
        return clearable_columns(foreign_key, table, constraints, self._indexes.get(table.key, ()))

    def _present(self, key: Key) -> Key:
        """Return what stands for a key in the graph: the table for what comes with it."""
        if key in self._facts:
            return key
        fact = self._target.facts.get(key)
        if isinstance(fact, Constraint):
            return fact.table
        if isinstance(fact, Index):
            return fact.table
        if isinstance(fact, Sequence) and fact.owned_by is not None:
            return fact.owned_by[0]
        return key

    def _owner(self, key: Key) -> Key:
        fact = self._facts.get(key)
        return fact.table if isinstance(fact, Constraint) else key

    def _cut_soft_circles(self) -> None:
        """Keep what must come first; give up what only should, where both together make a circle.

        A foreign key whose columns a downgrade can clear is given up before one whose columns it cannot.
        """
        lasting: Needs = {}
        for fact in self._facts.values():
            if not isinstance(fact, Constraint) or fact.kind != ConstraintKind.FOREIGN or fact.references is None:
                continue
            if fact.table in self.soft and not self._clearable(fact):
                lasting.setdefault(fact.table, set()).add(fact.references)
        for kept in (lasting, {}):
            joined = {key: self.hard[key] | self.soft.get(key, set()) for key in self._facts}
            for component in components(list(self._facts), joined):
                members = set(component)
                for key in component if len(component) > 1 else ():
                    if key in self.soft:
                        self.soft[key] -= members - kept.get(key, set())

    def _wish(self, key: Key) -> tuple[int, Key]:
        """Return the author's order; default privileges last, so that they do not grant what is made here."""
        if key.kind is Kind.DEFAULT_PRIVILEGES:
            return (_LAST, key)
        position = self._origins.statement.get(key)
        if position is None:
            position = self._origins.statement.get(key._replace(member=""), -1)
        return (position, key)

    def sections(self) -> dict[Key, str]:
        """Return the section of each node that has one; a table's settings follow the table where they must.

        Partitions belong to the section of their parent, wherever they are written.
        """
        found = {}
        for key, fact in self._facts.items():
            home = self._root(fact) if isinstance(fact, Table) and key == fact.key else key
            section = self._origins.section.get(home)
            if section is None and key.member == row_security.ASPECT:
                section = self._origins.section.get(fact.key)
            if section is not None:
                found[key] = section
        return found

    # -- the steps --------------------------------------------------------------------------------------------------

    def inline_constraints(self, position: Mapping[Key, int]) -> None:
        """Choose, for each new table, the constraints that are made with it: what they need is there by then."""
        done: set[Key] = set()
        for key in sorted(self.order, key=lambda found: position[found]):
            fact = self._facts[key]
            done.add(key)
            if not isinstance(fact, Table) or key.member or fact.partition_of is not None:
                continue
            apart = first_of_equal_keys(self._constraints.get(key, ()))
            own = [found for found in apart if found.key in self._facts and found.validated]
            together = {found.key for found in own} | {key}
            chosen = tuple(found for found in own if self._ready(found.key, done, together))
            self._inline[key] = chosen
            self._inlined |= {found.key for found in chosen}
            done |= {found.key for found in chosen}

    def _ready(self, key: Key, done: Collection[Key], together: Collection[Key]) -> bool:
        return all(need in done or need in together or need not in self._facts for need in self.hard[key])

    def steps(self, members: Many[Key]) -> tuple[Step, ...]:
        """Return the steps of one revision, without what other steps bring along."""
        here = {key: i for i, key in enumerate(members)}
        steps: list[Step] = []
        granted: dict[tuple[object, ...], list[Privileges]] = {}
        for key in members:
            fact = self._facts[key]
            if key in self._inlined:
                continue
            if isinstance(fact, Privileges):
                goes_along = any(need in here for need in self.hard[key] if need.kind is not Kind.ROLE)
                granted.setdefault((goes_along, *privileges.signature_of(fact)), []).append(fact)
                steps.append(Step(key, ()))
                continue
            step = self._step(key, fact)
            if isinstance(fact, Constraint) and fact.references in here and fact.table not in here:
                columns = self._clearable(fact)
                step = replace(step, down=(*step.down, clear(fact, columns))) if columns else step
            steps.append(replace(step, down=()) if self._goes_along(key, fact, here) else step)
        # Said together where the last of the objects is there.
        grouped = {found[-1].key: (signature[0], found) for signature, found in granted.items()}
        waiting = {fact.key for found in granted.values() for fact in found[:-1]}
        result = []
        for step in steps:
            if step.key in waiting:
                continue
            if step.key in grouped:
                with_target, found = grouped[step.key]
                joint = privileges.together(found)
                step = replace(joint, down=()) if with_target else joint
            result.append(step)
        return tuple(result)

    def _step(self, key: Key, fact: Fact) -> Step:
        if key.member == row_security.ASPECT:
            return row_security.create(fact, self._context)
        return makers_by_kind()[key.kind].create(fact, self._context)

    def _goes_along(self, key: Key, fact: Fact, here: Mapping[Key, int]) -> bool:
        """Whether the downgrade of this revision drops something that takes this object with it, and in time.

        What the object needs (a trigger its function) is dropped after it: if that was made after the owner, it goes
        before the owner, and the object must have gone by then; unless it goes with the same owner itself (a policy,
        which row-level security waits for).
        """
        owner = self._owner_in(key, fact, here)
        if owner is None:
            return False
        needed = [need for need in self.hard.get(key, ()) if need in here and need != owner]
        return all(here[need] < here[owner] or self._goes_along_with(owner, need, here) for need in needed)

    def _goes_along_with(self, owner: Key, key: Key, here: Mapping[Key, int]) -> bool:
        fact = self._facts[key]
        return self._owner_in(key, fact, here) == owner and self._goes_along(key, fact, here)

    def _owner_in(self, key: Key, fact: Fact, here: Mapping[Key, int]) -> Key | None:
        """Return the object of this revision whose end is also the end of this one."""
        candidates: tuple[Key | None, ...] = ()
        match key.kind:
            case Kind.INDEX | Kind.STATISTICS:
                candidates = (getattr(fact, "table", None),)
            case Kind.TRIGGER | Kind.POLICY | Kind.RULE:
                candidates = tuple(Key(kind, key.schema, key.name) for kind in (Kind.TABLE, Kind.VIEW))
            case Kind.CONSTRAINT if isinstance(fact, Constraint) and fact.kind != ConstraintKind.FOREIGN:
                candidates = (fact.table,)
            case Kind.TABLE if key.member == row_security.ASPECT:
                candidates = (fact.key,)
            case Kind.TABLE if isinstance(fact, Table):
                candidates = (fact.partition_of,)
            case Kind.SEQUENCE if isinstance(fact, Sequence) and fact.owned_by is not None:
                candidates = (fact.owned_by[0],)
        return next((found for found in candidates if found is not None and found in here), None)


def creation_order(catalog: Catalog, origins: Origins) -> list[Key]:
    """Return the keys of a catalog in an order in which its objects can be made, inherited ones left out.

    Raises:
        CycleError: The objects need each other in a circle.
    """
    facts = {key: fact for key, fact in catalog.facts.items() if not getattr(fact, "inherited", False)}
    work = _Work(facts, catalog, origins)
    known = set(work.order)
    left = [key for key in facts if key not in known]  # the sequences that their tables make
    return left + [key for key in work.order if key.member != row_security.ASPECT]
