"""What is said of a database that a document cannot describe as a whole (AV846, AV848)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.describe.selection import shown
from alembic_vibe.diagnostics import Rule, Severity

if TYPE_CHECKING:
    from collections.abc import Collection

    from alembic_vibe.catalog.keys import Key
    from alembic_vibe.describe.model import Omission
    from alembic_vibe.diagnostics import Diagnostic

LEFT_OUT = Rule(
    code="AV846",
    slug="left-out-of-description",
    severity=Severity.WARNING,
    summary="Something that a database has is not in the specification that was written from it.",
    why="A specification can have what its own SQL makes on any database. What reaches outside, or is known by its "
    "name only, is left as it is: what a specification never had is never dropped.",
    fix="Nothing has to be done. To have it managed, write its statement into Section 5 yourself.",
    bad="CREATE COLLATION german (provider = icu, locale = 'de');\nCREATE TABLE words (word text COLLATE german);",
    good="CREATE TABLE words (word text);",
)
DIFFERENT = Rule(
    code="AV848",
    slug="described-differently",
    severity=Severity.WARNING,
    summary="Something reads back differently from the specification that was written from a database.",
    why="PostgreSQL prints a few things in a way that means another thing when it is read again.",
    fix="Compare the statement in Section 5 with the database, and write it as it was meant.",
    bad="CREATE TABLE runs (state varchar(9) CHECK (state::text = ANY (ARRAY['a'::varchar, 'b'::varchar]::text[])));",
    good="CREATE TABLE runs (state varchar(9) CHECK (state IN ('a', 'b')));",
)
RULES = (LEFT_OUT, DIFFERENT)


def left_out(omission: Omission) -> Diagnostic:
    """Say that an object is not in the document."""
    return LEFT_OUT.diagnostic(f"{shown(omission.key)} is not in the specification: {omission.reason}")


def different(keys: Collection[Key]) -> tuple[Diagnostic, ...]:
    """Say which objects read back differently."""
    return tuple(DIFFERENT.diagnostic(f"{key} reads back differently") for key in sorted(keys))
