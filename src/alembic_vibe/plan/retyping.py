"""Which way a column goes to its new type, and what is to be said about it."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Column, Constraint, ConstraintKind, Index
from alembic_vibe.catalog.keys import Kind
from alembic_vibe.diagnostics import Rule, Severity
from alembic_vibe.diff.compare import ChangeKind
from alembic_vibe.plan.blocks import shown
from alembic_vibe.plan.casting import Fit, does_not_fit, fit, same_binds
from alembic_vibe.plan.fillers import filler
from alembic_vibe.plan.model import Verify
from alembic_vibe.plan.retype import connected
from alembic_vibe.plan.situation import table_of
from alembic_vibe.plan.sql import name_of
from alembic_vibe.plan.structure import stands_alone
from alembic_vibe.plan.words import names_column
from alembic_vibe.sql.compose import Name, Printed, compose

if TYPE_CHECKING:
    from collections.abc import Iterable

    from alembic_vibe.catalog.keys import Key
    from alembic_vibe.diagnostics import Diagnostic
    from alembic_vibe.diff.compare import Change
    from alembic_vibe.plan.situation import Situation

NOT_CONVERTED = Rule(
    code="AV847",
    slug="conversion-needed",
    severity=Severity.ERROR,
    summary="A column's new type needs an expression that makes the new values.",
    why="PostgreSQL does not convert between these types by itself, or converts in more than one way; what becomes of "
    "the values that are there is a decision.",
    fix="Write `-- convert: expression` beside the column; the expression is over the columns of the row as they are.",
    bad="""```sql
CREATE TABLE orders (
    id bigint PRIMARY KEY,
    quantity integer NOT NULL  -- it was text
);
```""",
    good="""```sql
CREATE TABLE orders (
    id bigint PRIMARY KEY,
    quantity integer NOT NULL  -- convert: quantity::integer
);
```""",
)


class Route(StrEnum):
    """How a column gets its new type."""

    ASK = "ask"  # the author must say how values are converted
    WIDEN = "widen"  # in place, without touching rows (recipe 9)
    SWAP = "swap"  # a new column beside the old one, then their names change (recipe 10)
    DIRECT = "direct"  # in place, and the table is rewritten
    COLLATE = "collate"  # another collation of the same type (recipe 17)


def is_retyping(change: Change) -> bool:
    """Whether a change gives a column another type or collation, under its own name."""
    return (
        change.kind is ChangeKind.ALTER
        and change.key.kind is Kind.COLUMN
        and isinstance(change.before, Column)
        and bool({"type", "collation"} & set(change.altered_fields))
    )


def route(change: Change, situation: Situation) -> Route:
    """Return the way for a change of which ``is_retyping`` is true."""
    old, new = change.before, change.after
    assert isinstance(old, Column)
    assert isinstance(new, Column)
    found = fit(old.type, new.type)
    if change.key not in situation.intents.convert:
        if new.generated or old.generated:
            return Route.DIRECT
        if found is Fit.UNKNOWN:
            return Route.ASK
        if found is Fit.CATALOG:
            return Route.COLLATE if old.collation != new.collation else Route.WIDEN
    return Route.SWAP if can_swap(change, situation) else Route.DIRECT


def can_swap(change: Change, situation: Situation) -> bool:
    """Whether a second column can take a column's place: what belongs to the table's structure cannot be moved."""
    old, new = change.before, change.after
    assert isinstance(old, Column)
    assert isinstance(new, Column)
    table = table_of(change.key)
    if table not in situation.after.facts or len(partners(change.key, situation)) > 1:
        return False
    return stands_alone(table, old, new, situation) and not _shares(change, situation)


def _shares(change: Change, situation: Situation) -> bool:
    """Whether an index or constraint of the column names another one that changes its type or name as well."""
    table = table_of(change.key)
    own = set(situation.before.column_users.get((table, change.key.member), ()))
    own |= {found.key for found in situation.before.of_type(Constraint) if change.key.member in found.columns}
    own = {key for key in own if key.kind in {Kind.INDEX, Kind.CONSTRAINT}}
    for other in situation.changes:
        if other.key == change.key or other.key.kind is not Kind.COLUMN or table_of(other.key) != table:
            continue
        if not isinstance(other.before, Column) or not (other.kind is ChangeKind.RENAME or is_retyping(other)):
            continue
        users = set(situation.before.column_users.get((table, other.before.name), ()))
        users |= {
            found.key
            for found in situation.before.of_type(Constraint)
            if found.table == table and other.before.name in found.columns
        }
        if own & users:
            return True
    return False


def partners(key: Key, situation: Situation) -> list[Key]:
    """Return the columns that must change together with one, in a stable order: foreign keys tie them."""
    retyped = [change.key for change in situation.changes if is_retyping(change)]
    return connected(key, retyped, situation)[0]


def question(change: Change) -> Diagnostic:
    """Return what to ask the author, with the line to write."""
    old, new = change.before, change.after
    assert isinstance(old, Column)
    assert isinstance(new, Column)
    line = compose("{name}::{type}", name=Name(new.name), type=Printed(new.type.text))
    if old.type.text == "timestamp without time zone" and new.type.text.startswith("timestamp"):
        line = compose("{name} AT TIME ZONE 'UTC'", name=Name(new.name))
    if old.type.text.startswith("timestamp with time") and new.type.text.startswith("timestamp without"):
        line = compose("{name} AT TIME ZONE 'UTC'", name=Name(new.name))
    return NOT_CONVERTED.diagnostic(
        f"{shown(table_of(change.key), new.name)} changes from {old.type.text} to {new.type.text}, and PostgreSQL does "
        f"not say how its values are converted. Write how beside the column, for example `-- convert: {line}`"
    )


_TIDY = r"(?:(?:trim|btrim|lower|upper)\(\s*{0}\s*\)|nullif\(\s*{0}\s*,\s*''\s*\)|{0})"
_CAST = r"\s*\(?\s*{0}\s*\)?\s*::\s*(?P<type>[\w .,()\[\]\"]+?)\s*"
_ZONE = r"\s*{0}\s+at\s+time\s+zone\s+(?P<zone>'[^']*')\s*"


def way_back(change: Change, situation: Situation) -> str:
    """Return the expression that makes the old value from the new one; empty where nobody knows one.

    It is over the new column under the name that the wanted state gives it. What is not a plain cast, a cast of a
    tidied value, or a time zone, is not turned round by guessing.
    """
    old, new = change.before, change.after
    assert isinstance(old, Column)
    assert isinstance(new, Column)
    cast = compose("{name}::{type}", name=Name(new.name), type=Printed(old.type.text))
    expression = situation.intents.convert.get(change.key)
    if expression is None:
        return cast
    column = re.escape(str(Name(old.name)))
    zone = re.fullmatch(_ZONE.format(column), expression, re.IGNORECASE)
    if zone is not None:
        return compose("{name} AT TIME ZONE {zone}", name=Name(new.name), zone=Printed(zone["zone"]))
    casts = re.fullmatch(_CAST.format(_TIDY.format(column)), expression, re.IGNORECASE)
    return cast if casts is not None else ""


def made_up(table: Key, old: Column, situation: Situation) -> str:
    """Return an expression for the old value where nobody knows the way back: NULL, or what stands in for it."""
    found = filler(table, old, situation.before) if old.not_null else None
    value = found.value if found is not None and found.plain and not found.numbered else "NULL"
    return compose("({value})::{type}", value=Printed(value), type=Printed(old.type.text))


def breaks_binds(change: Change) -> bool:
    """Whether statements that bind the old type fail with the new one."""
    assert isinstance(change.before, Column)
    assert isinstance(change.after, Column)
    old, new = change.before.type, change.after.type
    return old.text != new.text and not same_binds(old, new)


def reworded(keys: Iterable[Key], situation: Situation) -> list[Key]:
    """Return the constraints and indexes on some columns that read differently in the wanted state."""
    users = {
        user
        for key in keys
        for user in situation.before.column_users.get((table_of(key), key.member), ())
        if user.kind in {Kind.CONSTRAINT, Kind.INDEX, Kind.STATISTICS}
    }
    return sorted(change.key for change in situation.changes if change.kind is ChangeKind.ALTER and change.key in users)


def conditions(change: Change, situation: Situation) -> list[Verify]:
    """Return what must hold before: no value that does not fit, no NULL in a column that must not be NULL."""
    old, new = change.before, change.after
    assert isinstance(old, Column)
    assert isinstance(new, Column)
    if old.generated or new.generated:
        return []
    table = table_of(change.key)
    what = shown(table, old.name)
    found = []
    if fit(old.type, new.type) is Fit.NARROWER and change.key not in situation.intents.convert:
        query = "SELECT count(*) FROM {table} WHERE {condition}"
        condition = Printed(does_not_fit(old, new))
        text = compose(query, table=name_of(table), condition=condition)
        found.append(Verify(text, f"rows of {shown(table)} whose {old.name} does not fit into {new.type.text}"))
    if new.not_null and not old.not_null:
        query = "SELECT count(*) FROM {table} WHERE {name} IS NULL"
        text = compose(query, table=name_of(table), name=Name(old.name))
        found.append(Verify(text, f"rows of {shown(table)} without {what}"))
    return found


def fitted(table: Key, column: str, situation: Situation) -> tuple[list[Index], list[Constraint]]:
    """Return the indexes with expressions over a column, or predicates, and the CHECKs of it, as they were."""
    indexes, checks = [], []
    for user in sorted(situation.before.column_users.get((table, column), ())):
        fact = situation.old_words.facts.get(user)
        if isinstance(fact, Index) and not fact.inherited:
            texts = [key.expression for key in fact.keys if key.column is None] + [fact.predicate or ""]
            if any(text and names_column(text, column) for text in texts):
                indexes.append(fact)
        elif isinstance(fact, Constraint) and fact.kind == ConstraintKind.CHECK and not fact.inherited:
            checks.append(fact)
    return indexes, checks


RULES = (NOT_CONVERTED,)
