"""Edits inside calls: a keyword more, or a word more in the SQL of a string literal."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from typing import TYPE_CHECKING

from alembic_vibe.lint.fixes.model import Edit, Refusal, edited
from alembic_vibe.lint.model import Emitted
from alembic_vibe.lint.reading import read
from alembic_vibe.sql import grammar

if TYPE_CHECKING:
    from collections.abc import Callable

    from alembic_vibe.lint.actions import Action
    from alembic_vibe.lint.fixes.page import Page, Spot

_LITERAL = re.compile(r"""[rRuU]?(?P<quotes>\"\"\"|'''|"|')(?P<inner>.*)(?P=quotes)""", re.DOTALL)


def add_keyword(page: Page, call: ast.Call, name: str) -> Edit:
    """Return the edit that gives a call ``name=True``.

    Raises:
        Refusal: It takes keywords that are not written out, or this one with a value that is computed.
    """
    for keyword in call.keywords:
        if keyword.arg is None:
            raise Refusal("it takes arguments that are not written out")
        if keyword.arg == name:
            if not isinstance(keyword.value, ast.Constant) or keyword.value.value:
                raise Refusal(f"it says `{name}` already")
            span = page.span(keyword.value)
            return Edit(span.start, span.end, "True")
    arguments = [*call.args, *call.keywords]
    if not arguments:
        raise Refusal("it takes no arguments")
    last = max((page.span(argument) for argument in arguments), key=lambda span: span.end)
    end, comma = _behind(page.text, last.end, page.span(call).end - 1)
    line = page.revision.source.position(last.start).line
    own_line = not page.text[page.start(line) : last.start].strip()
    if not own_line or "\n" not in page.text[end : page.span(call).end]:
        return Edit(end, end, f", {name}=True") if comma is None else Edit(comma, comma, f" {name}=True,")
    at = page.end(page.revision.source.position(comma or end).line)
    added = f"{page.newline}{page.indent_of(line)}{name}=True"
    return Edit(end, at, f",{page.text[end:at]}{added}") if comma is None else Edit(at, at, f"{added},")


def _behind(text: str, position: int, closing: int) -> tuple[int, int | None]:
    """Return where the last argument ends, parentheses around it included, and the end of the comma behind it."""
    end, comma = position, None
    while position < closing:
        char = text[position]
        if char == "#":
            position = text.index("\n", position)
        elif char == ",":
            comma = position + 1
        elif char == ")":
            end = position + 1
        elif not char.isspace():
            raise Refusal("its arguments are written in a way that is not understood")
        position += 1
    return end, comma


def sql_literal(call: ast.Call) -> ast.Constant:
    """Return the text that ``op.execute`` is given, itself or inside ``text(…)``; raises ``Refusal``."""
    match call.args:
        case [ast.Constant(value=str()) as literal] if not call.keywords:
            return literal
        case [ast.Call(args=[ast.Constant(value=str()) as literal], keywords=[], func=function)] if not call.keywords:
            name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
            if name == "text":
                return literal
    raise Refusal("its SQL is no plain text")


def add_words(page: Page, spot: Spot, words: str, where: Callable[[list[grammar.Token]], int], wanted: Action) -> Edit:
    """Return the edit that puts words into the SQL of an ``op.execute``.

    Args:
        page: The revision.
        spot: The call.
        words: What is put in, behind a space.
        where: Takes the tokens of the statement and gives the offset, the end of one of them.
        wanted: What the statement must then be.

    Raises:
        Refusal: The text cannot be mapped to the source, or the statement would become something else.
    """
    literal = sql_literal(spot.call)
    sql = str(literal.value)
    try:
        tokens = [token for token in grammar.scan(sql) if token.text != ";"]
        at = where(tokens)
        after = edited(sql, [Edit(at, at, f" {words}")])
        reads = read(Emitted(after, spot.read.emitted.place), page.before.search_path)
    except grammar.GrammarError as error:
        raise Refusal("its SQL is not understood") from error
    if len(reads) != 1 or reads[0].actions != (wanted,):
        raise Refusal("its SQL is not understood")
    offset = _in_source(page, literal, at)
    return Edit(offset, offset, f" {words}")


def _in_source(page: Page, literal: ast.Constant, at: int) -> int:
    """Return where an offset of a literal's value stands in the source; literals that are joined are looked through."""
    span = page.span(literal)
    piece = page.text[span.start : span.end]
    starts = [0, 0]  # of lines 1, 2 … within the parenthesis that is put around it
    for line in piece.split("\n"):
        starts.append(starts[-1] + len(line) + (2 if len(starts) == 2 else 1))
    done = 0
    for token in tokenize.generate_tokens(io.StringIO(f"({piece})").readline):
        if token.type != tokenize.STRING:
            continue
        match = _LITERAL.fullmatch(token.string)
        if match is None or ast.literal_eval(token.string) != match["inner"]:
            raise Refusal("its text is written with escapes")
        if done < at <= done + len(match["inner"]):
            return span.start - 1 + starts[token.start[0]] + token.start[1] + match.start("inner") + at - done
        done += len(match["inner"])
    raise Refusal("its text cannot be found")
