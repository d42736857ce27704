"""The facts about each kind of object, as PostgreSQL itself prints them.

Expressions and definitions are the server's own text (``pg_get_expr``, ``pg_get_constraintdef``, ``format_type``…),
read with ``search_path = public``: what lives in ``public`` is unqualified, everything else is qualified. Two facts
are equal when PostgreSQL would print the same for both. See the PostgreSQL manual, chapter "System Catalogs".
"""

from __future__ import annotations

from dataclasses import dataclass, field

from alembic_vibe.catalog.keys import Key, Kind

Options = tuple[tuple[str, str], ...]  # storage parameters and the like, sorted by name


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeRef:
    """A column's type: PostgreSQL's own spelling, and its parts for those who must spell it in another language.

    ``base`` is the element type without modifiers (``character varying``), ``modifiers`` the numbers in parentheses
    (``255``; ``10,2``; empty), ``array`` whether it is an array of it, ``key`` the user-defined type behind it.
    ``origin`` is ``base`` (built in), ``enum``, ``domain``, ``composite``, ``range`` or ``extension``.
    """

    text: str
    base: str = field(compare=False)
    modifiers: str = field(default="", compare=False)
    array: bool = field(default=False, compare=False)
    origin: str = field(default="base", compare=False)
    key: Key | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SequenceOptions:
    """How a sequence counts; all in units of the sequence."""

    type: str = "bigint"
    start: int = 1
    increment: int = 1
    minimum: int = 1
    maximum: int = 9223372036854775807
    cache: int = 1
    cycle: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a table, composite type or view."""

    name: str
    type: TypeRef
    not_null: bool = False
    default: str | None = None  # also the expression of a generated column
    generated: str = ""  # "", "stored" or "virtual"
    identity: str = ""  # "", "always" or "by default"
    identity_options: SequenceOptions | None = None
    identity_sequence: str = ""  # only where it is not the name that PostgreSQL chooses
    collation: str | None = None  # only where it differs from the type's own
    storage: str | None = None  # only where it differs from the type's own: "plain", "main", …
    compression: str | None = None
    statistics: int | None = None
    not_null_name: str | None = None  # PostgreSQL 18: only where it differs from table_column_not_null
    inherited: bool = False  # comes from a parent table or partitioned table, and not declared here
    comment: str | None = None


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
class Enum:
    """An enumerated type with its labels in order."""

    key: Key
    labels: tuple[str, ...]
    owner: str | None = None
    comment: str | None = None


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Composite:
    """A composite type made with CREATE TYPE … AS (…)."""

    key: Key
    attributes: tuple[Column, ...]
    owner: str | None = None
    comment: str | None = None


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Sequence:
    """A sequence that is not behind an identity column. ``owned_by`` is (table key, column)."""

    key: Key
    options: SequenceOptions
    unlogged: bool = False
    owned_by: tuple[Key, str] | None = None
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Aggregate:
    """An aggregate: ``definition`` is a complete CREATE AGGREGATE."""

    key: Key
    definition: str
    owner: str | None = None
    comment: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """An ordinary table, a partitioned table or a partition.

    The order of ``columns`` is the table's own; comparing ignores it (see ``diff``).
    """

    key: Key
    columns: tuple[Column, ...]
    partition_key: str | None = None  # "RANGE (created_at)": the table is partitioned
    partition_of: Key | None = None
    partition_bound: str | None = None  # "FOR VALUES FROM (…) TO (…)" or "DEFAULT"
    inherits: tuple[Key, ...] = ()  # plain inheritance, in order
    options: Options = ()
    unlogged: bool = False
    access_method: str = "heap"
    tablespace: str | None = None
    of_type: Key | None = None
    row_security: bool = False
    force_row_security: bool = False
    replica_identity: str = "default"  # "default", "nothing", "full" or "index <name>"
    owner: str | None = None
    comment: str | None = None

    def column(self, name: str) -> Column:
        """Return the column of that name; raises ``KeyError``."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)


class ConstraintKind:
    """The letters of ``pg_constraint.contype``."""

    PRIMARY = "p"
    UNIQUE = "u"
    CHECK = "c"
    EXCLUDE = "x"
    FOREIGN = "f"


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexKey:
    """One key of an index or exclusion constraint: a column or an expression, and how it is ordered."""

    column: str | None  # None: an expression
    expression: str  # as the server prints it: the quoted column name, or the expression in its parentheses
    collation: str | None = None  # only where it is not the column's own
    opclass: str | None = None  # only where it is not the default; with its parameters
    descending: bool = False
    nulls_first: bool = False
    operator: str | None = None  # exclusion constraints only


@dataclass(frozen=True, slots=True, kw_only=True)
class Constraint:
    """A table constraint. ``definition`` is ``pg_get_constraintdef``; the rest is the same fact in parts."""

    key: Key  # (CONSTRAINT, schema, table, name)
    kind: str  # a letter of ConstraintKind
    definition: str
    columns: tuple[str, ...] = ()
    expression: str | None = None  # CHECK: without the outer CHECK ( )
    references: Key | None = None  # foreign key: the other table
    reference_columns: tuple[str, ...] = ()
    on_update: str = "NO ACTION"
    on_delete: str = "NO ACTION"
    on_delete_columns: tuple[str, ...] = ()  # ON DELETE SET NULL (columns)
    match: str = "SIMPLE"
    deferrable: bool = False
    initially_deferred: bool = False
    validated: bool = True
    enforced: bool = True
    no_inherit: bool = False
    nulls_not_distinct: bool = False
    without_overlaps: bool = False
    include: tuple[str, ...] = ()
    method: str = "btree"
    keys: tuple[IndexKey, ...] = ()  # EXCLUDE
    predicate: str | None = None  # EXCLUDE … WHERE
    options: Options = ()  # of the index behind it
    inherited: bool = False  # comes from the parent table alone
    comment: str | None = None

    @property
    def name(self) -> str:
        """The constraint's own name."""
        return self.key.member

    @property
    def table(self) -> Key:
        """The key of the table that has it."""
        return Key(Kind.TABLE, self.key.schema, self.key.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """An index that stands on its own (not behind a constraint)."""

    key: Key  # (INDEX, schema, index name)
    table: Key
    definition: str
    unique: bool = False
    method: str = "btree"
    keys: tuple[IndexKey, ...] = ()
    include: tuple[str, ...] = ()
    predicate: str | None = None
    nulls_not_distinct: bool = False
    options: Options = ()
    tablespace: str | None = None
    clustered: bool = False
    valid: bool = True
    inherited: bool = False  # part of an index of the partitioned parent
    comment: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Statistics:
    """An extended statistics object."""

    key: Key
    table: Key
    definition: str
    owner: str | None = None
    comment: str | None = None


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
