"""Specifications made of SQL alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from alembic_vibe.source import Source, SourceMap, Span
from alembic_vibe.spec.model import Section, SectionKind, Spec, SqlBlock
from alembic_vibe.sql.parser import parse_spec

if TYPE_CHECKING:
    from collections.abc import Callable

    from alembic_vibe.sql.statement import ParsedSql


def spec_of(*blocks: str, indent: str = "") -> Spec:
    """Return a specification whose document is the blocks in fences, each line indented by ``indent``."""
    document = "## 5. Database\n"
    made = []
    for index, text in enumerate(blocks):
        document += f"\n{indent}```sql\n"
        start = len(document)
        text_starts, source_starts, position = [], [], 0
        for line in text.splitlines(keepends=True):
            text_starts.append(position)
            source_starts.append(len(document) + len(indent))
            document += indent + line
            position += len(line)
        made.append(
            SqlBlock(
                index=index,
                text=text,
                span=Span(start, len(document)),
                map=SourceMap(tuple(text_starts) or (0,), tuple(source_starts) or (start,)),
                section="5.3",
                heading="Tables",
            )
        )
        document += f"\n{indent}```\n"
    source = Source("spec.md", document)
    whole = Span(0, len(document))
    section = Section(
        number="5.3",
        title="Tables",
        slug="tables",
        kind=SectionKind.FEATURE,
        span=whole,
        heading_span=Span(0, 14),
        blocks=tuple(made),
    )
    return Spec(source=source, span=whole, title="Database", sections=(section,))


@pytest.fixture
def parse() -> Callable[..., ParsedSql]:
    """Parse blocks of SQL as a specification."""

    def run(*blocks: str, indent: str = "") -> ParsedSql:
        return parse_spec(spec_of(*blocks, indent=indent))

    return run
