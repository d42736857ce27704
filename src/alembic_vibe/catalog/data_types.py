"""Types that users make: enums, domains, composite and range types."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from alembic_vibe.catalog.columns import Column, TypeRef
    from alembic_vibe.catalog.keys import Key


@dataclass(frozen=True, slots=True, kw_only=True)
class Enum:
    """An enumerated type with its labels in order."""

    key: Key
    labels: tuple[str, ...]
    owner: str | None = None
    comment: str | None = None
    shadowed: bool = field(default=False, compare=False)  # PostgreSQL has one of that name, and finds it first


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainConstraint:
    """A CHECK of a domain."""

    name: str
    definition: str
    validated: bool = True
    comment: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Domain:
    """A domain over another type."""

    key: Key
    type: TypeRef
    not_null: bool = False
    default: str | None = None
    collation: str | None = None
    constraints: tuple[DomainConstraint, ...] = ()  # by name
    owner: str | None = None
    comment: str | None = None
    shadowed: bool = field(default=False, compare=False)  # PostgreSQL has one of that name, and finds it first


@dataclass(frozen=True, slots=True, kw_only=True)
class Composite:
    """A composite type made with CREATE TYPE … AS (…)."""

    key: Key
    attributes: tuple[Column, ...]
    owner: str | None = None
    comment: str | None = None
    shadowed: bool = field(default=False, compare=False)  # PostgreSQL has one of that name, and finds it first


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """A range type, with its multirange type's name."""

    key: Key
    subtype: str
    multirange: str
    opclass: str | None = None  # only where it is not the default
    collation: str | None = None
    canonical: str | None = None
    subtype_diff: str | None = None
    owner: str | None = None
    comment: str | None = None
    shadowed: bool = field(default=False, compare=False)  # PostgreSQL has one of that name, and finds it first
