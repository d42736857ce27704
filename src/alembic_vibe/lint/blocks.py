"""The statements inside a DO block: PL/pgSQL is not parsed, but the SQL statements in it stand out.

A statement begins at the beginning of the body, after a semicolon, or after THEN, ELSE, LOOP or BEGIN (manual, 43.2 and
43.6), with a word that no PL/pgSQL statement begins with, and ends at the next semicolon outside parentheses.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from alembic_vibe.lint.actions import Delete, Insert, RunCode, Select, Update
from alembic_vibe.lint.model import Emitted
from alembic_vibe.sql import grammar

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.lint.actions import Action
    from alembic_vibe.lint.model import Read

_STARTS = re.compile(
    r"(?:\A|;|\b(?:then|else|loop|begin)\b)\s*(?:<<\w+>>\s*)?"
    r"(?P<statement>(?:alter|create|drop|truncate|lock|reindex|refresh|cluster|comment|grant|revoke|update|delete|insert"
    r"|merge|copy|with|set|reset|security)\b)",
    re.IGNORECASE,
)
_DYNAMIC = re.compile(r"(?:\A|;|\b(?:then|else|loop|begin|query|in)\b)\s*execute\b", re.IGNORECASE)
_CALLS = re.compile(r"(?:\A|;|\b(?:then|else|loop|begin)\b)\s*call\b", re.IGNORECASE)
_CHANGES = re.compile(r"\b(?:insert|update|delete|merge)\b", re.IGNORECASE)
_INTO = re.compile(r"\breturning\b.*\binto\b.*\Z", re.IGNORECASE | re.DOTALL)


def statements(emitted: Emitted, search_path: str) -> Iterator[Read]:
    """Yield the statements of an emitted text, and behind a DO block those inside it."""
    from alembic_vibe.lint.reading import read

    for one in read(emitted, search_path):
        yield one
        for action in one.actions:
            if isinstance(action, RunCode):
                yield from statements_within(action, one, search_path)


def statements_within(code: RunCode, around: Read, search_path: str) -> tuple[Read, ...]:
    """Return the statements of a DO block that can be told apart, each as if it stood in the revision itself."""
    from alembic_vibe.lint.reading import read

    found: list[Read] = []
    emitted = around.emitted
    for text in _texts(code):
        one = Emitted(text, emitted.place, emitted.call, emitted.autocommit)
        for inner in read(one, search_path):
            actions = tuple(action for action in inner.actions if not (code.commits and _is_data(action)))
            if actions and not inner.error:
                found.append(type(around)(emitted, inner.sql, actions))
    return tuple(found)


def hidden(code: RunCode) -> str:
    """Return why what a block does cannot be known, in a few words; "" where its statements stand there."""
    if not code.language:
        return "it calls a procedure"
    if code.language.lower() != "plpgsql":
        return f"its language is {code.language}"
    body = grammar.mask(code.body, ("comment", "string"))
    if any(_literal(code, body, match.end()) is None for match in _DYNAMIC.finditer(body)):
        return "it executes a text that is put together at run time"
    if _CALLS.search(body):
        return "it calls a procedure"
    for text in _texts(code):
        if text[:4].lower() == "with" and not _CHANGES.search(grammar.mask(text)):
            continue  # a query; PL/pgSQL puts INTO where SQL has none
        try:
            grammar.parse(text)
        except grammar.GrammarError as error:
            return f"`{' '.join(text.split()[:4])} …` does not parse: {error.message}"
    return ""


def _texts(code: RunCode) -> list[str]:
    """Return the SQL statements of a block, without what PL/pgSQL adds to them."""
    body = grammar.mask(code.body, ("comment", "string", "identifier"))
    found = []
    for match in _STARTS.finditer(body):
        start = match.start("statement")
        text = code.body[start : _end(body, start)]
        found.append(_INTO.sub(lambda returning: returning[0].partition("INTO")[0].partition("into")[0], text).strip())
    return [*found, *filter(None, (_literal(code, body, match.end()) for match in _DYNAMIC.finditer(body)))]


def _literal(code: RunCode, body: str, start: int) -> str | None:
    """Return the SQL that EXECUTE is given as one string literal; ``None`` where it is put together."""
    try:
        (statement,) = grammar.parse(f"SELECT {code.body[start : _end(body, start)]}")
    except (grammar.GrammarError, ValueError):
        return None
    match statement:
        case {"SelectStmt": {"targetList": [{"ResTarget": {"val": {"A_Const": {"sval": {"sval": str(text)}}}}}]}}:
            return text
    return None


def _end(body: str, start: int) -> int:
    depth = 0
    for position in range(start, len(body)):
        depth += {"(": 1, ")": -1}.get(body[position], 0)
        if body[position] == ";" and depth <= 0:
            return position
    return len(body)


def _is_data(action: Action) -> bool:
    """What a block changes in batches that commit, or only reads, holds nothing for long."""
    return isinstance(action, Insert | Update | Delete | Select)
