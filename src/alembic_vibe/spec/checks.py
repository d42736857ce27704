"""What is wrong with a Section 5 as a piece of writing: missing, empty, ambiguous, blanks, fences."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import Severity
from alembic_vibe.source import Span
from alembic_vibe.spec import rules
from alembic_vibe.spec.headings import sounds_like_data, title_score
from alembic_vibe.spec.labels import normal_name
from alembic_vibe.spec.locate import CHAPTER
from alembic_vibe.spec.markdown import Block, BlockKind
from alembic_vibe.spec.placeholders import Placeholder, find_placeholders
from alembic_vibe.spec.settings import PRIMARY_DATABASE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from alembic_vibe.diagnostics import Diagnostic
    from alembic_vibe.source import Source
    from alembic_vibe.spec.headings import Heading
    from alembic_vibe.spec.locate import Chapter
    from alembic_vibe.spec.markdown import Document
    from alembic_vibe.spec.model import Item, Label, Section
    from alembic_vibe.spec.sections import Division

_OTHER_DIALECTS = {
    "mysql": "MySQL",
    "mariadb": "MariaDB",
    "tsql": "SQL Server",
    "mssql": "SQL Server",
    "plsql": "Oracle",
    "oracle": "Oracle",
    "sqlite": "SQLite",
    "sqlite3": "SQLite",
    "cql": "Cassandra",
    "bigquery": "BigQuery",
    "snowflake": "Snowflake",
}
_LOOKS_LIKE_SQL = re.compile(
    r"^\s*(?:create\s+(?:or\s+replace\s+)?(?:unique\s+|unlogged\s+|materialized\s+)?"
    r"(?:table|index|type|view|function|procedure|trigger|extension|schema|domain|sequence|policy|role)\b"
    r"|alter\s+(?:table|type|index)\b|insert\s+into\b|comment\s+on\b|grant\s+\w+.*\bto\b)",
    re.IGNORECASE,
)
_NEAREST = 3


def missing_section(source: Source, headings: tuple[Heading, ...]) -> Diagnostic:
    """Say that there is no Section 5, and which headings come nearest to it."""
    near = [h for h in headings if h.parts[:1] == (CHAPTER,) or sounds_like_data(h.title)]
    near.sort(key=lambda h: (-title_score(h.title), h.parts[:1] != (CHAPTER,)))
    notes = tuple(f"line {h.block.first}: {'#' * h.level} {h.block.text}" for h in (near or list(headings))[:_NEAREST])
    if not source.text.strip():
        message = "the document is empty"
    elif not headings:
        message = "the document has no headings, so no Section 5 either"
    else:
        message = "no heading is numbered 5 or named “Database Architecture & Schema Design”"
    if near:
        message += f"; the nearest is “{near[0].block.text}” (line {near[0].block.first})"
    span = near[0].span if near else Span(0, 0)
    return rules.SECTION_MISSING.diagnostic(message, source=source, span=span, notes=notes)


def rivals(source: Source, chapter: Chapter, others: tuple[Chapter, ...]) -> Iterator[Diagnostic]:
    """Report sections that look like Section 5 as well: an error where both have SQL."""
    for other in others:
        both = chapter.has_sql and other.has_sql
        line = chapter.heading.block.first
        message = f"“{other.heading.block.text}” looks like Section 5 as well as line {line}"
        if not both:
            message += f", which is the one that is read because {'it' if chapter.has_sql else 'neither'} has SQL"
        severity = Severity.ERROR if both else Severity.WARNING
        yield rules.SECTION_AMBIGUOUS.diagnostic(message, source=source, span=other.heading.span, severity=severity)


def contents(source: Source, chapter: Chapter, sections: tuple[Section, ...]) -> Iterator[Diagnostic]:
    """Report a Section 5 that is empty or holds no SQL."""
    if any(section.blocks for section in sections):
        return
    heading = chapter.heading
    if not any(s.labels or s.items or s.asides for s in sections):
        message = f"“{heading.block.text}” is empty"
        yield rules.SECTION_EMPTY.diagnostic(message, source=source, span=heading.span)
    else:
        message = f"“{heading.block.text}” has no SQL in it, so there is no table to compile"
        yield rules.SECTION_WITHOUT_SQL.diagnostic(message, source=source, span=heading.span)


def fences(document: Document, chapter: Chapter) -> list[Diagnostic]:
    """Report fences that are not closed, not labelled, or labelled as another database."""
    found: list[Diagnostic] = []
    source = document.source
    wrappers: set[int] = set()
    for extent in chapter.extents:
        for block in document.blocks[extent.start : extent.end]:
            if block.wrapper is not None:
                wrappers.add(block.wrapper)
            if block.kind is BlockKind.FENCE:
                found.extend(_fence(source, block))
            elif block.kind is BlockKind.CODE and (block.text.startswith(("```", "~~~")) or _is_sql_like(block)):
                message = "this SQL is indented by four spaces or more, which makes it text in Markdown"
                help_text = "Indent the fence no deeper than the text of the list item that it belongs to."
                found.append(
                    rules.FENCE_UNLABELLED.diagnostic(message, source=source, span=block.lines[0].span, help=help_text)
                )
    for number in sorted(wrappers):
        wrapper = document.wrappers[number]
        if not wrapper.closed:
            message = "this markdown fence is never closed; everything to the end of the document is read as its inside"
            found.append(
                rules.FENCE_UNCLOSED.diagnostic(
                    message, source=source, span=_line(source, wrapper.first), severity=Severity.WARNING
                )
            )
    return found


def _fence(source: Source, block: Block) -> Iterator[Diagnostic]:
    span = _line(source, block.first)
    if not block.closed and block.is_sql:
        end = "the next fence opens" if _followed_by_fence(source, block) else "the document or the list item ends"
        message = f"this SQL fence is not closed before {end} (line {block.last + 1})"
        yield rules.FENCE_UNCLOSED.diagnostic(message, source=source, span=span)
    elif not block.closed:
        message = f"this fence is never closed, so that everything to line {block.last} is inside it"
        yield rules.FENCE_UNCLOSED.diagnostic(message, source=source, span=span)
    if block.language in _OTHER_DIALECTS:
        message = f"this fence is labelled as {_OTHER_DIALECTS[block.language]} and is left out"
        yield rules.FENCE_OTHER_DIALECT.diagnostic(message, source=source, span=span)
    elif not block.language and _is_sql_like(block):
        message = "this fence looks like SQL, but is not labelled `sql`, so it is left out"
        yield rules.FENCE_UNLABELLED.diagnostic(message, source=source, span=span)


def _followed_by_fence(source: Source, block: Block) -> bool:
    return source.line_text(block.last + 1).lstrip(" \t>").startswith(("```", "~~~"))


def _is_sql_like(block: Block) -> bool:
    return any(_LOOKS_LIKE_SQL.match(line.text) for line in block.lines)


def _line(source: Source, number: int) -> Span:
    """The text of a line without its indentation."""
    text = source.line_text(number)
    start = source.line_span(number, number).start
    return Span(start + len(text) - len(text.lstrip()), start + len(text.rstrip()))


def repeated_numbers(source: Source, division: Division) -> Iterator[Diagnostic]:
    """Report subsections whose number is already taken."""
    for section, number in division.repeated:
        first = next(s for s in division.sections if s.number == number)
        line = source.position(first.heading_span.start).line
        message = f"section number {number} is used again (first in line {line}: “{first.title}”)"
        yield rules.NUMBER_REPEATED.diagnostic(message, source=source, span=section.heading_span)


def placeholders(source: Source, sections: Iterable[Section]) -> Iterator[Diagnostic]:
    """Report blanks in headings, labels and lists; the primary database has an error of its own."""
    for section in sections:
        yield from _template_number(source, section)
        for heading in section.headings:
            yield from _blanks(source, heading.text, heading.span, "this heading")
        for label in section.labels:
            if normal_name(label.name) not in PRIMARY_DATABASE:
                yield from _label_blanks(source, label)
        for item in section.items:
            yield from _item_blanks(source, item)


def _template_number(source: Source, section: Section) -> Iterator[Diagnostic]:
    text = source.text[section.heading_span.start : section.heading_span.end]
    found = find_placeholders(text)
    if found:
        yield from _blanks(source, text, section.heading_span, f"the heading of section {section.number}")
    elif section.number.split("-")[0].endswith(".X"):
        message = f"“{text}” still has the template's number {section.number}"
        yield rules.PLACEHOLDER.diagnostic(
            message, source=source, span=section.heading_span, help="Give the section the next free number."
        )


def _label_blanks(source: Source, label: Label) -> Iterator[Diagnostic]:
    yield from _blanks(source, label.name, label.span, "this label")
    text = source.text[label.value_span.start : label.value_span.end]
    yield from _blanks(source, text, label.value_span, f"“{label.name}”")
    for item in label.items:
        yield from _item_blanks(source, item)


def _item_blanks(source: Source, item: Item) -> Iterator[Diagnostic]:
    yield from _blanks(source, source.text[item.span.start : item.span.end], item.span, "this line")


def _blanks(source: Source, text: str, span: Span, what: str) -> Iterator[Diagnostic]:
    """Report the first blank of a text: one finding for one line to write."""
    found = find_placeholders(text)
    if not found:
        return
    place = span
    if source.text[span.start : span.start + len(text)] == text:
        place = Span(span.start + found[0].start, span.start + found[0].end)
    yield rules.PLACEHOLDER.diagnostic(
        f"{what} is still the template's {_quoted(found)}", source=source, span=place, help=_advice(found[0])
    )


def _quoted(found: tuple[Placeholder, ...]) -> str:
    return ", ".join(placeholder.text for placeholder in found)


def _advice(placeholder: Placeholder) -> str:
    if placeholder.choices:
        return "Choose one: " + ", or ".join(f"“{choice}”" for choice in placeholder.choices) + "."
    return rules.PLACEHOLDER.fix
