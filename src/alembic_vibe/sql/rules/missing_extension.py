"""AV237: an extension that is used and not created."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import Rule, Severity
from alembic_vibe.sql.quoting import quote_identifier

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.diagnostics import Diagnostic
    from alembic_vibe.sql.outline import Outline

RULE = Rule(
    code="AV237",
    slug="missing-extension",
    severity=Severity.INFO,
    summary="A type, function or operator class of an extension is used; the extension is added.",
    why="`citext`, `gin_trgm_ops` or `uuid_generate_v4()` exist only after CREATE EXTENSION.",
    fix="write the CREATE EXTENSION into the specification, so that it says itself what it needs",
    bad="CREATE TABLE people (\n    id bigint PRIMARY KEY,\n    email citext NOT NULL\n);",
    good="CREATE EXTENSION citext;\nCREATE TABLE people (\n    id bigint PRIMARY KEY,\n    email citext NOT NULL\n);",
)
RULES = (RULE,)


def check_all(outline: Outline) -> Iterator[Diagnostic]:
    """Report each extension that the loader will add, at its first use."""
    for missing in outline.missing_extensions:
        yield RULE.diagnostic(
            f"extension {missing.name} is added, because {missing.because} needs it",
            source=missing.source,
            span=missing.span,
            help=f"write `CREATE EXTENSION IF NOT EXISTS {quote_identifier(missing.name)};` before it",
        )
