"""What a subset needs to know of the source's schema, on top of ``prove.rows_facts``.

A partitioned table is one table here; the partitions are the *places* that hold its rows.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from alembic_vibe.prove.rows_facts import read_facts

if TYPE_CHECKING:
    from collections.abc import Collection
    from typing import Any

    from psycopg import Connection

    from alembic_vibe.catalog.keys import Key
    from alembic_vibe.prove.rows_facts import ColumnFact, SchemaFacts, TableFact

_OWN_SCHEMA = "vibe"  # what other commands leave in a database for a while
_OWN_PREFIX = "vibe_"


@dataclass(slots=True)
class Pair:
    """One column of a foreign key: what it refers to, the operator that compares them, a collation if they differ."""

    column: str
    referred: str
    operator: tuple[str, str]  # schema and name
    collation: tuple[str, str] | None = None


@dataclass(slots=True)
class Reference:
    """A foreign key between two tables; ``sure`` if no row can dangle (validated and enforced)."""

    name: str
    child: int
    parent: int
    pairs: list[Pair]
    owner: bool  # ON DELETE CASCADE
    required: bool  # no column may be NULL
    deferrable: bool
    sure: bool
    defined_on: int  # the table or partition that has it


@dataclass(slots=True)
class Place:
    """What holds rows: an ordinary table or a partition. ``direct``: the account may read it by its own name."""

    oid: int
    key: Key
    direct: bool = True
    bytes: int = 0
    estimate: float = -1


@dataclass(slots=True)
class Table:
    """A table to copy; ``columns`` are those that can be written, in order."""

    oid: int
    key: Key
    partitioned: bool
    columns: list[str]
    identity: list[str]  # columns that tell rows apart; none if nothing does
    places: list[Place]
    rows: int = 0
    exact: bool = True

    @property
    def name(self) -> str:
        """Its name for people."""
        return self.key.qualified


@dataclass(slots=True)
class Schema:
    """All tables by oid, the foreign keys among them, and the facts that they come from."""

    tables: dict[int, Table]
    references: list[Reference]
    facts: SchemaFacts
    hidden: list[tuple[str, str]] = field(default_factory=list)  # (table, why it cannot be read)

    def up(self, table: int) -> list[Reference]:
        """The foreign keys of a table."""
        return [reference for reference in self.references if reference.child == table]

    def down(self, table: int) -> list[Reference]:
        """The foreign keys that refer to a table."""
        return [reference for reference in self.references if reference.parent == table]

    def owner_of(self) -> dict[int, int]:
        """The table of each place."""
        return {place.oid: table.oid for table in self.tables.values() for place in table.places}

    def only(self, keys: Collection[Key]) -> None:
        """Forget the tables that are not among these."""
        self.tables = {oid: table for oid, table in self.tables.items() if table.key in keys}
        self.references = [r for r in self.references if r.child in self.tables and r.parent in self.tables]


_PLACES = """
SELECT c.oid::int8, pg_catalog.pg_relation_size(c.oid)::int8, c.reltuples::float8,
       pg_catalog.has_schema_privilege(c.relnamespace, 'USAGE'), pg_catalog.has_table_privilege(c.oid, 'SELECT'),
       pg_catalog.row_security_active(c.oid)
FROM pg_catalog.pg_class c WHERE c.oid = ANY (%s::oid[])
"""

_REFERENCES = """
SELECT k.conname, k.conrelid::int8, k.confrelid::int8, k.confdeltype::text, k.condeferrable,
       k.convalidated AND coalesce((to_jsonb(k) ->> 'conenforced')::bool, true),
       coalesce((to_jsonb(k) ->> 'conperiod')::bool, false),
       ARRAY(SELECT jsonb_build_array(ca.attname, pa.attname, n.nspname, o.oprname,
                CASE WHEN ca.attcollation <> pa.attcollation THEN cn.nspname END,
                CASE WHEN ca.attcollation <> pa.attcollation THEN co.collname END)
             FROM unnest(k.conkey, k.confkey, k.conpfeqop) WITH ORDINALITY u(c, p, op, i)
             JOIN pg_catalog.pg_attribute ca ON ca.attrelid = k.conrelid AND ca.attnum = u.c
             JOIN pg_catalog.pg_attribute pa ON pa.attrelid = k.confrelid AND pa.attnum = u.p
             JOIN pg_catalog.pg_operator o ON o.oid = u.op JOIN pg_catalog.pg_namespace n ON n.oid = o.oprnamespace
             LEFT JOIN pg_catalog.pg_collation co ON co.oid = pa.attcollation
             LEFT JOIN pg_catalog.pg_namespace cn ON cn.oid = co.collnamespace
             ORDER BY u.i)
FROM pg_catalog.pg_constraint k
WHERE k.contype = 'f' AND k.conrelid = ANY (%s::oid[])
ORDER BY k.conrelid <> ALL (%s::oid[]), k.conname
"""


def read_schema(connection: Connection[Any]) -> Schema:
    """Read tables, foreign keys, sizes, and what the account may not read.

    Left out: what belongs to extensions and to Alembic, and what ``seed`` and migrations keep in ``vibe_…``.
    """
    facts = read_facts(connection)
    members: dict[int, list[TableFact]] = {}
    for fact in facts.tables.values():
        if fact.target.schema != _OWN_SCHEMA and not fact.target.name.startswith(_OWN_PREFIX):
            members.setdefault(fact.target_oid, []).append(fact)
    facts.tables = {fact.oid: fact for found in members.values() for fact in found}
    schema = Schema({root: _table(root, found) for root, found in members.items()}, [], facts)
    _measure(connection, schema)
    _read_references(connection, schema)
    return schema


def _table(root: int, members: list[TableFact]) -> Table:
    first = members[0]
    columns = [column for column in first.columns if not column.generated]
    return Table(
        oid=root,
        key=first.target,
        partitioned=first.target_oid != first.oid,
        columns=[column.name for column in columns],
        identity=_identity(first, columns),
        places=[Place(member.oid, member.key) for member in members],
    )


def _identity(table: TableFact, columns: list[ColumnFact]) -> list[str]:
    copied = {column.name: column for column in columns}
    for constraint in sorted(table.constraints, key=lambda found: found.kind != "p"):
        unique = constraint.kind in {"p", "u", "i"} and constraint.plain and constraint.columns
        if unique and all(name in copied and copied[name].not_null for name in constraint.columns):
            return list(constraint.columns)
    return []


def _measure(connection: Connection[Any], schema: Schema) -> None:
    places = {place.oid: place for table in schema.tables.values() for place in table.places}
    wanted = [*schema.tables, *places]
    blocked: dict[int, str] = {}
    for oid, size, estimate, usage, select, filtered in connection.execute(_PLACES, (wanted,)):
        why = "no USAGE on its schema" if not usage else "no SELECT on it" if not select else ""
        if filtered and not why:
            why = "row security hides rows of it"
        if why:
            blocked[oid] = why
        if oid in places:
            places[oid].bytes, places[oid].estimate, places[oid].direct = size, estimate, not why
    schema.hidden = [(table.name, blocked[oid]) for oid, table in schema.tables.items() if oid in blocked]


def _read_references(connection: Connection[Any], schema: Schema) -> None:
    root_of = {oid: oid for oid in schema.tables}
    for fact in schema.facts.tables.values():
        for oid in (fact.oid, *fact.ancestors):
            root_of[oid] = fact.target_oid
    seen = set()
    rows = connection.execute(_REFERENCES, (list(root_of), list(schema.tables)))
    for name, defined_on, referred, on_delete, deferrable, sure, period, raw in rows:
        child, parent = root_of[defined_on], root_of.get(referred)
        if child not in schema.tables or parent is None or parent not in schema.tables:
            continue
        pairs = [Pair(c, p, (o, op), (cs, cn) if cs and cn else None) for c, p, o, op, cs, cn in raw]
        if period:  # the period must be covered by several rows together: take all that it touches
            pairs[-1].operator = ("pg_catalog", "&&")
        mark = (child, parent, tuple((pair.column, pair.referred) for pair in pairs))
        if mark in seen:  # a partition's copy
            continue
        seen.add(mark)
        fact = next(f for f in schema.facts.tables.values() if f.target_oid == child)
        schema.references.append(
            Reference(
                name=name,
                child=child,
                parent=parent,
                pairs=pairs,
                owner=on_delete == "c",
                required=all(fact.column(pair.column).not_null for pair in pairs),
                deferrable=deferrable,
                sure=sure,
                defined_on=defined_on,
            )
        )
