"""A catalog in the words that people write; never for comparing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import (
    Constraint,
    ConstraintKind,
    Domain,
    Fact,
    Function,
    Index,
    Policy,
    Range,
    Rule,
    Statistics,
    Table,
    Trigger,
    View,
)
from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.describe.readable import Freedom, Wording, query_layout
from alembic_vibe.describe.types import spelt
from alembic_vibe.describe.values import default_of
from alembic_vibe.plan.sql import name_of
from alembic_vibe.sql.compose import Name

if TYPE_CHECKING:
    from alembic_vibe.catalog.catalog import Catalog
    from alembic_vibe.catalog.facts import Column


def worded(catalog: Catalog, wording: Wording) -> Catalog:
    """Return a catalog whose expressions and definitions are in the words of people."""
    facts = {key: _worded(fact, wording) for key, fact in catalog.facts.items()}
    return replace(catalog, facts=facts)


def _worded(fact: Fact, wording: Wording) -> Fact:
    key = fact.key
    match fact:
        case Table():
            return replace(fact, columns=tuple(_column(column, fact, wording) for column in fact.columns))
        case Constraint():
            return replace(fact, definition=_constraint(fact, wording))
        case Index():
            words = wording.words(key, _without_btree(fact), fact.table)
            predicate = fact.predicate and wording.words(key, fact.predicate, fact.table)
            keys = tuple(replace(k, expression=wording.words(key, k.expression, fact.table)) for k in fact.keys)
            return replace(fact, definition=words, predicate=predicate, keys=keys)
        case Policy():
            using, check = (text and wording.words(key, text) for text in (fact.using, fact.check))
            return replace(fact, using=using, check=check)
        case View() if wording.of(key) is not Freedom.PRINTED:
            return replace(fact, query=query_layout(wording.words(key, fact.query)))
        case Domain():
            checks = tuple(replace(c, definition=wording.words(key, c.definition)) for c in fact.constraints)
            return replace(fact, constraints=checks, type=replace(fact.type, text=spelt(fact.type.text)))
        case Range():
            return replace(fact, subtype=spelt(fact.subtype))
        case Trigger() | Rule():
            return replace(fact, definition=wording.words(key, fact.definition))
        case Function() if fact.source is None:
            return replace(fact, definition=wording.words(key, fact.definition))
        case Statistics():
            return replace(fact, definition=_without_public(fact))
    return fact


def _column(column: Column, table: Table, wording: Wording) -> Column:
    key = Key(Kind.COLUMN, table.key.schema, table.key.name, column.name)
    if column.default is None or wording.of(key) is Freedom.PRINTED:
        return column
    if not column.generated and (short := default_of(column)) != column.default:
        return replace(column, default=short)
    return replace(column, default=wording.words(key, column.default, table.key))


def _constraint(fact: Constraint, wording: Wording) -> str:
    head = f"CHECK ({fact.expression})"
    if fact.kind == ConstraintKind.CHECK and fact.expression is not None and fact.definition.startswith(head):
        words = wording.words(fact.key, fact.expression, fact.table)
        return f"CHECK ({words}){fact.definition.removeprefix(head)}"
    if fact.kind == ConstraintKind.EXCLUDE:
        return wording.words(fact.key, fact.definition, fact.table)
    return fact.definition


def _without_btree(fact: Index) -> str:
    """Return CREATE INDEX without the method that is the usual one."""
    unique = "UNIQUE " if fact.unique else ""
    for only in ("", "ONLY "):
        head = f"CREATE {unique}INDEX {Name(fact.key.name)} ON {only}{name_of(fact.table)} "
        if fact.definition.startswith(f"{head}USING btree "):
            return head + fact.definition.removeprefix(f"{head}USING btree ")
    return fact.definition


def _without_public(fact: Statistics) -> str:
    """Return CREATE STATISTICS as other statements are written: what is in ``public`` is not qualified."""
    head = f"CREATE STATISTICS public.{Name(fact.key.name)} "
    if fact.key.schema == "public" and fact.definition.startswith(head):
        return f"CREATE STATISTICS {Name(fact.key.name)} {fact.definition.removeprefix(head)}"
    return fact.definition
