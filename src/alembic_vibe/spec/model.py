"""The typed model of a Section 5: what the Markdown says, with the span of everything.

Spans are character offsets into ``Spec.source.text``.
"""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from alembic_vibe.source import Source, SourceMap, Span  # noqa: TC001  (pydantic resolves annotations at run time)


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, arbitrary_types_allowed=True, extra="forbid")


class SectionKind(StrEnum):
    """What a subsection of Section 5 is for."""

    OVERVIEW = "overview"  # 5.1
    CONFIGURATION = "configuration"  # 5.2
    FEATURE = "feature"  # 5.3 onwards: tables
    PERFORMANCE = "performance"  # 5.P
    MIGRATION = "migration"  # 5.M
    SECURITY = "security"  # 5.S


class Label(_Frozen):
    """A bold label and its value: ``**Primary Database:** PostgreSQL 15+``, or a bold list item."""

    name: str
    value: str
    span: Span
    value_span: Span
    items: tuple[Item, ...] = ()  # list items that follow a label which stands alone, such as **Database Users:**


class Item(_Frozen):
    """One line of prose or list item inside a section that is not a label of its own."""

    text: str
    span: Span


class SqlBlock(_Frozen):
    """The content of one SQL fence. ``map`` leads from offsets of ``text`` to offsets of the document."""

    index: int
    text: str
    span: Span
    map: SourceMap
    section: str  # the number of the section that holds it, such as "5.3"
    heading: str  # the nearest heading above it, such as "Users and Authentication"


class Section(_Frozen):
    """One subsection of Section 5, with everything below its heading that belongs to it."""

    number: str  # "5.3", "5.P"; made up as "5.<n>" where the document gives none
    title: str  # "Core System Tables"
    slug: str  # "core_system": a Python identifier, unique in the document
    kind: SectionKind
    span: Span
    heading_span: Span
    labels: tuple[Label, ...] = ()
    items: tuple[Item, ...] = ()
    blocks: tuple[SqlBlock, ...] = ()
    headings: tuple[Item, ...] = ()  # the headings below its own, such as "Users and Authentication"
    asides: tuple[Item, ...] = ()  # what is neither prose nor SQL: diagrams, other languages, HTML comments


class Overview(_Frozen):
    """5.1: which database, and how it is used. ``None`` where the document does not say."""

    primary_database: str | None = None
    minimum_version: int | None = None  # major version, such as 15 for "PostgreSQL 15+"
    architecture_pattern: str | None = None
    acid_compliance: str | None = None
    scaling_strategy: str | None = None


class Configuration(_Frozen):
    """5.2: pooling, time-outs (milliseconds), isolation, backup and monitoring, as the document states them."""

    connection_pooling: str | None = None
    max_connections: int | None = None
    query_timeout: str | None = None
    statement_timeout_ms: int | None = None  # the longest of the stated query time-outs
    transaction_isolation: str | None = None
    backup_strategy: str | None = None
    monitoring: str | None = None


class Spec(_Frozen):
    """A Section 5 as read: its settings and its sections in document order."""

    source: Source
    span: Span
    title: str
    overview: Overview = Field(default_factory=Overview)
    configuration: Configuration = Field(default_factory=Configuration)
    sections: tuple[Section, ...] = ()
    extents: tuple[Span, ...] = ()  # the stretches of whole lines that make it up: one, or one for each wrapper

    @property
    def blocks(self) -> tuple[SqlBlock, ...]:
        """Every SQL block, in document order."""
        return tuple(block for section in self.sections for block in section.blocks)

    def section(self, number: str) -> Section:
        """Return the section of that number; raises ``KeyError`` for an unknown one."""
        for section in self.sections:
            if section.number == number:
                return section
        raise KeyError(number)


Label.model_rebuild()
