"""From the text of statements to actions: one module a family of statements.

A module has ``READERS``: by libpg_query's name of a statement, a function that takes its tree and the ``Context``, and
gives its actions in order. A new module needs no list. A statement that no reader knows is an ``Other``.
"""

from __future__ import annotations

import re
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING

from alembic_vibe.lint.actions import Action, Insert, Other, SetVariable
from alembic_vibe.lint.model import Read
from alembic_vibe.lint.reading.context import Context
from alembic_vibe.lint.reading.session import first_schema
from alembic_vibe.sql import grammar
from alembic_vibe.sql.identifiers import read_name
from alembic_vibe.sql.tree import Node, QualifiedName, unwrap

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from alembic_vibe.lint.model import Emitted

    Reader = Callable[[Node, Context], Iterable[Action]]

_INSERT = re.compile(
    r"\s*INSERT\s+INTO\s+(?P<name>(?:\"[^\"]+\"|[\w$]+)(?:\s*\.\s*(?:\"[^\"]+\"|[\w$]+))?)", re.IGNORECASE
)


def read(emitted: Emitted, search_path: str = "public") -> tuple[Read, ...]:
    """Return the statements of an emitted text, each taken apart; none where it holds no statement.

    ``search_path`` is the schema of names that have none; a SET of it counts for the statements behind it. A statement
    that PostgreSQL's grammar (of version 18) refuses has ``error`` and no actions; of an opaque text such a statement
    is just not known. One that is too large to be parsed is known by its first words.
    """
    found = []
    for text, node, context, error in _statements(emitted.sql, search_path):
        context.search_path = search_path
        actions = () if error else _large(text, context) if node is None else actions_of(node, context)
        found.append(Read(emitted, text, tuple(actions), "" if emitted.opaque else error))
        for action in actions:
            if isinstance(action, SetVariable) and action.name == "search_path":
                search_path = first_schema(action.value)
    return tuple(found)


def actions_of(node: Node, context: Context) -> tuple[Action, ...]:
    """Return the actions of one statement's tree."""
    kind, body = unwrap(node)
    reader = readers().get(kind)
    actions = tuple(reader(body, context)) if reader else ()
    return actions or (Other(kind),)


@cache
def readers() -> dict[str, Reader]:
    """Every reader of this package, by the statement that it reads."""
    found: dict[str, Reader] = {}
    for module in iter_modules(__path__):
        found.update(getattr(import_module(f"{__name__}.{module.name}"), "READERS", {}))
    return found


def _statements(text: str, search_path: str) -> Iterator[tuple[str, Node | None, Context, str]]:
    """Yield each statement: its text, its tree (None: too large), its context, and why it does not parse."""
    if not grammar.is_too_large(text):
        try:
            nodes = grammar.parse(text)
        except grammar.GrammarError as error:
            pieces = _pieces(text)
            if len(pieces) < 2:
                yield text.strip(), {}, Context(text, search_path=search_path), error.message
                return
        else:
            if len(nodes) == 1:
                yield text.strip().rstrip("; \t\r\n"), nodes[0], Context(text, search_path=search_path), ""
            elif nodes:
                for (start, end), node in zip(grammar.split(text), nodes, strict=False):
                    yield text[start:end], node, Context(text, end, search_path), ""
            return
    else:
        pieces = _pieces(text)
        if len(pieces) < 2:
            yield text.strip(), None, Context(text, search_path=search_path), ""
            return
    for piece in pieces:
        yield from _statements(piece, search_path)


def _pieces(text: str) -> list[str]:
    try:
        return [text[start:end] for start, end in grammar.split_tolerantly(text)]
    except grammar.GrammarError:
        return []


def _large(text: str, context: Context) -> tuple[Action, ...]:
    """Return what the first words of a statement tell that is too large to be parsed: rows of data, as a rule."""
    match = _INSERT.match(grammar.mask(text[:2000], ("comment",)))
    words = read_name(match["name"]) if match else ()
    if not words:
        return (Other(""),)
    return (Insert(context.resolve(QualifiedName(words[-2] if len(words) > 1 else "", words[-1]))),)
