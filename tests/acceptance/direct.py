"""Runs SQL as it was written, without the product: what a person with ``psql`` would get from a specification."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import psycopg
from markdown_it import MarkdownIt

from tests.acceptance.pgdump import cut

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_LEADING_COMMENTS = re.compile(r"(?:\s+|--[^\n]*(?:\n|$)|/\*.*?\*/)+", re.DOTALL)
_EXAMPLES = ("SELECT", "EXPLAIN", "SET")
_PRIVILEGES = ("GRANT", "REVOKE", "ALTER DEFAULT PRIVILEGES")


def section_statements(markdown: Path) -> list[str]:
    """Return the statements in the SQL fences under the level-two heading "5. …", examples left out."""
    tokens = MarkdownIt().parse(markdown.read_text(encoding="utf-8"))
    inside, statements = False, []
    for index, token in enumerate(tokens):
        if token.type == "heading_open" and token.tag == "h2":
            inside = tokens[index + 1].content.startswith("5.")
        elif token.type == "fence" and token.info == "sql" and inside:
            statements += split(token.content)
    return [s for s in statements if not s.upper().startswith(_EXAMPLES)]


def split(sql: str) -> list[str]:
    """Cut SQL into statements without the comments above them."""
    statements = (_without_leading_comments(statement) for statement in cut(sql))
    return [statement for statement in statements if statement]


def _without_leading_comments(statement: str) -> str:
    found = _LEADING_COMMENTS.match(statement)
    return (statement[found.end() :] if found else statement).strip()


def run_directly(
    connection: psycopg.Connection[Any], statements: Sequence[str], extensions: Sequence[str] = ()
) -> None:
    """Run statements in the order given; one that needs a later one waits for it.

    Privileges come last and in their order, so that "all tables" means all tables; a specification that sets default
    privileges before it makes tables would come out differently, and is not for this function.

    Args:
        connection: In autocommit mode, to an empty database.
        statements: What to run.
        extensions: Extensions to make first, which the statements use but do not create.

    Raises:
        AssertionError: Some statements fail in whatever order; says which, and why.
    """
    for name in extensions:
        connection.execute(psycopg.sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(psycopg.sql.Identifier(name)))
    privileges = [s for s in statements if s.upper().startswith(_PRIVILEGES)]
    waiting = [s for s in statements if not s.upper().startswith(_PRIVILEGES)]
    while waiting:
        failed: list[tuple[str, psycopg.Error]] = []
        for statement in waiting:
            try:
                connection.execute(statement.encode())
            except psycopg.Error as error:
                failed.append((statement, error))
        reasons = "\n".join(f"{error}\n  {statement}" for statement, error in failed)
        assert len(failed) < len(waiting), f"these never run:\n{reasons}"
        waiting = [statement for statement, _ in failed]
    for statement in privileges:
        connection.execute(statement.encode())
