"""What a load needs before and after its rows: no triggers, circles checked at the end, sequences beyond the rows.

All of it happens within the transaction of the load and is undone in it, so a database looks afterwards as it did
before. Constraints are never switched off.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from psycopg import sql

from alembic_vibe.subset.order import in_order

if TYPE_CHECKING:
    from typing import Any

    from psycopg import Connection
    from psycopg.sql import SQL, Composable, Composed

    from alembic_vibe.subset.schema import Reference, Schema, Table

_TRIGGERS = """
SELECT n.nspname, c.relname, t.tgname, t.tgenabled::text, pg_catalog.pg_has_role(c.relowner, 'USAGE')
FROM pg_catalog.pg_trigger t JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE NOT t.tgisinternal AND t.tgparentid = 0 AND t.tgenabled IN ('O', 'A') AND t.tgtype & 4 <> 0
  AND c.oid = ANY (%s::oid[])
ORDER BY 1, 2, 3
"""

_TABLES = """
SELECT c.oid::int8, n.nspname, c.relname, c.relforcerowsecurity, pg_catalog.pg_has_role(c.relowner, 'USAGE')
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.oid = ANY (%s::oid[])
ORDER BY 2, 3
"""

# Sequences behind columns: of identities, of serials, and those that a default names.
_SEQUENCES = """
SELECT DISTINCT sn.nspname, s.relname, tn.nspname, t.relname, a.attname, q.seqincrement > 0,
       pg_catalog.has_sequence_privilege(s.oid, 'UPDATE')
FROM (
  SELECT d.objid AS sequence, d.refobjid AS relation, d.refobjsubid::int2 AS number
  FROM pg_catalog.pg_depend d
  WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.refclassid = 'pg_catalog.pg_class'::regclass
    AND d.deptype IN ('a', 'i') AND d.refobjsubid > 0
  UNION
  SELECT d.refobjid, f.adrelid, f.adnum
  FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_attrdef f ON f.oid = d.objid
  WHERE d.classid = 'pg_catalog.pg_attrdef'::regclass AND d.refclassid = 'pg_catalog.pg_class'::regclass
) used
JOIN pg_catalog.pg_class s ON s.oid = used.sequence AND s.relkind = 'S'
JOIN pg_catalog.pg_sequence q ON q.seqrelid = s.oid
JOIN pg_catalog.pg_namespace sn ON sn.oid = s.relnamespace
JOIN pg_catalog.pg_class t ON t.oid = used.relation
JOIN pg_catalog.pg_namespace tn ON tn.oid = t.relnamespace
JOIN pg_catalog.pg_attribute a ON a.attrelid = t.oid AND a.attnum = used.number
WHERE t.oid = ANY (%s::oid[]) AND a.atttypid IN ('int2'::regtype, 'int4'::regtype, 'int8'::regtype)
ORDER BY 1, 2, 3, 4, 5
"""


@dataclass(slots=True)
class Preparation:
    """Statements around the load.

    ``firing``: tables whose triggers run. ``stuck``: foreign keys of a circle that the account cannot defer. ``fixed``:
    sequences that it may not advance.
    """

    order: list[Table]
    before: list[SQL | Composed] = field(default_factory=list)
    after: list[SQL | Composed] = field(default_factory=list)
    firing: list[str] = field(default_factory=list)
    stuck: list[str] = field(default_factory=list)
    fixed: list[str] = field(default_factory=list)


def prepare(connection: Connection[Any], schema: Schema, *, as_owner: bool = False) -> Preparation:
    """Find out what the load of these tables needs.

    Args:
        connection: Where they are.
        schema: The tables.
        as_owner: Take the rights of the owner for granted: the statements will be run elsewhere.
    """
    order, late = in_order(schema)
    result = Preparation(order)
    roots = [table.oid for table in order]
    places = [place.oid for table in order for place in table.places]
    owned: dict[int, tuple[Composable, bool]] = {}
    for oid, namespace, name, forced, owner in connection.execute(
        _TABLES, ([*roots, *places, *(reference.defined_on for reference in late)],)
    ):
        owned[oid] = (sql.Identifier(namespace, name), owner or as_owner)
        if forced and oid in roots and (owner or as_owner):
            result.before.append(sql.SQL("ALTER TABLE {} NO FORCE ROW LEVEL SECURITY").format(owned[oid][0]))
            result.after.append(sql.SQL("ALTER TABLE {} FORCE ROW LEVEL SECURITY").format(owned[oid][0]))
    _triggers(connection, [*roots, *places], result, as_owner=as_owner)
    _circles(late, owned, result)
    # Nothing may wait to be checked when tables are altered back.
    result.after.insert(0, sql.SQL("SET CONSTRAINTS ALL IMMEDIATE"))
    _sequences(connection, [*roots, *places], result, as_owner=as_owner)
    return result


def _triggers(connection: Connection[Any], oids: list[int], result: Preparation, *, as_owner: bool) -> None:
    for namespace, table, trigger, enabled, owner in connection.execute(_TRIGGERS, (oids,)):
        parts = {"table": sql.Identifier(namespace, table), "trigger": sql.Identifier(trigger)}
        if not owner and not as_owner:
            if f"{namespace}.{table}" not in result.firing:
                result.firing.append(f"{namespace}.{table}")
            continue
        enable = "ALTER TABLE {table} ENABLE ALWAYS TRIGGER {trigger}"
        if enabled == "O":
            enable = "ALTER TABLE {table} ENABLE TRIGGER {trigger}"
        result.before.append(sql.SQL("ALTER TABLE {table} DISABLE TRIGGER {trigger}").format(**parts))
        result.after.append(sql.SQL(enable).format(**parts))


def _circles(late: list[Reference], owned: dict[int, tuple[Composable, bool]], result: Preparation) -> None:
    for reference in late:
        if reference.deferrable:
            continue
        table, owner = owned[reference.defined_on]
        if not owner:
            result.stuck.append(reference.name)
            continue
        parts = {"table": table, "name": sql.Identifier(reference.name)}
        alter = "ALTER TABLE {table} ALTER CONSTRAINT {name} "
        result.before.append(sql.SQL(alter + "DEFERRABLE").format(**parts))
        result.after.append(sql.SQL(alter + "NOT DEFERRABLE").format(**parts))
    if late:
        result.before.append(sql.SQL("SET CONSTRAINTS ALL DEFERRED"))


def _sequences(connection: Connection[Any], oids: list[int], result: Preparation, *, as_owner: bool) -> None:
    for s_schema, s_name, t_schema, t_name, column, rising, allowed in connection.execute(_SEQUENCES, (oids,)):
        if not allowed and not as_owner:
            result.fixed.append(f"{s_schema}.{s_name}")
            continue
        sequence = sql.Literal(sql.Identifier(s_schema, s_name).as_string(connection))
        result.after.append(
            sql.SQL(
                "SELECT pg_catalog.setval({sequence}, number)"
                " FROM (SELECT {last}({column}) FROM {table}) AS used (number)"
                " JOIN pg_catalog.pg_sequence q ON q.seqrelid = {sequence}::regclass"
                " AND number BETWEEN q.seqmin AND q.seqmax"
                " WHERE number {beyond} coalesce(pg_catalog.pg_sequence_last_value({sequence}), number)"
            ).format(
                sequence=sequence,
                last=sql.SQL("max" if rising else "min"),
                column=sql.Identifier(column),
                table=sql.Identifier(t_schema, t_name),
                beyond=sql.SQL(">=" if rising else "<="),
            )
        )
