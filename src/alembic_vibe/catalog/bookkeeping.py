"""Tables that say what was done to a database and are no part of its schema: Alembic's own, and that of the seeds.

Alembic's is known under whatever name and in whatever schema env.py keeps it.

``context.configure(version_table=…, version_table_schema=…)`` names it; what it looks like is Alembic's
(``DefaultImpl.version_table_impl``): one column ``version_num``. Projects that share a database have one each.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Table
from alembic_vibe.catalog.keys import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from alembic_vibe.catalog.catalog import Catalog
    from alembic_vibe.catalog.facts import Fact
    from alembic_vibe.catalog.keys import Key

SEED_STATE = "vibe_seed_state"  # what the seeds brought into the database
_USUAL = "alembic_version"
_COLUMN = "version_num"
# For queries that have pg_class as c: whether a relation is such a table.
IS_VERSION_TABLE = """(c.relname = 'alembic_version' OR c.relkind = 'r' AND (
    SELECT count(*) = 1 AND bool_and(a.attname = 'version_num' AND a.atttypid = 'varchar'::regtype)
    FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped))"""
IS_BOOKKEEPING = f"(c.relname = '{SEED_STATE}' OR {IS_VERSION_TABLE})"


def version_tables(facts: Mapping[Key, Fact]) -> set[tuple[str, str]]:
    """Return the schemas and names of the tables in which Alembic keeps its versions."""
    return {
        (key.schema, key.name)
        for key, fact in facts.items()
        if isinstance(fact, Table) and (key.name == _USUAL or _is_like_one(fact))
    }


def _is_like_one(table: Table) -> bool:
    return [column.name for column in table.columns] == [_COLUMN] and table.columns[0].type.text.startswith(
        "character varying"
    )


def without_bookkeeping(facts: Mapping[Key, Fact]) -> dict[Key, Fact]:
    """Return the facts without such tables, what hangs on them, and schemas that hold nothing else."""
    tables = version_tables(facts) | {(key.schema, SEED_STATE) for key in facts if key.name == SEED_STATE}
    indexes = {f"{name}_pkc" for _, name in tables} | {f"{SEED_STATE}_pkey"}
    left = {
        key: fact
        for key, fact in facts.items()
        if (key.schema, key.name) not in tables and not (key.kind is Kind.INDEX and key.name in indexes)
    }
    emptied = {schema for schema, _ in tables} - {key.schema for key in left}
    return {key: fact for key, fact in left.items() if not (key.kind is Kind.SCHEMA and key.name in emptied)}


def without_version_table(catalog: Catalog) -> Catalog:
    """Return the catalog without Alembic's own bookkeeping, and that of the seeds."""
    return replace(catalog, facts=without_bookkeeping(catalog.facts))
