"""Giving the rows that are there already the default of a new column, a few at a time (recipes, block BF)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.autogenerate.directives.operations import Statement, template
from alembic_vibe.autogenerate.directives.writing import outside, qualified
from alembic_vibe.sql.compose import Literal, Name

if TYPE_CHECKING:
    from alembic_vibe.autogenerate.directives.operations import Autocommit
    from alembic_vibe.autogenerate.directives.situation import TableKey


def backfill(key: TableKey | None, column: str) -> Autocommit:
    """Return the operation; each batch commits by itself, and a second run goes on with what is left."""
    table = qualified(key)
    text = template("backfill", table=table, literal=Literal(str(table)), column=Name(column))
    return outside((Statement(text),))
