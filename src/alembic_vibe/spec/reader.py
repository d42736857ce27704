"""The read stage: Markdown document → ``Spec``, with everything that is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import Diagnostic, Severity
from alembic_vibe.source import Source, Span
from alembic_vibe.spec import checks, rules, settings
from alembic_vibe.spec.locate import Chapter, locate
from alembic_vibe.spec.markdown import Document, parse
from alembic_vibe.spec.model import Spec
from alembic_vibe.spec.sections import divide

if TYPE_CHECKING:
    from pathlib import Path

# Errors that say nothing about the SQL.
_SQL_MAY_BE_RIGHT = frozenset({rules.DATABASE_UNDECIDED.code, rules.DATABASE_TOO_OLD.code})


@dataclass(frozen=True)
class SpecReading:
    """What reading gave: a spec unless there are errors, and all findings in the order of the document.

    ``draft`` is the spec even where there are errors, as long as its SQL can be looked at for more of them in the same
    run (a database that is not chosen yet says nothing against the SQL; another database does). It must not be
    compiled: ``spec`` is for that.
    """

    spec: Spec | None
    diagnostics: tuple[Diagnostic, ...]
    draft: Spec | None = None

    @property
    def has_errors(self) -> bool:
        """Whether any finding is an error."""
        return any(d.severity is Severity.ERROR for d in self.diagnostics)


def read_spec(path: Path, shown_path: str | None = None) -> SpecReading:
    """Read the Section 5 of a document.

    ``shown_path`` is how diagnostics name the file (the path itself by default). Never raises for what the user may
    have done wrong: a missing file, bytes that are not UTF-8 and a document without a usable Section 5 are findings.
    """
    shown = str(path) if shown_path is None else shown_path
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return _failed(rules.FILE_MISSING.diagnostic(f"there is no file {shown}", path=shown))
    except IsADirectoryError:
        message = f"{shown} is a directory, not a Markdown document"
        return _failed(rules.UNREADABLE.diagnostic(message, path=shown, help="Give the path of the document in it."))
    except OSError as error:
        message = f"{shown} cannot be read: {error.strerror or error}"
        help_text = "Check that the file can be read by the user who runs this command."
        return _failed(rules.UNREADABLE.diagnostic(message, path=shown, help=help_text))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return _failed(_not_utf8(data, error, shown))
    return read_spec_text(Source(shown, text))


def read_spec_text(source: Source) -> SpecReading:
    """Read the Section 5 of a document that is already text."""
    document = parse(source)
    location = locate(document)
    chapter = location.chapter
    if chapter is None:
        return _failed(checks.missing_section(source, location.headings))
    found = list(checks.rivals(source, chapter, location.rivals))
    found += checks.fences(document, chapter)
    division = divide(document, chapter, settings.KNOWN_SETTINGS)
    sections = division.sections
    # SQL that a fence without an end has hidden is not missing.
    if not any(d.code == rules.FENCE_UNCLOSED.code and d.severity is Severity.ERROR for d in found):
        found += checks.contents(source, chapter, sections)
    if not any(d.code == rules.SECTION_EMPTY.code for d in found):
        overview, wrong = settings.read_overview(source, sections, chapter.heading.span)
        found += wrong
        configuration, wrong = settings.read_configuration(source, sections)
        found += wrong
        found += checks.repeated_numbers(source, division)
        found += checks.placeholders(source, sections)
    found.sort(key=lambda d: (d.span.start if d.span else -1, d.code))
    errors = {d.code for d in found if d.severity is Severity.ERROR}
    if errors - _SQL_MAY_BE_RIGHT:
        return SpecReading(None, tuple(found))
    extents = _extents(document, chapter)
    spec = Spec(
        source=source,
        span=Span(extents[0].start, extents[-1].end),
        title=chapter.heading.title,
        overview=overview,
        configuration=configuration,
        sections=sections,
        extents=extents,
    )
    return SpecReading(None if errors else spec, tuple(found), spec)


def _extents(document: Document, chapter: Chapter) -> tuple[Span, ...]:
    blocks = document.blocks
    return tuple(
        document.source.line_span(blocks[extent.start].first, max(b.last for b in blocks[extent.start : extent.end]))
        for extent in chapter.extents
    )


def _failed(diagnostic: Diagnostic) -> SpecReading:
    return SpecReading(None, (diagnostic,))


def _not_utf8(data: bytes, error: UnicodeDecodeError, shown: str) -> Diagnostic:
    """Say where the first wrong byte is, with the line as it can be shown."""
    message = f"byte 0x{data[error.start]:02x} is not valid UTF-8"
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        message = "the document is UTF-16, not UTF-8"
    before = data[: error.start].decode("utf-8", errors="replace")
    source = Source(shown, data.decode("utf-8", errors="replace"))
    offset = len(before)
    return rules.UNREADABLE.diagnostic(message, source=source, span=Span(offset, offset + 1))
