"""What a description is asked for, what it is made of, and what it gives."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from alembic_vibe.catalog.catalog import Catalog
    from alembic_vibe.catalog.keys import Key
    from alembic_vibe.diagnostics import Diagnostic


@dataclass(frozen=True, slots=True)
class Wishes:
    """What of a database is not to be described.

    ``version_table`` is Alembic's own, in ``version_schema`` (empty: ``public``). ``schemas`` are somebody else's.
    ``owner`` is the role that runs the migrations: what it owns has no owner in the document. Where it is empty and
    nothing belongs to the role that read the database, the owner of most tables is taken for it.
    """

    version_table: str = "alembic_version"
    version_schema: str = ""
    schemas: Collection[str] = ()
    owner: str = ""


@dataclass(frozen=True, slots=True)
class Omission:
    """An object that the document does not have, and why."""

    key: Key
    reason: str


@dataclass(frozen=True)
class Selection:
    """The part of a catalog that is described, and what is not."""

    catalog: Catalog
    omissions: tuple[Omission, ...] = ()


@dataclass(frozen=True, slots=True)
class Fence:
    """The statements of one fence, in groups that an empty line parts, and the words above it."""

    groups: tuple[tuple[str, ...], ...]
    words: str = ""

    @property
    def statements(self) -> tuple[str, ...]:
        """All statements, in order."""
        return tuple(statement for group in self.groups for statement in group)


@dataclass(frozen=True, slots=True)
class Heading:
    """A part of a section: ``5.4.2 Relationship Tables`` with its fences."""

    title: str
    fences: tuple[Fence, ...]


@dataclass(frozen=True, slots=True)
class FeatureSection:
    """A section of tables."""

    number: str
    title: str
    context: str
    headings: tuple[Heading, ...]
    labelled: bool = True  # its number stands before the titles of its parts


@dataclass(frozen=True)
class Described:
    """A document.

    ``catalog`` is what the document says: the given catalog without what was left out, and with owners as they are
    seen by the role that runs the migrations. ``diagnostics`` tell what is not in the document. ``keys`` are the
    objects behind each statement.
    """

    text: str
    catalog: Catalog
    diagnostics: tuple[Diagnostic, ...] = ()
    keys: Mapping[str, Key] = field(default_factory=dict)
