"""Foreign keys that stayed NULL to break a circle get their values in the end.

The UPDATE only stands in for what the INSERT could not have yet: triggers that would note the time of a change are left
out of it where that is allowed, so that the rows are the same each time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from psycopg import sql

if TYPE_CHECKING:
    from psycopg import Connection

    from alembic_vibe.prove.rows_facts import ConstraintFact, SchemaFacts, TableFact


def close_cycles(connection: Connection, facts: SchemaFacts, table: TableFact, constraint: ConstraintFact) -> bool:
    """Let most rows of a table refer to a parent; return whether that was accepted.

    Each parent is taken by one row at most, so that a unique key over the columns holds as well.
    """
    import psycopg

    parent = next(
        (t.target for t in facts.tables.values() if constraint.references in {t.oid, t.target_oid, *t.ancestors}), None
    )
    free = [name for name in constraint.columns if not table.column(name).not_null]
    if parent is None or not free:
        return False
    pairs = list(zip(constraint.columns, constraint.reference_columns, strict=True))
    fixed = [(child, own) for child, own in pairs if child not in free]
    statement = sql.SQL(
        "WITH child AS (SELECT ctid, tableoid, {fixed}"
        " row_number() OVER (PARTITION BY {same_child} ORDER BY {key}) AS n"
        " FROM {table} c WHERE {empty}),"
        " parent AS (SELECT {own}, row_number() OVER (PARTITION BY {same_parent} ORDER BY {own}) AS n FROM {parent})"
        " UPDATE {table} t SET {set} FROM child JOIN parent ON parent.n = child.n {joined}"
        " WHERE t.ctid = child.ctid AND t.tableoid = child.tableoid"
    ).format(
        fixed=sql.SQL("").join(sql.SQL("{}, ").format(sql.Identifier(child)) for child, _ in fixed),
        same_child=_listed([child for child, _ in fixed]),
        same_parent=_listed([own for _, own in fixed]),
        key=sql.SQL(", ").join(_order(table)),
        table=sql.Identifier(table.target.schema, table.target.name),
        parent=sql.Identifier(parent.schema, parent.name),
        empty=sql.SQL(" AND ").join(sql.SQL("{} IS NULL").format(sql.Identifier(name)) for name in free),
        own=sql.SQL(", ").join(sql.Identifier(own) for _, own in pairs),
        set=sql.SQL(", ").join(
            sql.SQL("{} = parent.{}").format(sql.Identifier(child), sql.Identifier(own))
            for child, own in pairs
            if child in free
        ),
        joined=sql.SQL("").join(
            sql.SQL(" AND parent.{} = child.{}").format(sql.Identifier(own), sql.Identifier(child))
            for child, own in fixed
        ),
    )
    for quietly in (True, False):
        try:
            with connection.transaction():
                triggers = _triggers(connection, table) if quietly else []
                for disable, _ in triggers:
                    connection.execute(disable)
                connection.execute(statement)
                for _, enable in triggers:
                    connection.execute(enable)
        except psycopg.Error:
            if connection.broken:
                raise
            continue
        return True
    return False


# tgtype: 1 for each row, 2 before, 16 update; manual, "pg_trigger".
_BEFORE_UPDATE = """
SELECT tgname, tgenabled = 'A' FROM pg_catalog.pg_trigger
WHERE tgrelid = %s AND NOT tgisinternal AND tgtype & 19 = 19 AND tgenabled IN ('O', 'A') ORDER BY tgname
"""


def _triggers(connection: Connection, table: TableFact) -> list[tuple[sql.Composed, sql.Composed]]:
    """Return for each BEFORE UPDATE trigger how it is disabled, and enabled as it was."""
    name = sql.Identifier(table.target.schema, table.target.name)
    found = []
    for trigger, always in connection.execute(_BEFORE_UPDATE, (table.target_oid,)).fetchall():
        enable = "ENABLE ALWAYS" if always else "ENABLE"
        disabled, enabled = (
            sql.SQL("ALTER TABLE {} {} TRIGGER {}").format(name, sql.SQL(how), sql.Identifier(trigger))
            for how in ("DISABLE", enable)
        )
        found.append((disabled, enabled))
    return found


def _listed(names: list[str]) -> sql.Composable:
    return sql.SQL(", ").join(map(sql.Identifier, names)) if names else sql.SQL("true")


def _order(table: TableFact) -> list[sql.Composable]:
    """Return what puts the rows of a table into an order: its key, or where they are."""
    for kind in ("p", "u"):
        for constraint in table.constraints:
            if constraint.kind == kind:
                return [sql.Identifier("c", name) for name in constraint.columns]
    return [sql.SQL("c.ctid")]
