"""SQL text inside Python: what ``sqlalchemy.text`` would take for a parameter is escaped, and nothing else.

The patterns are those of ``sqlalchemy.sql.compiler`` (``BIND_PARAMS`` and ``BIND_PARAMS_ESC``).
"""

from __future__ import annotations

import re

from alembic_vibe.render.code import Call, Expr, Sql, Str

_BIND = re.compile(r"(?<![:\w\x5c]):(\w+)(?!:)")
_ESCAPED = re.compile(r"\x5c(:[\w\$]*)(?![:\w\$])")
_TO_ESCAPE = re.compile(r"(?<![:\w\x5c]):(?=\w+(?!:))|\x5c(?=:[\w\$]*(?![:\w\$]))")


def escape_text(sql: str) -> str:
    """Return ``sql`` so that ``sqlalchemy.text`` gives it back unchanged, where that is possible at all."""
    return _TO_ESCAPE.sub(lambda match: "\\" + match.group(), sql) if ":" in sql else sql


def survives_text(sql: str) -> bool:
    """Whether the escaped text comes out of ``sqlalchemy.text`` as it was: ``:word:`` does not."""
    if ":" not in sql:
        return True
    escaped = escape_text(sql)
    return _BIND.search(escaped) is None and _ESCAPED.sub(lambda match: match.group(1), escaped) == sql


def text_expr(sql: str) -> Call:
    """Return the expression for a SQL text: ``sa.text``, or ``sa.literal_column``, which knows no parameters."""
    if survives_text(sql):
        return Call("sa.text", (Sql(escape_text(sql)),))
    return Call("sa.literal_column", (Sql(sql),))


def statement_expr(sql: str) -> Expr:
    """Return a statement as ``op.execute`` takes it: a string, or ``sa.DDL``, which knows no parameters."""
    if survives_text(sql):
        return Sql(escape_text(sql))
    return Call("sa.DDL", (Sql(sql.replace("%", "%%")),))


def plain_or_text(sql: str) -> Expr:
    """Return the expression where SQLAlchemy itself turns a string into ``text`` (CHECK, generated columns)."""
    return Sql(escape_text(sql)) if survives_text(sql) else text_expr(sql)


def names(columns: tuple[str, ...]) -> tuple[Expr, ...]:
    """Return column names as string literals."""
    return tuple(Str(column) for column in columns)
