"""``seed --as-migration``: the seed rows that the chain does not have yet, as one more revision.

The chain is replayed on the scratch server, so that what is in it already is known. The new revision is run up, down
and up again there before it is written.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from alembic_vibe.catalog.facts import ConstraintKind, Table
from alembic_vibe.diagnostics import ConfigurationError, ExitCode, FindingsError, Rule, Severity
from alembic_vibe.results import SeedResult
from alembic_vibe.seed.loading import batches
from alembic_vibe.seed.model import SeedRow, SqlValue
from alembic_vibe.seed.rules import TARGET_MISSING
from alembic_vibe.seed.runner import load_tables, pin_settings
from alembic_vibe.seed.state import State
from alembic_vibe.seed.statements import Rows
from alembic_vibe.seed.values import read_targets
from alembic_vibe.seed_revision.text import TableRows, Update, render_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from psycopg import Connection

    from alembic_vibe.catalog.catalog import Catalog
    from alembic_vibe.catalog.keys import Key
    from alembic_vibe.config import Project
    from alembic_vibe.history.chain import Chain
    from alembic_vibe.postgres.server import ScratchServer
    from alembic_vibe.recall import Recall
    from alembic_vibe.seed.model import SeedTable
    from alembic_vibe.staging import Staged

NO_CHAIN = Rule(
    code="AV626",
    slug="seed-revision-without-chain",
    severity=Severity.ERROR,
    summary="`seed --as-migration` was asked for, and the project has no revisions.",
    why="Rows go into tables, and it is the revisions that make them.",
    fix="Run `alembic-vibe generate` first.",
    bad="alembic-vibe init shop && cd shop && alembic-vibe seed --as-migration",
    good="alembic-vibe generate && alembic-vibe seed --as-migration",
)
UNPROVEN = Rule(
    code="AV627",
    slug="seed-revision-fails",
    severity=Severity.ERROR,
    summary="The revision with the seed rows does not do what it should on a scratch database; it was not written.",
    why="It was run up, down and up again. Its upgrade must bring all rows, and its downgrade must take them away.",
    fix="Look at the table's triggers and rules, which may change or keep out rows; or leave the rows to `seed`.",
    bad="CREATE TRIGGER keep BEFORE DELETE ON roles …  -- RETURN NULL",
    good="alembic-vibe seed reference",
)
RULES = (NO_CHAIN, UNPROVEN)


def write_revision(
    project: Project,
    tables: Sequence[SeedTable],
    *,
    check: bool = False,
    scratch_url: str | None = None,
    tell: Callable[[str], None] = lambda _: None,
) -> SeedResult:
    """Write a revision for the rows that the chain lacks; nothing where it has them all.

    Args:
        project: Where the chain is.
        tables: The seeds, each table after those it refers to.
        check: Write nothing; the exit code is FINDINGS if there would be a revision.
        scratch_url: A server to run the chain on, instead of the embedded one.
        tell: Called with what is being done.

    Raises:
        DecisionNeededError: The chain has several heads.
        ConfigurationError: There is no chain, or the seeds do not fit its tables.
        EnvironmentFailureError: No PostgreSQL, a chain that cannot be run, or a file that cannot be written.
        FindingsError: The proof of the revision failed.
    """
    from alembic_vibe import writing
    from alembic_vibe.history.chain import Chain
    from alembic_vibe.plan.model import Phase, PlannedRevision
    from alembic_vibe.postgres.server import scratch_server
    from alembic_vibe.recall import Recall
    from alembic_vibe.staging import Staging

    with (
        Chain(project.home or project.root, project.section, project.search) as chain,
        scratch_server(scratch_url) as server,
    ):
        tell("reading the chain")
        recall = Recall(project, chain, server)
        if not recall.head:
            raise ConfigurationError(NO_CHAIN.diagnostic("the project has no revisions yet"))
        catalog = recall.state()
        with recall.database() as connection:
            tell("comparing the rows")
            found, schema = _missing(connection, tables, catalog)
            if not found:
                return SeedResult(lines=("The chain has all rows of the seeds.",))
            text = render_rows(found, schema)
            staging = Staging(project, chain, recall.scripts)
            (new,) = staging.write([(PlannedRevision("", text.title, Phase.EXPAND, ()), text)])
            tell(f"proving {new.id}")
            trial = _Trial(connection, chain, server, recall, new, tables)
            trial.prove(catalog, sum(rows.inserted for rows in found))
        files = {new.final_path: new.path.read_text(encoding="utf-8"), **_snapshot(project, recall, new)}
        if not check:
            writing.write_all(project.root, files)
            _remember(recall, new, catalog)
    return SeedResult(
        exit_code=ExitCode.FINDINGS if check else ExitCode.DONE,
        lines=(
            *(rows.words for rows in found),
            f"{'Would write' if check else 'Wrote'} {new.final_path}",
            "Proven on a scratch database: up, down with people's rows in place, and up again.",
        ),
        changes={rows.table.key.qualified: rows.inserted + len(rows.updates) for rows in found},
        more={"revisions": [{"revision": new.id, "path": new.final_path, "title": new.title}]},
    )


def _missing(connection: Connection[Any], tables: Sequence[SeedTable], catalog: Catalog) -> tuple[list[TableRows], str]:
    """Return what the chain lacks, and the schema of ``vibe_seed_state``."""
    found = []
    with connection.transaction(force_rollback=True):
        pin_settings(connection)
        for table in tables:
            targets = read_targets(connection, table.key)
            unknown = [name for name in table.columns if name not in targets]
            if unknown or not targets:
                what = f"column {unknown[0]} of {table.key.qualified}" if targets else f"table {table.key.qualified}"
                message = f"the seeds name {what}, which the chain of revisions does not make"
                help_ = "Run `alembic-vibe generate` first, with --phase contract for what is pending."
                raise ConfigurationError(TARGET_MISSING.diagnostic(message, help=help_))
            rows = TableRows(table, targets)
            for batch in batches(table):
                _compare(batch, Rows(connection, table, targets, batch), rows)
            if rows.inserts or rows.updates:
                rows.references = tuple(
                    constraint
                    for constraints in catalog.constraints().values()
                    for constraint in constraints
                    if constraint.kind == ConstraintKind.FOREIGN and constraint.references == table.key
                )
                rows.sequences = _sequences(connection, rows)
                found.append(rows)
        return found, State.find(connection).schema


def _compare(batch: Sequence[SeedRow], rows: Rows, into: TableRows) -> None:
    name = into.table.key.name.lower()
    for row, (_, wanted, current) in zip(batch, rows.look(), strict=True):
        if current is None:
            apart = any(isinstance(value, SqlValue) and name in value.sql.lower() for value in row.values.values())
            last = into.inserts[-1] if into.inserts else []
            if not last or apart or tuple(last[0].values) != tuple(row.values) or _has_own(last[-1], name):
                into.inserts.append([])
            into.inserts[-1].append(row)
            continue
        changed = {
            column: text
            for column, text in wanted.items()
            if column not in into.table.conflict and text != current[column]
        }
        if changed:
            into.updates.append(Update(row, {column: current[column] for column in changed}, changed))


def _has_own(row: SeedRow, name: str) -> bool:
    return any(isinstance(value, SqlValue) and name in value.sql.lower() for value in row.values.values())


def _sequences(connection: Connection[Any], rows: TableRows) -> dict[str, str]:
    """Return the sequences of columns that the rows bring numbers for."""
    from psycopg import sql

    relation = sql.Identifier(rows.table.key.schema, rows.table.key.name).as_string(connection)
    found = {}
    for name in dict.fromkeys(name for group in rows.inserts for name in group[0].values):
        row = connection.execute("SELECT pg_catalog.pg_get_serial_sequence(%s, %s)", (relation, name)).fetchone()
        if row is not None and row[0] is not None:
            found[name] = str(row[0])
    return found


@dataclass
class _Trial:
    """The new revision on the database of a connection, which is at the head."""

    connection: Connection[Any]
    chain: Chain
    server: ScratchServer
    recall: Recall
    new: Staged
    tables: Sequence[SeedTable]

    def __post_init__(self) -> None:
        self.url = self.server.sqlalchemy_url(self.connection.info.dbname)

    def prove(self, catalog: Catalog, inserted: int) -> None:
        """Run it up, down, up, with rows of people down once more, and up again.

        Raises:
            FindingsError: It fails, or does not do what it should.
        """
        from alembic_vibe.prove.rows import fill_tables

        before = self._rows([table.key for table in self.tables])
        self._upgrade()
        self._downgrade()
        left = sum(self._rows(list(before)).values()) - sum(before.values())
        if left or self._lacks() < inserted:
            raise _unproven(f"after the downgrade {left} of {inserted} rows are left")
        self._upgrade()
        brought = self._rows([table.key for table in catalog.of_type(Table)])
        filled = fill_tables(self.connection, catalog).filled
        people = {key: count - brought[key] for key, count in self._rows(list(filled)).items()}
        self._downgrade()
        now = self._rows(list(filled))
        lost = [key.qualified for key, count in people.items() if now[key] < count]
        if lost:
            raise _unproven(f"the downgrade loses rows of people's in {', '.join(lost)}")
        self._upgrade()

    def _upgrade(self) -> None:
        from alembic_vibe.prove.checks import run_step

        run_step(self.chain.upgrade, self.new.id, self.url, self.new.id)
        if lacks := self._lacks():
            raise _unproven(f"after the upgrade the database lacks {lacks} rows of the seeds")

    def _downgrade(self) -> None:
        from alembic_vibe.prove.checks import run_step

        run_step(self.chain.downgrade, self.recall.head, self.url, self.new.id)

    def _lacks(self) -> int:
        with self.connection.transaction(force_rollback=True):
            report, _ = load_tables(self.connection, self.tables, check=True)
        return report.changes + sum(table.conflict for table in report.tables)

    def _rows(self, keys: Sequence[Key]) -> dict[Key, int]:
        from psycopg import sql

        counts = {}
        for key in keys:
            query = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(key.schema, key.name))
            row = self.connection.execute(query).fetchone()
            counts[key] = int(row[0]) if row is not None else 0
        return counts


def _unproven(message: str) -> FindingsError:
    return FindingsError(UNPROVEN.diagnostic(message))


def _snapshot(project: Project, recall: Recall, new: Staged) -> dict[str, str]:
    """Return the snapshot with the new head; nothing where it does not know the old one."""
    from alembic_vibe.history.snapshot import NAME, read_snapshot

    path = project.script_location / NAME
    snapshot = read_snapshot(path)
    if snapshot is None or snapshot.head != recall.head:
        return {}
    return {path.relative_to(project.root).as_posix(): replace(snapshot, head=new.id).text()}


def _remember(recall: Recall, new: Staged, catalog: Catalog) -> None:
    """Let the next run know what the chain makes with the new revision: the same."""
    from alembic_vibe.history.cache import remember

    remember(recall.digest([new.path]), catalog)
