"""A table becomes partitioned, is partitioned otherwise or no more, or has other parents (recipes 47 and 49).

PostgreSQL has no way to alter this: the table is made anew and its rows are copied. That comes first; every other
change of the table is then carried out on its new form.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Constraint, ConstraintKind, Fact, Index, Table
from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.diagnostics import Rule, Severity
from alembic_vibe.diff.compare import ChangeKind
from alembic_vibe.hazards import OLD_RELEASE_BREAKS, TABLE_REWRITE, Danger
from alembic_vibe.locks import LockLevel
from alembic_vibe.plan.belongings import belongings, changes_of, family, household
from alembic_vibe.plan.blocks import exclusive, locks, shown
from alembic_vibe.plan.model import Phase, Step, Verify
from alembic_vibe.plan.rebuild import Form, dependents, rebuild, unmovable, without
from alembic_vibe.plan.situation import Planned, column_key, node_of, table_of
from alembic_vibe.plan.sql import name_of
from alembic_vibe.sql.compose import Name, compose

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.catalog.catalog import Catalog
    from alembic_vibe.catalog.facts import Column
    from alembic_vibe.diff.compare import Change
    from alembic_vibe.plan.situation import Node, Situation

RECIPES = ("47", "49")
IN_TWO = Rule(
    code="AV865",
    slug="rebuild-in-two-changes",
    severity=Severity.ERROR,
    summary="A table gets another form and something that needs the new form at once.",
    why="The table is made anew and its rows are copied before anything else changes. A partition key or a unique key "
    "over a column that is not there yet, and other tables that depend on this one, cannot be carried through that.",
    fix="Make two changes of it: generate the revisions for the first, then change the specification again.",
    bad="-- a partitioned table over a column that is new in the same change\n"
    "CREATE TABLE events (id bigint, at date, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);",
    good="-- first the column\nCREATE TABLE events (id bigint PRIMARY KEY, at date);",
)
RULES = (IN_TWO,)
_KEYS = {ConstraintKind.PRIMARY, ConstraintKind.UNIQUE, ConstraintKind.EXCLUDE}
# What the new form says of a table: the old values may be impossible in it.
_FORM = ("partition_key", "inherits", "options", "access_method", "tablespace", "unlogged", "replica_identity")


def applies(change: Change, _situation: Situation) -> bool:
    """Another partition key, or other parents."""
    return change.alters("partition_key") or change.alters("inherits")


def plan(change: Change, situation: Situation) -> Planned:
    """Make it anew and copy its rows, before the next release."""
    table = change.key
    words, wanted = situation.old_words, situation.new_words
    old, new = words.table(table), wanted.table(table)
    if change.alters("inherits") and old.partition_key != new.partition_key:
        return Planned()  # the change of the partition key takes it
    what = shown(table)
    former = [key for key in family(words, table) if key == table or _same_root(key, table, situation)]
    latter = [key for key in family(wanted, table) if key == table or key not in words.facts or key in former]
    released = [key for key in family(words, table) if key not in former and key in situation.after.facts]
    released = [key for key in released if words.table(key).partition_of in former]
    around = [key for key in dependents(words, former) if key not in released]
    around = [key for key in around if not any(key[1:3] == other[1:3] for other in released)]
    facts = _facts(old, new, former, latter, situation)
    missing = sorted(_missing(table, new, facts, situation))
    stuck = unmovable(around)
    if missing or stuck:
        reason = f"needs {', '.join(missing)} at once" if missing else f"{stuck[0]} depends on it"
        all_of_it = changes_of(situation, {*household(words, former), *household(wanted, latter)})
        question = IN_TWO.diagnostic(f"{what} gets another form, and {reason}")
        return Planned(takes=all_of_it - {node_of(change)}, undecided=(question,))
    dropped, remade = _foreign_keys(around, situation)
    middle = without(words, household(words, former), {**facts, **remade}, situation.after)
    there = Form(middle, tuple(latter), situation.old_source, tuple(key for key in around if key not in dropped))
    here = Form(words, tuple(former), situation.old_source, tuple(around), tuple(released))
    step = Step(
        table,
        rebuild(here, there, table),
        rebuild(there, here, table),
        phase=Phase.EXPAND,
        title=f"{what} {_becomes(new)}",
        locks=(
            *exclusive(*former, *released, *_around(former, around, situation)),
            *locks(LockLevel.SHARE_UPDATE_EXCLUSIVE, *new.inherits, *old.inherits),
        ),
        scans=tuple(_around(former, around, situation)),
        rewrites=tuple(former),
        verify=tuple(_verify(table, old, facts)),
        old_sees=f"{what} cannot be read or written while its rows are copied",
        dangers=(*_dangers(what, table, facts, situation), *_of_parents(what, old, new)),
    )
    taken = {*former, *latter, *released}
    takes = {node for node in changes_of(situation, taken) if node[0].kind is Kind.TABLE and _is_form(node, table)}
    gone = [key for key in household(words, former) if key not in situation.after.facts and key not in facts]
    takes |= changes_of(situation, [*gone, *(key for key in facts if key.kind is not Kind.TABLE), *dropped, *remade])
    takes |= set(_not_null(table, facts, situation))
    takes |= {node for node in changes_of(situation, [table]) if _arrives(node, new, old)}
    return Planned((step,), takes=frozenset(takes - {node_of(change)}))


def _same_root(key: Key, table: Key, situation: Situation) -> bool:
    """Whether a partition goes, or stays a partition below the table."""
    return key not in situation.after.facts or key in family(situation.new_words, table)


def _is_form(node: Node, table: Key) -> bool:
    """Whether a change of a table is about its form, and not about who may do what with it."""
    return node[0] != table or bool(set(node[1]) & set(_FORM))


def _becomes(new: Table) -> str:
    if new.inherits:
        return f"child of {new.inherits[0].qualified}"
    return f"partitioned by {new.partition_key}" if new.partition_key else "one table"


# -- the form in the middle: the old table, as far as the new form goes ----------------------------------------------


def _facts(old: Table, new: Table, former: list[Key], latter: list[Key], situation: Situation) -> dict[Key, Fact]:
    """Return the facts of the tables and what belongs to them when the rows have been copied."""
    words, wanted = situation.old_words, situation.new_words
    facts: dict[Key, Fact] = {}
    keys: set[str] = set()
    for key in household(words, [key for key in former if key in latter]):
        facts[key] = words.facts[key]
    for key in [found for found in facts if _is_key(facts[found]) or _altered_index(found, situation)]:
        if key in wanted.facts and (new.partition_key or not _is_key(facts[key])):
            facts[key] = wanted.facts[key]
        elif new.partition_key and _is_key(facts[key]):
            del facts[key]
    if new.partition_key:
        for key in household(wanted, [new.key]):
            fact = wanted.facts[key]
            if _is_key(fact):
                facts[key] = fact
                keys |= set(fact.columns) if isinstance(fact, Constraint) and fact.kind == "p" else set()
    facts[new.key] = replace(
        old,
        columns=tuple(_columns(old, new, keys)),
        **{name: getattr(new, name) for name in _FORM},
    )
    top = facts[new.key]
    assert isinstance(top, Table)
    for key in latter[1:]:
        found = wanted.table(key)
        own = {column.name: column for column in found.columns}
        like = {column.name: column for column in new.columns}
        columns = [
            own[column.name] if column.name in own and own[column.name] != like.get(column.name) else column
            for column in top.columns
        ]
        facts[key] = replace(found, columns=tuple(columns))
    return facts


def _columns(old: Table, new: Table, keys: set[str]) -> Iterator[Column]:
    wanted = {column.name: column for column in new.columns}
    had = {column.name for column in old.columns}
    for column in old.columns:
        other = wanted.get(column.name)
        # A partition is attached later; until then its columns are its own.
        inherited = bool(new.inherits) and other is not None and other.inherited
        yield replace(column, not_null=column.not_null or column.name in keys, inherited=inherited)
    if new.inherits:
        yield from (column for column in new.columns if column.inherited and column.name not in had)


def _is_key(fact: Fact) -> bool:
    return (isinstance(fact, Constraint) and fact.kind in _KEYS) or (isinstance(fact, Index) and fact.unique)


def _altered_index(key: Key, situation: Situation) -> bool:
    return key.kind is Kind.INDEX and any(change.kind is ChangeKind.ALTER for change in situation.by_key.get(key, ()))


def _missing(table: Key, new: Table, facts: dict[Key, Fact], situation: Situation) -> Iterator[str]:
    """Yield the new columns that the form in the middle needs."""
    top = facts[table]
    assert isinstance(top, Table)
    there = {column.name for column in top.columns}
    users = situation.after.column_users
    for column in new.columns:
        if column.name in there:
            continue
        used = {
            column
            for fact in facts.values()
            if isinstance(fact, Constraint | Index)
            and (column.name in getattr(fact, "columns", ()) or fact.key in users.get((table, column.name), ()))
        }
        if used or (new.partition_key and str(Name(column.name)) in new.partition_key):
            yield shown(table, column.name)


def _arrives(node: Node, new: Table, old: Table) -> bool:
    """Whether a column comes with a new parent."""
    had = {column.name for column in old.columns}
    return node[0].kind is Kind.COLUMN and any(
        column.name == node[0].member and column.inherited and column.name not in had for column in new.columns
    )


# -- around it -------------------------------------------------------------------------------------------------------


def _foreign_keys(around: list[Key], situation: Situation) -> tuple[set[Key], dict[Key, Fact]]:
    """Return the foreign keys to the table that go, and those that are made again otherwise."""
    dropped, remade = set(), {}
    for key in around:
        for change in situation.by_key.get(key, ()) if key.kind is Kind.CONSTRAINT else ():
            if change.kind is ChangeKind.DROP:
                dropped.add(key)
            elif change.kind is ChangeKind.ALTER:
                remade[key] = situation.new_words.facts[key]
    return dropped, remade


def _around(former: list[Key], around: list[Key], situation: Situation) -> list[Key]:
    """Return the tables at the other ends of foreign keys to and from the tables, and those of policies."""
    own = {key for table in former for key in belongings(situation.old_words, table)}
    found: set[Key] = set()
    for key in {*own, *around}:
        fact = situation.before.facts.get(key)
        if isinstance(fact, Constraint) and fact.references is not None:
            found |= {fact.table, fact.references}
        elif key.kind in {Kind.POLICY, Kind.TRIGGER, Kind.RULE}:
            found.add(table_of(key))
    return sorted(key for key in found - set(former) if key in situation.before.facts)


def _of_parents(what: str, old: Table, new: Table) -> Iterator[Danger]:
    for parent in sorted({*old.inherits, *new.inherits} - ({*old.inherits} & {*new.inherits})):
        more = "are in it as well" if parent in new.inherits else "are no longer in it"
        yield Danger(
            OLD_RELEASE_BREAKS, shown(parent), f"who reads {shown(parent)} sees that the rows of {what} {more}"
        )


def _not_null(table: Key, facts: dict[Key, Fact], situation: Situation) -> Iterator[Node]:
    """Yield the changes of columns that are NOT NULL by the new primary key."""
    top = facts[table]
    assert isinstance(top, Table)
    for column in top.columns:
        for change in situation.by_key.get(column_key(table, column.name), ()):
            if column.not_null and change.alters("not_null", "not_null_name"):
                yield node_of(change)


def _verify(table: Key, old: Table, facts: dict[Key, Fact]) -> Iterator[Verify]:
    top = facts[table]
    assert isinstance(top, Table)
    had = {column.name: column for column in old.columns}
    for column in top.columns:
        if column.not_null and column.name in had and not had[column.name].not_null:
            sql = "SELECT count(*) FROM {table} WHERE {column} IS NULL"
            query = compose(sql, table=name_of(table), column=Name(column.name))
            yield Verify(query, f"rows of {shown(table)} without {column.name}")


def _dangers(what: str, table: Key, facts: dict[Key, Fact], situation: Situation) -> Iterator[Danger]:
    yield Danger(TABLE_REWRITE, what, f"{what} is copied, row by row, while nobody can read or write it")
    catalog: Catalog = situation.old_words
    lost = [
        key
        for key in household(catalog, [table])
        if _is_key(catalog.facts[key]) and _columns_of(catalog.facts[key]) != _columns_of(facts.get(key))
    ]
    if lost:
        names = ", ".join(key.member or key.name for key in lost)
        yield Danger(OLD_RELEASE_BREAKS, what, f"INSERT … ON CONFLICT fails where it relies on {names} as it was")


def _columns_of(fact: Fact | None) -> object:
    if isinstance(fact, Constraint):
        return fact.kind, fact.columns
    return (fact.keys, fact.predicate) if isinstance(fact, Index) else None
