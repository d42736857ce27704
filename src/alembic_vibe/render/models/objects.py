"""What hangs on the tables and is none of SQLAlchemy's business: code, policies, privileges, partitions, settings.

``create_all`` runs these statements once all tables are there, so that a database made from the models alone is the one
that the migrations make. Owners are left to the migrations.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from alembic_vibe.catalog.catalog import Catalog
from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.diff.compare import Change, ChangeKind
from alembic_vibe.plan.context import Context
from alembic_vibe.plan.discovery import makers_by_kind
from alembic_vibe.plan.objects.row_security import ASPECT
from alembic_vibe.plan.operations import AddConstraint, CreateIndex, CreateTable
from alembic_vibe.plan.planner import Origins, Section, plan_changes
from alembic_vibe.render.models.arguments import table_leftovers
from alembic_vibe.render.models.prerequisites import guarded, harmless, prerequisites

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.plan.model import Step
    from alembic_vibe.plan.operations import Operation
    from alembic_vibe.render.models.plan import Plan

_SECTION = "1"
_REPLACED = re.compile(
    r"\A\s*CREATE\s+(?:OR\s+REPLACE\s+)?(?=(FUNCTION|PROCEDURE|AGGREGATE|VIEW|RULE)\b)", re.IGNORECASE
)
_DROPPED = re.compile(r"\ADROP (MATERIALIZED VIEW|[A-Z]+) ")
_FUNCTION = ("CREATE OR REPLACE FUNCTION ", "CREATE OR REPLACE PROCEDURE ")
_UNREAD = "SET LOCAL check_function_bodies = {}"
_HOLDING = {Kind.VIEW, Kind.MATERIALIZED_VIEW, Kind.POLICY, Kind.RULE}


def afterwards(plan: Plan) -> tuple[list[str], list[str]]:
    """Return what ``create_all`` runs after the tables, and what ``drop_all`` runs before they go, both in order.

    What no statement is known for (objects that the model knows by name only) is left out.
    """
    catalog = _carried(plan.catalog)
    changes = [Change(ChangeKind.ADD, key, None, fact) for key, fact in catalog.facts.items()]
    origins = Origins(section=dict.fromkeys(catalog.facts, _SECTION))
    made = plan_changes(changes, catalog, origins, [Section(_SECTION, "")])
    known = set(prerequisites(plan))
    known |= {sql for key in plan.home for sql in table_leftovers(plan, plan.catalog.table(key))}
    steps = [step for revision in made.revisions for step in revision.steps]
    found: dict[str, None] = {}
    for step in steps:
        if _is_made(step.key, plan):
            continue
        for operation in step.up:
            for sql in _statements(step, operation, plan):
                if sql not in known:
                    found[sql] = None
    if any(sql.startswith(_FUNCTION) for sql in found):
        # A body that is text may name what comes later; PostgreSQL reads it when the function is called.
        found = dict.fromkeys((_UNREAD.format("off"), *found, _UNREAD.format("on")))
    return list(found), list(_first_to_go(catalog, steps))


def _first_to_go(catalog: Catalog, steps: list[Step]) -> Iterator[str]:
    """Yield what drops the objects that hold tables other than their own, in order."""
    for step in reversed(steps):
        if step.key.member == ASPECT or not _holds_tables(step.key, catalog):
            continue
        for operation in makers_by_kind()[step.key.kind].create(catalog.facts[step.key], Context(catalog)).down:
            for sql in operation.statements:
                yield _DROPPED.sub(r"\g<0>IF EXISTS ", sql)


def _holds_tables(key: Key, catalog: Catalog) -> bool:
    if key.kind in _HOLDING:
        return True
    if key.kind not in {Kind.FUNCTION, Kind.AGGREGATE}:
        return False
    needs_table = any(need.kind in {Kind.TABLE, *_HOLDING} for need in catalog.depends.get(key, ()))
    return needs_table and all(user.kind in {Kind.PRIVILEGES, *_HOLDING} for user in catalog.users().get(key, ()))


def _carried(catalog: Catalog) -> Catalog:
    """Return the catalog without what is derived from a parent, and what only its author's statement could make."""
    facts = {
        key: fact
        for key, fact in catalog.facts.items()
        if key.kind is not Kind.OTHER and not getattr(fact, "inherited", False)
    }
    return Catalog(facts, catalog.depends, catalog.server_version, catalog.column_users)


def _is_made(key: Key, plan: Plan) -> bool:
    """Whether an object comes with the tables, or before them."""
    match key.kind:
        case Kind.ENUM:
            return key in plan.enums
        case _:
            return False


def _statements(step: Step, operation: Operation, plan: Plan) -> Iterator[str]:
    """Yield the statements of one operation that the tables themselves do not bring."""
    table = getattr(plan.catalog.facts.get(step.key), "table", step.key._replace(kind=Kind.TABLE, member=""))
    if isinstance(operation, CreateTable | AddConstraint | CreateIndex) and table in plan.home:
        return
    for sql in operation.statements:
        if " OWNER TO " in sql and sql.startswith("ALTER "):
            continue
        yield _harmless(sql)


def _harmless(sql: str) -> str:
    """Return a statement that does nothing, or the same again, where its object is there already."""
    if sql.startswith("CREATE EVENT TRIGGER "):
        return guarded(sql)
    return _REPLACED.sub("CREATE OR REPLACE ", harmless(sql), count=1)
