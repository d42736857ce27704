"""What SQL statements do, in the words of a schema: the actions that rules look at and that the schema goes through.

One statement holds one action or more (``ALTER TABLE`` with several commands). Names are resolved: a table without
a schema is in the first schema of the search path, ``public`` unless the chain sets another. Types are spelled as in
``pg_type`` (``int4``, ``varchar``), with their modifiers.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from alembic_vibe.sql.tree import Node, QualifiedName


UNKNOWN_TYPE = "vibe_unknown"  # the type of a column whose class comes from a module that is not installed


@dataclass(frozen=True, slots=True)
class Type:
    """A type as written: name (schema "" for built-ins and for what the search path finds), modifiers, dimensions.

    ``words`` are modifiers that are no numbers: ``point`` of ``geometry(point, 4326)``, the mask of an interval's
    fields.
    """

    name: QualifiedName
    modifiers: tuple[int, ...] = ()
    is_array: bool = False
    words: tuple[str, ...] = ()

    @property
    def is_known(self) -> bool:
        """Whether it is a real name."""
        return self.name.name != UNKNOWN_TYPE


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression: its text as written (or PostgreSQL's print of it), and its libpg_query tree."""

    text: str
    node: Node = field(repr=False, hash=False, compare=False)


@dataclass(frozen=True, slots=True)
class ConstraintSpec:
    """A constraint as a statement writes it. ``name`` is never empty: PostgreSQL's own choice where none is given.

    ``kind``: primary, unique, foreign, check, exclude, not null.
    """

    name: str
    kind: str
    columns: tuple[str, ...] = ()
    is_named: bool = True
    expression: Expression | None = None
    valid: bool = True  # False: NOT VALID
    references: QualifiedName | None = None
    reference_columns: tuple[str, ...] = ()
    using_index: str = ""
    on_delete: str = ""  # CASCADE, SET NULL …
    deferrable: bool = False
    include: tuple[str, ...] = ()
    enforced: bool = True  # False: NOT ENFORCED, never valid
    method: str = ""  # of an exclusion constraint: gist …
    predicated: bool = False  # an exclusion constraint with WHERE


@dataclass(frozen=True, slots=True)
class ColumnSpec:
    """A column as a statement writes it, with the constraints written on it. ``generated``: stored, virtual or ""."""

    name: str
    type: Type
    not_null: bool = False
    default: Expression | None = None
    generated: str = ""
    identity: bool = False
    serial: bool = False
    collation: str = ""
    constraints: tuple[ConstraintSpec, ...] = ()
    generated_from: tuple[str, ...] = ()  # the columns that the expression of a generated column names


@dataclass(frozen=True, slots=True)
class Action:
    """The base of all actions; by itself a statement that changes no table and takes no lock that matters."""


@dataclass(frozen=True, slots=True)
class OnTable(Action):
    """An action on one table."""

    table: QualifiedName


# --- tables -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CreateTable(OnTable):
    """CREATE TABLE, CREATE TABLE AS, CREATE FOREIGN TABLE. ``partition_key`` is not None for a partitioned table."""

    columns: tuple[ColumnSpec, ...] = ()
    constraints: tuple[ConstraintSpec, ...] = ()
    if_not_exists: bool = False
    partition_of: QualifiedName | None = None
    is_default_partition: bool = False
    partition_key: tuple[str, ...] | None = None
    inherits: tuple[QualifiedName, ...] = ()
    like: tuple[QualifiedName, ...] = ()
    as_query: bool = False
    temporary: bool = False
    like_including: tuple[frozenset[str], ...] = ()  # for each of ``like``: defaults, constraints, indexes …
    typed: bool = False  # CREATE TABLE … OF a composite type
    bound: Expression | None = None  # FOR VALUES of a partition
    reads: tuple[QualifiedName, ...] = ()  # by its query


@dataclass(frozen=True, slots=True)
class DropTable(OnTable):
    """DROP TABLE, one action for each table."""

    if_exists: bool = False
    cascade: bool = False


@dataclass(frozen=True, slots=True)
class RenameTable(OnTable):
    """ALTER TABLE … RENAME TO."""

    new_name: str


@dataclass(frozen=True, slots=True)
class SetSchema(OnTable):
    """ALTER TABLE … SET SCHEMA."""

    new_schema: str


@dataclass(frozen=True, slots=True)
class AttachPartition(OnTable):
    """ALTER TABLE … ATTACH PARTITION: ``table`` is the parent. ``bound`` is its FOR VALUES clause."""

    partition: QualifiedName
    bound: Expression
    is_default: bool = False


@dataclass(frozen=True, slots=True)
class DetachPartition(OnTable):
    """ALTER TABLE … DETACH PARTITION: ``table`` is the parent. ``finalize`` ends an interrupted one."""

    partition: QualifiedName
    concurrently: bool = False
    finalize: bool = False


@dataclass(frozen=True, slots=True)
class SetRowSecurity(OnTable):
    """ENABLE, DISABLE, FORCE, NO FORCE ROW LEVEL SECURITY: what is not changed is None."""

    enabled: bool | None = None
    forced: bool | None = None


@dataclass(frozen=True, slots=True)
class RewriteTable(OnTable):
    """VACUUM FULL, CLUSTER, SET LOGGED, SET UNLOGGED, SET ACCESS METHOD, SET TABLESPACE; ``how`` is those words."""

    how: str


@dataclass(frozen=True, slots=True)
class AlterTableOther(OnTable):
    """Any other command of ALTER TABLE; ``command`` is libpg_query's name, such as ``AT_SetStatistics``."""

    command: str


@dataclass(frozen=True, slots=True)
class LockTable(OnTable):
    """LOCK TABLE; ``mode`` is the number that ``LockLevel`` has for it (1 to 8)."""

    mode: int


@dataclass(frozen=True, slots=True)
class Vacuum(OnTable):
    """VACUUM (not FULL), ANALYZE. Neither VACUUM runs in a transaction."""

    analyze_only: bool = False


# --- columns ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AddColumn(OnTable):
    """ALTER TABLE … ADD COLUMN."""

    column: ColumnSpec
    if_not_exists: bool = False


@dataclass(frozen=True, slots=True)
class DropColumn(OnTable):
    """ALTER TABLE … DROP COLUMN."""

    column: str
    if_exists: bool = False
    cascade: bool = False


@dataclass(frozen=True, slots=True)
class RenameColumn(OnTable):
    """ALTER TABLE … RENAME COLUMN."""

    column: str
    new_name: str


@dataclass(frozen=True, slots=True)
class AlterType(OnTable):
    """ALTER COLUMN … TYPE."""

    column: str
    type: Type
    using: Expression | None = None
    collation: str = ""


@dataclass(frozen=True, slots=True)
class SetNotNull(OnTable):
    """ALTER COLUMN … SET NOT NULL."""

    column: str


@dataclass(frozen=True, slots=True)
class DropNotNull(OnTable):
    """ALTER COLUMN … DROP NOT NULL."""

    column: str


@dataclass(frozen=True, slots=True)
class SetDefault(OnTable):
    """ALTER COLUMN … SET DEFAULT."""

    column: str
    default: Expression


@dataclass(frozen=True, slots=True)
class DropDefault(OnTable):
    """ALTER COLUMN … DROP DEFAULT."""

    column: str


@dataclass(frozen=True, slots=True)
class AddIdentity(OnTable):
    """ALTER COLUMN … ADD GENERATED … AS IDENTITY."""

    column: str


@dataclass(frozen=True, slots=True)
class DropExpression(OnTable):
    """ALTER COLUMN … DROP EXPRESSION, DROP IDENTITY; ``what`` is expression or identity."""

    column: str
    what: str


# --- constraints and indexes ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AddConstraint(OnTable):
    """ALTER TABLE … ADD CONSTRAINT. ``only``: not on the partitions."""

    constraint: ConstraintSpec
    only: bool = False


@dataclass(frozen=True, slots=True)
class DropConstraint(OnTable):
    """ALTER TABLE … DROP CONSTRAINT."""

    name: str
    if_exists: bool = False
    cascade: bool = False


@dataclass(frozen=True, slots=True)
class ValidateConstraint(OnTable):
    """ALTER TABLE … VALIDATE CONSTRAINT."""

    name: str


@dataclass(frozen=True, slots=True)
class RenameConstraint(OnTable):
    """ALTER TABLE … RENAME CONSTRAINT."""

    name: str
    new_name: str


@dataclass(frozen=True, slots=True)
class CreateIndex(OnTable):
    """CREATE INDEX. ``columns`` holds "" for an expression; ``name`` is PostgreSQL's own choice where none is given."""

    name: str
    columns: tuple[str, ...]
    include: tuple[str, ...] = ()
    unique: bool = False
    concurrently: bool = False
    if_not_exists: bool = False
    only: bool = False
    method: str = "btree"
    predicate: Expression | None = None
    nulls_not_distinct: bool = False
    is_named: bool = True
    expressions_use: tuple[str, ...] = ()  # the columns that its expressions and predicate name
    key_names: tuple[str, ...] = ()  # what PostgreSQL calls its columns (``lower``, ``expr``) when it chooses a name


@dataclass(frozen=True, slots=True)
class DropIndex(Action):
    """DROP INDEX, one action for each index."""

    index: QualifiedName
    concurrently: bool = False
    if_exists: bool = False
    cascade: bool = False


@dataclass(frozen=True, slots=True)
class RenameIndex(Action):
    """ALTER INDEX … RENAME TO."""

    index: QualifiedName
    new_name: str


@dataclass(frozen=True, slots=True)
class AttachIndex(Action):
    """ALTER INDEX … ATTACH PARTITION: ``index`` is the parent's."""

    index: QualifiedName
    partition_index: QualifiedName


@dataclass(frozen=True, slots=True)
class Reindex(Action):
    """REINDEX. ``target`` is index, table, schema, database or system."""

    target: str
    name: QualifiedName
    concurrently: bool = False


# --- types ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CreateEnum(Action):
    """CREATE TYPE … AS ENUM."""

    type: QualifiedName
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AddEnumValue(Action):
    """ALTER TYPE … ADD VALUE."""

    type: QualifiedName
    label: str
    if_not_exists: bool = False
    neighbour: str = ""  # the label BEFORE (or AFTER) which it stands; "" for the end
    after: bool = False


@dataclass(frozen=True, slots=True)
class RenameEnumValue(Action):
    """ALTER TYPE … RENAME VALUE."""

    type: QualifiedName
    label: str
    new_label: str


@dataclass(frozen=True, slots=True)
class CreateDomain(Action):
    """CREATE DOMAIN. ``constrained``: it has a CHECK or NOT NULL, whose names are ``constraints``."""

    type: QualifiedName
    base: Type
    constrained: bool = False
    constraints: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AlterDomain(Action):
    """ALTER DOMAIN … ADD CONSTRAINT or SET NOT NULL (``constrains``), or anything else of it.

    Without ``valid`` (NOT VALID) every table with a column of the domain is read whole.
    """

    type: QualifiedName
    constrains: bool = False
    valid: bool = True
    name: str = ""  # of the constraint that it adds, or that ``renames`` gets
    drops: str = ""  # the constraint that it drops
    validates: str = ""
    renames: str = ""


@dataclass(frozen=True, slots=True)
class CreateType(Action):
    """CREATE TYPE of another kind than an enum."""

    type: QualifiedName


@dataclass(frozen=True, slots=True)
class DropType(Action):
    """DROP TYPE, DROP DOMAIN, one action for each."""

    type: QualifiedName
    if_exists: bool = False
    cascade: bool = False


@dataclass(frozen=True, slots=True)
class RenameType(Action):
    """ALTER TYPE … RENAME TO (``new_schema`` empty) or SET SCHEMA (``new_name`` empty)."""

    type: QualifiedName
    new_name: str = ""
    new_schema: str = ""


# --- code and views ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CreateView(Action):
    """CREATE VIEW, CREATE MATERIALIZED VIEW; ``reads`` are the relations that its query names."""

    view: QualifiedName
    materialized: bool = False
    replace: bool = False
    reads: tuple[QualifiedName, ...] = ()
    if_not_exists: bool = False


@dataclass(frozen=True, slots=True)
class DropView(Action):
    """DROP VIEW, DROP MATERIALIZED VIEW, one action for each."""

    view: QualifiedName
    materialized: bool = False
    if_exists: bool = False
    cascade: bool = False


@dataclass(frozen=True, slots=True)
class RenameView(Action):
    """ALTER VIEW, ALTER MATERIALIZED VIEW … RENAME TO (``new_schema`` empty) or SET SCHEMA (``new_name`` empty)."""

    view: QualifiedName
    new_name: str = ""
    new_schema: str = ""


@dataclass(frozen=True, slots=True)
class RefreshView(Action):
    """REFRESH MATERIALIZED VIEW."""

    view: QualifiedName
    concurrently: bool = False


@dataclass(frozen=True, slots=True)
class CreateFunction(Action):
    """CREATE FUNCTION, CREATE PROCEDURE. ``volatility``: volatile, stable, immutable."""

    function: QualifiedName
    volatility: str = "volatile"
    replace: bool = False


@dataclass(frozen=True, slots=True)
class DropFunction(Action):
    """DROP FUNCTION, DROP PROCEDURE, one action for each; which of its overloads is not told."""

    function: QualifiedName
    if_exists: bool = False
    cascade: bool = False


@dataclass(frozen=True, slots=True)
class CreateTrigger(OnTable):
    """CREATE TRIGGER."""

    name: str


@dataclass(frozen=True, slots=True)
class DropTrigger(OnTable):
    """DROP TRIGGER."""

    name: str


@dataclass(frozen=True, slots=True)
class RenameTrigger(OnTable):
    """ALTER TRIGGER … RENAME TO."""

    name: str
    new_name: str


@dataclass(frozen=True, slots=True)
class SwitchTrigger(OnTable):
    """ALTER TABLE … ENABLE or DISABLE TRIGGER; ``name`` is "" for ALL and USER."""

    name: str
    enable: bool


@dataclass(frozen=True, slots=True)
class CreatePolicy(OnTable):
    """CREATE POLICY, ALTER POLICY, DROP POLICY; ``how`` is create, alter or drop."""

    name: str
    how: str


# --- data -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Insert(OnTable):
    """INSERT. ``from_query``: INSERT … SELECT over tables that it ``reads``."""

    from_query: bool = False
    reads: tuple[QualifiedName, ...] = ()
    uses: tuple[str, ...] = ()  # the string constants within: an enum's labels may be among them


@dataclass(frozen=True, slots=True)
class Update(OnTable):
    """UPDATE, MERGE. ``bounded``: it has a WHERE. ``reads`` are the other relations that it names."""

    bounded: bool
    columns: tuple[str, ...] = ()
    reads: tuple[QualifiedName, ...] = ()
    uses: tuple[str, ...] = ()
    where: Expression | None = None


@dataclass(frozen=True, slots=True)
class Delete(OnTable):
    """DELETE. ``bounded``: it has a WHERE."""

    bounded: bool
    reads: tuple[QualifiedName, ...] = ()
    uses: tuple[str, ...] = ()
    where: Expression | None = None


@dataclass(frozen=True, slots=True)
class Truncate(OnTable):
    """TRUNCATE, one action for each table."""

    cascade: bool = False


@dataclass(frozen=True, slots=True)
class Select(Action):
    """SELECT, VALUES, WITH: ``reads`` are the relations that it names, ``calls`` the functions."""

    reads: tuple[QualifiedName, ...] = ()
    calls: tuple[QualifiedName, ...] = ()
    uses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Copy(OnTable):
    """COPY … FROM (``writes``) or TO."""

    writes: bool = True


# --- session and the rest ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SetVariable(Action):
    """SET and RESET of a parameter (``value`` None: RESET or TO DEFAULT; name ``all`` for RESET ALL)."""

    name: str
    value: str | None
    local: bool = False


@dataclass(frozen=True, slots=True)
class TransactionControl(Action):
    """BEGIN, COMMIT, ROLLBACK, SAVEPOINT … written by the user; ``what`` in lower case."""

    what: str


@dataclass(frozen=True, slots=True)
class SetRole(Action):
    """SET ROLE, SET SESSION AUTHORIZATION, RESET ROLE."""

    role: str


@dataclass(frozen=True, slots=True)
class RunCode(Action):
    """DO … or CALL …: what happens inside is not known. ``commits``: its body commits by itself."""

    language: str
    body: str
    commits: bool = False


@dataclass(frozen=True, slots=True)
class DropSchema(Action):
    """DROP SCHEMA, one action for each."""

    name: str
    if_exists: bool = False
    cascade: bool = False


@dataclass(frozen=True, slots=True)
class RenameSchema(Action):
    """ALTER SCHEMA … RENAME TO."""

    name: str
    new_name: str


@dataclass(frozen=True, slots=True)
class Other(Action):
    """Any other statement (COMMENT, GRANT, CREATE EXTENSION …); ``kind`` is libpg_query's name of it."""

    kind: str
