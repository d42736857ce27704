"""What a run of Alembic says about what is compared: its models, its filters, its other plugins, its snapshot."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alembic_vibe.autogenerate.managed import Scope, owner_table
from alembic_vibe.catalog.facts import Constraint, Index, Table
from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.plan.situation import column_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import sqlalchemy as sa
    from alembic.autogenerate.api import AutogenContext
    from alembic.operations.ops import MigrateOperation, UpgradeOps

    from alembic_vibe.catalog.catalog import Catalog
    from alembic_vibe.history.snapshot import Snapshot

MARK = "alembic_vibe"  # in MetaData.info: "complete" says that all of its tables' objects hang on it
_FILTERED = {"p": "primary_key", "u": "unique_constraint", "c": "check_constraint", "f": "foreign_key_constraint"}
_ENTITIES = {
    "PGFunction": Kind.FUNCTION,
    "PGView": Kind.VIEW,
    "PGMaterializedView": Kind.MATERIALIZED_VIEW,
    "PGTrigger": Kind.TRIGGER,
    "PGPolicy": Kind.POLICY,
    "PGExtension": Kind.EXTENSION,
    "PGGrantTable": Kind.PRIVILEGES,
}
_OPTIONS = {"pg_functions": Kind.FUNCTION, "pg_triggers": Kind.TRIGGER, "pg_views": Kind.VIEW}


def models_of(autogen_context: AutogenContext) -> list[sa.MetaData]:
    """Return what ``target_metadata`` names: one or several."""
    found: Any = autogen_context.metadata
    return list(found) if isinstance(found, list | tuple) else [found] if found is not None else []


def is_complete(models: Iterable[sa.MetaData]) -> bool:
    """Whether the models say all that their tables have, and make all that they need."""
    return all(metadata.info.get(MARK) == "complete" for metadata in models)


def default_schema(autogen_context: AutogenContext) -> str:
    """Return the schema of tables that name none."""
    dialect = autogen_context.dialect
    return (dialect.default_schema_name if dialect is not None else None) or "public"


def scope_of(
    autogen_context: AutogenContext,
    upgrade_ops: UpgradeOps,
    present: Catalog,
    declared: Catalog,
    lent: frozenset[Key],
) -> Scope:
    """Return what belongs to whom in this run.

    Args:
        autogen_context: Alembic's.
        upgrade_ops: What Alembic proposes so far.
        present: What the database holds.
        declared: What the models make.
        lent: What they were made with.

    Raises:
        ConfigurationError: The snapshot is damaged.
    """
    from alembic.operations.ops import DropTableOp

    context = autogen_context.migration_context
    models = models_of(autogen_context)
    snapshot = _snapshot(context)
    partitions = {table.key for table in present.of_type(Table) if table.partition_of is not None}
    dropped = {
        Key(Kind.TABLE, found.schema or "public", found.table_name)
        for found in upgrade_ops.ops
        if isinstance(found, DropTableOp)
    }
    complete = all(metadata.info.get(MARK) == "complete" for metadata in models)
    return Scope(
        complete=complete,
        # Models that people wrote never held the functions and views of the specification: nothing has been removed.
        owned=frozenset(snapshot.facts) if snapshot and complete else frozenset(),
        busy=frozenset(_pending(snapshot)) if snapshot else frozenset(),
        hidden=frozenset(_hidden(autogen_context, models)),
        hidden_parts=frozenset(_hidden_parts(autogen_context, (present, declared))),
        dropped=frozenset(dropped - partitions - {table.key for table in declared.of_type(Table)}),
        lent=lent,
        kinds=frozenset(_others(context.opts)),
        defaults=bool(context._user_compare_server_default),
        types=bool(context._user_compare_type),
    )


def without_partitions(
    operations: Iterable[MigrateOperation], present: Catalog, autogen_context: AutogenContext
) -> list[MigrateOperation]:
    """Return Alembic's operations without those on partitions that no model stands for: it would drop each of them."""
    tables = [table for metadata in models_of(autogen_context) for table in metadata.tables.values()]
    named = {(table.schema or "public", table.name) for table in tables}
    partitions = {(t.key.schema, t.key.name) for t in present.of_type(Table) if t.partition_of is not None} - named

    def place(operation: MigrateOperation) -> tuple[str, str]:
        return getattr(operation, "schema", None) or "public", getattr(operation, "table_name", None) or ""

    return [operation for operation in operations if place(operation) not in partitions]


def _snapshot(context: Any) -> Snapshot | None:
    """Return what the specification made last, if these revisions are a specification's."""
    from alembic_vibe.history.snapshot import NAME, read_snapshot

    scripts = context.opts.get("script") or getattr(context.environment_context, "script", None)
    folder = getattr(scripts, "dir", None)
    return read_snapshot(Path(folder) / NAME) if folder else None


def _pending(snapshot: Snapshot) -> Iterator[Key]:
    """Yield what waits for the contract or purge of an earlier change."""
    from alembic_vibe.plan.pending import decode_pending

    for found in decode_pending(snapshot.pending):
        for step in found.revision.steps:
            yield step.key


def _hidden(autogen_context: AutogenContext, models: Iterable[sa.MetaData]) -> Iterator[Key]:
    """Yield the tables that ``include_name`` and ``include_object`` leave out."""
    schemas = bool(autogen_context.opts.get("include_schemas"))
    for metadata in models:
        for table in metadata.tables.values():
            named = autogen_context.run_name_filters(table.name, "table", {"schema_name": table.schema})
            named = named and (not schemas or autogen_context.run_name_filters(table.schema, "schema", {}))
            if not named or not autogen_context.run_object_filters(table, table.name, "table", False, None):
                yield Key(Kind.TABLE, table.schema or "public", table.name)


def _hidden_parts(autogen_context: AutogenContext, catalogs: Iterable[Catalog]) -> Iterator[Key]:
    """Yield the columns, indexes and constraints whose names ``include_name`` leaves out."""
    if not autogen_context._name_filters:
        return
    for catalog in catalogs:
        for key, fact in catalog.facts.items():
            table = owner_table(key, fact)
            parents: Any = {
                "schema_name": None if table.schema == "public" else table.schema,
                "table_name": table.name,
            }
            if isinstance(fact, Table):
                for column in fact.columns:
                    if not autogen_context.run_name_filters(column.name, "column", {**parents, "table_name": key.name}):
                        yield column_key(key, column.name)
            elif isinstance(fact, Index):
                if not autogen_context.run_name_filters(key.name, "index", parents):
                    yield key
            elif isinstance(fact, Constraint) and fact.kind in _FILTERED:
                what: Any = _FILTERED[fact.kind]
                if not autogen_context.run_name_filters(fact.name, what, parents):
                    yield key


def _others(options: Any) -> Iterator[Kind]:
    """Yield the kinds that another extension of Alembic looks after in this environment."""
    if "alembic_postgresql_enum" in sys.modules:
        yield Kind.ENUM
    registry = getattr(sys.modules.get("alembic_utils.replaceable_entity"), "registry", None)
    entities = registry.entities() if registry is not None else ()
    for entity in entities:
        kind = _ENTITIES.get(type(entity).__name__)
        if kind is not None:
            yield kind
    for name, kind in _OPTIONS.items():
        if options.get(name) is not None:
            yield kind
