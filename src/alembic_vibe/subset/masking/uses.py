"""What masks must know of the columns: types below domains, keys, foreign keys, CHECKs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.data.checks.types import base_of, is_never_null
from alembic_vibe.subset.masking.model import ColumnUse, Place, Shape

if TYPE_CHECKING:
    from collections.abc import Mapping

    from psycopg import Connection

    from alembic_vibe.catalog.keys import Key
    from alembic_vibe.data.model import CheckRule
    from alembic_vibe.prove.rows_facts import SchemaFacts, TableFact, TypeFact

_DEEPEST = 10
_HEADER = 4  # what a type modifier counts in
_NAMED = {
    "text": "text", "varchar": "text", "bpchar": "text", "citext": "text", "name": "text", "json": "json",
    "jsonb": "json", "xml": "xml", "hstore": "hstore", "inet": "inet", "cidr": "cidr", "macaddr": "macaddr",
    "macaddr8": "macaddr8", "bytea": "bytea", "uuid": "uuid", "date": "date", "timestamp": "timestamp",
    "timestamptz": "timestamp", "int2": "number", "int4": "number", "int8": "number", "float4": "number",
    "float8": "number", "numeric": "number", "money": "money", "tsvector": "tsvector",
}  # fmt: skip
_PLAIN = frozenset({
    "bool", "oid", "time", "timetz", "interval", "bit", "varbit", "char", "pg_lsn", "xid", "xid8", "tid", "cid",
    "regclass", "regtype", "regproc", "regprocedure", "regrole", "regnamespace", "regconfig", "regoper",
})  # fmt: skip
_LIMITS = {"int2": 2**15 - 1, "int4": 2**31 - 1, "int8": 2**63 - 1}


def shape_of(types: Mapping[int, TypeFact], type_: int, modifier: int, depth: int = 0) -> Shape:
    """Return what a type is made of, below domains."""
    fact, modifier = base_of(types, type_, modifier)
    if fact is None or depth > _DEEPEST:
        return Shape("other")
    if fact.typtype == "e" or fact.name in _PLAIN:
        return Shape("plain")
    if fact.typtype == "c":
        attributes = tuple((name, shape_of(types, t, m, depth + 1)) for name, t, m in fact.attributes)
        return Shape("composite", attributes=attributes)
    if fact.typtype in {"r", "m"}:
        element = shape_of(types, fact.subtype, -1, depth + 1)
        return Shape("range", element=element) if element.denied else Shape("plain")
    if fact.category == "A" and fact.element:
        return Shape("array", element=shape_of(types, fact.element, modifier, depth + 1))
    kind = _NAMED.get(fact.name, "other")
    longest = modifier - _HEADER if fact.name in {"varchar", "bpchar"} and modifier > _HEADER else None
    high = _LIMITS.get(fact.name)
    if fact.name == "numeric" and modifier >= _HEADER:  # precision and scale: manual, "Numeric Types"
        scale = modifier - _HEADER & 0x7FF
        digits = (modifier - _HEADER >> 16 & 0xFFFF) - (scale - 0x800 if scale & 0x400 else scale)
        high = 10**digits - 1 if digits > 0 else 0
    return Shape(
        kind,
        folded=fact.name == "citext",
        fixed=fact.name == "bpchar",
        longest=63 if fact.name == "name" else longest,
        high=high,
    )


def survey(facts: SchemaFacts, connection: Connection | None = None) -> dict[Place, ColumnUse]:
    """Return what is known of every column that can be written, partitions by their root.

    Args:
        facts: Of the source.
        connection: To it; without one, CHECKs are not looked at.
    """
    found: dict[Place, ColumnUse] = {}
    for table in facts.tables.values():
        new = [c for c in table.columns if not c.generated and Place(table.target, c.name) not in found]
        for column in new:
            shape = shape_of(facts.types, column.type, column.modifier)
            nullable = not column.not_null and not is_never_null(facts.types, column.type)
            place = Place(table.target, column.name)
            found[place] = ColumnUse(place, column, shape, nullable, folded=shape.folded)
        _add_constraints(facts, table, found)
        if connection is not None and new:
            _add_checks(connection, facts, table, found)
    return found


def _add_constraints(facts: SchemaFacts, table: TableFact, found: dict[Place, ColumnUse]) -> None:
    for constraint in table.constraints:
        uses = [found.get(Place(table.target, name)) for name in constraint.columns]
        if constraint.kind in {"p", "u", "i", "x"}:
            for use in uses:
                if use is not None:
                    use.unique = True
                    use.primary = use.primary or constraint.kind == "p"
                    use.folded = use.folded or not constraint.plain  # lower(email) is the usual expression
        elif constraint.kind == "f":
            referred = _table(facts, constraint.references)
            for use, column in zip(uses, constraint.reference_columns, strict=True):
                if use is not None and referred is not None and (place := Place(referred, column)) not in use.refers:
                    use.refers.append(place)


def _table(facts: SchemaFacts, oid: int) -> Key | None:
    table = facts.tables.get(oid)
    return table.target if table is not None else facts.parents.get(oid)


def _add_checks(connection: Connection, facts: SchemaFacts, table: TableFact, found: dict[Place, ColumnUse]) -> None:
    from alembic_vibe.data.checks import compile_checks

    bounds = {constraint.name for constraint in table.constraints if constraint.kind == "b"}
    for rule in compile_checks(connection, facts, table).rules:
        if rule.name in bounds:  # of one partition; the rows of all are masked together
            continue
        for column in rule.columns:
            use = found.get(Place(table.target, column))
            if use is None:
                continue
            if len(rule.columns) > 1:
                use.shared.append(rule)
                continue
            use.rules.append(rule)
            use.closed = use.closed or _lists_values(rule, column)


def _lists_values(rule: CheckRule, column: str) -> bool:
    domains = [case.domains.get(column) for case in rule.cases]
    return bool(domains) and all(d is not None and (d.choices is not None or d.null is True) for d in domains)
