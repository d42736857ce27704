"""The facts about each kind of object, as PostgreSQL itself prints them.

Expressions and definitions are the server's own text (``pg_get_expr``, ``pg_get_constraintdef``, ``format_type``…),
read with ``search_path = public``: what lives in ``public`` is unqualified, everything else is qualified. Two facts
are equal when PostgreSQL would print the same for both. See the PostgreSQL manual, chapter "System Catalogs".

The classes live in modules by subject; they are imported from here.
"""

from __future__ import annotations

from dataclasses import dataclass

from alembic_vibe.catalog.access import DefaultPrivileges, Extension, Membership, Privileges, Role, Schema
from alembic_vibe.catalog.code import Aggregate, EventTrigger, Function, Policy, Rule, Trigger, View
from alembic_vibe.catalog.columns import Column, Options, SequenceOptions, TypeRef
from alembic_vibe.catalog.data_types import Composite, Domain, DomainConstraint, Enum, Range
from alembic_vibe.catalog.keys import Key  # noqa: TC001 - serialize finds the names of the fields' types here
from alembic_vibe.catalog.tables import Constraint, ConstraintKind, Index, IndexKey, Sequence, Statistics, Table

__all__ = [
    "Aggregate",
    "Column",
    "Composite",
    "Constraint",
    "ConstraintKind",
    "DefaultPrivileges",
    "Domain",
    "DomainConstraint",
    "Enum",
    "EventTrigger",
    "Extension",
    "Fact",
    "Function",
    "Index",
    "IndexKey",
    "Membership",
    "Options",
    "Other",
    "Policy",
    "Privileges",
    "Range",
    "Role",
    "Rule",
    "Schema",
    "Sequence",
    "SequenceOptions",
    "Statistics",
    "Table",
    "Trigger",
    "TypeRef",
    "View",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Other:
    """An object that the model knows by name only: it is carried by its own statement and compared by identity."""

    key: Key  # (OTHER, schema, identity, type), in the words of pg_identify_object
    comment: str | None = None

    @property
    def object_type(self) -> str:
        """What it is, such as ``collation``, ``operator`` or ``publication``."""
        return self.key.member


Fact = (
    Role
    | Membership
    | Schema
    | Extension
    | Enum
    | Domain
    | Composite
    | Range
    | Sequence
    | Function
    | Aggregate
    | Table
    | Constraint
    | Index
    | Statistics
    | View
    | Rule
    | Trigger
    | Policy
    | EventTrigger
    | Privileges
    | DefaultPrivileges
    | Other
)
