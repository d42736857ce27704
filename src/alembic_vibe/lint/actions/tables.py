"""What statements do to whole tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from alembic_vibe.lint.actions.base import OnTable

if TYPE_CHECKING:
    from alembic_vibe.lint.actions.base import ColumnSpec, ConstraintSpec, Expression
    from alembic_vibe.sql.tree import QualifiedName


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
