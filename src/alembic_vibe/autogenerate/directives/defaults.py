"""Whether a default is another value in each row: what the server says of the functions that it calls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from alembic_vibe.autogenerate.directives.situation import sql_text
from alembic_vibe.lint.volatility import known_functions

if TYPE_CHECKING:
    from alembic_vibe.autogenerate.directives.situation import Situation

QUERY = """
    SELECT bool_or(provolatile = 'v') FROM pg_catalog.pg_proc p
    JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
    WHERE p.proname = :name AND (n.nspname = :schema OR :schema = '')
"""


def is_volatile(default: Any, situation: Situation) -> bool:
    """Whether a server default is volatile, or calls a function of which nobody knows that it is not.

    PostgreSQL evaluates any other default once when a column is added (manual, ALTER TABLE, Notes).
    """
    from alembic_vibe.sql import grammar
    from alembic_vibe.sql.tree import name_of, walk

    if not isinstance(default, sa.DefaultClause) or isinstance(default.arg, str):
        return False  # a string is a constant
    try:
        nodes = grammar.parse(f"SELECT {sql_text(default.arg)}")
    except grammar.GrammarError:
        return False
    for kind, body in walk(nodes):
        if kind != "FuncCall":
            continue
        name = name_of(body.get("funcname"))
        told = situation.ask(QUERY, name=name.name, schema=name.schema)
        if (told[0][0] if told else known_functions().get(name.name)) is not False:
            return True
    return False
