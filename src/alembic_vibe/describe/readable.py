"""Expressions as people write them: without the casts that PostgreSQL adds when it prints.

``status::text = ANY (ARRAY['new'::character varying, 'paid'::character varying]::text[])`` was ``status IN ('new',
'paid')``. What is guessed here is proven elsewhere: PostgreSQL must print the same again, else its own words are kept.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from alembic_vibe.catalog.facts import Enum, Table
from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.sql import grammar

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Sequence as Many

    from alembic_vibe.catalog.catalog import Catalog
    from alembic_vibe.sql.grammar import Token

_TEXTS = frozenset({"text", "character varying", "character", "bpchar", "citext"})
_NUMBERS = frozenset({"numeric", "integer", "bigint", "smallint", "double precision", "real"})
_SECOND = {"character": {"varying"}, "bit": {"varying"}, "double": {"precision"}}
_LIKE = {"~~": "LIKE", "!~~": "NOT LIKE", "~~*": "ILIKE", "!~~*": "NOT ILIKE"}
_NUMBER = re.compile(r"'(-?\d+(?:\.\d+)?)'")
_BARE_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_FEW = 2  # a list of one element was no IN


class Freedom(IntEnum):
    """How far the words may be from PostgreSQL's own."""

    READABLE = 0
    EXACT = 1  # only what PostgreSQL would not print again as it is: IN over a varchar
    PRINTED = 2


@dataclass
class Wording:
    """The words for the expressions of one catalog; ``freedom`` of what is not named is ``usual``."""

    catalog: Catalog
    usual: Freedom = Freedom.EXACT
    freedom: dict[Key, Freedom] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._enums = frozenset(
            f"{key.schema}.{key.name}" if key.schema != "public" else key.name
            for key in (fact.key for fact in self.catalog.of_type(Enum))
        )
        self._texts: Mapping[Key, frozenset[str]] = {
            table.key: frozenset(c.name for c in table.columns if c.type.base in {"character varying", "bpchar"})
            for table in self.catalog.of_type(Table)
        }

    def of(self, key: Key) -> Freedom:
        """Return how freely an object may be written."""
        return self.freedom.get(key, self.usual)

    def words(self, key: Key, text: str, table: Key | None = None) -> str:
        """Return SQL that PostgreSQL printed, in the words of people.

        Args:
            key: The object that it belongs to; a column has a key of its own.
            text: An expression, or a whole statement.
            table: The table whose columns are meant.
        """
        freedom = self.of(key)
        if freedom is Freedom.PRINTED or grammar.is_too_large(text):
            return text
        home = table or Key(Kind.TABLE, key.schema, key.name)
        try:
            return _rewritten(text, self._enums, self._texts.get(home, frozenset()), freedom)
        except grammar.GrammarError:
            return text


@cache
def _rewritten(text: str, enums: frozenset[str], columns: frozenset[str], freedom: Freedom) -> str:
    run = _Rewriting(text, enums, columns, freedom)
    return run.result()


class _Edit(NamedTuple):
    start: int
    end: int
    text: str


class _Rewriting:
    """One text on its way, token by token."""

    def __init__(self, text: str, enums: frozenset[str], columns: frozenset[str], freedom: Freedom) -> None:
        self._text = text
        self._tokens = grammar.scan(text)
        self._enums = enums
        self._columns = columns
        self._free = freedom is Freedom.READABLE
        self._edits: list[_Edit] = []

    def result(self) -> str:
        at = 0
        while at < len(self._tokens):
            at = self._membership(at) or self._cast(at) or self._operator(at) or at + 1
        text, end = "", 0
        for edit in sorted(self._edits):
            text += self._text[end : edit.start] + edit.text
            end = edit.end
        return text + self._text[end:]

    # -- x = ANY (ARRAY[…]) -----------------------------------------------------------------------------------------

    def _membership(self, at: int) -> int:
        """Rewrite ``= ANY (ARRAY['a', 'b'])`` at a place as ``IN``; returns the next place, 0 where it is none."""
        verb = {("=", "ANY"): "IN", ("<>", "ALL"): "NOT IN"}.get((self._is(at), self._is(at + 1).upper()))
        if verb is None or [self._is(at + n).upper() for n in (2, 3, 4)] != ["(", "ARRAY", "["]:
            return 0
        place, items, casts = at + 5, [], set()
        while True:
            item, cast, place = self._constant(place)
            if item is None:
                return 0
            items.append(item)
            casts.add(cast)
            if self._is(place) != ",":
                break
            place += 1
        if self._is(place) != "]" or len(items) < _FEW:
            return 0
        array, place = self._type(place + 1)
        varchar = array == "text[]" and casts <= {"character varying"}
        if self._is(place) != ")" or not (varchar or (self._free and not array and self._plain(casts))):
            return 0
        if varchar and not (self._is(at - 1) == "text" and self._is(at - 2) == "::"):
            return 0
        start = self._tokens[at - 2].start if varchar else self._tokens[at].start
        first = at - 3 if varchar else at - 1  # the last token of what is compared
        if self._stands_alone(first, place + 1):
            self._edits.append(_Edit(self._tokens[first - 1].start, self._tokens[first - 1].end, ""))
            self._edits.append(_Edit(self._tokens[place + 1].start, self._tokens[place + 1].end, ""))
        self._edits = [edit for edit in self._edits if edit.end <= start or edit.start > self._tokens[at].start]
        space = " " if varchar else ""
        self._edits.append(_Edit(start, self._tokens[place].end, f"{space}{verb} ({', '.join(items)})"))
        return place + 1

    def _stands_alone(self, first: int, after: int) -> bool:
        """Whether one name is compared, in parentheses that AND and OR do not need."""
        if self._is(first - 1) != "(" or self._is(after) != ")":
            return False
        between = {"", "AND", "OR", "WHERE", "("}, {"", "AND", "OR", ")"}
        return self._is(first - 2).upper() in between[0] and self._is(after + 1).upper() in between[1]

    def _plain(self, casts: set[str]) -> bool:
        return len(casts) == 1 and self._drops(next(iter(casts)))

    def _constant(self, at: int) -> tuple[str | None, str, int]:
        """Return a constant at a place, its cast, and the place after it."""
        token = self._token(at)
        if token is None or not (token.is_string or _BARE_NUMBER.fullmatch(token.text)):
            return None, "", at
        cast, after = self._type(at + 1)
        return _constant(token.text, cast), cast, after

    # -- casts and operators ----------------------------------------------------------------------------------------

    def _cast(self, at: int) -> int:
        """Take a cast off a constant, or off a column that is text anyway."""
        token = self._token(at)
        if token is None or self._is(at + 1) != "::":
            return 0
        cast, after = self._type(at + 1)
        if cast == "regclass" and self._is(at - 2) == "nextval" and self._is(at - 1) == "(" and token.is_string:
            self._edits.append(_Edit(token.end, self._tokens[after - 1].end, ""))
            return after
        if not self._free or not cast:
            return 0
        while self._drops(cast) and self._is(after) == "::" and (longer := self._type(after))[0] in _NUMBERS:
            cast, after = longer  # '-90'::integer::numeric
        constant = token.is_string or _BARE_NUMBER.fullmatch(token.text) is not None
        column = token.is_word and cast == "text" and token.name in self._columns and self._is(after) != "["
        if (constant and self._drops(cast)) or column:
            shown = _constant(token.text, cast) if constant else token.text
            self._edits.append(_Edit(token.start, self._tokens[after - 1].end, shown))
            return after
        return 0

    def _drops(self, cast: str) -> bool:
        return re.sub(r"\(.*\)", "", cast) in _TEXTS | _NUMBERS | self._enums or not cast

    def _operator(self, at: int) -> int:
        token = self._token(at)
        if token is None or not self._free or token.text not in _LIKE:
            return 0
        self._edits.append(_Edit(token.start, token.end, _LIKE[token.text]))
        return at + 1

    # -- tokens -----------------------------------------------------------------------------------------------------

    def _token(self, at: int) -> Token | None:
        return self._tokens[at] if 0 <= at < len(self._tokens) else None

    def _is(self, at: int) -> str:
        token = self._token(at)
        return token.text if token is not None else ""

    def _type(self, at: int) -> tuple[str, int]:
        """Return the type of a cast that begins at a place (with ``::``), and the place after it; empty for none."""
        if self._is(at) != "::":
            return "", at
        at += 1
        words = [self._is(at)]
        at += 1
        while self._is(at) == ".":
            words[-1] += f".{self._is(at + 1)}"
            at += 2
        if self._is(at) in _SECOND.get(words[0], ()):
            words.append(self._is(at))
            at += 1
        text = " ".join(words)
        if self._is(at) == "(":
            close = next(n for n in range(at, len(self._tokens)) if self._is(n) == ")")
            text += "".join(self._is(n) for n in range(at, close + 1))
            at = close + 1
        if words[0] in {"timestamp", "time"} and self._is(at) in {"with", "without"}:
            text, at = f"{text} {self._is(at)} time zone", at + 3
        while self._is(at) == "[" and self._is(at + 1) == "]":
            text, at = f"{text}[]", at + 2
        return text, at


def _constant(text: str, cast: str) -> str:
    """Return a constant; numbers in quotes lose them where the cast says that they are numbers."""
    number = _NUMBER.fullmatch(text)
    return number[1] if number and re.sub(r"\(.*\)", "", cast) in _NUMBERS else text


def query_layout(query: str) -> str:
    """Return a query that PostgreSQL printed, with its main clauses at the start of their lines.

    The tree must be the same: a text that spans lines is not to be touched.
    """
    lines = query.split("\n")
    result = [_clause(line) for line in lines]
    text = "\n".join(result)
    try:
        same = _tree(text) == _tree(query)
    except grammar.GrammarError:
        return query
    return text if same else query


_CLAUSE = re.compile(
    r" {1,3}(?=(?:SELECT|WITH|FROM|WHERE|GROUP BY|HAVING|ORDER BY|LIMIT|OFFSET|WINDOW|UNION|EXCEPT|INTERSECT)\b)"
)
_JOIN = re.compile(r" {5}(?=(?:(?:LEFT|RIGHT|FULL|CROSS|NATURAL) )?(?:OUTER )?JOIN\b)")


def _clause(line: str) -> str:
    if found := _CLAUSE.match(line):
        return line[found.end() :]
    if found := _JOIN.match(line):
        return f"    {line[found.end() :]}"
    return line


def _tree(text: str) -> Many[object]:
    from alembic_vibe.sql.tree import without_locations

    trees: Many[object] = without_locations(grammar.parse(text))
    return trees
