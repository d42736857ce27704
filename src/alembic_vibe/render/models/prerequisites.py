"""What must exist before ``create_all`` can make the tables: schemas, extensions, types, sequences, functions."""

from __future__ import annotations

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
    SequenceOptions,
)
from alembic_vibe.catalog.keys import Kind
from alembic_vibe.render import elements
from alembic_vibe.sql.compose import Literal, Name, Printed, compose

if TYPE_CHECKING:
    from alembic_vibe.catalog.facts import Column, Fact
    from alembic_vibe.catalog.keys import Key
    from alembic_vibe.render.models.plan import Plan

_PARTS = {Kind.CONSTRAINT, Kind.INDEX}
_LIMITS = {"smallint": 2**15 - 1, "integer": 2**31 - 1, "bigint": 2**63 - 1}


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
        for statement in (_statement(catalog.facts[key]), _comment(catalog.facts[key]))
        if statement
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
    return elements.serial_sequence(table.column(column), table, plan.catalog, constraints) is not None


def _statement(fact: Fact) -> str:
    match fact:
        case Schema():
            return compose("CREATE SCHEMA IF NOT EXISTS {name}", name=Name(fact.key.name))
        case Extension():
            place = "" if fact.schema in {"public", "pg_catalog"} else " SCHEMA {schema}"
            parts = {"schema": Name(fact.schema)} if place else {}
            return compose("CREATE EXTENSION IF NOT EXISTS {name}" + place, name=Name(fact.key.name), **parts)
        case Function():
            return fact.definition.rstrip()
        case Sequence():
            return _sequence(fact)
        case Enum():
            labels = tuple(Literal(label) for label in fact.labels)
            return _guarded(compose("CREATE TYPE {name} AS ENUM ({labels})", name=_name(fact.key), labels=labels))
        case Composite():
            attributes = tuple(Printed(_attribute(column)) for column in fact.attributes)
            return _guarded(compose("CREATE TYPE {name} AS ({columns})", name=_name(fact.key), columns=attributes))
        case Range():
            return _guarded(_range(fact))
        case Domain():
            return _guarded(_domain(fact))
    return ""


_COMMENTED = {
    Kind.ENUM: "TYPE",
    Kind.COMPOSITE: "TYPE",
    Kind.RANGE: "TYPE",
    Kind.DOMAIN: "DOMAIN",
    Kind.SEQUENCE: "SEQUENCE",
}


def _comment(fact: Fact) -> str:
    comment = getattr(fact, "comment", None)
    word = _COMMENTED.get(fact.key.kind)
    if comment is None or word is None:
        return ""
    template = f"COMMENT ON {word} {{name}} IS {{comment}}"
    return compose(template, name=_name(fact.key), comment=Literal(comment))


def _name(key: Key) -> Name:
    return Name(key.schema, key.name)


def _guarded(sql: str) -> str:
    """Return a block that does nothing where the type exists: CREATE TYPE and CREATE DOMAIN have no IF NOT EXISTS."""
    body = f"BEGIN\n    {sql};\nEXCEPTION\n    WHEN duplicate_object THEN NULL;\nEND"
    tag = "$$"
    while tag in body:
        tag = f"$do{tag[1:]}" if tag == "$$" else f"$x{tag[1:]}"
    return f"DO {tag}\n{body}\n{tag}"


def _attribute(column: Column) -> str:
    collation = f" COLLATE {column.collation}" if column.collation else ""
    return f"{Name(column.name)} {column.type.text}{collation}"


def _range(fact: Range) -> str:
    parts = [f"SUBTYPE = {fact.subtype}"]
    if fact.opclass:
        parts.append(f"SUBTYPE_OPCLASS = {fact.opclass}")
    if fact.collation:
        parts.append(f"COLLATION = {fact.collation}")
    if fact.subtype_diff:
        parts.append(f"SUBTYPE_DIFF = {fact.subtype_diff}")
    parts.append(f"MULTIRANGE_TYPE_NAME = {Name(fact.key.schema, fact.multirange)}")
    return compose("CREATE TYPE {name} AS RANGE ({parts})", name=_name(fact.key), parts=tuple(map(Printed, parts)))


def _domain(fact: Domain) -> str:
    parts = [compose("CREATE DOMAIN {name} AS {type}", name=_name(fact.key), type=Printed(fact.type.text))]
    if fact.collation:
        parts.append(f"COLLATE {fact.collation}")
    if fact.default is not None:
        parts.append(f"DEFAULT {fact.default}")
    if fact.not_null:
        parts.append("NOT NULL")
    for constraint in fact.constraints:
        definition = Printed(constraint.definition)
        parts.append(compose("CONSTRAINT {name} {definition}", name=Name(constraint.name), definition=definition))
    return " ".join(parts)


def _sequence(fact: Sequence) -> str:
    options, usual = fact.options, SequenceOptions()
    down = options.increment < 0
    limit = _LIMITS.get(options.type, _LIMITS["bigint"])
    low, high = (-limit - 1, -1) if down else (1, limit)
    parts = [f"CREATE {'UNLOGGED ' if fact.unlogged else ''}SEQUENCE IF NOT EXISTS {_name(fact.key)}"]
    if options.type != usual.type:
        parts.append(f"AS {options.type}")
    if options.increment != 1:
        parts.append(f"INCREMENT BY {options.increment}")
    if options.minimum != low:
        parts.append(f"MINVALUE {options.minimum}")
    if options.maximum != high:
        parts.append(f"MAXVALUE {options.maximum}")
    if options.start != (options.maximum if down else options.minimum):
        parts.append(f"START WITH {options.start}")
    if options.cache != 1:
        parts.append(f"CACHE {options.cache}")
    if options.cycle:
        parts.append("CYCLE")
    return " ".join(parts)
