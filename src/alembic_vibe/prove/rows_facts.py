"""What must be known of a live schema to put rows into it, read with a handful of set-based queries.

Facts come from ``pg_class``, ``pg_attribute``, ``pg_constraint``, ``pg_type`` and their kin: see the PostgreSQL
manual, chapter "System Catalogs".
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from alembic_vibe.catalog.bookkeeping import IS_BOOKKEEPING
from alembic_vibe.catalog.keys import Key, Kind

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from psycopg import Connection


@dataclass(slots=True)
class TypeFact:
    """A type: ``typtype`` and ``typcategory`` are the letters of ``pg_type``."""

    oid: int
    name: str
    schema: str
    typtype: str
    category: str
    element: int
    base: int
    modifier: int
    not_null: bool
    labels: list[str] = field(default_factory=list)
    subtype: int = 0  # of a range or multirange
    attributes: list[tuple[str, int, int]] = field(default_factory=list)  # name, type, modifier
    checks: list[str] = field(default_factory=list)  # of a domain, with VALUE


def unfold(types: Mapping[int, TypeFact], oid: int) -> tuple[list[TypeFact], TypeFact | None]:
    """Return the domains that a type consists of, the outermost first, and the type below them, if it is known."""
    domains: list[TypeFact] = []
    fact = types.get(oid)
    while fact is not None and fact.typtype == "d":
        domains.append(fact)
        fact = types.get(fact.base)
    return domains, fact


@dataclass(slots=True)
class ColumnFact:
    """A column; ``base_text`` is its type below any domain, as SQL spells it."""

    name: str
    type: int
    modifier: int
    base_text: str
    not_null: bool
    default: str | None
    generated: bool
    identity: str  # "", "a" (always) or "d" (by default)
    type_text: str


@dataclass(slots=True)
class ConstraintFact:
    """A constraint, unique index or partition bound: the columns that a violation of it is about."""

    name: str
    kind: str  # p, u, c, x, f; i: a unique index alone; b: the bound of a partition
    columns: list[str]
    expression: str | None = None
    references: int = 0
    reference_columns: list[str] = field(default_factory=list)
    deferrable: bool = False
    plain: bool = True  # a unique key over columns alone, without a predicate


@dataclass(slots=True)
class TableFact:
    """A place for rows: an ordinary table, or one partition (filled through ``target``, its root)."""

    oid: int
    key: Key
    target: Key
    target_oid: int
    columns: list[ColumnFact] = field(default_factory=list)
    constraints: list[ConstraintFact] = field(default_factory=list)
    ancestors: tuple[int, ...] = ()  # partitioned tables above a partition
    trigger_sources: list[str] = field(default_factory=list)  # bodies of its row triggers' functions

    def column(self, name: str) -> ColumnFact:
        """Return the column of that name; raises ``KeyError``."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)


@dataclass(slots=True)
class SchemaFacts:
    """Everything together. ``empty_parents`` are partitioned tables without any partition."""

    tables: dict[int, TableFact]
    types: dict[int, TypeFact]
    empty_parents: list[Key]
    parents: dict[int, Key]  # partitioned tables by oid


_TABLES = f"""
SELECT c.oid::int8, n.nspname, c.relname, c.relkind = 'p' AS partitioned,
       CASE WHEN c.relispartition THEN coalesce(pg_catalog.pg_get_partition_constraintdef(c.oid), 'true') END,
       ARRAY(SELECT a.relid::oid::int8 FROM pg_catalog.pg_partition_ancestors(c.oid) WITH ORDINALITY a(relid, n)
             WHERE a.relid <> c.oid ORDER BY a.n)
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p') AND c.relpersistence <> 't'
  AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND NOT {IS_BOOKKEEPING}
  AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_class'::regclass
                  AND d.objid = c.oid AND d.deptype = 'e')
  AND (%s::oid[] IS NULL OR c.oid = ANY (%s::oid[]))
ORDER BY n.nspname, c.relname
"""  # noqa: S608 - a constant of ours

# Some tables, what they refer to (directly or not), and the partitions of both.
_WITH_PARENTS = """
WITH RECURSIVE wanted AS (
  SELECT c.oid FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE (n.nspname, c.relname) IN (SELECT * FROM unnest(%s::text[], %s::text[]))
  UNION
  SELECT near.oid FROM wanted w CROSS JOIN LATERAL (
    SELECT i.inhrelid FROM pg_catalog.pg_inherits i WHERE i.inhparent = w.oid
    UNION ALL SELECT i.inhparent FROM pg_catalog.pg_inherits i WHERE i.inhrelid = w.oid
    UNION ALL SELECT k.confrelid FROM pg_catalog.pg_constraint k WHERE k.conrelid = w.oid AND k.contype = 'f'
  ) near(oid)
)
SELECT array_agg(oid::int8) FROM wanted
"""

_COLUMNS = """
WITH RECURSIVE base AS (
  SELECT t.oid, t.oid AS base, -1 AS modifier FROM pg_catalog.pg_type t WHERE t.typtype = 'd'
  UNION ALL
  SELECT b.oid, t.typbasetype, t.typtypmod FROM base b JOIN pg_catalog.pg_type t ON t.oid = b.base
  WHERE t.typtype = 'd'
)
SELECT a.attrelid::int8, a.attname, a.atttypid::int8, a.atttypmod,
       pg_catalog.format_type(coalesce(b.base, a.atttypid), coalesce(b.modifier, a.atttypmod)),
       a.attnotnull, pg_catalog.pg_get_expr(d.adbin, d.adrelid), a.attgenerated::text, a.attidentity::text,
       pg_catalog.format_type(a.atttypid, a.atttypmod)
FROM pg_catalog.pg_attribute a
LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
LEFT JOIN base b ON b.oid = a.atttypid
  AND EXISTS (SELECT FROM pg_catalog.pg_type t WHERE t.oid = b.base AND t.typtype <> 'd')
WHERE a.attrelid = ANY (%s::oid[]) AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY a.attrelid, a.attnum
"""

_CONSTRAINTS = """
SELECT k.conrelid::int8, k.conname, k.contype::text,
       ARRAY(SELECT a.attname::text FROM unnest(k.conkey) WITH ORDINALITY u(n, i)
             JOIN pg_catalog.pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.n ORDER BY u.i),
       CASE WHEN k.contype = 'c' THEN pg_catalog.pg_get_expr(k.conbin, k.conrelid) END,
       k.confrelid::int8,
       ARRAY(SELECT a.attname::text FROM unnest(k.confkey) WITH ORDINALITY u(n, i)
             JOIN pg_catalog.pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = u.n ORDER BY u.i),
       k.condeferrable,
       coalesce(pg_catalog.pg_get_expr(i.indexprs, i.indrelid), '')
         || coalesce(' ' || pg_catalog.pg_get_expr(i.indpred, i.indrelid), '')
FROM pg_catalog.pg_constraint k
LEFT JOIN pg_catalog.pg_index i ON i.indexrelid = k.conindid AND k.contype = 'x'
WHERE k.conrelid = ANY (%s::oid[]) AND k.contype IN ('p', 'u', 'c', 'x', 'f')
ORDER BY k.conrelid, k.conname
"""

_UNIQUE_INDEXES = """
SELECT i.indrelid::int8, c.relname,
       ARRAY(SELECT a.attname::text FROM pg_catalog.pg_attribute a
             WHERE a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey::int2[]) AND a.attnum > 0),
       i.indexprs IS NULL AND i.indpred IS NULL,
       coalesce(pg_catalog.pg_get_expr(i.indexprs, i.indrelid), '')
         || coalesce(' ' || pg_catalog.pg_get_expr(i.indpred, i.indrelid), '')
FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
WHERE i.indisunique AND i.indrelid = ANY (%s::oid[])
  AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint k
                  WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x'))
ORDER BY i.indrelid, c.relname
"""

_TRIGGERS = """
SELECT DISTINCT t.tgrelid::int8, p.oid::int8, p.prosrc
FROM pg_catalog.pg_trigger t JOIN pg_catalog.pg_proc p ON p.oid = t.tgfoid
WHERE NOT t.tgisinternal AND t.tgrelid = ANY (%s::oid[]) AND t.tgtype & 4 <> 0
ORDER BY 1, 2
"""

_TYPES = """
SELECT t.oid::int8, t.typname, n.nspname, t.typtype::text, t.typcategory::text, t.typelem::int8, t.typbasetype::int8,
       t.typtypmod, t.typnotnull,
       ARRAY(SELECT e.enumlabel::text FROM pg_catalog.pg_enum e WHERE e.enumtypid = t.oid ORDER BY e.enumsortorder),
       coalesce((SELECT r.rngsubtype::int8 FROM pg_catalog.pg_range r WHERE t.oid IN (r.rngtypid, r.rngmultitypid)), 0),
       ARRAY(SELECT pg_catalog.pg_get_expr(k.conbin, 0) FROM pg_catalog.pg_constraint k
             WHERE k.contypid = t.oid AND k.contype = 'c' ORDER BY k.conname)
FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
LEFT JOIN pg_catalog.pg_class c ON c.oid = t.typrelid
LEFT JOIN pg_catalog.pg_type e ON e.oid = t.typelem
WHERE (t.typrelid = 0 OR c.relkind = 'c') AND t.typtype <> 'p' AND coalesce(e.typtype, 'b') <> 'p'
"""

_ATTRIBUTES = """
SELECT t.oid::int8, a.attname, a.atttypid::int8, a.atttypmod
FROM pg_catalog.pg_type t JOIN pg_catalog.pg_class c ON c.oid = t.typrelid AND c.relkind = 'c'
JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY t.oid, a.attnum
"""


def read_facts(connection: Connection, only: Collection[Key] | None = None) -> SchemaFacts:
    """Read every table that may hold rows: not the server's own, not an extension's, not ``alembic_version``.

    Args:
        connection: Where.
        only: Only these tables, and what they refer to.
    """
    oids: list[int] | None = None
    if only is not None:
        names = ([key.schema for key in only], [key.name for key in only])
        row = connection.execute(_WITH_PARENTS, names).fetchone()
        oids = list(row[0] or ()) if row is not None else []
    parents: dict[int, Key] = {}
    children: set[int] = set()
    tables: dict[int, TableFact] = {}
    bounds: dict[int, str] = {}
    for oid, schema, name, partitioned, bound, ancestors in connection.execute(_TABLES, (oids, oids)):
        key = Key(Kind.TABLE, schema, name)
        children.update(ancestors)
        if partitioned:
            parents[oid] = key
            continue
        tables[oid] = TableFact(oid, key, key, oid, ancestors=tuple(ancestors))
        if bound is not None:
            bounds[oid] = bound
    for table in tables.values():
        if table.ancestors and table.ancestors[-1] in parents:
            table.target_oid = table.ancestors[-1]
            table.target = parents[table.target_oid]
    _read_columns(connection, tables)
    _read_constraints(connection, tables, bounds)
    empty = [key for oid, key in parents.items() if oid not in children]
    return SchemaFacts(tables, _read_types(connection), empty, parents)


def _read_columns(connection: Connection, tables: dict[int, TableFact]) -> None:
    oids = list(tables)
    for oid, name, type_, modifier, base_text, not_null, default, generated, identity, text in connection.execute(
        _COLUMNS, (oids,)
    ):
        tables[oid].columns.append(
            ColumnFact(name, type_, modifier, base_text, not_null, default, generated != "", identity, text)
        )
    _take_over_identity(connection, tables)


def _read_constraints(connection: Connection, tables: dict[int, TableFact], bounds: dict[int, str]) -> None:
    oids = list(tables)
    for oid, name, kind, columns, expression, references, reference_columns, deferrable, extra in connection.execute(
        _CONSTRAINTS, (oids,)
    ):
        table = tables[oid]
        if extra:
            columns = _mentioned(table, columns, extra)
        table.constraints.append(
            ConstraintFact(name, kind, columns, expression, references, reference_columns, deferrable)
        )
    for oid, name, columns, plain, extra in connection.execute(_UNIQUE_INDEXES, (oids,)):
        columns = columns if plain else _mentioned(tables[oid], columns, extra)
        tables[oid].constraints.append(ConstraintFact(name, "i", columns, plain=plain))
    for oid, bound in bounds.items():
        if oid in tables:
            columns = _mentioned(tables[oid], [], bound)
            tables[oid].constraints.append(ConstraintFact("", "b", columns, bound))
    for oid, _, source in connection.execute(_TRIGGERS, (oids,)):
        tables[oid].trigger_sources.append(source)


def _take_over_identity(connection: Connection, tables: dict[int, TableFact]) -> None:
    """Rows go in through the root: its defaults, identity and generated columns count, not the partition's own."""
    roots = sorted({table.target_oid for table in tables.values() if table.target_oid != table.oid})
    if not roots:
        return
    own: dict[tuple[int, str], tuple[str | None, bool, str]] = {}
    for oid, name, _, _, _, _, default, generated, identity, _ in connection.execute(_COLUMNS, (roots,)):
        own[oid, name] = (default, generated != "", identity)
    for table in tables.values():
        for column in table.columns:
            found = own.get((table.target_oid, column.name))
            if found is not None:
                column.default, column.generated, column.identity = found


def _mentioned(table: TableFact, columns: list[str], expression: str) -> list[str]:
    """Add the columns that an expression names, by the words in it (one too many does no harm)."""
    words = set(_words(expression))
    return [*columns, *(column.name for column in table.columns if column.name in words and column.name not in columns)]


def _words(expression: str) -> list[str]:
    bare = re.sub(r"'(?:[^']|'')*'", " ", expression)
    quoted = [word.replace('""', '"') for word in re.findall(r'"((?:[^"]|"")+)"', bare)]
    return quoted + re.findall(r"[^\W\d]\w*", bare)


def _read_types(connection: Connection) -> dict[int, TypeFact]:
    types: dict[int, TypeFact] = {}
    for (
        oid,
        name,
        schema,
        typtype,
        category,
        element,
        base,
        modifier,
        not_null,
        labels,
        subtype,
        checks,
    ) in connection.execute(_TYPES):
        types[oid] = TypeFact(
            oid, name, schema, typtype, category, element, base, modifier, not_null, labels, subtype, checks=checks
        )
    for oid, name, type_, modifier in connection.execute(_ATTRIBUTES):
        if oid in types:
            types[oid].attributes.append((name, type_, modifier))
    return types
