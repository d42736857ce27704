"""From facts to facts: a plan is run, as SQL or as the code of revisions, and its reverse after it.

Everything happens in one transaction that is rolled back, so that many examples share a database.
"""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import dedent
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations

from alembic_vibe.catalog.catalog import Catalog
from alembic_vibe.catalog.keys import Kind
from alembic_vibe.diff.compare import compare
from alembic_vibe.plan.planner import Origins, Section, plan_changes
from alembic_vibe.postgres.introspect import read_catalog
from alembic_vibe.render.revisions import Account, RevisionText, render_revision

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    import psycopg
    from sqlalchemy.engine import Connection

    from alembic_vibe.catalog.keys import Key
    from alembic_vibe.plan.model import Plan

CLUSTER_WIDE = (Kind.ROLE,)
SECTIONS = ("5.3", "5.4", "5.5")


def raw(bind: Connection) -> psycopg.Connection[Any]:
    """Return the connection under SQLAlchemy's."""
    connection = bind.connection.driver_connection
    assert connection is not None
    return connection  # type: ignore[no-any-return]


def catalog_of(bind: Connection, statements: Sequence[str]) -> Catalog:
    """Return what the statements make of the database as it is, and take it back."""
    with bind.begin() as transaction:
        connection = raw(bind)
        for statement in statements:
            connection.execute(statement.encode())
        catalog = read_catalog(connection).catalog
        transaction.rollback()
    return catalog


def plan_of(before: Catalog, target: Catalog, choose: Callable[[Key], str], source: Mapping[Key, str]) -> Plan:
    """Plan what leads from one catalog to the other; ``choose`` names the section of an object."""
    origins = Origins(section={key: choose(key) for key in sorted(target.facts)}, source=source)
    sections = [Section(number, f"Section {number}") for number in SECTIONS]
    return plan_changes(compare(before, target), target, origins, sections)


def run_sql(bind: Connection, plan: Plan) -> Iterator[None]:
    """Run the plan as SQL; go on after the first answer with its reverse."""
    for revision in plan.revisions:
        for operation in revision.up:
            for statement in operation.statements:
                raw(bind).execute(statement.encode())
    yield
    for revision in reversed(plan.revisions):
        for operation in revision.down:
            for statement in operation.statements:
                raw(bind).execute(statement.encode())
    yield


def module_text(text: RevisionText) -> str:
    """Return a module with both functions, as Alembic's template would write it."""
    functions = f"def upgrade() -> None:\n    {text.upgrade}\n\n\ndef downgrade() -> None:\n    {text.downgrade}\n"
    return f"{text.imports}\n\n{functions}"


def run_code(bind: Connection, plan: Plan, catalog: Catalog) -> Iterator[None]:
    """Run the plan as the text of revisions."""
    operations = Operations(MigrationContext.configure(bind))
    modules = []
    for revision in plan.revisions:
        names: dict[str, Any] = {"op": operations, "sa": sa, "dedent": dedent}
        text = module_text(render_revision(revision, catalog, Account("docs/spec.md")))
        exec(compile(text, revision.section, "exec"), names)
        modules.append(names)
    for module in modules:
        module["upgrade"]()
    yield
    for module in reversed(modules):
        module["downgrade"]()
    yield


@dataclass(frozen=True)
class Outcome:
    """What differs after the upgrade, and what after the downgrade."""

    up: tuple[str, ...]
    down: tuple[str, ...]


def there_and_back(
    bind: Connection,
    statements: Sequence[str],
    *,
    as_code: bool,
    choose: Callable[[Key], str] = lambda _key: SECTIONS[0],
    source: Mapping[Key, str] | None = None,
    given: Sequence[str] = (),
    rows: Sequence[str] = (),
) -> Outcome:
    """Read what the statements make, plan it for an empty database, run the plan and its reverse.

    Args:
        bind: A connection to an empty database.
        statements: What makes the schema.
        as_code: Run the text of revisions rather than SQL.
        choose: Names the section of an object.
        source: The author's words for some objects.
        given: What is in the database before, not planned.
        rows: What puts rows into the tables before the way back.

    Raises:
        psycopg.Error: A statement fails.
    """
    before = catalog_of(bind, given)
    target = catalog_of(bind, [*given, *statements])
    plan = plan_of(before, target, choose, source or {})
    assert not plan.unplanned
    with bind.begin() as transaction:
        for statement in given:
            raw(bind).execute(statement.encode())
        steps = run_code(bind, plan, target) if as_code else run_sql(bind, plan)
        next(steps)
        up = compare(target, read_catalog(raw(bind)).catalog)
        for statement in rows:
            raw(bind).execute(statement.encode())
        raw(bind).execute("SET CONSTRAINTS ALL IMMEDIATE")
        next(steps)
        down = compare(before, read_catalog(raw(bind)).catalog, CLUSTER_WIDE)
        transaction.rollback()
    return Outcome(tuple(change.describe() for change in up), tuple(change.describe() for change in down))
