"""A finding of a rule → the diagnostic that people and programs read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import Severity
from alembic_vibe.lint.model import START, Direction
from alembic_vibe.lint.rules import opt_in
from alembic_vibe.lint.wording import table_name
from alembic_vibe.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterable

    from alembic_vibe.diagnostics import Diagnostic, Rule
    from alembic_vibe.lint.model import Finding, Place, Read, Settings
    from alembic_vibe.lint.taken import Taken
    from alembic_vibe.source import Source

MOST_LINES = 12  # of a statement that is shown


def diagnostic(
    rule: Rule,
    finding: Finding,
    source: Source,
    settings: Settings,
    *,
    usual: Place = START,
    direction: Direction | None = None,
    read: Read | None = None,
    locks: Iterable[Taken] = (),
) -> Diagnostic | None:
    """Return the diagnostic of a finding in a revision or env.py, or None where the user has switched its rule off.

    ``usual`` is where it stands if neither the finding nor ``read`` says. What ``downgrade`` does is a warning at
    most: it runs when something else has gone wrong already.
    """
    severity = finding.severity or rule.severity
    if direction is Direction.DOWNGRADE and severity is Severity.ERROR:
        severity = Severity.WARNING
    if rule.slug in settings.severities:
        chosen = settings.severities[rule.slug]
        if chosen is None:
            return None
        severity = chosen
    elif rule.slug in opt_in():
        return None
    read = finding.read or read
    place = finding.place or (read.emitted.place if read else usual)
    notes = [*finding.notes, *_lock_notes(locks)]
    if read is not None:
        notes.append(f"{'in downgrade, the' if direction is Direction.DOWNGRADE else 'the'} SQL is:\n{shown(read.sql)}")
    return rule.diagnostic(
        finding.message,
        help=finding.help,
        severity=severity,
        source=source,
        span=span_of(place, source),
        notes=tuple(notes),
    )


def span_of(place: Place, source: Source) -> Span:
    """Return a place as character offsets of its source."""
    start = source.line_span(place.line, place.line).start + place.column - 1
    end = source.line_span(place.end_line, place.end_line).start + place.end_column - 1
    return Span(start, max(start, end))


def shown(sql: str) -> str:
    """Return a statement for people: without common indentation, cut after some lines."""
    from textwrap import dedent

    first, _, rest = sql.strip().partition("\n")
    lines = [first, *dedent(rest).split("\n")] if rest else [first]
    return "\n".join(lines if len(lines) <= MOST_LINES else [*lines[: MOST_LINES - 1], "…"])


def _lock_notes(locks: Iterable[Taken]) -> Iterable[str]:
    for lock in locks:
        if lock.level.blocks:
            work = {"scan": " while the table is read whole", "build": " while an index is built"}
            work["rewrite"] = " while the table is written anew"
            name = table_name(lock.table)
            yield f"{lock.level} lock on {name}{work.get(lock.work, '')}: {lock.level.blocks} wait"
