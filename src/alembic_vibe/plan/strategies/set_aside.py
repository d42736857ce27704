"""Types, functions and sequences go (recipes 37 to 40 and 50).

What is set aside for a while (a column, a table) may still need them: then they wait in schema ``vibe`` as well, and
are dropped at the end. So does a sequence, which knows how far it has counted.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import (
    Aggregate,
    Composite,
    Constraint,
    Domain,
    Enum,
    Function,
    Index,
    Privileges,
    Range,
    Sequence,
    Table,
)
from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.diff.compare import ChangeKind
from alembic_vibe.hazards import DATA_LOSS, Danger
from alembic_vibe.plan.belongings import downs, make, name_aside, spelling, ups
from alembic_vibe.plan.blocks import execute
from alembic_vibe.plan.definitions import longer_form
from alembic_vibe.plan.dependents import make_in_between
from alembic_vibe.plan.described import described, label
from alembic_vibe.plan.model import Phase, Step
from alembic_vibe.plan.situation import Planned
from alembic_vibe.plan.workspace import SCHEMA
from alembic_vibe.sql.compose import Literal, Name, Printed

if TYPE_CHECKING:
    from alembic_vibe.catalog.facts import Fact
    from alembic_vibe.diff.compare import Change
    from alembic_vibe.plan.operations import Operation
    from alembic_vibe.plan.situation import Situation

RECIPES = ("38", "39", "40", "50", "52")
_MOVING = {Kind.ENUM, Kind.DOMAIN, Kind.COMPOSITE, Kind.RANGE, Kind.FUNCTION, Kind.AGGREGATE, Kind.SEQUENCE}
_TYPES = (Enum, Domain, Composite, Range)


def applies(change: Change, situation: Situation) -> bool:
    """Any of these kinds that is gone, unless a function with more arguments takes its place."""
    known = isinstance(change.before, Function | Aggregate | Sequence | Enum | Domain | Composite | Range)
    return change.kind is ChangeKind.DROP and known and longer_form(change, situation) is None


def plan(change: Change, situation: Situation) -> Planned:
    """Set it aside or drop it when the old release is gone."""
    key, fact = change.key, situation.old_fact(change.key)
    assert isinstance(fact, Function | Aggregate | Sequence | Enum | Domain | Composite | Range)
    if isinstance(fact, Sequence) and fact.owned_by is not None and fact.owned_by[0] not in situation.after.facts:
        return Planned(ready=Phase.CONTRACT)  # it goes with its table
    if not isinstance(fact, Sequence) and not _is_needed(key, situation):
        made, unmade = make_in_between(situation, [key], new=False)
        step = Step(key, unmade, made, phase=Phase.CONTRACT, title=f"drop {label(key)}")
        return Planned((step,), ready=Phase.CONTRACT)
    there, back, hidden = _moved(key, fact, situation)
    aside = Step(key, there, back, phase=Phase.CONTRACT, title=f"drop {label(key)}", uses_vibe=True)
    made, unmade = _aside(hidden, fact, situation)
    counted = isinstance(fact, Sequence)
    message = f"how far {label(key)} has counted is gone for good"
    gone = Step(
        key,
        unmade,
        made,
        phase=Phase.PURGE,
        title=f"drop {label(key)}",
        loses=f"how far {label(key)} has counted" if counted else "",
        dangers=(Danger(DATA_LOSS, label(key), message),) if counted else (),
        uses_vibe=True,
    )
    return Planned((aside, gone), ready=Phase.CONTRACT)


def _is_needed(key: Key, situation: Situation) -> bool:
    """Whether something that waits for its end needs it: a column or table, or a type or function that does."""
    users = [user for user, needed in situation.before.depends.items() if key in needed]
    changed = situation.by_key
    for user in users:
        fact = situation.before.facts.get(user)
        if isinstance(fact, Constraint | Index):  # it waits with its table
            user, fact = fact.table, situation.before.facts.get(fact.table)
        if isinstance(fact, Table):
            gone = user not in situation.after.facts
            if gone or any(found.key.kind is Kind.COLUMN for found in situation.changes if _in(found.key, user)):
                return True
        elif isinstance(fact, _TYPES) and user in changed and _is_needed(user, situation):
            return True
    return False


def _in(key: Key, table: Key) -> bool:
    return (key.schema, key.name) == (table.schema, table.name)


def _moved(key: Key, fact: Fact, situation: Situation) -> tuple[tuple[Operation, ...], tuple[Operation, ...], Key]:
    """Return what moves it to schema ``vibe`` and back, and its key there."""
    there: list[Operation] = []
    back: list[Operation] = []
    hidden = key
    if isinstance(fact, Sequence) and fact.owned_by is not None:
        # Only a sequence that no column owns can go elsewhere; the column still has its name where it stays.
        what, target = described(key, fact)
        owner = Printed(f"{Name(fact.owned_by[0].schema, fact.owned_by[0].name)}.{Name(fact.owned_by[1])}")
        there.append(execute("ALTER SEQUENCE {name} OWNED BY NONE", name=target))
        back.append(execute("ALTER SEQUENCE {name} OWNED BY {owner}", name=target, owner=owner))
    if name_aside(key, situation) != key.name:
        hidden = key._replace(name=name_aside(key, situation))
        what, target = described(key, fact)
        sql = "ALTER {what} {target} RENAME TO {name}"
        there.append(execute(sql, what=what, target=target, name=Name(hidden.name)))
        what, target = described(hidden, fact)
        back.insert(0, execute(sql, what=what, target=target, name=Name(key.name)))
    what, target = described(hidden, fact)
    there.append(execute("ALTER {what} {target} SET SCHEMA {schema}", what=what, target=target, schema=Name(SCHEMA)))
    arrived = hidden._replace(schema=SCHEMA)
    what, target = described(arrived, fact)
    schema = Name(key.schema)
    back.insert(0, execute("ALTER {what} {target} SET SCHEMA {schema}", what=what, target=target, schema=schema))
    return tuple(there), tuple(back), arrived


def _aside(hidden: Key, fact: Fact, situation: Situation) -> tuple[tuple[Operation, ...], tuple[Operation, ...]]:
    """Return what makes it in schema ``vibe`` as it was there, and what drops it."""
    words = situation.old_words
    moved = replace(fact, key=hidden)
    if isinstance(moved, Sequence):
        moved = replace(moved, owned_by=None)
    if isinstance(moved, Function | Aggregate):
        old = (Name(fact.key.schema, fact.key.name), Printed(f"{Name(fact.key.schema)}.{Name(fact.key.name)}"))
        definition = moved.definition
        for name in reversed(old):
            if f" {name}(" in definition:
                definition = definition.replace(f" {name}(", f" {Name(hidden.schema, hidden.name)}(", 1)
                break
        moved = replace(moved, definition=definition)
    facts: dict[Key, Fact] = {**words.facts, hidden: moved}
    keys = [hidden]
    for found in list(words.of_type(Privileges)):
        if found.target == fact.key:
            key = found.key._replace(schema=hidden.schema, name=hidden.name)
            facts[key] = replace(found, key=key, target=hidden)
            keys.append(key)
    depends = {**words.depends, **{key: frozenset({hidden}) for key in keys[1:]}}
    steps = make(replace(words, facts=facts, depends=depends), {}, keys)
    return _beside(fact.key, ups(steps), situation), downs(steps)


def _beside(key: Key, made: tuple[Operation, ...], situation: Situation) -> tuple[Operation, ...]:
    """Return statements that find what else was set aside where it is; nothing is changed in the body of a function."""
    gone = {change.key for change in situation.changes if change.kind is ChangeKind.DROP}
    needed = [found for found in situation.before.depends.get(key, ()) if found in gone and found.kind in _MOVING]
    if not needed:
        return made
    statements = []
    for sql in (sql for operation in made for sql in operation.statements):
        head, quote, body = sql.partition("AS $")
        for found in needed:
            moved = str(Name(SCHEMA, name_aside(found, situation))).replace("\\", r"\\")
            head = re.sub(spelling(Name(found.schema, found.name)), moved, head)
        statements.append(execute("{sql}", sql=Printed(head + quote + body)))
    keep = "SELECT set_config('vibe.search_path', current_setting('search_path'), true)"
    first = "SELECT set_config('search_path', {path} || current_setting('search_path'), true)"
    return (
        execute(keep),
        execute(first, path=Literal(f"{SCHEMA}, ")),
        execute("SET LOCAL check_function_bodies = off"),
        *statements,
        execute("SELECT set_config('search_path', current_setting('vibe.search_path'), true)"),
    )
