"""The author's own text of the expressions in a statement: defaults, generated columns, CHECK, EXCLUDE, indexes.

PostgreSQL prints an expression back with every cast spelled out; the author wrote what a reader wants to see. A text is
cut out by its tokens and believed only if it parses to the tree that the statement has in that place. Whatever is in
doubt is left out.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from alembic_vibe.sql import grammar
from alembic_vibe.sql.tree import column_name, elements, unwrap, walk, without_locations

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from alembic_vibe.sql.grammar import Token
    from alembic_vibe.sql.statement import Statement
    from alembic_vibe.sql.tree import Node

_OPENING = {"(", "["}
_CLOSING = {")", "]"}
_DEPTH = dict.fromkeys(_OPENING, 1) | dict.fromkeys(_CLOSING, -1)


@dataclass(frozen=True, slots=True)
class Check:
    """A CHECK constraint: ``name`` is empty where PostgreSQL chooses one, ``columns`` are those that it names."""

    name: str
    text: str | None
    columns: frozenset[str]


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of an index or exclusion constraint, ``None`` for a column or where in doubt, and its predicate."""

    name: str
    keys: tuple[str | None, ...] = ()
    predicate: str | None = None


@dataclass(frozen=True, slots=True)
class Expressions:
    """What one statement writes down.

    ``columns`` holds the default or generation expression of a column; ``None`` says that the statement changes what
    the column had before, to something that is not known here. ``reshaped``: it changes what earlier expressions of the
    table mean (types, names).
    """

    columns: Mapping[str, str | None] = field(default_factory=dict)
    checks: tuple[Check, ...] = ()
    exclusions: tuple[Keys, ...] = ()
    index: Keys | None = None
    reshaped: bool = False


KNOWN: dict[str, Expressions] = {}  # by the text of a statement, which says it all; see `known_expressions`


def authored_expressions(statement: Statement) -> Expressions:
    """Return the expressions of a CREATE TABLE, ALTER TABLE or CREATE INDEX; of any other statement none.

    Each is one line, without comments, and without parentheses around the whole where its place has some already.
    """
    found = KNOWN.get(statement.text)
    if found is None:
        found = KNOWN[statement.text] = _read(statement)
    return found


def _read(statement: Statement) -> Expressions:
    kind, node = unwrap(statement.node)
    text = _Text(statement.text)
    match kind:
        case "IndexStmt":
            return Expressions(index=_index(node, text))
        case "CreateStmt":
            return _written(kind, node, text, {})
        case "AlterTableStmt":
            commands = [item.get("AlterTableCmd", {}) for item in node.get("cmds", ())]
            changed = dict(_changed(node, commands, text))
            reshaped = any(command.get("subtype") == "AT_AlterColumnType" for command in commands)
            return _written(kind, node, text, changed, reshaped=reshaped)
        case "RenameStmt" | "AlterObjectSchemaStmt":
            return Expressions(reshaped=True)
    return Expressions()


def same_words(one: str, other: str) -> bool:
    """Whether two expressions differ in nothing but layout and the case of words."""
    return one == other or _words(one) == _words(other)


def _words(text: str) -> list[str]:
    return [token.text.lower() if token.is_word and token.text[:1] != '"' else token.text for token in _scan(text)]


def _scan(text: str) -> list[Token]:
    try:
        return grammar.scan(text)
    except grammar.GrammarError:
        return []


@lru_cache(maxsize=4096)  # a schema says `now()` and `0` in every table
def _tree(text: str) -> Any:
    """Return the tree of an expression, without places; ``None`` for anything that is not one expression."""
    try:
        parsed = grammar.parse(f"SELECT ({text})")
    except grammar.GrammarError:
        return None
    body = parsed[0].get("SelectStmt", {}) if len(parsed) == 1 else {}
    targets = [item.get("ResTarget", {}).get("val") for item in body.get("targetList", ())]
    return without_locations(targets[0]) if len(targets) == 1 else None


# -- columns and constraints -----------------------------------------------------------------------------------------


def _written(
    kind: str, node: Node, text: _Text, changed: dict[str, str | None], *, reshaped: bool = False
) -> Expressions:
    columns: dict[str, str | None] = changed
    checks: list[Check] = []
    exclusions: list[Keys] = []
    for sort, element in elements(kind, node):
        own = [element] if sort == "Constraint" else [c.get("Constraint", {}) for c in element.get("constraints", ())]
        for constraint in own:
            match constraint.get("contype"):
                case "CONSTR_DEFAULT":
                    columns[element["colname"]] = _default(constraint, element, text)
                case "CONSTR_GENERATED":
                    columns[element["colname"]] = text.in_parentheses(constraint, "as", constraint.get("raw_expr"))
                case "CONSTR_CHECK":
                    checks.append(_check(constraint, text))
                case "CONSTR_EXCLUSION":
                    exclusions.append(_exclusion(constraint, text))
    return Expressions(columns, tuple(checks), tuple(exclusions), reshaped=reshaped)


def _default(constraint: Node, column: Node, text: _Text) -> str | None:
    """Return what follows DEFAULT: up to the column's next clause, the next column, or the end."""
    start = text.word(constraint.get("location", -1), "default")
    if start is None:
        return None
    clauses = [item.get("Constraint", {}) for item in column.get("constraints", ())]
    places = [clause.get("location", -1) for clause in (*clauses, column.get("collClause", {}))]
    later = [text.token_at(place) for place in places if place > constraint.get("location", -1)]
    end = min([found for found in later if found is not None], default=len(text.tokens))
    return text.bare_default(start + 1, min(end, text.item_end(start + 1)), constraint.get("raw_expr"))


def _check(constraint: Node, text: _Text) -> Check:
    expression = constraint.get("raw_expr")
    columns = frozenset(column_name(body) for kind, body in walk(expression) if kind == "ColumnRef")
    return Check(constraint.get("conname", ""), text.in_parentheses(constraint, "check", expression), columns)


def _exclusion(constraint: Node, text: _Text) -> Keys:
    name = constraint.get("conname", "")
    start = text.word(constraint.get("location", -1), "exclude")
    items = [unwrap(item)[1].get("items", ({},))[0].get("IndexElem", {}) for item in constraint.get("exclusions", ())]
    opening = text.sign(start, "(")
    if opening is None:
        return Keys(name, (None,) * len(items))
    predicate = None
    if constraint.get("where_clause"):
        where = text.word_after(text.after(opening), "where")
        predicate = text.in_brackets(text.sign(where, "("), constraint["where_clause"])
    return Keys(name, text.key_texts(opening, items), predicate)


def _changed(node: Node, commands: list[Node], text: _Text) -> Iterator[tuple[str, str | None]]:
    """Yield the columns whose default or expression an ALTER TABLE changes, and the new text where it is plain."""
    for i, command in enumerate(commands):
        match command.get("subtype"):
            case "AT_ColumnDefault" | "AT_CookedColumnDefault":
                expression = command.get("def")
                yield command["name"], text.new_default(node, i, len(commands), expression) if expression else None
            case "AT_SetExpression" | "AT_DropExpression" | "AT_DropColumn" | "AT_AddIdentity":
                yield command["name"], None


def _index(node: Node, text: _Text) -> Keys:
    items = [item.get("IndexElem", {}) for item in node.get("indexParams", ())]
    name = node.get("idxname", "")
    predicate = node.get("whereClause")
    if predicate is None and not any("expr" in item for item in items):
        return Keys(name, (None,) * len(items))
    opening = text.sign(text.token_at(node.get("relation", {}).get("location", -1)), "(")
    if opening is None:
        return Keys(name, (None,) * len(items))
    keys = text.key_texts(opening, items)
    where = text.word_after(text.after(opening), "where") if predicate else None
    return Keys(name, keys, None if where is None else text.stripped(where + 1, len(text.tokens), predicate))


# -- the text --------------------------------------------------------------------------------------------------------


class _Text:
    """The tokens of a statement, and what can be cut out of it."""

    def __init__(self, text: str) -> None:
        self._text = text

    @cached_property
    def tokens(self) -> list[Token]:
        """The tokens of the statement, comments left out."""
        return _scan(self._text)

    @cached_property
    def _starts(self) -> list[int]:
        """Where each token starts, in bytes, as the tree counts."""
        if self._text.isascii():
            return [token.start for token in self.tokens]
        starts, position, size = [], 0, 0
        for token in self.tokens:
            size += len(self._text[position : token.start].encode())
            position = token.start
            starts.append(size)
        return starts

    def token_at(self, location: int) -> int | None:
        """Return the token that starts at a byte offset."""
        found = bisect_left(self._starts, location)
        return found if found < len(self._starts) and self._starts[found] == location else None

    def word(self, location: int, word: str) -> int | None:
        """Return the token that is the keyword, at a byte offset or after the ``CONSTRAINT name`` that stands there."""
        return self.word_after(self.token_at(location), word, within=3)

    def word_after(self, start: int | None, word: str, within: int | None = None) -> int | None:
        """Return the first token from ``start`` on, outside of brackets, that is the keyword."""
        if start is None:
            return None
        depth = 0
        end = len(self.tokens) if within is None else min(len(self.tokens), start + within)
        for i in range(start, end):
            token = self.tokens[i]
            depth += _DEPTH.get(token.text, 0)
            if depth == 0 and token.text.lower() == word:
                return i
        return None

    def sign(self, start: int | None, sign: str) -> int | None:
        """Return the first token from ``start`` on that is the sign."""
        if start is None:
            return None
        return next((i for i in range(start, len(self.tokens)) if self.tokens[i].text == sign), None)

    def closing(self, opening: int) -> int | None:
        """Return the bracket that closes the one at ``opening``."""
        depth = 0
        for i in range(opening, len(self.tokens)):
            depth += _DEPTH.get(self.tokens[i].text, 0)
            if depth == 0:
                return i
        return None

    def after(self, opening: int) -> int | None:
        """Return the token after the bracket that closes the one at ``opening``."""
        end = self.closing(opening)
        return None if end is None else end + 1

    def item_end(self, start: int) -> int:
        """Return where the item of a list that begins at ``start`` ends: at a comma or the list's closing bracket."""
        depth = 0
        for i in range(start, len(self.tokens)):
            text = self.tokens[i].text
            depth += _DEPTH.get(text, 0)
            if depth < 0 or (depth == 0 and text == ","):
                return i
        return len(self.tokens)

    def in_parentheses(self, constraint: Node, word: str, expression: Any) -> str | None:
        """Return the expression in the parentheses after the keyword of a constraint."""
        location = constraint.get("location", -1)
        start = self.word_after(self.token_at(location), word, within=6)  # CONSTRAINT name GENERATED ALWAYS AS (
        return self.in_brackets(None if start is None else start + 1, expression)

    def in_brackets(self, opening: int | None, expression: Any) -> str | None:
        """Return the expression in the parentheses that open there."""
        if opening is None or opening >= len(self.tokens) or self.tokens[opening].text != "(":
            return None
        end = self.closing(opening)
        return None if end is None else self.stripped(opening + 1, end, expression)

    def stripped(self, start: int, end: int, expression: Any) -> str | None:
        """Return the expression without parentheses around the whole of it."""
        while end - start > 2 and self.tokens[start].text == "(" and self.closing(start) == end - 1:
            start, end = start + 1, end - 1
        return self.verified(start, end, expression)

    def key_texts(self, opening: int, items: list[Node]) -> tuple[str | None, ...]:
        """Return the expressions among the keys of an index: a call, or anything in parentheses."""
        texts: list[str | None] = []
        start = opening + 1
        for item in items:
            end = self.item_end(start)
            text = None
            if "expr" in item:
                bracket = self.sign(start, "(")
                last = None if bracket is None or bracket >= end else self.closing(bracket)
                text = None if last is None else self.verified(start, last + 1, item["expr"])
            texts.append(text)
            start = end + 1
        return tuple(texts)

    def new_default(self, node: Node, number: int, count: int, expression: Any) -> str | None:
        """Return what follows SET DEFAULT in one of the commands of an ALTER TABLE."""
        start = self.token_at(node.get("relation", {}).get("location", -1))
        if start is None:
            return None
        commands = []
        while start < len(self.tokens):
            end = self.item_end(start)
            commands.append((start, end))
            start = end + 1
        if len(commands) != count:
            return None
        first, end = commands[number]
        while (word := self.word_after(first, "default")) is not None and word < end:
            if self.tokens[word - 1].text.lower() == "set":
                return self.bare_default(word + 1, end, expression)
            first = word + 1
        return None

    def bare_default(self, start: int, end: int, expression: Any) -> str | None:
        """Return a default, without parentheses around the whole where that is the same.

        The grammar takes less after DEFAULT than elsewhere (``b_expr``), and Alembic puts defaults beside an ``=``.
        """
        whole = self.verified(start, end, expression)
        bare = self.stripped(start, end, expression) if whole is not None and whole[0] == "(" else whole
        if bare is None or bare == whole:
            return whole
        try:
            column, beside = grammar.parse(f"CREATE TABLE t (c int DEFAULT {bare} NOT NULL); SELECT c = {bare}")
        except (grammar.GrammarError, ValueError):
            return whole
        found = [body["raw_expr"] for _, body in walk(column) if body.get("contype") == "CONSTR_DEFAULT"]
        found += [item["ResTarget"]["val"]["A_Expr"].get("rexpr") for item in beside["SelectStmt"]["targetList"]]
        return bare if without_locations(found) == [without_locations(expression)] * 2 else whole

    def verified(self, start: int, end: int, expression: Any) -> str | None:
        """Return the tokens as text, if they parse to the expression."""
        if not self.tokens[start:end] or not expression:
            return None
        text = self._line(start, end)
        return text if _tree(text) == without_locations(expression) else None

    def _line(self, start: int, end: int) -> str:
        """Lay the tokens out on one line; what is inside a token (a literal, a quoted name) stays as it is."""
        parts: list[str] = []
        previous: Token | None = None
        for token in self.tokens[start:end]:
            if previous is not None and self._is_apart(previous, token):
                parts.append(" ")
            parts.append(token.text)
            previous = token
        return "".join(parts)

    def _is_apart(self, before: Token, after: Token) -> bool:
        gap = self._text[before.end : after.start]
        broken = "\n" in gap and (before.text in _OPENING or after.text in _CLOSING)
        return bool(gap) and not broken
