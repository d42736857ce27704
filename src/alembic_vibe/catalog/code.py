"""What is stored as a query or as code: views, functions, rules, triggers, policies."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from alembic_vibe.catalog.columns import Column, Options
    from alembic_vibe.catalog.keys import Key


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A view or materialised view. ``query`` is ``pg_get_viewdef`` without the closing semicolon."""

    key: Key
    query: str
    columns: tuple[Column, ...] = ()
    options: Options = ()  # security_invoker, security_barrier, check_option; storage parameters
    populated: bool = True
    unlogged: bool = False
    tablespace: str | None = None
    owner: str | None = None
    comment: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Function:
    """A function or procedure: ``definition`` is ``pg_get_functiondef``."""

    key: Key  # member = identity argument types
    procedure: bool
    definition: str
    language: str = field(compare=False)
    source: str | None = field(default=None, compare=False)  # the body of a function that is stored as text
    returns: str | None = field(default=None, compare=False)
    owner: str | None = None
    comment: str | None = None
    shadowed: bool = field(default=False, compare=False)  # PostgreSQL has one of that name, and finds it first


@dataclass(frozen=True, slots=True, kw_only=True)
class Aggregate:
    """An aggregate: ``definition`` is a complete CREATE AGGREGATE."""

    key: Key
    definition: str
    owner: str | None = None
    comment: str | None = None
    shadowed: bool = field(default=False, compare=False)  # PostgreSQL has one of that name, and finds it first


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rewrite rule other than a view's own."""

    key: Key
    definition: str
    enabled: str = "origin"
    comment: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """A trigger. ``enabled`` is ``origin`` (the default), ``disabled``, ``replica`` or ``always``."""

    key: Key
    definition: str
    constraint: bool = False
    enabled: str = "origin"
    inherited: bool = False  # cloned from the partitioned parent
    comment: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """A row-level security policy."""

    key: Key
    command: str  # ALL, SELECT, INSERT, UPDATE or DELETE
    permissive: bool = True
    roles: tuple[str, ...] = ("public",)
    using: str | None = None
    check: str | None = None
    comment: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventTrigger:
    """An event trigger of the database."""

    key: Key
    event: str
    function: str
    tags: tuple[str, ...] = ()
    enabled: str = "origin"
    owner: str | None = None
    comment: str | None = None
