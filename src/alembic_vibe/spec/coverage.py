"""Accounts for every line of Section 5: what was made of it, or why nothing was.

Statements are accounted for by the stage that parses them: it hands over one ``StatementRecord`` for each.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from alembic_vibe.spec.coverage_rules import KIND_REASONS, SETTING_RULES, CoverageStatus
from alembic_vibe.spec.labels import normal_name
from alembic_vibe.spec.model import SectionKind
from alembic_vibe.spec.placeholders import find_placeholders
from alembic_vibe.spec.settings import QUERY_TIMEOUT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from alembic_vibe.source import Source, Span
    from alembic_vibe.spec.model import Item, Label, Section, Spec, SqlBlock

__all__ = ["CoverageEntry", "CoverageStatus", "StatementRecord", "coverage"]

_SHOWN = 100


@dataclass(frozen=True, slots=True)
class StatementRecord:
    """What became of one SQL statement: its lines in the document (from 1, both included), its text and its fate."""

    first_line: int
    last_line: int
    text: str
    status: CoverageStatus
    reason: str = ""


@dataclass(frozen=True, slots=True)
class CoverageEntry:
    """What became of a line of Section 5, or of several that belong together (``line`` to ``last_line``)."""

    line: int
    text: str
    status: CoverageStatus
    reason: str
    last_line: int
    section: str

    def as_dict(self) -> dict[str, str | int]:
        """The entry for ``--format json``."""
        return {
            "line": self.line,
            "last_line": self.last_line,
            "section": self.section,
            "text": self.text,
            "status": str(self.status),
            "reason": self.reason,
        }


def coverage(spec: Spec, statements: Iterable[StatementRecord] = ()) -> tuple[CoverageEntry, ...]:
    """Return one entry for each heading, label, item and statement of a spec, in the order of the document.

    Lines of a SQL block that belong to no statement and are no comment are ``ignored``, so that nothing is passed
    over when a statement has no record.
    """
    records = sorted(statements, key=lambda record: record.first_line)
    entries = [entry for section in spec.sections for entry in _section(spec, section, records)]
    opening = spec.source.position(spec.span.start).line
    if all(entry.line != opening for entry in entries):
        text = spec.source.line_text(opening).strip()
        entries.append(CoverageEntry(opening, _short(text), CoverageStatus.COMPILED, "opens Section 5", opening, ""))
    return tuple(sorted(entries, key=lambda entry: (entry.line, entry.last_line)))


def _section(spec: Spec, section: Section, records: list[StatementRecord]) -> Iterator[CoverageEntry]:
    source = spec.source
    status = CoverageStatus.COMPILED if section.blocks else CoverageStatus.ADVISORY
    reason = f"names what its SQL compiles to: {section.slug}" if section.blocks else "a heading without SQL below it"
    heading = source.text[section.heading_span.start : section.heading_span.end]
    yield _entry(source, section, section.heading_span, heading, status, reason)
    for item in section.headings:
        yield _entry(source, section, item.span, item.text, CoverageStatus.ADVISORY, "structures the section")
    for label in section.labels:
        yield from _label(spec, section, label)
    for item in section.items:
        yield _item(source, section, item, KIND_REASONS[section.kind])
    for item in section.asides:
        reason = "not SQL: a comment, a diagram or code that is not compiled"
        yield _entry(source, section, item.span, item.text, CoverageStatus.IGNORED, reason)
    for block in section.blocks:
        yield from _block(source, section, block, records)


def _label(spec: Spec, section: Section, label: Label) -> Iterator[CoverageEntry]:
    text = f"{label.name}: {label.value}" if label.value else label.name
    status, reason = _fate(spec, section, label)
    yield _entry(spec.source, section, label.span, text, status, reason)
    for item in label.items:
        if find_placeholders(item.text):
            yield _item(spec.source, section, item, reason)
        else:
            yield _entry(spec.source, section, item.span, item.text, status, reason)


def _fate(spec: Spec, section: Section, label: Label) -> tuple[CoverageStatus, str]:
    """Say what becomes of a label: by the first rule for its name, else by the kind of its section."""
    if find_placeholders(label.value) or find_placeholders(label.name):
        return CoverageStatus.IGNORED, "still a blank of the template"
    name = normal_name(label.name)
    if name in QUERY_TIMEOUT and spec.configuration.statement_timeout_ms is None:
        return CoverageStatus.IGNORED, "states no time that can be read"
    # What stands directly below the heading of Section 5 is read as settings too.
    kind = section.kind if "." in section.number else SectionKind.OVERVIEW
    for rule in SETTING_RULES:
        if kind in rule.kinds and rule.words.fullmatch(name):
            return rule.status, rule.reason
    return CoverageStatus.ADVISORY, KIND_REASONS[section.kind]


def _item(source: Source, section: Section, item: Item, reason: str) -> CoverageEntry:
    if find_placeholders(item.text):
        return _entry(source, section, item.span, item.text, CoverageStatus.IGNORED, "still a blank of the template")
    return _entry(source, section, item.span, item.text, CoverageStatus.ADVISORY, reason)


def _block(
    source: Source, section: Section, block: SqlBlock, records: list[StatementRecord]
) -> Iterator[CoverageEntry]:
    first = source.position(block.span.start).line
    last = source.position(max(block.span.start, block.span.end - 1)).line
    accounted: set[int] = set()
    for record in records:
        if first <= record.first_line <= last:
            accounted.update(range(record.first_line, record.last_line + 1))
            text = _short(record.text)
            yield CoverageEntry(record.first_line, text, record.status, record.reason, record.last_line, section.number)
    for run in _runs(line for line in _code_lines(source, first, last) if line not in accounted):
        text = " ".join(source.line_text(line).strip() for line in run)
        reason = "belongs to no statement that was read"
        yield CoverageEntry(run[0], _short(text), CoverageStatus.IGNORED, reason, run[-1], section.number)


def _code_lines(source: Source, first: int, last: int) -> Iterator[int]:
    """Yield the lines of a SQL block that are neither blank nor a comment as a whole."""
    in_comment = False
    for line in range(first, last + 1):
        text = source.line_text(line).strip()
        opens = in_comment or text.startswith("/*")
        in_comment = opens and "*/" not in text
        if text and not opens and not text.startswith(("--", ";")):
            yield line


def _runs(lines: Iterable[int]) -> Iterator[list[int]]:
    """Group line numbers that follow each other."""
    run: list[int] = []
    for line in lines:
        if run and line != run[-1] + 1:
            yield run
            run = []
        run.append(line)
    if run:
        yield run


def _entry(
    source: Source, section: Section, span: Span, text: str, status: CoverageStatus, reason: str
) -> CoverageEntry:
    first = source.position(span.start).line
    last = source.position(max(span.start, span.end - 1)).line
    return CoverageEntry(first, _short(text), status, reason, last, section.number)


def _short(text: str) -> str:
    """One line of a text, cut where it gets too long to be listed."""
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else line[: _SHOWN - 1] + "…"
