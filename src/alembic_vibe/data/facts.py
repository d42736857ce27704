"""What must be known of tables to fill them by the thousand: keys as they are checked, sequences, triggers, rows.

It adds to :mod:`alembic_vibe.prove.rows_facts` what a few rows can do without. The facts come from ``pg_index``,
``pg_constraint``, ``pg_depend``, ``pg_sequence`` and ``pg_trigger``: PostgreSQL manual, chapter "System Catalogs".
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from psycopg import sql

if TYPE_CHECKING:
    from psycopg import Connection

    from alembic_vibe.prove.rows_facts import SchemaFacts


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a key: a column, or an expression; ``operator`` is that of an exclusion constraint."""

    column: str | None
    expression: str
    operator: str = "="


@dataclass(frozen=True, slots=True)
class KeyFact:
    """A unique key or an exclusion constraint, as its index has it.

    ``predicate`` is that of a partial index; only rows for which it is true are compared. ``nulls_distinct`` is
    ``False`` where NULL equals NULL.
    """

    name: str
    exclusion: bool
    primary: bool
    parts: tuple[Part, ...]
    predicate: str | None = None
    nulls_distinct: bool = True
    deferrable: bool = False


@dataclass(frozen=True, slots=True)
class SequenceFact:
    """A sequence that gives a column its numbers: ``next`` is what it would give now."""

    oid: int
    schema: str
    name: str
    next: int
    increment: int
    maximum: int


@dataclass(slots=True)
class FillFact:
    """What is known of one place for rows beyond its :class:`~alembic_vibe.prove.rows_facts.TableFact`.

    ``full`` are the names of foreign keys that are MATCH FULL. ``checked_late``: a constraint trigger looks at its rows
    at the end of the transaction. ``changed``: a trigger may change or drop rows on their way in.
    """

    keys: list[KeyFact] = field(default_factory=list)
    sequences: dict[str, SequenceFact] = field(default_factory=dict)
    full: set[str] = field(default_factory=set)
    has_rows: bool = False
    checked_late: bool = False
    changed: bool = False
    hidden: bool = False  # row-level security keeps rows from this user


_KEYS = """
SELECT i.indrelid::int8, c.relname, i.indisexclusion, i.indisprimary, pg_catalog.pg_get_expr(i.indpred, i.indrelid),
       coalesce((pg_catalog.to_jsonb(i) ->> 'indnullsnotdistinct')::bool, false), NOT i.indimmediate,
       ARRAY(SELECT coalesce((SELECT a.attname::text FROM pg_catalog.pg_attribute a
                              WHERE a.attrelid = i.indrelid AND a.attnum = k.number AND k.number > 0), '')
             FROM unnest(i.indkey::int2[]) WITH ORDINALITY k(number, place)
             WHERE k.place <= i.indnkeyatts ORDER BY k.place),
       ARRAY(SELECT pg_catalog.pg_get_indexdef(i.indexrelid, place, true)
             FROM generate_series(1, i.indnkeyatts) place ORDER BY place),
       ARRAY(SELECT o.oprname::text FROM pg_catalog.pg_constraint k, unnest(k.conexclop) WITH ORDINALITY e(oid, place)
             JOIN pg_catalog.pg_operator o ON o.oid = e.oid
             WHERE k.conindid = i.indexrelid AND k.contype = 'x' ORDER BY e.place)
FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
WHERE i.indrelid = ANY (%s::oid[]) AND (i.indisunique OR i.indisexclusion) AND i.indisvalid
ORDER BY i.indrelid, NOT i.indisprimary, c.relname
"""

_SEQUENCES = """
SELECT d.refobjid::int8, a.attname, s.seqrelid::int8, n.nspname, c.relname, s.seqincrement, s.seqmax
FROM (SELECT objid AS sequence, refobjid, refobjsubid FROM pg_catalog.pg_depend
      WHERE classid = 'pg_catalog.pg_class'::regclass AND refclassid = 'pg_catalog.pg_class'::regclass AND deptype = 'i'
      UNION
      SELECT d.refobjid, f.adrelid, f.adnum FROM pg_catalog.pg_depend d
      JOIN pg_catalog.pg_attrdef f ON d.classid = 'pg_catalog.pg_attrdef'::regclass AND d.objid = f.oid
      WHERE d.refclassid = 'pg_catalog.pg_class'::regclass) d
JOIN pg_catalog.pg_sequence s ON s.seqrelid = d.sequence
JOIN pg_catalog.pg_class c ON c.oid = s.seqrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
WHERE d.refobjid = ANY (%s::oid[])
ORDER BY 1, 2
"""

# tgtype: 1 for each row, 2 before, 4 insert; manual, "pg_trigger". tgenabled D is off, R is for replicas only.
_TRIGGERS = """
SELECT t.tgrelid::int8, coalesce(bool_or(t.tginitdeferred), false), coalesce(bool_or(t.tgtype & 3 = 3), false)
FROM pg_catalog.pg_trigger t
WHERE NOT t.tgisinternal AND t.tgrelid = ANY (%s::oid[]) AND t.tgtype & 4 <> 0 AND t.tgenabled IN ('O', 'A')
GROUP BY t.tgrelid
"""

_FULL = """
SELECT conrelid::int8, conname FROM pg_catalog.pg_constraint
WHERE contype = 'f' AND confmatchtype = 'f' AND conrelid = ANY (%s::oid[])
"""

_HIDDEN = """
SELECT c.oid::int8 FROM pg_catalog.pg_class c
WHERE c.oid = ANY (%s::oid[]) AND pg_catalog.row_security_active(c.oid)
"""


def read_fill_facts(connection: Connection, facts: SchemaFacts) -> dict[int, FillFact]:
    """Read what is needed to fill tables, by the oid of each table or partition.

    Sequences, triggers and row-level security of a partition are those of the root that rows go in through.

    Args:
        connection: Where.
        facts: Its tables.

    Raises:
        psycopg.Error: The catalog, or a table's first row, cannot be read.
    """
    oids = sorted({oid for table in facts.tables.values() for oid in (table.oid, table.target_oid)})
    found = {oid: FillFact() for oid in oids}
    for oid, name, exclusion, primary, predicate, alike, deferrable, columns, texts, operators in connection.execute(
        _KEYS, (oids,)
    ):
        marks = operators or ["="] * len(columns)
        parts = tuple(Part(c or None, t, o) for c, t, o in zip(columns, texts, marks, strict=True))
        found[oid].keys.append(KeyFact(name, exclusion, primary, parts, predicate, not alike, deferrable))
    for oid, column, sequence, schema, name, increment, maximum in connection.execute(_SEQUENCES, (oids,)):
        following = _next_value(connection, schema, name, increment)
        found[oid].sequences[column] = SequenceFact(sequence, schema, name, following, increment, maximum)
    for oid, late, changed in connection.execute(_TRIGGERS, (oids,)):
        found[oid].checked_late, found[oid].changed = late, changed
    for oid, name in connection.execute(_FULL, (oids,)):
        found[oid].full.add(name)
    for (oid,) in connection.execute(_HIDDEN, (oids,)):
        found[oid].hidden = True
    names = {table.target_oid: table.target for table in facts.tables.values()}
    for oid, key in names.items():
        only = sql.SQL("" if oid in facts.parents else "ONLY")
        query = sql.SQL("SELECT EXISTS (SELECT FROM {} {})").format(only, sql.Identifier(key.schema, key.name))
        row = connection.execute(query).fetchone()
        found[oid].has_rows = row is not None and row[0]
    for table in facts.tables.values():
        if table.oid != table.target_oid:
            own, root = found[table.oid], found[table.target_oid]
            own.sequences, own.has_rows, own.hidden = root.sequences, root.has_rows, root.hidden
            own.checked_late, own.changed = own.checked_late or root.checked_late, own.changed or root.changed
    return found


def _next_value(connection: Connection, schema: str, name: str, increment: int) -> int:
    query = sql.SQL("SELECT last_value, is_called FROM {}").format(sql.Identifier(schema, name))
    last, called = connection.execute(query).fetchone() or (1, False)
    return int(last) + (increment if called else 0)
