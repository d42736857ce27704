"""``# vibe: ignore[rule] reason="…" until=2027-01-01``: the comments of a revision that suppress findings.

A comment beside code holds for the statement it stands in, with all its lines; one on lines of its own for the
statement that begins directly below (or that it stands within). Of a ``with``, ``for``, ``if`` or ``def`` only the
header is meant. ``# vibe: ignore-file[rule]`` in the first column holds for the whole file.
"""

from __future__ import annotations

import difflib
import re
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from alembic_vibe.lint.comments import comments
from alembic_vibe.lint.model import Place, Suppression

if TYPE_CHECKING:
    import ast
    from collections.abc import Iterator, Sequence

    from alembic_vibe.lint.comments import Comment

_BEGINS = re.compile(r"#\s*vibe\s*:\s*(?P<word>[\w-]*)", re.IGNORECASE)
_RULES = re.compile(r"\s*\[(?P<rules>[^\[\]]*)\]")
_OPTION = re.compile(
    r"""\s*,?\s*(?P<key>[A-Za-z]\w*)\s*=\s*(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|“(?P<curly>[^”]*)”|(?P<bare>[^\s,"'“]+))"""
)
_RULE = re.compile(r"[A-Za-z][\w-]*")
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
_WORDS = ("ignore", "ignore-file")


class _Extent(NamedTuple):
    """The lines of a simple statement, or of the header of a compound one."""

    first: int
    last: int
    simple: bool


class _BadCommentError(Exception):
    """Why a comment cannot be read."""


def suppressions(text: str, tree: ast.Module) -> tuple[Suppression, ...]:
    """Return the suppressions of a text that was parsed, in order; with ``problem`` where one cannot be read."""
    if "vibe" not in text.lower():
        return ()
    lines = text.split("\n")
    extents: list[_Extent] | None = None
    found = []
    for comment in comments(text):
        begin = _begins(comment.text)
        if begin is None:
            continue
        if extents is None:
            extents = list(_extents(tree.body))
        found.append(_read(comment, begin, lines, extents))
    return tuple(found)


def _begins(text: str) -> re.Match[str] | None:
    """Return where the instruction begins, unless the comment only happens to speak of vibe."""
    for match in _BEGINS.finditer(text):
        if difflib.get_close_matches(match["word"].lower(), _WORDS, 1, 0.7):
            return match
    return None


def _read(comment: Comment, begin: re.Match[str], lines: Sequence[str], extents: Sequence[_Extent]) -> Suppression:
    column = comment.column + begin.start()
    place = Place(comment.line, column, comment.line, comment.column + len(comment.text))
    word = begin["word"].lower()
    try:
        _check_word(comment, word)
        rules, options = _parts(comment.text[begin.end() :], word)
        until = _until(options)
    except _BadCommentError as error:
        return Suppression(place, (), problem=str(error))
    if word == "ignore-file":
        first, last = 1, len(lines)
    else:
        first, last = _covers(comment, lines, extents)
    return Suppression(place, rules, options.get("reason", "").strip(), until, first, last)


def _check_word(comment: Comment, word: str) -> None:
    if word not in _WORDS:
        near = difflib.get_close_matches(word, _WORDS, 1, 0.0)[0]
        raise _BadCommentError(f"`{word}` is not an instruction; write `# vibe: {near}[rule]`")
    if word == "ignore-file" and not (comment.alone and comment.column == 1):
        raise _BadCommentError("`ignore-file` holds only in the first column, on a line of its own")


def _parts(rest: str, word: str) -> tuple[tuple[str, ...], dict[str, str]]:
    """Return the rules in the brackets, and the options behind them."""
    bracket = _RULES.match(rest)
    if bracket is None:
        raise _BadCommentError(f"the rules are missing; write `# vibe: {word}[name-of-rule]`")
    rules = tuple(part.strip() for part in bracket["rules"].split(",") if part.strip())
    if not rules:
        raise _BadCommentError("the brackets name no rule")
    for rule in rules:
        if not _RULE.fullmatch(rule):
            raise _BadCommentError(f"`{rule}` cannot be the name of a rule; write names or codes, with commas between")
    options: dict[str, str] = {}
    at = bracket.end()
    while match := _OPTION.match(rest, at):
        key = match["key"].lower()
        if key not in ("reason", "until"):
            raise _BadCommentError(f'`{key}` means nothing here; there are `reason="…"` and `until=2027-01-01`')
        if key == "reason" and match["bare"] is not None:
            raise _BadCommentError('the reason must stand in quotes: `reason="…"`')
        if key in options:
            raise _BadCommentError(f"`{key}` is given twice")
        options[key] = next(value for value in match.group("double", "single", "curly", "bare") if value is not None)
        at = match.end()
    left = rest[at:].strip()
    if left and not left.startswith("#"):  # another tool's instruction may follow
        raise _BadCommentError(f'`{left}` cannot be read; write it as `reason="…"` or `until=2027-01-01`')
    return rules, options


def _until(options: dict[str, str]) -> str:
    text = options.get("until")
    if text is None:
        return ""
    if not _ISO.fullmatch(text):
        raise _BadCommentError(f"`{text}` is not a date; write it as `until=2027-01-01`")
    try:
        date.fromisoformat(text)
    except ValueError as error:
        raise _BadCommentError(f"there is no day {text}") from error
    return text


def _covers(comment: Comment, lines: Sequence[str], extents: Sequence[_Extent]) -> tuple[int, int]:
    """Return the lines for which a comment holds."""
    line = comment.line
    if comment.alone:
        within = [extent for extent in extents if extent.simple and extent.first <= line <= extent.last]
        if within:
            return _union(within)
        while line < len(lines) and lines[line - 1].lstrip().startswith("#"):
            line += 1
        if not lines[line - 1].strip():  # an empty line: it stands above nothing
            return comment.line, comment.line
    here = [extent for extent in extents if extent.first <= line <= extent.last]
    return _union(here) if here else (line, line)


def _union(extents: Sequence[_Extent]) -> tuple[int, int]:
    return min(extent.first for extent in extents), max(extent.last for extent in extents)


def _extents(body: Sequence[ast.stmt]) -> Iterator[_Extent]:
    """Yield the extents of all statements, also of those within others."""
    for statement in body:
        inner = _inner(statement)
        if not inner:
            yield _Extent(statement.lineno, statement.end_lineno or statement.lineno, simple=True)
            continue
        begins = min(_first_line(part) for part in inner)
        yield _Extent(_first_line(statement), max(statement.lineno, begins - 1), simple=False)
        yield from _extents(inner)


def _first_line(statement: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    return min([statement.lineno, *(decorator.lineno for decorator in decorators)])


def _inner(statement: ast.stmt) -> list[ast.stmt]:
    """Return the statements within a compound statement."""
    inner: list[ast.stmt] = []
    for name in ("body", "orelse", "finalbody"):
        inner += getattr(statement, name, ())
    for name in ("handlers", "cases"):
        for part in getattr(statement, name, ()):
            inner += part.body
    return inner
