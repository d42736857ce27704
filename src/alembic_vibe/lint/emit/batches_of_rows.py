"""Loops that go on while a statement still finds rows: each round says the same, so one round is all there is to know.

``while connection.execute(batch).rowcount: pass`` and ``if not result.rowcount: break`` ask the database something, but
only how often to say it once more. Any other use of a count of rows decides what is said.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from alembic_vibe.lint.emit.recorder import Recorder
    from alembic_vibe.lint.model import Place

# What a loop may do after it has looked whether to go on: nothing of these speaks to the database.
HARMLESS = frozenset({"sleep", "print", "debug", "info", "warning", "len", "range", "format", "commit", "begin"})


def only_repeat(recorder: Recorder) -> bool:
    """Whether the counts of rows at which a function has looked do no more than to end loops that were followed."""
    if not recorder.counted:
        return True
    loops = [node for node in ast.walk(ast.parse("\n".join(recorder.lines))) if isinstance(node, ast.While)]
    return all(any(_ends(loop, place, recorder) for loop in loops) for place in recorder.counted)


def _ends(loop: ast.While, place: Place, recorder: Recorder) -> bool:
    if _has(loop.test, place):
        return _is_harmless(loop.body) or _was_followed(loop.body, recorder)
    for number, statement in enumerate(loop.body):
        if isinstance(statement, ast.If) and _has(statement.test, place):
            leaves = len(statement.body) == 1 and isinstance(statement.body[0], ast.Break) and not statement.orelse
            return leaves and _is_harmless(loop.body[number + 1 :])
    return False


def _has(node: ast.AST, place: Place) -> bool:
    first, last = getattr(node, "lineno", 0), getattr(node, "end_lineno", 0)
    return first <= place.line <= last


def _was_followed(body: Sequence[ast.stmt], recorder: Recorder) -> bool:
    """Whether each statement of a body that may say something has been carried out."""
    lines = {emitted.place.line for emitted in recorder.statements}
    spans = {statement: range(statement.lineno, (statement.end_lineno or 0) + 1) for statement in body}
    return all(_is_harmless([statement]) or lines.intersection(span) for statement, span in spans.items())


def _is_harmless(body: Sequence[ast.stmt]) -> bool:
    calls = [node.func for statement in body for node in ast.walk(statement) if isinstance(node, ast.Call)]
    names = {call.attr if isinstance(call, ast.Attribute) else getattr(call, "id", "") for call in calls}
    return names <= HARMLESS
