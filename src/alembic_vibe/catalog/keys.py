"""How an object of a PostgreSQL schema is named: a kind, a schema, a name, and for parts a member."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Kind(StrEnum):
    """The kinds of object that the catalog models, in the words of PostgreSQL."""

    ROLE = "role"
    SCHEMA = "schema"
    EXTENSION = "extension"
    ENUM = "enum"
    DOMAIN = "domain"
    COMPOSITE = "composite"
    RANGE = "range"
    SEQUENCE = "sequence"
    FUNCTION = "function"  # functions, procedures and window functions
    AGGREGATE = "aggregate"
    TABLE = "table"  # ordinary and partitioned tables, and partitions
    COLUMN = "column"  # in changes only: a catalog holds the columns in their table
    CONSTRAINT = "constraint"
    INDEX = "index"
    STATISTICS = "statistics"
    VIEW = "view"
    MATERIALIZED_VIEW = "materialized view"
    RULE = "rule"
    TRIGGER = "trigger"
    POLICY = "policy"
    EVENT_TRIGGER = "event trigger"
    PRIVILEGES = "privileges"
    DEFAULT_PRIVILEGES = "default privileges"
    MEMBERSHIP = "membership"
    OTHER = "other"  # what the model only knows by name: collations, operators, publications …


class Key(NamedTuple):
    """The identity of one object.

    ``schema`` is empty for objects outside schemas. ``member`` holds what makes a part unique within ``name``: the
    column, constraint, trigger, policy or rule of a table; the argument types of a function; the grantee of privileges.
    """

    kind: Kind
    schema: str
    name: str
    member: str = ""

    @property
    def qualified(self) -> str:
        """Schema and name for people, without ``public.``: ``users``, ``billing.invoices``."""
        return self.name if self.schema in {"", "public"} else f"{self.schema}.{self.name}"

    def __str__(self) -> str:
        if self.kind in {Kind.FUNCTION, Kind.AGGREGATE}:
            return f"{self.kind} {self.qualified}({self.member})"
        if self.member:
            return f"{self.kind} {self.member} on {self.qualified}"
        return f"{self.kind} {self.qualified}"
