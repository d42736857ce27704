"""What stands in the way of a statement, and is dropped before it and made again after it, in the same transaction.

PostgreSQL refuses to drop or retype what views, policies, rules, triggers, functions with parsed bodies, column
defaults or expression indexes depend on (PostgreSQL manual, 5.15 "Dependency Tracking"). All of these hold no rows.
They come back with their comments, owners, settings and privileges (recipes 9, 51 and 55).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Constraint, Function, Index, Policy, Privileges, Table, View
from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.plan.belongings import changes_of, downs, make, ups
from alembic_vibe.plan.blocks import alter
from alembic_vibe.plan.situation import column_key, table_of
from alembic_vibe.sql.compose import Name, Printed

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from alembic_vibe.catalog.catalog import Catalog
    from alembic_vibe.catalog.facts import Column, Fact
    from alembic_vibe.plan.model import Step
    from alembic_vibe.plan.operations import Operation
    from alembic_vibe.plan.situation import Node, Situation

CODE = frozenset(
    {
        Kind.VIEW,
        Kind.MATERIALIZED_VIEW,
        Kind.RULE,
        Kind.POLICY,
        Kind.TRIGGER,
        Kind.FUNCTION,
        Kind.AGGREGATE,
        Kind.EVENT_TRIGGER,
    }
)
WITH_EXPRESSIONS = CODE | {Kind.INDEX, Kind.CONSTRAINT, Kind.STATISTICS}

_STAR = re.compile(r"[\s,.]\*\s*(?:,|\bFROM\b|$)", re.IGNORECASE)


@dataclass(frozen=True)
class Recreation:
    """What is dropped before a change and made again after it.

    ``drops`` and ``creates_old`` belong together: what depends on the change, as it was before the run. Changes of
    these dependents come later, by the order of the graph, and find them in that form; so an upgrade is
    ``drops + change + creates_old``, and so is its downgrade. Who makes the new form itself ends with ``creates_new``
    instead, undoes that with ``drops_new``, and takes the changes in ``takes``.
    """

    keys: tuple[Key, ...] = ()  # what is dropped and made again
    drops: tuple[Operation, ...] = ()
    creates_old: tuple[Operation, ...] = ()
    drops_new: tuple[Operation, ...] = ()
    creates_new: tuple[Operation, ...] = ()
    takes: frozenset[Node] = frozenset()
    stuck: tuple[Key, ...] = ()  # what depends on it and cannot be made again like this
    tables: tuple[Key, ...] = ()  # tables that are locked by it
    scans: tuple[Key, ...] = ()  # tables whose indexes are built, or rows read, by it


def recreate(
    situation: Situation,
    roots: Iterable[Key],
    kinds: Collection[Kind] = CODE,
    *,
    with_roots: bool = False,
    apart: Collection[Key] = (),
) -> Recreation:
    """Return what must go and come back around a change of some objects or columns; they themselves are left out.

    Args:
        situation: Both states.
        roots: Keys of the old state; of columns, with the kind COLUMN; not of whole tables.
        kinds: What is recreated, apart from column defaults: ``WITH_EXPRESSIONS`` adds indexes, CHECKs, statistics.
        apart: What the caller takes care of: objects, and columns whose defaults are meant.
        with_roots: Whether the roots, which are no columns then, are dropped and made again as well.
    """
    starts = tuple(roots)
    found, tables = dependents(situation.before, starts, kinds)
    found = [key for key in found if key not in apart]
    if with_roots:
        found = [*starts, *found]
    old = _Side(situation, situation.old_words, situation.old_source, situation.before)
    new = _Side(situation, situation.new_words, situation.new_source, situation.after)
    defaults_old = old.defaults(tables, starts, apart)
    defaults_new = new.defaults(tables, starts, apart)
    stuck = [key for key in tables if key.kind is not Kind.TABLE]
    stuck += [table for table, column, _ in defaults_old if column.generated]
    made_old, made_new = old.steps(found), new.steps(found)
    known = [key for key in found if key in situation.before.facts]
    locked = {_relation(situation.before, key) for key in known} | {table for table, _, _ in defaults_old}
    facts = [situation.before.facts[key] for key in known]
    scanned = {fact.table for fact in facts if isinstance(fact, Index | Constraint)}
    return Recreation(
        keys=tuple(found),
        drops=(*(drop for _, _, (drop, _) in defaults_old), *downs(made_old)),
        creates_old=(*ups(made_old), *(back for _, _, (_, back) in defaults_old)),
        drops_new=(*(drop for _, _, (drop, _) in defaults_new), *downs(made_new)),
        creates_new=(*ups(made_new), *(back for _, _, (_, back) in defaults_new)),
        takes=changes_of(situation, found),
        stuck=tuple(dict.fromkeys(stuck)),
        tables=tuple(sorted(key for key in locked if key is not None)),
        scans=tuple(sorted(key for key in scanned if key in situation.before.facts)),
    )


def dependents(catalog: Catalog, roots: Iterable[Key], kinds: Collection[Kind] = CODE) -> tuple[list[Key], list[Key]]:
    """Return what depends on some objects or columns, theirs included: what can be made again, and other things.

    The others are tables with a default or generated column, domains, types, operators and the like.
    """
    users = catalog.users()
    found: dict[Key, None] = {}
    others: dict[Key, None] = {}
    starts = tuple(roots)
    waiting = list(starts)
    while waiting:
        key = waiting.pop(0)
        if key.kind is Kind.COLUMN:
            direct: Iterable[Key] = set(catalog.column_users.get((table_of(key), key.member), ())) - {table_of(key)}
        else:
            direct = users.get(key, ())
        for user in sorted(direct):
            if user in found or user in others or user in starts or getattr(catalog.facts[user], "inherited", False):
                continue
            wanted = CODE if key.kind is Kind.COLUMN else kinds
            if user.kind in wanted or (user.kind is Kind.INDEX and key.kind is Kind.MATERIALIZED_VIEW):
                found[user] = None
                waiting.append(user)
            elif key.kind is not Kind.COLUMN and user.kind not in {Kind.PRIVILEGES, *WITH_EXPRESSIONS}:
                others[user] = None
    return list(found), list(others)


def make_in_between(
    situation: Situation, keys: Collection[Key], *, new: bool, early: bool = False
) -> tuple[tuple[Operation, ...], ...]:
    """Return what makes some objects in their old or new form with the privileges of both, and what unmakes them.

    New privileges are granted before, and old ones taken away after what happens in a contract revision.

    Args:
        situation: Both states.
        keys: What to make.
        new: Which form.
        early: Whether this is before new privileges are granted.
    """
    if new:
        side = _Side(situation, situation.new_words, situation.new_source, situation.after)
    else:
        side = _Side(situation, situation.old_words, situation.old_source, situation.before)
    steps = side.steps(list(keys), early=early)
    return ups(steps), downs(steps)


class _Side:
    """The old or the new state, for making parts of it."""

    def __init__(self, situation: Situation, words: Catalog, source: Mapping[Key, str], facts: Catalog) -> None:
        self._situation = situation
        self._words = words
        self._source = stable_sources(source)
        self._facts = facts

    def steps(self, keys: Iterable[Key], *, early: bool = False) -> tuple[Step, ...]:
        """Return the steps that make some objects with the privileges that they have in between, or as they were."""
        members = [key for key in keys if key in self._words.facts]
        facts, depends = dict(self._words.facts), dict(self._words.depends)
        granted = []
        old = [fact for fact in self._situation.before.of_type(Privileges) if fact.target in members]
        for fact in old if early else privileges_between(self._situation, set(members)):
            facts[fact.key] = fact
            depends[fact.key] = frozenset({fact.target})
            granted.append(fact.key)
        catalog = replace(self._words, facts=facts, depends=depends)
        return make(catalog, self._source, [*members, *granted])

    def defaults(
        self, tables: Iterable[Key], roots: Collection[Key], apart: Collection[Key]
    ) -> list[tuple[Key, Column, tuple[Operation, Operation]]]:
        """Return the columns whose default names one of the roots, with what drops and restores it."""
        found: list[tuple[Key, Column, tuple[Operation, Operation]]] = []
        for table in tables:
            fact = self._words.facts.get(table)
            for column in fact.columns if isinstance(fact, Table) else ():
                if column_key(table, column.name) in apart or column.inherited:
                    continue
                if column.default is None or not any(_names(column.default, root) for root in roots):
                    continue
                name = Name(column.name)
                drop = alter(table, "ALTER COLUMN {name} DROP DEFAULT", name=name)
                default = Printed(column.default)
                back = alter(table, "ALTER COLUMN {name} SET DEFAULT {default}", name=name, default=default)
                found.append((table, column, (drop, back)))
        return found


def stable_sources(source: Mapping[Key, str]) -> dict[Key, str]:
    """Return the author's statements without views that say ``*``: what that means changes with the tables."""
    views = {Kind.VIEW, Kind.MATERIALIZED_VIEW}
    return {key: sql for key, sql in source.items() if key.kind not in views or not _STAR.search(sql)}


def privileges_between(situation: Situation, targets: Collection[Key]) -> list[Privileges]:
    """Return the privileges on some objects after expand and before contract: all that one of both states has."""
    result = []
    keys = dict.fromkeys([*situation.before.facts, *situation.after.facts])
    for key in keys:
        if key.kind is not Kind.PRIVILEGES:
            continue
        old, new = situation.before.facts.get(key), situation.after.facts.get(key)
        one = old if isinstance(old, Privileges) else None
        other = new if isinstance(new, Privileges) else None
        fact = one or other
        assert fact is not None
        if fact.target not in targets or (one is None and fact.column):
            continue
        if one is not None and fact.target not in situation.after.facts:
            result.append(one)  # it goes with what it is on
            continue
        granted = {*(one.granted if one else ()), *(other.granted if other else ())}
        grantable = {*(one.grantable if one else ()), *(other.grantable if other else ())}
        revoked = set(one.revoked if one else ()) & set(other.revoked if other else ())
        if granted or revoked:
            result.append(
                replace(
                    fact,
                    granted=tuple(sorted(granted)),
                    grantable=tuple(sorted(grantable)),
                    revoked=tuple(sorted(revoked)),
                )
            )
    return result


def relation_of(catalog: Catalog, key: Key) -> Key:
    """Return the key of the table or view that a trigger, policy or rule belongs to."""
    for kind in (Kind.TABLE, Kind.VIEW, Kind.MATERIALIZED_VIEW):
        found = Key(kind, key.schema, key.name)
        if found in catalog.facts:
            return found
    return table_of(key)


def _relation(catalog: Catalog, key: Key) -> Key | None:
    fact: Fact = catalog.facts[key]
    if isinstance(fact, View):
        return key
    if isinstance(fact, Index | Constraint):
        return fact.table
    if isinstance(fact, Function) or key.kind in {Kind.AGGREGATE, Kind.EVENT_TRIGGER}:
        return None
    return relation_of(catalog, key) if isinstance(fact, Policy) or key.member else None


def _names(expression: str, root: Key) -> bool:
    words = re.split(r"[^\w\"$]+", expression)
    return root.name in words or str(Name(root.name)) in expression
