"""AV210 to AV219: the dialect of MySQL, where PostgreSQL's grammar stumbles over it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import Rule, Severity
from alembic_vibe.sql.rules import foreign_type, inline_enum, inline_index

if TYPE_CHECKING:
    from alembic_vibe.diagnostics import Diagnostic
    from alembic_vibe.sql.problem import SyntaxProblem

_GOOD = "CREATE TABLE teams (\n    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,\n    name text NOT NULL\n);"

AUTO_INCREMENT = Rule(
    code="AV210",
    slug="mysql-auto-increment",
    severity=Severity.ERROR,
    summary="AUTO_INCREMENT is MySQL.",
    why="PostgreSQL counts with identity columns.",
    fix="write `id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY`",
    bad="CREATE TABLE teams (\n    id INT AUTO_INCREMENT PRIMARY KEY,\n    name text NOT NULL\n);",
    good=_GOOD,
)
TABLE_OPTION = Rule(
    code="AV211",
    slug="mysql-table-option",
    severity=Severity.ERROR,
    summary="ENGINE, CHARSET and COLLATE after a table are MySQL.",
    why="PostgreSQL has one storage engine, and its databases are UTF-8.",
    fix="delete the option",
    bad="CREATE TABLE teams (\n    id bigint PRIMARY KEY\n) ENGINE=InnoDB;",
    good="CREATE TABLE teams (\n    id bigint PRIMARY KEY\n);",
)
BACKTICK = Rule(
    code="AV212",
    slug="mysql-backtick",
    severity=Severity.ERROR,
    summary="Names in backticks are MySQL.",
    why="PostgreSQL quotes names with double quotes, and most names need none.",
    fix="delete the backticks, or write double quotes where the name needs them",
    bad="CREATE TABLE `teams` (`id` bigint PRIMARY KEY);",
    good="CREATE TABLE teams (id bigint PRIMARY KEY);",
)
UNSIGNED = Rule(
    code="AV213",
    slug="mysql-unsigned",
    severity=Severity.ERROR,
    summary="UNSIGNED numbers are MySQL.",
    why="PostgreSQL's integers have a sign; a CHECK keeps them from falling below zero.",
    fix="write `stock integer NOT NULL CHECK (stock >= 0)`; bigint where the range is needed",
    bad="CREATE TABLE items (\n    id bigint PRIMARY KEY,\n    stock INT UNSIGNED NOT NULL\n);",
    good="CREATE TABLE items (\n    id bigint PRIMARY KEY,\n    stock integer NOT NULL CHECK (stock >= 0)\n);",
)
ON_UPDATE = Rule(
    code="AV216",
    slug="mysql-on-update",
    severity=Severity.ERROR,
    summary="ON UPDATE CURRENT_TIMESTAMP is MySQL.",
    why="PostgreSQL keeps such a column up to date with a trigger.",
    fix="delete it, and write a BEFORE UPDATE trigger whose function sets `NEW.updated_at := now()`",
    bad=(
        "CREATE TABLE teams (\n    id bigint PRIMARY KEY,\n"
        "    changed timestamptz DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP\n);"
    ),
    good="CREATE TABLE teams (\n    id bigint PRIMARY KEY,\n    changed timestamptz DEFAULT CURRENT_TIMESTAMP\n);",
)
COMMENT = Rule(
    code="AV218",
    slug="mysql-comment",
    severity=Severity.ERROR,
    summary="COMMENT inside CREATE TABLE is MySQL.",
    why="PostgreSQL comments on objects in statements of their own.",
    fix="write `COMMENT ON COLUMN teams.name IS '…';` after the table",
    bad="CREATE TABLE teams (\n    id bigint PRIMARY KEY,\n    name text COMMENT 'shown to members'\n);",
    good=(
        "CREATE TABLE teams (\n    id bigint PRIMARY KEY,\n    name text\n);\n"
        "COMMENT ON COLUMN teams.name IS 'shown to members';"
    ),
)
INVENTED_OPTION = Rule(
    code="AV219",
    slug="invented-option",
    severity=Severity.ERROR,
    summary="ENCRYPTED and FULL TEXT are no options of a column or an index in PostgreSQL.",
    why="PostgreSQL does not encrypt single columns, and full-text search is a GIN index on a tsvector.",
    fix=(
        "encrypt in the application and store `bytea`; for full-text search write "
        "`CREATE INDEX … USING GIN (to_tsvector('english', body))`"
    ),
    bad="CREATE TABLE people (\n    id bigint PRIMARY KEY,\n    phone text ENCRYPTED\n);",
    good="CREATE TABLE people (\n    id bigint PRIMARY KEY,\n    phone bytea\n);",
)
RULES = (AUTO_INCREMENT, TABLE_OPTION, BACKTICK, UNSIGNED, ON_UPDATE, COMMENT, INVENTED_OPTION)

_TYPES = "|".join(sorted(foreign_type.INSTEAD, reverse=True))


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE | re.MULTILINE)


# What the grammar rejects; any of these explains the error. The group ``at``, if there is one, is the place to mark.
_REJECTED = (
    (AUTO_INCREMENT, "AUTO_INCREMENT is MySQL", _pattern(r"\bAUTO_?INCREMENT\b")),
    (
        TABLE_OPTION,
        "{} after a table is MySQL",
        _pattern(r"(?<=\))\s*(?P<at>(?:ENGINE|(?:DEFAULT\s+)?CHARSET|(?:DEFAULT\s+)?CHARACTER\s+SET|ROW_FORMAT)\b)"),
    ),
    (BACKTICK, "names in backticks are MySQL", _pattern(r"`[^`\n]*`")),
    (UNSIGNED, "{} numbers are MySQL", _pattern(r"\b(?:UNSIGNED|ZEROFILL)\b")),
    (ON_UPDATE, "{} is MySQL", _pattern(r"\bON\s+UPDATE\s+(?:CURRENT_TIMESTAMP|NOW\b)")),
    (
        COMMENT,
        "COMMENT inside CREATE TABLE is MySQL",
        _pattern(r"(?<=[\w)'])\s+(?P<at>COMMENT)\s*=?(?=\s*(?:,|\)|$|\n))"),
    ),
    (
        inline_index.RULE,
        "{} inside CREATE TABLE is MySQL",
        _pattern(r"\b(?:FULLTEXT|SPATIAL)\s+(?:INDEX|KEY)\b|\bUNIQUE\s+(?:INDEX|KEY)(?=\s+\w+\s*\()"),
    ),
    (
        INVENTED_OPTION,
        "{} is no option in PostgreSQL",
        _pattern(r"\bENCRYPTED\b(?!\s+PASSWORD)|\bFULL\s+TEXT\b|\bFULLTEXT\b(?!\s+(?:INDEX|KEY)\b)"),
    ),
)
# What the grammar accepts and the server rejects: said at the same time, where the statement is MySQL already.
_ALSO = (
    (inline_enum.RULE, "an enumeration cannot be declared inside a column", _pattern(r"\bENUM(?=\s*\()")),
    (
        inline_index.RULE,
        "an index cannot be declared inside CREATE TABLE",
        _pattern(r"(?:,|^)\s*(?P<at>(?:INDEX|KEY)\s+`?\w+`?)\s*\("),
    ),
    (foreign_type.RULE, "{} is no type of PostgreSQL", _pattern(rf"(?<=[\w`])\s+(?P<at>{_TYPES})\b")),
)


def explain(problem: SyntaxProblem) -> list[Diagnostic] | None:
    """Explain a statement in MySQL's dialect: every kind of mistake once, at its first place."""
    found: dict[str, Diagnostic] = {}
    for patterns in (_REJECTED, _ALSO):
        for rule, message, pattern in patterns:
            match = pattern.search(problem.code)
            if match is None or rule.code in found:
                continue
            if rule is COMMENT and problem.text[match.end("at") :].lstrip(" =")[:1] not in {"'", '"'}:
                continue
            group = "at" if "at" in pattern.groupindex else 0
            word = " ".join(match[group].upper().split())
            found[rule.code] = rule.diagnostic(
                message.format(word),
                source=problem.source,
                span=problem.span_of(match, group),
                help=foreign_type.instead(word) if rule is foreign_type.RULE else None,
            )
        if not found:
            return None
    return list(found.values())
