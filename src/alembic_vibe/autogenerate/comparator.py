"""What ``alembic revision --autogenerate`` and ``alembic check`` do once Alembic itself has compared.

The models are made on a scratch server, and both states are read as PostgreSQL prints them. What differs and Alembic's
operations do not carry, or carry wrongly, becomes operations of ours.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from alembic.util import PriorityDispatchResult

from alembic_vibe.autogenerate.managed import bookkeeping, ownerless, target
from alembic_vibe.autogenerate.present import present_catalog, without
from alembic_vibe.diagnostics import Rule, Severity, VibeError

if TYPE_CHECKING:
    from alembic.autogenerate.api import AutogenContext
    from alembic.operations.ops import MigrateOperation, UpgradeOps

log = logging.getLogger("alembic_vibe.autogenerate")

LEFT_OUT = Rule(
    code="AV880",
    slug="objects-not-compared",
    severity=Severity.WARNING,
    summary="The plugin of Alembic could not compare what Alembic misses.",
    why="It makes the models on an empty database of a scratch server, and reads the real database's catalogs. Without "
    "one of them nothing is known, and Alembic's own operations stay as they are.",
    fix="Do what the message says: install PostgreSQL's programs, let the models make all that they need, or give the "
    "role the right to read the catalogs.",
    bad="sa.Table('runs', metadata, sa.CheckConstraint('a > 0', name='c'), sa.CheckConstraint('b > 0', name='c'))",
    good="sa.Table('runs', metadata, sa.CheckConstraint('a > 0', name='c'), sa.CheckConstraint('b > 0', name='d'))",
)
NOT_CARRIED = Rule(
    code="AV881",
    slug="difference-not-carried",
    severity=Severity.WARNING,
    summary="The models and the database differ in something that no plain operation carries.",
    why="Some changes need a table to be made anew, or a decision of yours; a revision that guessed could lose rows.",
    fix="Write this part of the revision by hand, or keep the schema in a specification, where `generate` plans it.",
    bad="alembic revision --autogenerate  # the table is partitioned by another column now",
    good="def upgrade() -> None:\n    ...  # make the new table, copy the rows, rename",
)
RULES = (LEFT_OUT, NOT_CARRIED)


def compare_objects(autogen_context: AutogenContext, upgrade_ops: UpgradeOps) -> Any:
    """Add what Alembic misses to its operations, and take out what does not do what the models say.

    Where the comparison cannot be made, one warning says why, and Alembic's own operations stay as they are.
    """
    import psycopg

    from alembic_vibe.autogenerate.declared import DeclaredError

    try:
        _compare(autogen_context, upgrade_ops)
    except (VibeError, DeclaredError, psycopg.Error) as error:
        _warn(LEFT_OUT, _one_line(error))
    except Exception as error:  # a defect of ours must not stop what Alembic can do without us
        _warn(LEFT_OUT, f"internal error, please report: {type(error).__name__}: {_one_line(error)}")
        log.debug("the internal error", exc_info=True)
    return PriorityDispatchResult.CONTINUE


def _warn(rule: Rule, message: str) -> None:
    log.warning("%s %s: %s", rule.code, rule.slug, message)


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())


def _compare(autogen_context: AutogenContext, upgrade_ops: UpgradeOps) -> None:
    from alembic_vibe.autogenerate.declared import declared_catalog
    from alembic_vibe.autogenerate.scope import default_schema, models_of, scope_of, without_partitions
    from alembic_vibe.catalog.facts import Extension
    from alembic_vibe.postgres.server import scratch_server

    connection = autogen_context.connection
    models = models_of(autogen_context)
    if connection is None or not models:
        return
    schema = default_schema(autogen_context)
    if schema != "public":
        _warn(LEFT_OUT, f"objects are compared only where the default schema is public; here it is {schema}")
        return
    context = autogen_context.migration_context
    version = (context.version_table, context.version_table_schema or "public")
    found = ownerless(present_catalog(connection))
    present = without(found, bookkeeping(found, *version))
    with scratch_server(extensions={fact.key.name for fact in present.of_type(Extension)}) as server:
        declared = declared_catalog(models, present, server)
        made = ownerless(declared.catalog)
        made = without(made, bookkeeping(made, *version))
        scope = scope_of(autogen_context, upgrade_ops, present, made, declared.lent)
        wanted = target(present, made, scope)
        from alembic_vibe.autogenerate.rehearsal import difference

        upgrade_ops.ops[:] = without_partitions(upgrade_ops.ops, present, autogen_context)
        same_server = server.version_num // 10000 == present.server_version // 10000
        differing = difference(present, wanted)
        if not differing and not upgrade_ops.ops and same_server:
            return
        from alembic_vibe.autogenerate.proposal import Comparison, propose

        comparison = Comparison(present, made, scope, differing if same_server else None)
        proposal = propose(comparison, server, upgrade_ops.ops)
    upgrade_ops.ops[:] = proposal.operations
    _tell(proposal.refused, proposal.problems)


def _tell(refused: tuple[MigrateOperation, ...], problems: tuple[str, ...]) -> None:
    for operation in refused:
        log.info("left out, because it does not do what the models say: %s", operation.to_diff_tuple())
    for problem in problems:
        _warn(NOT_CARRIED, problem)
