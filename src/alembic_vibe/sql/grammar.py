"""The one door to ``postgast`` (libpg_query, the parser of PostgreSQL 18): trees, splitting, tokens, keywords.

Everything else in the package speaks of character offsets and plain dicts, so that the parser can be replaced here.
``postgast`` is imported when the first text is parsed, not before.
"""

from __future__ import annotations

import gc
import json
import re
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

# Nothing that a person writes as a schema comes near this size.
MAX_STATEMENT_BYTES = 200_000

# libpg_query recurses in C over the terms of an expression (about 100 bytes of stack each, measured) and overruns the
# stack of the process instead of raising. Wide statements are harmless, so what counts is code without a comma.
MAX_EXPRESSION_CHARACTERS = 10_000

# The scanner's keyword classes (``pg_query_pb2.KeywordKind``).
NO_KEYWORD, UNRESERVED_KEYWORD, COL_NAME_KEYWORD, TYPE_FUNC_NAME_KEYWORD, RESERVED_KEYWORD = range(5)

_IDENT = 258
_SCONST = 261
_COMMENTS = frozenset({275, 276})

# What can hide code from a reader: comments and quoted texts, after PostgreSQL's lexer (scan.l). Each alternative of
# the first pattern begins with a plain character, which lets `re` skip the rest of the text fast; what precedes and
# what follows the character is looked at in `quoted_ranges`.
_OPENING = re.compile(r"--|/\*|'|\"|\$")
_LINE = re.compile(r"[^\n\r]*")
_STRING = re.compile(r"'[^']*'")
_ESCAPE_STRING = re.compile(r"'(?:[^'\\]|\\.|'')*'", re.DOTALL)
_IDENTIFIER = re.compile(r'"[^"]*"')
_DOLLAR = re.compile(r"\$(?P<tag>(?:[^\W\d]\w*)?)\$.*?\$(?P=tag)\$", re.DOTALL)
_BLOCK_EDGE = re.compile(r"/\*|\*/")


class GrammarError(Exception):
    """The text is not SQL. ``offset`` is the character offset of the place, or ``None`` where it is unknown."""

    def __init__(self, message: str, offset: int | None) -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset


@dataclass(frozen=True, slots=True)
class Token:
    """One token: character offsets, its text, and whether it is a word, a string or something else."""

    start: int
    end: int
    text: str
    kind: int
    keyword: int

    @property
    def is_word(self) -> bool:
        """Whether this is an identifier or a keyword."""
        return self.kind == _IDENT or self.keyword != NO_KEYWORD

    @property
    def is_string(self) -> bool:
        """Whether this is a string constant, dollar-quoted ones included."""
        return self.kind == _SCONST

    @property
    def name(self) -> str:
        """The identifier as PostgreSQL stores it: unquoted, or folded to lower case."""
        if self.text.startswith('"') and self.text.endswith('"'):
            return self.text[1:-1].replace('""', '"')
        return self.text.lower()


@dataclass(slots=True)
class Quoted:
    """A comment or a quoted text: ``kind`` is "comment", "identifier" or "string"."""

    start: int
    end: int
    kind: str


def quoted_ranges(text: str) -> Iterator[Quoted]:
    """Yield comments, strings, dollar quotes and quoted identifiers, in order; unterminated ones are left out."""
    position = 0
    while opening := _OPENING.search(text, position):
        start = opening.start()
        mark = opening.group()
        kind = "string"
        if mark == "--":
            kind = "comment"
            match = _LINE.match(text, start)
        elif mark == "/*":
            kind = "comment"
            end = _block_end(text, opening.end())
            if end is None:
                return
            yield Quoted(start, end, kind)
            position = end
            continue
        elif mark == "'":
            match = (_ESCAPE_STRING if _is_escape_prefix(text, start) else _STRING).match(text, start)
        elif mark == '"':
            kind = "identifier"
            match = _IDENTIFIER.match(text, start)
        else:  # a dollar sign inside a name does not open a quote
            match = None if _is_name_character(text[start - 1 : start]) else _DOLLAR.match(text, start)
        if match is None:
            position = opening.end()
            continue
        yield Quoted(start, match.end(), kind)
        position = match.end()


def _is_name_character(char: str) -> bool:
    return char.isalnum() or char in {"_", "$"}


def _is_escape_prefix(text: str, quote: int) -> bool:
    return text[quote - 1 : quote] in {"e", "E"} and not _is_name_character(text[quote - 2 : quote - 1])


def _block_end(text: str, position: int) -> int | None:
    """Return where a block comment, whose content starts at ``position``, ends; block comments nest."""
    depth = 1
    while depth:
        edge = _BLOCK_EDGE.search(text, position)
        if edge is None:
            return None
        depth += 1 if edge.group() == "/*" else -1
        position = edge.end()
    return position


def mask(text: str, kinds: tuple[str, ...] = ("comment", "string", "identifier")) -> str:
    """Return ``text`` with comments and quoted texts blanked out; offsets and line breaks stay as they are."""
    parts = []
    position = 0
    for quoted in quoted_ranges(text):
        if quoted.kind not in kinds:
            continue
        parts.append(text[position : quoted.start])
        parts.append(re.sub(r"[^\n]", " ", text[quoted.start : quoted.end]))
        position = quoted.end
    parts.append(text[position:])
    return "".join(parts)


def is_too_large(text: str) -> bool:
    """Whether parsing this could exhaust the stack: the limits above. A cheap test for ordinary texts."""
    if len(text) <= MAX_EXPRESSION_CHARACTERS:
        return False
    if len(text.encode(errors="replace")) > MAX_STATEMENT_BYTES:
        return True
    runs = re.split("[,;]", mask(text))
    long = (run for run in runs if len(run) > MAX_EXPRESSION_CHARACTERS)
    return any(len("".join(run.split())) > MAX_EXPRESSION_CHARACTERS for run in long)


@contextmanager
def collector_paused() -> Iterator[None]:
    """Pause the cyclic garbage collector: trees are large, hold no cycles, and make it run many times for nothing."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            # What was made meanwhile counts as old, or the next little thing would set off a look at all of it.
            gc.freeze()
            gc.unfreeze()
            gc.enable()


@cache
def _module(name: str) -> Any:
    # By name, not by an import statement: the type stubs of postgast's protobuf messages are not valid Python.
    return import_module(name)


@cache
def _library() -> Any:
    """Load the library without the package around it.

    The package imports all protobuf messages, which takes longer than most parsing. If it is imported later on, it
    finds the module that is made here.
    """
    name = "postgast.native"
    package = find_spec("postgast")
    for folder in (package and package.submodule_search_locations) or ():
        file = Path(folder) / "native.py"
        spec = spec_from_file_location(name, file) if name not in sys.modules and file.is_file() else None
        if spec is not None and spec.loader is not None:
            module = sys.modules[name] = module_from_spec(spec)
            try:
                spec.loader.exec_module(module)
            except BaseException:
                del sys.modules[name]
                raise
            break
    return _module(name).lib if name not in sys.modules else sys.modules[name].lib


def _raise_error(error: Any) -> None:
    if not error:
        return
    details = error.contents
    message = details.message.decode("utf-8", "replace") if details.message else "syntax error"
    # The position counts characters from 1, whatever the encoding; 0 means unknown.
    raise GrammarError(message, details.cursorpos - 1 if details.cursorpos > 0 else None)


def _encode(text: str) -> bytes:
    # A NUL would end the text early in C; PostgreSQL refuses it as well. Lone surrogates have no encoding.
    if "\x00" in text:
        raise GrammarError("the text contains a NUL character", text.index("\x00"))
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise GrammarError("the text contains a character that UTF-8 cannot carry", error.start) from error


def parse(text: str) -> list[dict[str, Any]]:
    """Parse SQL into the JSON trees of its statements, each wrapped in its type: ``{"CreateStmt": {...}}``.

    Raises:
        GrammarError: PostgreSQL's grammar rejects the text.
    """
    lib = _library()
    result = lib.pg_query_parse(_encode(text))
    try:
        _raise_error(result.error)
        try:
            document = json.loads(result.parse_tree)
        except RecursionError:
            return [{}]
    finally:
        lib.pg_query_free_parse_result(result)
    return [statement.get("stmt", {}) for statement in document.get("stmts", ())]


def split(text: str) -> list[tuple[int, int]]:
    """Return the character ranges of the statements of ``text``, without semicolons and surrounding space.

    Raises:
        GrammarError: The text does not parse.
    """
    lib = _library()
    data = _encode(text)
    result = lib.pg_query_split_with_parser(data)
    try:
        _raise_error(result.error)
        ranges = []
        for i in range(result.n_stmts):
            piece = result.stmts[i].contents
            end = piece.stmt_location + piece.stmt_len if piece.stmt_len else len(data)
            ranges.append((piece.stmt_location, end))
    finally:
        lib.pg_query_free_split_result(result)
    return [_trim(text, start, end) for start, end in to_characters(text, data, ranges)]


def split_tolerantly(text: str) -> list[tuple[int, int]]:
    """Split like ``split``, by tokens alone, so that one statement which does not parse does not lose the others.

    Semicolons in parentheses (of CREATE RULE) do not count, unless the next line begins like a statement: then a
    parenthesis was forgotten. Bodies of ``BEGIN ATOMIC … END`` are taken apart.

    Raises:
        GrammarError: The text has a quotation without an end.
    """
    ranges = []
    depth = 0
    first: Token | None = None
    last: Token | None = None
    tokens = scan(text)
    for i, token in enumerate(tokens):
        if token.text == ";" and (depth <= 0 or _starts_statement(text, tokens[i + 1 : i + 2])):
            if first is not None and last is not None:
                ranges.append((first.start, last.end))
            first = last = None
            depth = 0
            continue
        depth += {"(": 1, ")": -1}.get(token.text, 0)
        first = first or token
        last = token
    if first is not None and last is not None:
        ranges.append((first.start, last.end))
    return ranges


_STATEMENT_WORDS = frozenset({"create", "alter", "comment", "insert", "drop", "grant", "revoke", "do", "with"})


def _starts_statement(text: str, following: list[Token]) -> bool:
    if not following or following[0].name not in _STATEMENT_WORDS:
        return False
    start = following[0].start
    return not text[text.rfind("\n", 0, start) + 1 : start].strip()


def to_characters(text: str, data: bytes, ranges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Turn ascending byte ranges of ``data`` into character ranges of ``text``."""
    if len(text) == len(data):
        return ranges
    converted = []
    byte = character = 0
    for start, end in ranges:
        first = character + len(data[byte:start].decode(errors="ignore"))
        character = first + len(data[start:end].decode(errors="ignore"))
        byte = end
        converted.append((first, character))
    return converted


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    """Narrow a range to its first token and its last one (comments at either edge are left outside)."""
    piece = text[start:end]
    code = mask(piece, ("comment",)) if "--" in piece or "/*" in piece else piece
    left = len(code) - len(code.lstrip())
    return start + left, start + max(left, len(code.rstrip()))


def scan(text: str) -> list[Token]:
    """Return the tokens of ``text``, comments left out.

    Raises:
        GrammarError: A string, comment or quoted identifier has no end.
    """
    postgast = _module("postgast")
    data = _encode(text)
    try:
        scanned = [t for t in postgast.scan(text).tokens if t.token not in _COMMENTS]
    except postgast.PgQueryError as error:
        raise GrammarError(error.message, error.cursorpos - 1 if error.cursorpos > 0 else None) from error
    ranges = to_characters(text, data, [(t.start, t.end) for t in scanned])
    return [
        Token(start, end, text[start:end], t.token, t.keyword_kind)
        for (start, end), t in zip(ranges, scanned, strict=True)
    ]


def scan_prefix(text: str) -> list[Token]:
    """Return the tokens of ``text`` up to where a quotation without an end begins."""
    try:
        return scan(text)
    except GrammarError as error:
        return scan(text[: error.offset]) if error.offset else []


@cache
def keyword_kind(word: str) -> int:
    """Return the keyword class of a lower-case word, ``NO_KEYWORD`` for an ordinary identifier."""
    postgast = _module("postgast")
    tokens = postgast.scan(word).tokens
    return int(tokens[0].keyword_kind) if len(tokens) == 1 else NO_KEYWORD
