"""The account of ``lint`` for people: how much was looked at, how far, and what was found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import Severity

if TYPE_CHECKING:
    from alembic_vibe.lint.runs import Outcome

_NOUNS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


def lint_lines(outcome: Outcome) -> list[str]:
    """Return the closing lines, such as ``4 revisions linted, 1 only in part; 2 errors, 1 warning.``."""
    note = outcome.result.note
    lines = [f"{note[0].upper()}{note[1:]}."] if note else []
    lines.append(f"{_linted(outcome)}; {_found(outcome)}.")
    if outcome.written is not None:
        lines.append(f"The baseline lists {_plural(outcome.written, 'finding')}.")
    return lines


def _linted(outcome: Outcome) -> str:
    result = outcome.result
    if not result.linted:
        return f"No revisions to lint ({result.chain:,} in the chain)" if result.chain else "No revisions to lint"
    partly = f", {outcome.partial:,} only in part" if outcome.partial else ""
    return f"{_plural(result.linted, 'revision')} linted{partly}"


def _found(outcome: Outcome) -> str:
    counts = {severity: outcome.count(severity) for severity in Severity}
    parts = [_plural(count, _NOUNS[severity]) for severity, count in counts.items() if count] or ["nothing found"]
    if outcome.hidden and outcome.written is None:
        parts.append(f"{outcome.hidden:,} hidden by the baseline")
    return ", ".join(parts)


def _plural(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
