"""Executes the definitions of a specification on an empty database, in whatever order works.

The usual specification runs as one script in one transaction. When that fails, the statements run one by one: what
lacks something that a later statement makes waits for it, foreign keys that close a circle are added afterwards, and
extensions that the server has are created where they are needed. What still fails is reported, root causes only.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from alembic_vibe.diagnostics import Severity
from alembic_vibe.postgres import execution, refusals, repairs, roles, tracing
from alembic_vibe.postgres.careful import CarefulRun
from alembic_vibe.postgres.report import report
from alembic_vibe.sql.statement import StatementKind

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    import psycopg

    from alembic_vibe.diagnostics import Diagnostic
    from alembic_vibe.postgres.repairs import Note
    from alembic_vibe.postgres.server import ScratchServer
    from alembic_vibe.postgres.tracing import Origins
    from alembic_vibe.sql.statement import MissingExtension, Statement

_MOST_EXTENSIONS = 12  # a script that needs more is better run statement by statement


@dataclass(frozen=True)
class LoadResult:
    """What a load did.

    ``origins`` leads from ``(classid, objid, objsubid)`` to the indexes of the statements that made or altered the
    object, in the order in which they ran. ``order`` is that order, of all statements that were executed.
    ``diagnostics`` are the errors (root causes) and warnings, ``repairs`` what was put right and is only said;
    ``notes`` are the same repairs by the numbers of their statements. ``left_out`` are statements that were not run.
    ``consequences_of_refused`` and ``consequences_of_broken`` count the statements that failed only for lack of what
    the parser had refused (by index) or could not read (by name): they have no diagnostic of their own.
    """

    origins: Origins = field(default_factory=dict)
    role_origins: dict[str, int] = field(default_factory=dict)
    order: tuple[int, ...] = ()
    repairs: tuple[Diagnostic, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    extensions_added: tuple[str, ...] = ()
    stubs_used: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()
    left_out: tuple[int, ...] = ()
    consequences_of_refused: dict[int, int] = field(default_factory=dict)
    consequences_of_broken: dict[str, int] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Whether every definition is in the database."""
        return not any(d.severity is Severity.ERROR for d in self.diagnostics)


def load(
    statements: Sequence[Statement],
    server: ScratchServer,
    database: str,
    *,
    refused: Collection[int] = (),
    repeated: Collection[int] = (),
    broken: Sequence[str] = (),
    missing_extensions: Sequence[MissingExtension] = (),
) -> LoadResult:
    """Execute the definitions among ``statements`` on an empty database.

    Args:
        statements: All statements of the specification; kinds other than DEFINITION are not executed.
        server: Where the database is.
        database: Its name; made by ``server.create_database``.
        refused: Indexes of statements not to be executed, as the parser has explained already.
        repeated: Indexes of statements not to be executed, because an earlier one is the same.
        broken: Names that statements would have made which do not parse.
        missing_extensions: Extensions that the parser found to be needed, and has reported; they are created first.

    Returns:
        What was done; ``LoadResult.ok`` says whether the specification compiles. A mistake in the specification is
        a diagnostic of the result, not an exception.

    Raises:
        psycopg.OperationalError: The server is gone.
    """
    definitions: list[Statement] = []
    not_run: list[tuple[Statement, Diagnostic | None]] = []
    for statement in statements:
        if statement.kind is not StatementKind.DEFINITION or statement.index in repeated:
            continue
        if statement.index in refused:
            not_run.append((statement, None))
            continue
        diagnostic = refusals.refuse(statement)
        if diagnostic is None:
            definitions.append(statement)
        else:
            not_run.append((statement, diagnostic))
    with server.connect(database, autocommit=True) as connection:
        execution.prepare(connection)
        tracing.install(connection)
        try:
            return _load(connection, server, definitions, not_run, broken, missing_extensions)
        finally:
            if not connection.broken:
                tracing.remove(connection)


def load_script(statements: Sequence[Statement], server: ScratchServer, database: str) -> LoadResult | None:
    """Execute definitions on an empty database, as one script in the order in which they are given.

    Returns:
        What was done, or ``None`` where it takes more than that: nothing is repaired and nothing is explained.

    Raises:
        psycopg.OperationalError: The server is gone.
    """
    with server.connect(database, autocommit=True) as connection:
        execution.prepare(connection)
        tracing.install(connection)
        plan = roles.plan(statements, server)
        tasks = [plan.task(statement) for statement in plan.statements]
        server.forget_roles(plan.made)
        if plan.diagnostics or execution.run_script(connection, tasks) is not None:
            return None
        if repairs.stubs_in_use(connection, server):
            return None
        origins = tracing.read(connection)
        order = tuple(task.statement.index for task in tasks)
        execution.add_grant_origins(connection, [task.statement for task in tasks], set(order), origins)
        tracing.remove(connection)
    return LoadResult(origins=origins, role_origins=plan.origins, order=order)


def _load(
    connection: psycopg.Connection[Any],
    server: ScratchServer,
    definitions: list[Statement],
    not_run: list[tuple[Statement, Diagnostic | None]],
    broken: Sequence[str],
    missing_extensions: Sequence[MissingExtension],
) -> LoadResult:
    plan = roles.plan(definitions, server)
    tasks = [plan.task(statement) for statement in plan.statements]
    announced = repairs.announced(missing_extensions, server, definitions)
    added = dict(announced)  # extension → the first statement that needs it
    run: CarefulRun | None = None
    failure = execution.run_script(connection, tasks, added)
    while failure is not None and len(added) < _MOST_EXTENSIONS:
        extension = repairs.extension_for(failure, server, definitions)
        if extension is None or extension in added:
            break
        added[extension] = failure.statement
        failure = execution.run_script(connection, tasks, added)
    if failure is not None:
        run = CarefulRun(connection, server, tasks, definitions, added)
        run.run()
        added = run.extensions
    server.forget_roles(plan.made)
    failed = {failure.statement.index for failure in run.failures} if run else set()
    order = [i for i in run.order if i not in failed] if run else [task.statement.index for task in tasks]
    stubs = repairs.stubs_in_use(connection, server)
    failures = run.failures if run else []
    reported = report(failures, definitions, server, not_run, broken)
    origins = tracing.read(connection)
    execution.add_grant_origins(connection, [t.statement for t in tasks], set(order), origins)
    notes = (
        *repairs.extension_notes({name: by for name, by in added.items() if name not in announced}),
        *repairs.stub_notes(stubs, definitions, added),
        *(run.notes() if run else ()),
    )
    by_index = {statement.index: statement for statement in definitions}
    return LoadResult(
        origins=origins,
        role_origins=plan.origins,
        order=tuple(order),
        repairs=tuple(repairs.say(note, by_index) for note in notes),
        notes=notes,
        left_out=tuple(statement.index for statement, _ in not_run),
        diagnostics=(
            *plan.diagnostics,
            *reported.diagnostics,
        ),
        extensions_added=tuple(added),
        stubs_used=tuple(sorted(stubs)),
        consequences_of_refused=reported.of_refused,
        consequences_of_broken=reported.of_broken,
    )
