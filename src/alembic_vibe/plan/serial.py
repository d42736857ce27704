"""Which sequences a table makes by itself: those of a plain ``serial`` primary key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import ConstraintKind, Sequence, SequenceOptions
from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.sql.compose import Literal, Name, compose

if TYPE_CHECKING:
    from collections.abc import Sequence as Many

    from alembic_vibe.catalog.catalog import Catalog
    from alembic_vibe.catalog.facts import Column, Constraint, Table

_USUAL = {
    "smallint": SequenceOptions(type="smallint", maximum=2**15 - 1),
    "integer": SequenceOptions(type="integer", maximum=2**31 - 1),
    "bigint": SequenceOptions(),
}
_LONGEST_NAME = 63  # bytes, NAMEDATALEN - 1


def serial_sequence(column: Column, table: Table, catalog: Catalog, constraints: Many[Constraint]) -> Sequence | None:
    """Return the sequence behind a lone serial primary key, which is made together with the table.

    That is: named ``<table>_<column>_seq``, owned by the column, counting as ``serial`` does, with nothing else to
    it. Every other sequence is made before its table, and the column has a plain default.

    Args:
        column: The column that may be serial.
        table: Its table.
        catalog: Where the sequence is looked up.
        constraints: The constraints of the table.
    """
    name = f"{table.key.name}_{column.name}_seq"
    usual = _USUAL.get(column.type.text)
    if column.default is None or column.generated or usual is None or len(name.encode()) > _LONGEST_NAME:
        return None
    if not any(c.kind == ConstraintKind.PRIMARY and c.columns == (column.name,) for c in constraints):
        return None
    if any(c.kind == ConstraintKind.FOREIGN and column.name in c.columns for c in constraints):
        return None
    fact = catalog.facts.get(Key(Kind.SEQUENCE, table.key.schema, name))
    printed = compose("nextval({name}::regclass)", name=Literal(str(Name(table.key.schema, name))))
    if not isinstance(fact, Sequence) or fact.owned_by != (table.key, column.name) or column.default != printed:
        return None
    unusual = fact.options != usual or fact.comment or fact.owner or fact.unlogged != table.unlogged
    return None if unusual else fact
