"""What is in tables, as hashes that do not depend on the order of rows or columns.

Two moments are compared by them: what a change must leave alone has the same hash before and after. Values are compared
as the text that PostgreSQL prints for them, so types without an equality of their own (json, xml, point) count too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from alembic_vibe.catalog.facts import Table
from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.sql.compose import Name, Printed, compose

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    import psycopg

    from alembic_vibe.catalog.catalog import Catalog

_THERE = """
SELECT n.nspname, c.relname, a.attname
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relkind IN ('r', 'p', 'v')
  AND (n.nspname, c.relname) IN (SELECT * FROM unnest(%s::text[], %s::text[]))
"""


@dataclass(frozen=True, slots=True)
class Content:
    """How many rows a table has, a hash of the rows whole, and one of each column."""

    count: int
    whole: str
    columns: Mapping[str, str]


def columns_of(catalog: Catalog, tables: Collection[Key] | None = None) -> dict[Key, tuple[str, ...]]:
    """Return the names of the columns of a catalog's tables, partitions left out."""
    return {
        table.key: tuple(column.name for column in table.columns)
        for table in catalog.of_type(Table)
        if table.partition_of is None and (tables is None or table.key in tables)
    }


def read_contents(connection: psycopg.Connection[Any], columns: Mapping[Key, Sequence[str]]) -> dict[Key, Content]:
    """Hash the contents of tables, with one query a table.

    Args:
        connection: Where.
        columns: The columns to look at, by table. What is not there is left out of the result.
    """
    schemas, names = [key.schema for key in columns], [key.name for key in columns]
    there: dict[Key, set[str]] = {}
    for schema, table, column in connection.execute(_THERE, (schemas, names)):
        there.setdefault(Key(Kind.TABLE, schema, table), set()).add(column)
    result = {}
    for key, wanted in columns.items():
        if key not in there:
            continue
        present = sorted(name for name in set(wanted) if name in there[key])
        row = connection.execute(_query(key, present).encode()).fetchone()
        assert row is not None
        result[key] = Content(row[0], row[1], dict(zip(present, row[2], strict=True)))
    return result


def _query(key: Key, columns: Sequence[str]) -> str:
    values = [Printed(compose("{name}::text", name=Name(name))) for name in columns]
    hashes = [
        Printed(
            compose(
                "md5(coalesce(string_agg({hash}, '' ORDER BY {hash}), ''))",
                hash=Printed(compose("coalesce(md5({value}), '-')", value=value)),
            )
        )
        for value in values
    ]
    return compose(
        "SELECT count(*), md5(coalesce(string_agg({row}, '' ORDER BY {row}), '')), ARRAY[{hashes}]::text[]"
        " FROM {table}",
        row=Printed(compose("md5(ROW({values})::text)", values=values)),
        hashes=hashes,
        table=Name(key.schema, key.name),
    )


def differences(
    before: Mapping[Key, Content], after: Mapping[Key, Content], ignore: Collection[Key] = ()
) -> tuple[str, ...]:
    """Say in a few words each what is no longer as it was.

    Args:
        before: The contents that must have been kept.
        after: The contents now.
        ignore: Tables, and columns as keys of kind COLUMN, that may differ.
    """
    found: list[str] = []
    for key, content in before.items():
        if key in ignore:
            continue
        now = after.get(key)
        if now is None:
            found.append(f"table {key.qualified} is gone")
            continue
        if now.count != content.count:
            found.append(f"{key.qualified} has {now.count} rows, had {content.count}")
            continue
        exempt = {other.member for other in ignore if other.kind is Kind.COLUMN and other[1:3] == key[1:3]}
        compared = [name for name in content.columns if name not in exempt]
        gone = [name for name in compared if name not in now.columns]
        changed = [name for name in compared if name not in gone and now.columns[name] != content.columns[name]]
        found.extend(f"column {key.qualified}.{name} is gone" for name in gone)
        found.extend(f"the values of {key.qualified}.{name} are others" for name in changed)
        if not exempt and not gone and not changed and now.whole != content.whole:
            found.append(f"the values of {key.qualified} are in other rows")
    return tuple(found)
