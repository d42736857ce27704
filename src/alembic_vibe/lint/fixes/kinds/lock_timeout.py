"""A strong lock without a limit → ``SET LOCAL lock_timeout`` as the first statement of the function."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from alembic_vibe.lint.actions import SetVariable
from alembic_vibe.lint.fixes.model import Edit, Plan, Refusal
from alembic_vibe.lint.fixes.page import is_autocommit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from alembic_vibe.diagnostics import Diagnostic
    from alembic_vibe.lint.fixes.page import Page
    from alembic_vibe.lint.model import Direction

SLUGS = ("lock-timeout-missing",)
STAGE = 90

LIMIT = "2s"


def plan(page: Page, findings: Sequence[Diagnostic]) -> Plan:
    """Limit, once in each function that has such findings, how long it waits."""
    made = Plan()
    repaired: set[Direction] = set()
    for finding in findings:
        try:
            direction, edits = _edits(page, finding)
        except Refusal as refusal:
            made.left.append((finding, str(refusal)))
            continue
        made.solved.append(finding)
        if direction not in repaired:
            repaired.add(direction)
            made.edits += edits
    return made


def _edits(page: Page, finding: Diagnostic) -> tuple[Direction, list[Edit]]:
    page.require_postgresql()
    direction = _direction(page, finding)
    function = page.functions[direction]
    body = page.body(function)
    first = body[0]
    if not page.op:
        raise Refusal("the revision does not import `op`")
    if first.lineno == function.lineno or page.text[page.start(first.lineno) : page.span(first).start].strip():
        raise Refusal("the function is written in one line")
    if isinstance(first, ast.With) and len(body) == 1 and is_autocommit(first, page.op):
        return direction, _around(page, first, direction)
    for statement in body:
        if isinstance(statement, ast.With) and is_autocommit(statement, page.op):
            raise Refusal("an autocommit block stands before it or around it, beside other statements")
        if page.span(statement).end > page.span_of(finding).start:
            break
    if _limits(page, first, direction):
        raise Refusal("the limit at the start of the function has ended there")
    line = _head_end(page, function, first)
    at = page.start(line)
    call = f"{page.op}.execute(\"SET LOCAL lock_timeout = '{LIMIT}'\")"
    return direction, [Edit(at, at, f"{page.indent_of(first.lineno)}{call}{page.newline}")]


def _direction(page: Page, finding: Diagnostic) -> Direction:
    """Return the function in whose own text a finding stands."""
    span = page.span_of(finding)
    for direction, function in page.functions.items():
        around = page.span(function)
        if around.start <= span.start and span.end <= around.end:
            return direction
    raise Refusal("it does not stand in upgrade() or downgrade() itself")


def _around(page: Page, block: ast.With, direction: Direction) -> list[Edit]:
    """Limit a function that is one autocommit block: SET LOCAL would have no effect there."""
    first, last = block.body[0], block.body[-1]
    if first.lineno == block.lineno:
        raise Refusal("the block is written in one line")
    if _limits(page, first, direction):
        raise Refusal("the limit at the start of the block has ended there")
    top, bottom = page.start(page.lines_of(first)[0]), page.end(last.end_lineno or last.lineno)
    indent, op, newline = page.indent_of(first.lineno), page.op, page.newline
    return [
        Edit(top, top, f"{indent}{op}.execute(\"SET lock_timeout = '{LIMIT}'\"){newline}"),
        Edit(bottom, bottom, f'{newline}{indent}{op}.execute("RESET lock_timeout")'),
    ]


def _limits(page: Page, statement: ast.stmt, direction: Direction) -> bool:
    """Whether a statement sets the limit already."""
    actions = [action for read in page.reads(direction, statement) for action in read.actions]
    return any(isinstance(action, SetVariable) and action.name == "lock_timeout" for action in actions)


def _head_end(page: Page, function: ast.FunctionDef, first: ast.stmt) -> int:
    """Return the line behind the docstring, or behind the ``def``; blank lines there stay above."""
    docstring = function.body[0]
    line = _signature_end(page, function, first) if docstring is first else docstring.end_lineno or docstring.lineno
    line += 1
    while line < first.lineno and not page.line(line).strip():
        line += 1
    return line


def _signature_end(page: Page, function: ast.FunctionDef, first: ast.stmt) -> int:
    """Return the last line of ``def …:``: comments and blank lines are all that may stand behind it."""
    line = first.lineno - 1
    while line > function.lineno and (not page.line(line).strip() or page.line(line).lstrip().startswith("#")):
        line -= 1
    return line
