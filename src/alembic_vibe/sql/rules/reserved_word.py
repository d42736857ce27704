"""AV207: a reserved word of SQL as a name, without quotes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import Rule, Severity
from alembic_vibe.sql import grammar

if TYPE_CHECKING:
    from alembic_vibe.diagnostics import Diagnostic
    from alembic_vibe.sql.problem import SyntaxProblem

RULE = Rule(
    code="AV207",
    slug="reserved-word",
    severity=Severity.ERROR,
    summary="A reserved word is used as a name.",
    why="`user`, `order`, `group` and their like belong to the language; as names they work in double quotes only.",
    fix='choose another name (`users`, `orders`), or put it in double quotes: `"order"`',
    bad="CREATE TABLE order (id bigint PRIMARY KEY);",
    good="CREATE TABLE orders (id bigint PRIMARY KEY);",
)
RULES = (RULE,)

_BEFORE_NAMES = frozenset({"table", "exists", "on", "into", "update", "references", "from", "join", "(", ",", ".",
                           "view", "index", "type", "column", "function", "trigger", "to"})  # fmt: skip
# After an opening parenthesis or a comma these start clauses of their own, and are hardly meant as names.
_CLAUSES = frozenset({"constraint", "primary", "foreign", "unique", "check", "references", "select", "not", "default"})
_BEFORE_TABLES = frozenset({"table", "exists", "references", "into", "from", "join", "update"})
_PLURALS = {"user": "users", "order": "orders", "group": "groups", "table": "tables", "grant": "grants"}


def explain(problem: SyntaxProblem) -> list[Diagnostic] | None:
    """Explain a parser that gave up at a reserved word, or right after one, where a name is expected."""
    tokens = problem.tokens
    index = next((i for i, t in enumerate(tokens) if t.start >= problem.offset), len(tokens))
    for at in (index, index - 1):
        if not 0 < at < len(tokens):
            continue
        token, before = tokens[at], tokens[at - 1]
        word = token.text.lower()
        reserved = token.keyword in {grammar.RESERVED_KEYWORD, grammar.TYPE_FUNC_NAME_KEYWORD}
        if not reserved or before.text.lower() not in _BEFORE_NAMES or word in _CLAUSES:
            continue
        quoted = problem.text[: token.start] + f'"{word}"' + problem.text[token.end :]
        if not _gets_further(quoted, problem.offset):
            continue
        is_table = before.name in _BEFORE_TABLES and word in _PLURALS
        advice = f"`{_PLURALS[word]}` is a better name; else write" if is_table else "choose another name, or write"
        return [
            RULE.diagnostic(
                f"{word} is a reserved word and cannot be a name",
                source=problem.source,
                span=problem.span(token.start, token.end),
                help=f'{advice} `"{word}"`, quotes included, here and in every query',
            )
        ]
    return None


def _gets_further(text: str, offset: int) -> bool:
    try:
        grammar.parse(text)
    except grammar.GrammarError as error:
        return error.offset is not None and error.offset > offset + 2
    return True
