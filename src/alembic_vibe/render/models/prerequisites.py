"""What must exist before ``create_all`` can make the tables: schemas, extensions, types, sequences, functions."""

from __future__ import annotations

import re
from textwrap import indent
from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import (
    Composite,
    Domain,
    Enum,
    Extension,
    Function,
    Range,
    Schema,
    Sequence,
)
from alembic_vibe.catalog.keys import Kind
from alembic_vibe.plan.context import Context
from alembic_vibe.plan.discovery import makers_by_kind
from alembic_vibe.plan.serial import serial_sequence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.catalog.catalog import Catalog
    from alembic_vibe.catalog.facts import Fact
    from alembic_vibe.catalog.keys import Key
    from alembic_vibe.render.models.plan import Plan

_PARTS = {Kind.CONSTRAINT, Kind.INDEX}


def prerequisites(plan: Plan) -> list[str]:
    """Return the statements, in an order that works, each harmless where its object is there already.

    Enums are SQLAlchemy's own business unless another prerequisite needs them. What needs a table itself (a function
    with a table's row type) is left out.
    """
    catalog = plan.catalog
    wanted: set[Key] = set()
    for key in catalog.facts:
        owner = key if key.kind is Kind.TABLE else key._replace(kind=Kind.TABLE, member="")
        if key.kind is Kind.INDEX:
            owner = getattr(catalog.facts[key], "table", owner)
        if owner in plan.home and (key.kind is Kind.TABLE or key.kind in _PARTS):
            wanted |= set(catalog.depends.get(key, ()))
            wanted |= _schema_of(plan, key)
    ordered: list[Key] = []
    state: dict[Key, bool] = {}
    for key in sorted(wanted, key=_rank):
        _visit(plan, key, state, ordered)
    native = {key for key in ordered if isinstance(catalog.facts[key], Enum) and not _is_needed(plan, key, ordered)}
    return [
        statement
        for key in ordered
        if key not in native and not _made_with_table(plan, key)
        for statement in _statements(catalog.facts[key], catalog)
    ]


def _rank(key: Key) -> tuple[int, Key]:
    order = (Kind.SCHEMA, Kind.EXTENSION, Kind.ENUM, Kind.COMPOSITE, Kind.RANGE, Kind.DOMAIN, Kind.SEQUENCE)
    return (order.index(key.kind) if key.kind in order else len(order), key)


def _schema_of(plan: Plan, key: Key) -> set[Key]:
    schema = key._replace(kind=Kind.SCHEMA, schema="", name=key.schema, member="")
    return {schema} if schema in plan.catalog.facts and schema.name != "public" else set()


def _visit(plan: Plan, key: Key, state: dict[Key, bool], ordered: list[Key]) -> bool:
    """Put a key after what it needs; returns whether it can be made before the tables."""
    if key in state:
        return state[key]
    fact = plan.catalog.facts.get(key)
    if not isinstance(fact, Schema | Extension | Enum | Composite | Range | Domain | Sequence | Function):
        state[key] = fact is None or key.kind is Kind.ROLE
        return state[key]
    state[key] = True  # a cycle is entered once
    needed = set(plan.catalog.depends.get(key, ())) | _schema_of(plan, key)
    needed -= {key}
    answers = [_visit(plan, other, state, ordered) for other in sorted(needed, key=_rank)]
    possible = all(answers)
    state[key] = possible
    if possible:
        ordered.append(key)
    return possible


def _is_needed(plan: Plan, enum: Key, ordered: list[Key]) -> bool:
    if getattr(plan.catalog.facts[enum], "comment", None):
        return True
    return any(enum in plan.catalog.depends.get(key, ()) for key in ordered)


def _made_with_table(plan: Plan, key: Key) -> bool:
    fact = plan.catalog.facts[key]
    if not isinstance(fact, Sequence) or fact.owned_by is None:
        return False
    table_key, column = fact.owned_by
    if table_key not in plan.home:
        return False
    table = plan.catalog.table(table_key)
    constraints = plan.constraints.get(table_key, ())
    return serial_sequence(table.column(column), table, plan.catalog, constraints) is not None


def _statements(fact: Fact, catalog: Catalog) -> Iterator[str]:
    """Yield what the migrations run for the object, made harmless where it exists; its owner is theirs alone."""
    for operation in makers_by_kind()[fact.key.kind].create(fact, Context(catalog)).up:
        for sql in operation.statements:
            if not sql.startswith("ALTER "):
                yield harmless(sql)


def harmless(sql: str) -> str:
    """Return a statement that does nothing where the type, schema or sequence that it makes is there."""
    if sql.startswith(("CREATE TYPE ", "CREATE DOMAIN ")):
        return guarded(sql)
    if sql.startswith(("CREATE SCHEMA ", "CREATE SEQUENCE ", "CREATE UNLOGGED SEQUENCE ")):
        return re.sub("(SCHEMA|SEQUENCE) ", r"\1 IF NOT EXISTS ", sql, count=1)
    return sql


def guarded(sql: str) -> str:
    """Return a block that does nothing where the object exists, for statements that have no IF NOT EXISTS."""
    body = f"BEGIN\n{indent(sql, '    ')};\nEXCEPTION\n    WHEN duplicate_object THEN NULL;\nEND"
    tag = "$$"
    while tag in body:
        tag = f"$do{tag[1:]}" if tag == "$$" else f"$x{tag[1:]}"
    return f"DO {tag}\n{body}\n{tag}"
