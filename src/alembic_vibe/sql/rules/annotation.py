"""AV225 and AV226: instructions in comments that do nothing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import Rule, Severity
from alembic_vibe.sql import grammar
from alembic_vibe.sql.comments import INSTRUCTIONS
from alembic_vibe.sql.identifiers import read_name
from alembic_vibe.sql.statement import StatementKind, TargetKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.diagnostics import Diagnostic
    from alembic_vibe.source import Source, Span
    from alembic_vibe.sql.outline import Outline
    from alembic_vibe.sql.statement import Annotation, Statement

INVALID = Rule(
    code="AV225",
    slug="invalid-annotation",
    severity=Severity.WARNING,
    summary="An instruction in a comment is incomplete, unknown, or stands where it says nothing.",
    why="`-- renamed from:`, `-- moved from:`, `-- backfill:`, `-- convert:` and `-- vibe: ignore` need a value and "
    "something to act on.",
    fix=(
        "write `-- renamed from: old_name`, `-- moved from: old_table.old_column`, `-- backfill: expression`, "
        "`-- convert: expression` or `-- vibe: ignore AV250 reason`"
    ),
    bad="-- vibe: ignore\nCREATE TABLE teams (id bigint PRIMARY KEY);",
    good="-- renamed from: groups\nCREATE TABLE teams (id bigint PRIMARY KEY);",
)
UNUSED = Rule(
    code="AV226",
    slug="unused-ignore",
    severity=Severity.INFO,
    summary="An ignore has nothing to ignore.",
    why="An ignore that outlives its reason would hide the next finding.",
    fix="delete the comment",
    bad="-- vibe: ignore AV258 no key needed\nCREATE TABLE teams (id bigint PRIMARY KEY);",
    good="-- vibe: ignore AV258 a log is only appended to\nCREATE TABLE team_log (line text NOT NULL);",
)
RULES = (INVALID, UNUSED)

_CODE = re.compile(r"[A-Z]{2}\d{3}\b")
_EXPRESSIONS = ("backfill", "convert")
_COLUMNS_ONLY = ("moved from", *_EXPRESSIONS)


def check(statement: Statement, _outline: Outline) -> Iterator[Diagnostic]:
    """Report instructions without a value, in the wrong place or said twice, ignores without a code, unknown words."""
    seen = set()
    for annotation in statement.annotations:
        what = (annotation.name, annotation.target_kind, annotation.target)
        problem, severity = _problem(statement, annotation), Severity.WARNING
        if not problem and annotation.name in INSTRUCTIONS:
            problem = f"`{annotation.name}:` is said twice here" if what in seen else _bad_value(annotation)
            severity = Severity.ERROR
            seen.add(what)
        if problem:
            yield INVALID.diagnostic(problem, source=statement.source, span=annotation.span, severity=severity)


def check_all(outline: Outline) -> Iterator[Diagnostic]:
    """Report instructions beside what is not checked otherwise: rows, and what clears the way."""
    for statement in outline.statements:
        if statement.kind in {StatementKind.SEED, StatementKind.PREAMBLE}:
            for annotation in statement.annotations:
                if annotation.name in INSTRUCTIONS:
                    problem = f"`{annotation.name}:` does nothing here: this statement makes no table"
                    yield INVALID.diagnostic(problem, source=statement.source, span=annotation.span)


def stray(source: Source, span: Span) -> Diagnostic:
    """Report an instruction that belongs to no statement."""
    return INVALID.diagnostic(
        "this instruction belongs to nothing: it stands neither in a statement, nor directly above one or behind it",
        source=source,
        span=span,
        help="put it beside the column, or on the line above the column or statement, without an empty line between",
    )


def _problem(statement: Statement, annotation: Annotation) -> str:
    name, kind = annotation.name, annotation.target_kind
    if name == "ignore":
        return "" if _CODE.match(annotation.value) else "the ignore names no code"
    if name not in INSTRUCTIONS:
        return f"`vibe: {name}` is not known"
    if not annotation.value:
        return f"nothing follows `{name}:`"
    if kind is TargetKind.NOTHING:
        return f"`{name}:` stands under the last column: put it beside the column that it is about, or above it"
    if kind is TargetKind.COLUMN:
        return ""
    if name in _COLUMNS_ONLY:
        return f"`{name}:` is about a column: put it beside the column, or on the line above"
    if kind is TargetKind.STATEMENT and statement.node_type != "CreateStmt":
        return "`renamed from:` is for tables, columns and labels of an enum"
    if kind is TargetKind.CONSTRAINT:
        return "`renamed from:` is not needed for constraints: one with the same definition is renamed"
    return ""


def _bad_value(annotation: Annotation) -> str:
    value = annotation.value
    if annotation.name in _EXPRESSIONS:
        return "" if _is_expression(value) else f"`{value}` is not one SQL expression"
    if annotation.target_kind is TargetKind.LABEL:
        return ""
    parts = read_name(value)
    if annotation.name == "moved from":
        return (
            ""
            if len(parts) in {2, 3}
            else f"`{value}` is not the name of a column with its table, such as `users.phone`"
        )
    if annotation.target_kind is TargetKind.COLUMN:
        return "" if len(parts) == 1 else f"`{value}` is not the name of a column, without its table"
    return "" if len(parts) in {1, 2} else f"`{value}` is not the name of a table"


def _is_expression(text: str) -> bool:
    """Whether PostgreSQL's grammar takes the text for one expression."""
    if grammar.is_too_large(text):
        return False
    try:
        trees = grammar.parse(f"SELECT ({text}\n)")
    except grammar.GrammarError:
        return False
    select = trees[0].get("SelectStmt", {}) if len(trees) == 1 else {}
    targets = select.get("targetList", ())
    if len(targets) != 1 or set(select) - {"targetList", "limitOption", "op"}:
        return False
    row = targets[0].get("ResTarget", {}).get("val", {}).get("RowExpr")
    return row is None or row.get("row_format") == "COERCE_EXPLICIT_CALL"


def unused(statement: Statement, annotation: Annotation, code: str) -> Diagnostic:
    """Report an ignore of ``code`` that dropped no finding."""
    return UNUSED.diagnostic(f"there is no {code} here to ignore", source=statement.source, span=annotation.span)
