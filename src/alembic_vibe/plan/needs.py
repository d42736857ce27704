"""What must have happened before each change of a run: the edges of the dependency graph."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Column, Constraint, ConstraintKind, Index, Statistics, Table
from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.diff.compare import ChangeKind
from alembic_vibe.plan.moving import move_needs
from alembic_vibe.plan.partitions import is_like, reshapings
from alembic_vibe.plan.situation import Node, table_of
from alembic_vibe.plan.words import names_column

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from alembic_vibe.catalog.catalog import Catalog
    from alembic_vibe.diff.compare import Change
    from alembic_vibe.plan.situation import Situation

Needs = dict[Node, set[Node]]

# Objects of these kinds share their names (PostgreSQL manual, CREATE TABLE, "Notes": pg_class).
_RELATIONS = {Kind.TABLE, Kind.VIEW, Kind.MATERIALIZED_VIEW, Kind.INDEX, Kind.SEQUENCE}
_VIEWS = {Kind.VIEW, Kind.MATERIALIZED_VIEW}
_AROUND = {Kind.SCHEMA, Kind.ROLE, Kind.MEMBERSHIP, Kind.EXTENSION}
_TYPES = {Kind.ENUM, Kind.DOMAIN, Kind.COMPOSITE, Kind.RANGE}


def find_needs(nodes: Mapping[Node, Change], takes: Mapping[Node, Collection[Node]], situation: Situation) -> Needs:
    """Return the nodes that must come before each node.

    What is made or altered comes after what it depends on; what goes, goes after everything that depended on it has
    gone or changed; a name is free before it is used again. A change that is carried out by another one's steps lends
    it its needs.

    Args:
        nodes: All changes of the run.
        takes: The changes that others carry out.
        situation: Both states.
    """
    finder = _Finder(nodes, situation)
    needs: Needs = {node: set() for node in nodes}
    for node, change in nodes.items():
        if change.key in situation.renamed_parts:
            continue  # a new name relies on nothing but that it is free
        if change.kind is ChangeKind.DROP:
            needs[node] |= finder.before_drop(change)
        else:
            needs[node] |= finder.before_making(change)
    for node, holders in finder.name_clashes().items():
        needs[node] |= holders
    for node, before in move_needs(nodes, situation):
        needs[node].add(before)
    for node, others in takes.items():
        for other in others:
            needs[node] |= needs.get(other, set())
    for node, others in takes.items():
        carried = set(others)
        needs[node] -= carried | {node}
        for other in carried & needs.keys():
            needs[other] = {node}
    _after_reshaped_tables(nodes, needs, situation)
    _after_renamed_tables(nodes, needs)
    return needs


def _after_renamed_tables(nodes: Mapping[Node, Change], needs: Needs) -> None:
    """Let tables get their new names first: ``situation.before`` and all that is planned from it has them already."""
    renamed = {n for n, change in nodes.items() if change.kind is ChangeKind.RENAME and n[0].kind is Kind.TABLE}
    for node in nodes if renamed else ():
        if node in renamed:
            needs[node] = {need for need in needs[node] if need[0].kind in _AROUND}
        elif node[0].kind not in _AROUND or nodes[node].kind is ChangeKind.DROP:
            needs[node] |= renamed


def _after_reshaped_tables(nodes: Mapping[Node, Change], needs: Needs, situation: Situation) -> None:
    """Let tables get their new form before anything else about them changes: they are made anew as they were."""
    for first, tables in reshapings(situation):
        rest = {n for n, change in nodes.items() if n != first and _table(change) in tables and needs[n] != {first}}
        needs[first] -= rest
        for node in rest:
            needs[node].add(first)
        before = _reached(first, needs)
        users = _users_of(tables, situation.before)
        for node, change in nodes.items():
            # What hangs on the table steps aside and comes back: it goes for good after that.
            if change.kind is ChangeKind.DROP and change.key in users and node not in before and node != first:
                needs[node].add(first)


def _reached(first: Node, needs: Needs) -> set[Node]:
    found, left = {first}, [first]
    while left:
        new = needs.get(left.pop(), set()) - found
        found |= new
        left.extend(new)
    return found


def _users_of(keys: Collection[Key], catalog: Catalog) -> set[Key]:
    """Return the views that depend on some objects, directly or not."""
    found: set[Key] = set()
    new = set(keys)
    while new:
        users = {key for key, needed in catalog.depends.items() if key.kind in _VIEWS and not new.isdisjoint(needed)}
        new = users - found
        found |= new
    return found


def _table(change: Change) -> Key:
    """Return the table that a change is about, for a part the one that it belongs to."""
    fact = change.before if change.after is None else change.after
    return fact.table if isinstance(fact, Index | Statistics) else table_of(change.key)


class _Finder:
    """The changes of a run by what they are about."""

    def __init__(self, nodes: Mapping[Node, Change], situation: Situation) -> None:
        self._nodes = nodes
        self._situation = situation
        self._by_key: dict[Key, list[Node]] = defaultdict(list)
        self._columns: dict[Key, list[Node]] = defaultdict(list)  # by table
        for node in nodes:
            self._by_key[node[0]].append(node)
            if node[0].kind is Kind.COLUMN:
                self._columns[table_of(node[0])].append(node)
        self._users = _reverse(situation.before)

    # -- making and altering ----------------------------------------------------------------------------------------

    def before_making(self, change: Change) -> set[Node]:
        """Return what an object or column needs in its new state."""
        own = table_of(change.key) if change.key.kind is Kind.COLUMN else change.key
        found: set[Node] = set()
        for need in self._situation.after.depends.get(own, ()):
            if change.key.kind is Kind.COLUMN and need.kind is Kind.TABLE:
                continue  # a table is not needed by its columns; inheritance is the table's own
            found |= self._makers(need, change)
        if isinstance(change.after, Column) and change.after.generated:
            found |= self._sources(own, change)
        if change.alters("not_null", "not_null_name"):
            found |= self._old_primary_key(own, change)
        if own.kind in {Kind.CONSTRAINT, Kind.INDEX, Kind.STATISTICS, Kind.TRIGGER, Kind.POLICY, Kind.RULE}:
            found |= self._of_own_columns(change)
        if isinstance(change.after, Index | Constraint):
            found |= self._new_partitions(change.after.table)
        if change.kind is ChangeKind.ALTER:
            found |= self._other_keys(change)
        if change.alters("replica_identity"):
            found |= self._identifying(change)
        return found - {(change.key, change.only)}

    def _new_partitions(self, table: Key) -> set[Node]:
        """Return the new partitions of a table: what is built on each of them finds them attached."""
        facts = self._situation.after.facts
        return (
            {
                node
                for node, other in self._nodes.items()
                if other.kind is ChangeKind.ADD and isinstance(other.after, Table) and other.after.partition_of == table
            }
            if isinstance(found := facts.get(table), Table) and found.partition_key
            else set()
        )

    def _identifying(self, change: Change) -> set[Node]:
        """Return the changes that make the index by which rows shall be known to replicas."""
        name = getattr(change.after, "replica_identity", "").removeprefix("index ")
        keys = (Key(Kind.INDEX, change.key.schema, name), change.key._replace(kind=Kind.CONSTRAINT, member=name))
        return {
            node for key in keys for node in self._by_key.get(key, ()) if self._nodes[node].kind is not ChangeKind.DROP
        }

    def _other_keys(self, change: Change) -> set[Node]:
        """Return the changes that make the keys to which foreign keys, which stay as they are, will be bound."""
        if not isinstance(change.before, Index | Constraint):
            return set()
        users = [user for user in self._users.get(change.key, ()) if user.kind is Kind.CONSTRAINT]
        return {
            node
            for user in users
            if user not in self._by_key
            for need in self._situation.after.depends.get(user, ())
            if need.kind in {Kind.CONSTRAINT, Kind.INDEX} and need != change.key
            for node in self._by_key.get(need, ())
            if self._nodes[node].kind is not ChangeKind.DROP
        }

    def _makers(self, need: Key, change: Change) -> set[Node]:
        found = {node for node in self._by_key.get(need, ()) if self._nodes[node].kind is not ChangeKind.DROP}
        found = {node for node in found if node[1] != ("replica_identity",)}  # it needs an index, and nothing needs it
        own = change.key.kind is Kind.COLUMN or _is_part_of(change, need) or self._follows(change, need)
        if need.kind is Kind.TABLE and not own:
            found |= {node for node in self._columns[need] if self._nodes[node].kind is not ChangeKind.DROP}
        return found

    def _follows(self, change: Change, parent: Key) -> bool:
        """Whether a new partition gets the columns of its parent, whatever they are at that time."""
        fact, top = change.after, self._situation.after.facts.get(parent)
        if not isinstance(fact, Table) or not isinstance(top, Table):
            return False
        return change.kind is ChangeKind.ADD and fact.partition_of == parent and is_like(fact, top)

    def _sources(self, table: Key, change: Change) -> set[Node]:
        """Return the changes of the columns from which columns of their table are generated."""
        users = self._situation.after.column_users
        return {
            node
            for node in self._columns[table]
            if self._nodes[node].kind is not ChangeKind.DROP
            and table in users.get((table, node[0].member), ())
            and node[0] != change.key
        }

    def _old_primary_key(self, table: Key, change: Change) -> set[Node]:
        """Return the change of the primary key that holds a column NOT NULL."""
        return {
            node
            for constraint in self._situation.old_constraints.get(table, ())
            if constraint.kind == ConstraintKind.PRIMARY and change.key.member in constraint.columns
            for node in self._by_key.get(constraint.key, ())
            if isinstance(change.after, Column) and not change.after.not_null
        }

    def _of_own_columns(self, change: Change) -> set[Node]:
        """Return the changes of the columns that a constraint, index, trigger … of a table names, or may name."""
        fact = change.after
        table = fact.table if isinstance(fact, Index | Statistics) else table_of(change.key)
        named: set[str] | None = None
        if isinstance(fact, Constraint):
            named = set(fact.columns)
        elif isinstance(fact, Index) and all(key.column for key in fact.keys) and fact.predicate is None:
            named = {key.column for key in fact.keys if key.column} | set(fact.include)
        users = self._situation.after.column_users
        return {
            node
            for node in self._columns[table]
            if self._nodes[node].kind is not ChangeKind.DROP
            and (
                (named is not None and node[0].member in named)
                or (named is None and (not users or change.key in users.get((table, node[0].member), ())))
            )
        }

    # -- dropping ---------------------------------------------------------------------------------------------------

    def before_drop(self, change: Change) -> set[Node]:
        """Return the changes of everything that depended on what goes."""
        found: set[Node] = set()
        if change.key.kind is Kind.COLUMN:
            table = table_of(change.key)
            users = self._situation.before.column_users.get((table, change.key.member), frozenset())
            found = {node for user in users for node in self._by_key.get(user, ()) if node[0] != change.key}
            if table in users:  # columns are generated from it
                found |= {node for node in self._columns[table] if _was_generated(self._nodes[node])}
            filled = self._situation.intents.backfill
            named = (node for node in self._columns[table] if names_column(filled.get(node[0], ""), change.key.member))
            return found | {node for node in named if node[0] != change.key}
        for user in self._users.get(change.key, ()):
            found |= set(self._by_key.get(user, ()))
            if user.kind is Kind.TABLE and user != change.key:
                found |= set(self._columns[user])
        found |= self._other_keys(change)
        if isinstance(change.before, Index | Constraint):  # rows may be known by it until then
            found |= {node for node in self._by_key.get(change.before.table, ()) if "replica_identity" in node[1]}
        return found - {(change.key, change.only)}

    # -- names ------------------------------------------------------------------------------------------------------

    def name_clashes(self) -> Needs:
        """Return, for what is new under a name that something else has until it goes, what has it."""
        taken: dict[tuple[str, str, str], set[Node]] = defaultdict(set)
        for node, change in self._nodes.items():
            if change.kind is ChangeKind.DROP:
                for name in _names(change.key):
                    taken[name].add(node)
        return {
            node: set().union(*(taken.get(name, set()) for name in _names(change.key)))
            for node, change in self._nodes.items()
            if change.kind is ChangeKind.ADD
        }


def _was_generated(change: Change) -> bool:
    return isinstance(change.before, Column) and bool(change.before.generated)


def _names(key: Key) -> Iterator[tuple[str, str, str]]:
    if key.kind in _RELATIONS:
        yield "relation", key.schema, key.name
    if key.kind in _TYPES or key.kind in {Kind.TABLE, Kind.VIEW, Kind.MATERIALIZED_VIEW}:
        yield "type", key.schema, key.name
    if key.kind is Kind.CONSTRAINT:
        yield "relation", key.schema, key.member
    if key.kind in {Kind.FUNCTION, Kind.AGGREGATE}:
        yield f"routine({key.member})", key.schema, key.name


def _is_part_of(change: Change, table: Key) -> bool:
    """Whether something belongs to a table, so that only the columns that it names are waited for."""
    fact, key = change.after, change.key
    if isinstance(fact, Index | Statistics):
        return fact.table == table
    return key.kind in {Kind.CONSTRAINT, Kind.TRIGGER, Kind.POLICY, Kind.RULE} and table_of(key) == table


def _reverse(catalog: Catalog) -> dict[Key, set[Key]]:
    users: dict[Key, set[Key]] = defaultdict(set)
    for key, needed in catalog.depends.items():
        for need in needed:
            users[need].add(key)
    return users
