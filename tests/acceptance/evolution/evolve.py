"""Two versions of a schema as SQL → the plan between them, carried out on a server and back."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from alembic_vibe.compilation import Compiled, compile_spec, parse
from alembic_vibe.diff.compare import compare, is_validation
from alembic_vibe.diff.refine import refine
from alembic_vibe.diff.renamed import Renamed, column_statements, renamed_changes, table_statements
from alembic_vibe.diff.renames import resolve
from alembic_vibe.plan.evolution import Evolution, plan_evolution
from alembic_vibe.plan.intents import find_intents
from alembic_vibe.plan.model import Mode, Phase, PlannedRevision
from alembic_vibe.plan.situation import Situation
from alembic_vibe.postgres.introspect import read_catalog

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from alembic_vibe.catalog.catalog import Catalog
    from alembic_vibe.diff.compare import Change
    from alembic_vibe.plan.operations import Operation
    from alembic_vibe.postgres.server import ScratchServer

_DOCUMENT = """# Specification

## 5. Database Architecture & Schema Design

### 5.1 Everything

```sql
{sql}
```
"""


def compiled(server: ScratchServer, folder: Path, sql: str, name: str) -> Compiled:
    """Return SQL as facts, as the section of a specification."""
    path = folder / f"{name}.md"
    path.write_text(_DOCUMENT.format(sql=sql), encoding="utf-8")
    return compile_spec(parse(path, path.name), server)


@dataclass(frozen=True)
class Evolved:
    """Both versions, and what was planned between them."""

    old: Compiled
    new: Compiled
    evolution: Evolution

    @property
    def revisions(self) -> tuple[PlannedRevision, ...]:
        """The planned revisions, in order; none where a question is open or a change has no strategy."""
        return self.evolution.plan.revisions

    @property
    def phases(self) -> list[str]:
        """The phase of each revision."""
        return [revision.phase.value for revision in self.revisions]

    @property
    def hazards(self) -> list[str]:
        """The hazards as ``--accept`` names them."""
        return [f"{danger.hazard.slug}:{danger.object}" for danger in self.evolution.plan.dangers]

    @property
    def text(self) -> str:
        """All upgrades as SQL, with a heading for each revision."""
        parts = []
        for revision in self.revisions:
            parts.append(f"-- {revision.title} [{revision.mode}]")
            parts += [f"{sql};" for operation in revision.up for sql in operation.statements]
        return "\n".join(parts)


def plan(server: ScratchServer, folder: Path, old_sql: str, new_sql: str) -> Evolved:
    """Return the plan from one schema to the other."""
    server.forget_roles(server.existing_roles())  # other tests may have left some: they belong to the whole server
    server.reset_roles()
    old = compiled(server, folder, old_sql, "old")
    new = compiled(server, folder, new_sql, "new")
    intents = find_intents(new.parsed.sql.statements, new.origins.first)
    renames = resolve(intents.renamed, intents.renamed_labels, (), old.catalog, new.catalog, intents.places)
    assert renames.problems == ()
    renamed = Renamed(old.catalog, refine(compare(old.catalog, new.catalog), old.catalog, new.catalog))
    words, source = old.authored, old.origins.source
    if renames.renamed:
        tables = table_statements(renames, old.catalog)
        with_tables = _after(server, old, tables) if tables else old.catalog
        named = _after(server, old, [*tables, *column_statements(renames)])
        renamed = renamed_changes(old.catalog, with_tables, named, new.catalog, renames)
        same = {key: fact for key, fact in words.facts.items() if old.catalog.facts[key] == with_tables.facts.get(key)}
        words = replace(with_tables, facts={**with_tables.facts, **same})
        source = {key: text for key, text in source.items() if key in same}
    situation = Situation(
        before=renamed.before,
        after=new.catalog,
        old_words=words,
        new_words=new.authored,
        changes=renamed.changes,
        intents=replace(intents, renamed=renames.renamed, renamed_labels=renames.labels),
        old_source=source,
        new_source=new.origins.source,
    )
    return Evolved(old, new, plan_evolution(situation, new.origins, new.sections))


def _after(server: ScratchServer, old: Compiled, statements: list[str]) -> Catalog:
    """Return what some statements make of the old schema."""
    database = server.create_database()
    try:
        with server.connect(database, autocommit=True) as connection:
            _make(connection, old)
            for sql in statements:
                connection.execute(sql.encode())
            return read_catalog(connection).catalog
    finally:
        server.drop_database(database)
        server.reset_roles()


def _make(connection: Any, version: Compiled) -> None:
    for index in version.loaded.order:
        connection.execute(version.parsed.sql.statements[index].text.encode())


@dataclass
class Trip:
    """What happened to a database on the way there and back; all lists are empty if all is well."""

    there: list[str] = field(default_factory=list)  # how the result differs from the wanted schema
    traces: list[str] = field(default_factory=list)  # what downgrades left behind, a line for each revision
    back: list[str] = field(default_factory=list)  # how the end differs from the beginning


def carry_out(
    server: ScratchServer,
    evolved: Evolved,
    rows: str = "",
    after_each: Callable[[Any, PlannedRevision], None] | None = None,
) -> Trip:
    """Run the revisions up and down on a database with the old schema.

    Args:
        server: Where.
        evolved: What was planned.
        rows: SQL that fills the old schema first.
        after_each: Called with a connection after each upgrade.
    """
    trip = Trip()
    database = server.create_database()
    try:
        with server.connect(database, autocommit=True) as connection:
            _make(connection, evolved.old)
            for statement in filter(None, rows.split(";\n")):
                connection.execute(statement.encode())
            prints = []
            for revision in evolved.revisions:
                prints.append(read_catalog(connection).catalog)
                _check(connection, revision)
                run(connection, revision, revision.up)
                if after_each is not None:
                    after_each(connection, revision)
            found = read_catalog(connection).catalog
            trip.there = [change.describe() for change in compare(evolved.new.catalog, found)]
            for revision, before in zip(reversed(evolved.revisions), reversed(prints), strict=True):
                run(connection, revision, revision.down)
                found = read_catalog(connection).catalog
                trip.traces += [f"{revision.title}: {change.describe()}" for change in differences(before, found)]
            trip.back = [change.describe() for change in differences(evolved.old.catalog, found)]
    finally:
        server.drop_database(database)
        server.reset_roles()
    return trip


def differences(before: Catalog, after: Catalog) -> list[Change]:
    """Return what a downgrade left different; that a constraint is validated does no harm, and cannot be undone."""
    return [change for change in compare(before, after) if not is_validation(change)]


def run(connection: Any, revision: PlannedRevision, operations: tuple[Operation, ...]) -> None:
    """Run operations as their revision would: in one transaction, or each statement by itself."""
    statements = [sql for operation in operations for sql in operation.statements]
    if revision.mode is Mode.TRANSACTION:
        with connection.transaction():
            for sql in statements:
                connection.execute(sql.encode())
        return
    for sql in statements:
        connection.execute(sql.encode())


def _check(connection: Any, revision: PlannedRevision) -> None:
    for step in revision.steps:
        for verify in step.verify:
            count = connection.execute(verify.query.encode()).fetchone()[0]
            assert count == 0, f"{revision.title}: {count} {verify.message}"


def phases(evolved: Evolved, *wanted: Phase) -> list[PlannedRevision]:
    """Return the revisions of some phases."""
    return [revision for revision in evolved.revisions if revision.phase in wanted]
