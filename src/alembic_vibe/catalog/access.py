"""Who may do what, and the namespaces in which everything lives: roles, schemas, extensions, privileges."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from alembic_vibe.catalog.keys import Key


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """A role that the spec makes. Passwords are never read."""

    key: Key
    login: bool = False
    superuser: bool = False
    inherit: bool = True
    create_db: bool = False
    create_role: bool = False
    replication: bool = False
    bypass_rls: bool = False
    connection_limit: int = -1
    settings: tuple[str, ...] = ()  # ALTER ROLE … SET
    comment: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """``GRANT role TO member``."""

    key: Key  # (MEMBERSHIP, "", role, member)
    admin: bool = False
    # PostgreSQL 16 and later:
    inherit: bool | None = None  # only where it is not what the member's own INHERIT says
    set_role: bool = True  # WITH SET


@dataclass(frozen=True, slots=True, kw_only=True)
class Schema:
    """A schema other than PostgreSQL's own; ``public`` only where it carries something."""

    key: Key
    owner: str | None = None  # only where it is not the role that runs the migrations
    comment: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Extension:
    """An installed extension; its version is the server's business."""

    key: Key
    schema: str = "public"
    relocatable: bool = field(default=True, compare=False)
    comment: str | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Privileges:
    """What one grantee may do with one object (or one column), as the difference from PostgreSQL's defaults.

    The key's member is ``<kind>[<function arguments>]:<column>:<grantee>``; ``public`` is PUBLIC.
    """

    key: Key
    target: Key
    column: str
    grantee: str
    granted: tuple[str, ...] = ()
    grantable: tuple[str, ...] = ()
    revoked: tuple[str, ...] = ()  # default privileges that were taken away


@dataclass(frozen=True, slots=True, kw_only=True)
class DefaultPrivileges:
    """ALTER DEFAULT PRIVILEGES: what later objects of ``role`` will grant. ``schema`` may be empty (all)."""

    key: Key
    role: str  # "" stands for the role that runs the migrations
    object_type: str  # TABLES, SEQUENCES, FUNCTIONS, TYPES or SCHEMAS
    grantee: str
    granted: tuple[str, ...] = ()
    grantable: tuple[str, ...] = ()
    revoked: tuple[str, ...] = ()
