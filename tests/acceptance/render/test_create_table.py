"""``op.create_table`` and ``op.create_index`` make exactly the tables that the DDL made."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy.dialects import postgresql

from alembic_vibe.catalog.facts import Constraint, ConstraintKind, Index, Sequence, Table
from alembic_vibe.postgres.introspect import read_catalog
from alembic_vibe.render.code import layout
from alembic_vibe.render.elements import (
    constraint_expr,
    constraint_sql,
    create_table_call,
    index_call,
    index_leftovers,
    serial_sequence,
)
from alembic_vibe.sql.compose import Name, compose

if TYPE_CHECKING:
    from alembic_vibe.catalog.catalog import Catalog
    from alembic_vibe.catalog.facts import Fact
    from alembic_vibe.catalog.keys import Key
    from alembic_vibe.postgres.server import ScratchServer

pytestmark = pytest.mark.server
COMPARED = (Table, Constraint, Index, Sequence)


def compared(catalog: Catalog) -> dict[Key, Fact]:
    """Return the facts without the order of columns: what SQLAlchemy cannot express is added at the end."""
    return {
        key: replace(fact, columns=tuple(sorted(fact.columns, key=lambda c: c.name)))
        if isinstance(fact, Table)
        else fact
        for key, fact in catalog.facts.items()
        if isinstance(fact, COMPARED)
    }


def run(operations: Operations, catalog: Catalog) -> None:
    """Make every table, the way a revision does: foreign keys and ownership of sequences come last."""
    names = {"op": operations, "sa": sa, "postgresql": postgresql}
    constraints, indexes, last = catalog.constraints(), catalog.indexes(), []
    for table in catalog.of_type(Table):
        name = Name(table.key.schema, table.key.name)
        if table.partition_of is not None:
            parent = Name(table.partition_of.schema, table.partition_of.name)
            sql = compose("CREATE TABLE {name} PARTITION OF {parent} ", name=name, parent=parent)
            last.append(sql + str(table.partition_bound))
            continue
        own = [c for c in constraints.get(table.key, []) if c.kind != ConstraintKind.FOREIGN]
        for sequence in catalog.of_type(Sequence):
            if sequence.owned_by is None or sequence.owned_by[0] != table.key:
                continue
            column = table.column(sequence.owned_by[1])
            if serial_sequence(column, table, catalog, constraints[table.key]) is None:
                seq = Name(sequence.key.schema, sequence.key.name)
                operations.execute(f"CREATE SEQUENCE {seq} AS {sequence.options.type}")
                last.append(f"ALTER SEQUENCE {seq} OWNED BY {name}.{Name(column.name)}")
        call, leftovers = create_table_call(table, catalog, own)
        eval(layout(call), names)
        for leftover in leftovers:
            operations.get_bind().exec_driver_sql(leftover.sql)
        for index in indexes.get(table.key, []):
            if not index.inherited:
                eval(layout(index_call(index)), names)
                last += [leftover.sql for leftover in index_leftovers(index)]
        last += [
            constraint_sql(c)
            for c in constraints.get(table.key, [])
            if c.kind == ConstraintKind.FOREIGN and not c.inherited
        ]
    for sql in last:
        operations.get_bind().exec_driver_sql(sql)


def test_the_same_facts_come_back(server: ScratchServer, wide: Catalog, wide_ddl: str, other: str) -> None:
    with server.connect(other) as connection:
        connection.execute(wide_ddl.partition("CREATE TABLE organizations")[0].encode())
    engine = sa.create_engine(server.sqlalchemy_url(other))
    with engine.begin() as bind:
        run(Operations(MigrationContext.configure(bind)), wide)
    engine.dispose()
    with server.connect(other) as connection:
        made = read_catalog(connection).catalog
    assert compared(made) == compared(wide)


def test_foreign_keys_inside_the_table(server: ScratchServer, wide: Catalog) -> None:
    """Most foreign keys are carried by SQLAlchemy; the wide schema holds two that are not."""
    foreign = [c for c in wide.of_type(Constraint) if c.kind == ConstraintKind.FOREIGN and not c.inherited]
    left = {c.name for c in foreign if constraint_expr(c) is None}
    assert left == {"zz_fk", "set_null_cols_a_b_fkey"}
