"""A database as its catalog tells it, in the words of the linter's schema, so that the two can be compared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from alembic_vibe.lint.schema import Schema, Table

if TYPE_CHECKING:
    import psycopg

    from alembic_vibe.lint.actions import Type

Facts = dict[str, Any]

_OWN = "n.nspname !~ '^pg_(catalog|toast)' AND n.nspname <> 'information_schema'"
_SCHEMA = "CASE WHEN n.nspname ~ '^pg_temp' THEN 'pg_temp' ELSE n.nspname END"
_COLUMNS = f"""
SELECT {_SCHEMA}, c.relname, a.attname, coalesce(e.typname, t.typname), coalesce(en.nspname, tn.nspname),
       e.oid IS NOT NULL, a.atttypmod, a.attnotnull, a.atthasdef AND a.attgenerated = '', a.attgenerated::text,
       a.attidentity <> '', c.oid::int8, a.attnum
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
JOIN pg_type t ON t.oid = a.atttypid JOIN pg_namespace tn ON tn.oid = t.typnamespace
LEFT JOIN pg_type e ON e.oid = t.typelem AND t.typcategory = 'A'
LEFT JOIN pg_namespace en ON en.oid = e.typnamespace
WHERE c.relkind IN ('r', 'p') AND {_OWN} ORDER BY a.attnum
"""
_TABLES = f"""
SELECT {_SCHEMA}, c.relname, c.relkind::text, c.relrowsecurity, c.relforcerowsecurity, pn.nspname, p.relname,
       pg_get_expr(c.relpartbound, c.oid) = 'DEFAULT',
       (SELECT array_agg(coalesce(a.attname, '') ORDER BY k.n) FROM pg_partitioned_table pt,
               unnest(pt.partattrs) WITH ORDINALITY k(num, n)
               LEFT JOIN pg_attribute a ON a.attnum = k.num AND a.attrelid = c.oid WHERE pt.partrelid = c.oid),
       (SELECT array_agg(tgname::text ORDER BY tgname) FROM pg_trigger
        WHERE tgrelid = c.oid AND NOT tgisinternal AND tgparentid = 0)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_inherits i ON i.inhrelid = c.oid AND c.relispartition AND NOT i.inhdetachpending
LEFT JOIN pg_class p ON p.oid = i.inhparent LEFT JOIN pg_namespace pn ON pn.oid = p.relnamespace
WHERE c.relkind IN ('r', 'p', 'm') AND {_OWN}
"""
_CONSTRAINTS = f"""
SELECT {_SCHEMA}, c.relname, o.conname, o.contype::text, o.convalidated, o.condeferrable, fn.nspname, f.relname,
       o.confdeltype::text,
       (SELECT array_agg(coalesce(a.attname, '') ORDER BY k.n) FROM unnest(o.conkey) WITH ORDINALITY k(num, n)
        LEFT JOIN pg_attribute a ON a.attnum = k.num AND a.attrelid = o.conrelid),
       (SELECT array_agg(a.attname ORDER BY k.n) FROM unnest(o.confkey) WITH ORDINALITY k(num, n)
        JOIN pg_attribute a ON a.attnum = k.num AND a.attrelid = o.confrelid),
       c.oid::int8, o.conkey
FROM pg_constraint o JOIN pg_class c ON c.oid = o.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_class f ON f.oid = o.confrelid AND o.contype = 'f' LEFT JOIN pg_namespace fn ON fn.oid = f.relnamespace
WHERE o.contype IN ('p', 'u', 'f', 'c', 'x', 'n') AND {_OWN}
  AND NOT (o.contype = 'f' AND o.conparentid <> 0 AND EXISTS (
    SELECT FROM pg_constraint up WHERE up.oid = o.conparentid AND up.conrelid = o.conrelid))
"""
_INDEXES = f"""
SELECT {_SCHEMA}, t.relname, c.relname, i.indisunique, i.indisvalid, i.indpred IS NOT NULL, am.amname, o.conname,
       (SELECT array_agg(coalesce(a.attname, '') ORDER BY k.n) FROM unnest(i.indkey::int2[]) WITH ORDINALITY k(num, n)
        LEFT JOIN pg_attribute a ON a.attnum = k.num AND a.attrelid = i.indrelid), i.indnkeyatts, up.relname
FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_class t ON t.oid = i.indrelid
JOIN pg_am am ON am.oid = c.relam JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_constraint o ON o.conindid = i.indexrelid AND o.contype IN ('p', 'u', 'x')
LEFT JOIN pg_inherits h ON h.inhrelid = i.indexrelid LEFT JOIN pg_class up ON up.oid = h.inhparent
WHERE {_OWN}
"""
_ENUMS = f"""
SELECT n.nspname, t.typname, array_agg(e.enumlabel::text ORDER BY e.enumsortorder)
FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace LEFT JOIN pg_enum e ON e.enumtypid = t.oid
WHERE t.typtype = 'e' AND {_OWN} GROUP BY 1, 2
"""
_DOMAINS = f"""
SELECT n.nspname, t.typname, t.typnotnull OR EXISTS (SELECT FROM pg_constraint WHERE contypid = t.oid)
FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace WHERE t.typtype = 'd' AND {_OWN}
"""
_VIEWS = f"""
SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('v', 'm') AND {_OWN}
"""
_FUNCTIONS = f"""
SELECT n.nspname, p.proname, p.provolatile::text FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE p.prokind IN ('f', 'p') AND {_OWN}
  AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = p.oid AND deptype IN ('i', 'e'))
"""
_KINDS = {"p": "primary", "u": "unique", "f": "foreign", "c": "check", "x": "exclude", "n": "not null"}
_GENERATED = {"": "", "s": "stored", "v": "virtual"}
_DELETES = {"a": "", "r": "RESTRICT", "c": "CASCADE", "n": "SET NULL", "d": "SET DEFAULT"}
_VOLATILITY = {"v": "volatile", "s": "stable", "i": "immutable"}


def on_server(connection: psycopg.Connection[Any]) -> Facts:
    """Return what the server has, as nested dictionaries."""

    def rows(query: str) -> list[tuple[Any, ...]]:
        return connection.execute(query.encode()).fetchall()

    tables: dict[str, Facts] = {}
    for schema, name, kind, secured, forced, up_schema, up, default, key, triggers in rows(_TABLES):
        tables[f"{schema}.{name}"] = {
            "materialized": kind == "m",
            "security": (secured, forced),
            "parent": f"{up_schema}.{up}" if up else None,
            "default partition": bool(up and default),
            "key": tuple(key) if key else None,
            "triggers": tuple(triggers or ()),
            "columns": {},
            "constraints": {},
            "indexes": {},
            "not null": {},
        }
    found = rows(_CONSTRAINTS)
    invalid = {(row[11], row[12][0]) for row in found if row[3] == "n" and not row[4]}
    for row in rows(_COLUMNS):
        schema, table, name, kind, type_schema, array, modifier, not_null, default, generated, identity, oid, num = row
        spelled = kind if type_schema in {"pg_catalog", "public"} else f"{type_schema}.{kind}"
        tables[f"{schema}.{table}"]["columns"][name] = (
            spelled + "[]" * array + str(_modifiers(kind, modifier)),
            not_null and (oid, num) not in invalid,
            default,
            _GENERATED[generated],
            identity,
        )
    for schema, table, name, kind, valid, deferrable, to_schema, to, delete, columns, to_columns, _, _ in found:
        facts = (
            _KINDS[kind],
            tuple(sorted(columns or ())) if kind == "c" else tuple(columns or ()),
            valid,
            deferrable,
            f"{to_schema}.{to}" if to else None,
            tuple(to_columns or ()),
            _DELETES.get(delete, ""),
        )
        tables[f"{schema}.{table}"]["not null" if kind == "n" else "constraints"][name] = facts
    for schema, table, name, unique, valid, partial, method, constraint, columns, keys, up in rows(_INDEXES):
        tables[f"{schema}.{table}"]["indexes"][name] = (
            tuple(columns[:keys]), tuple(columns[keys:]), unique, valid, partial, method, constraint or "", up or "",
        )  # fmt: skip
    volatility: dict[str, str] = {}
    for schema, name, kind in rows(_FUNCTIONS):
        volatility[f"{schema}.{name}"] = min(volatility.get(f"{schema}.{name}", "z"), kind, key="vsiz".index)
    return {
        "tables": tables,
        "enums": {f"{schema}.{name}": tuple(labels) for schema, name, labels in rows(_ENUMS)},
        "domains": {f"{schema}.{name}": constrained for schema, name, constrained in rows(_DOMAINS)},
        "views": {f"{schema}.{name}" for schema, name in rows(_VIEWS)},
        "functions": {name: _VOLATILITY[kind] for name, kind in volatility.items()},
    }


def in_memory(schema: Schema) -> Facts:
    """Return what the linter knows, in the same words."""
    return {
        "tables": {str(name): _table(table, schema) for name, table in schema.tables.items()},
        "enums": {str(name): labels for name, labels in schema.enums.items()},
        "domains": {str(name): constrained for name, constrained in schema.domains.items()},
        "views": {str(name) for name in schema.views},
        "functions": {str(name): volatility for name, volatility in schema.functions.items()},
    }


def _table(table: Table, schema: Schema) -> Facts:
    constraints: Facts = {}
    required: Facts = {}
    for name, constraint in table.constraints.items():
        spec = constraint.spec
        assert name == spec.name
        assert bool(constraint.validated_by) == constraint.valid
        facts = (
            spec.kind,
            tuple(sorted(spec.columns)) if spec.kind == "check" else spec.columns,
            constraint.valid,
            spec.deferrable,
            str(spec.references) if spec.references else None,
            spec.reference_columns,
            spec.on_delete,
        )
        (required if spec.kind == "not null" else constraints)[name] = facts
    up = schema.tables.get(table.parent) if table.parent else None
    for name, index in table.indexes.items():
        assert (name, table.name) == (index.name, index.table)
    return {
        "materialized": table.materialized,
        "security": (table.row_security, table.forced_row_security),
        "parent": str(table.parent) if table.parent else None,
        "default partition": bool(up and up.partitions[table.name]),
        "key": table.partition_key,
        "triggers": tuple(sorted(table.triggers)),
        "columns": {
            name: (_type(c.type), c.not_null, c.default is not None, c.generated, c.identity)
            for name, c in table.columns.items()
        },
        "constraints": constraints,
        "not null": required,
        "indexes": {
            name: (i.columns, i.include, i.unique, i.valid, i.partial, i.method, i.constraint, i.parent)
            for name, i in table.indexes.items()
        },
    }


def _type(kind: Type) -> str:
    modifiers = kind.modifiers
    if kind.name.name == "interval":
        modifiers = (int(kind.words[0]) if kind.words else -1, *kind.modifiers)
        modifiers = () if modifiers == (-1,) else modifiers
    return str(kind.name) + "[]" * kind.is_array + str(modifiers)


def _modifiers(name: str, modifier: int) -> tuple[int, ...]:
    if modifier < 0:
        return ()
    if name in {"varchar", "bpchar"}:
        return (modifier - 4,)
    if name == "numeric":
        scale = (modifier - 4) & 0x7FF
        return ((modifier - 4) >> 16 & 0xFFFF, scale if scale < 1024 else scale - 2048)
    if name == "interval":
        precision, fields = modifier & 0xFFFF, modifier >> 16 & 0x7FFF
        mask = -1 if fields == 0x7FFF else fields
        return (mask,) if precision == 0xFFFF else (mask, precision)
    return (modifier,)
