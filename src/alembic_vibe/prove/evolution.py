"""Prove the evolution of a database in use: both releases keep working, and every revision can be undone, with rows.

One trip goes up to the end of contract and down again, revision by revision; another goes to the end of purge, undoes
it, and goes up once more. See recipes.md, section 3, for what old and new releases must be able to do when.
"""

from __future__ import annotations

from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from alembic_vibe.catalog.bookkeeping import without_version_table
from alembic_vibe.catalog.facts import Table
from alembic_vibe.catalog.keys import Kind
from alembic_vibe.diagnostics import FindingsError
from alembic_vibe.history.chain import ChainError
from alembic_vibe.plan.model import Mode, Phase
from alembic_vibe.postgres.introspect import read_catalog
from alembic_vibe.prove.battery import Battery, make_battery
from alembic_vibe.prove.checks import (
    CLUSTER_WIDE,
    DIVERGES,
    LEAKS,
    Proof,
    count_of,
    must_equal,
    run_base,
    run_step,
)
from alembic_vibe.prove.common_rows import fill_for_both
from alembic_vibe.prove.contents import columns_of, differences, read_contents
from alembic_vibe.prove.copies import database_copy
from alembic_vibe.prove.crash import RerunError, interrupt
from alembic_vibe.prove.ledger import Ledger
from alembic_vibe.prove.measure import exceeds, measure
from alembic_vibe.prove.rows import RowsResult, fill_tables
from alembic_vibe.prove.scope import accepted_on, affected, shared_columns, with_parents
from alembic_vibe.prove.together import is_worth_it, write_together

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    import psycopg

    from alembic_vibe.catalog.catalog import Catalog
    from alembic_vibe.catalog.keys import Key
    from alembic_vibe.history.chain import Chain
    from alembic_vibe.postgres.server import ScratchServer
    from alembic_vibe.prove.contents import Content
    from alembic_vibe.prove.staged import StagedRevision


_RAISED = "psycopg.errors.RaiseException"  # a downgrade that asks for values before it does anything


def prove_evolution(
    chain: Chain,
    server: ScratchServer,
    *,
    target: Catalog,
    old: Catalog,
    new: Catalog,
    stages: Sequence[StagedRevision],
    base: str,
    progress: Callable[[str], None],
    template: str | None = None,
) -> Proof:
    """Run revisions of all phases on a database with rows, and both releases' statements beside them.

    Args:
        chain: The staged chain, which has the revisions.
        server: Where to run it.
        target: What the end of the chain must equal.
        old: What the running release knows.
        new: What the next release knows.
        stages: The revisions in order: expand, migrate, contract, purge; any phase may be missing.
        base: The revision before them, or ``base``.
        progress: Told what is being done.
        template: A database at ``base``, to which nobody is connected; without it the chain is run from its beginning.

    Returns:
        What was proven, with the failures that the author has accepted, and the tables that stayed empty.

    Raises:
        FindingsError: A revision fails or leaves something, a release breaks, or rows are changed or lost; all that was
            found is in it.
    """
    roles = server.existing_roles()
    database = server.create_database(template=template)
    try:
        if base != "base" and template is None:
            run_base(chain, base, server.sqlalchemy_url(database))
        return _Evolution(chain, server, database, target, old, new, stages, base, progress).run()
    finally:
        server.drop_database(database)
        server.forget_roles(server.existing_roles() - roles)
        server.reset_roles()


@dataclass
class _Evolution:
    """One run, on one database."""

    _chain: Chain
    _server: ScratchServer
    _database: str
    _target: Catalog
    _old: Catalog
    _new: Catalog
    _stages: Sequence[StagedRevision]
    _base: str
    _progress: Callable[[str], None]

    def __post_init__(self) -> None:
        self._url = self._server.sqlalchemy_url(self._database)
        subjects = {key for stage in self._stages for key in stage.subjects}
        self._scope = affected(self._old, self._new, subjects)
        self._early = [stage for stage in self._stages if stage.is_early]
        self._lasting = [stage for stage in self._stages if stage.phase is not Phase.PURGE]
        self._purge = [stage for stage in self._stages if stage.phase is Phase.PURGE]
        self._connection = self._server.connect(self._database, autocommit=True)
        self._ledger = Ledger(accepted_on(self._stages, self._old, self._new))
        self._measured = self._interrupted = self._new_rows = 0
        self._kept: set[Key] = set()  # what downgrades so far have left changed, as they say

    def run(self) -> Proof:
        """Do everything; raises ``FindingsError`` with all that was found."""
        try:
            self._progress("rows")
            rows = fill_for_both(self._connection, self._old, self._new, with_parents(self._scope, self._old))
            with ExitStack() as stack:
                copy = self._copy(stack) if is_worth_it(self._stages) else ""
                self._there_and_back(rows)
                if copy and not self._ledger.found:
                    self._write_together(copy)
            if self._purge:
                self._to_the_end_and_back()
            self._progress("upgrade again")
            made = self._upgrade_to_target(self._stages, "after upgrade, downgrade and upgrade")
        except FindingsError as error:
            raise FindingsError([*self._ledger.found, *error.diagnostics]) from error
        finally:
            self._connection.close()
        if self._ledger.found:
            raise FindingsError(self._ledger.found)
        return self._proof(made, rows)

    # -- up to the end of contract, and down to the base --------------------------------------------------------------

    def _there_and_back(self, rows: RowsResult) -> None:
        owned = columns_of(self._old, self._scope)
        shared = shared_columns(self._old, self._new, owned)
        start = beside = read_contents(self._connection, owned)
        last = read_contents(self._connection, shared)
        self._old_battery = make_battery(self._connection, self._old, self._scope) if self._early else Battery(())
        befores = []
        for stage in self._lasting:
            self._progress(f"upgrade to {stage.id}")
            befores.append(self._catalog())
            self._weigh(stage, befores)
            self._upgrade(stage)
            now = read_contents(self._connection, shared)
            self._ledger.changed(f"revision {stage.id}", differences(last, now, stage.changes))
            last = now
            if stage.is_early:
                self._ledger.old_release(stage, self._old_battery.run(self._connection))
                beside = read_contents(self._connection, owned)
        if not self._purge:
            self._must_be_target(f"after revision {self._stages[-1].id}")
        rows.unfilled.update(self._fill_new_tables().unfilled)
        self._new_battery = make_battery(self._connection, self._new, self._scope)
        self._back_with_new_rows()
        late = [stage for stage in self._lasting if not stage.is_early]
        self._down(late, befores)
        self._compare(f"the downgrade to {self._end_of_early}", beside, owned, late)
        self._down(self._early, befores)
        # What was backfilled differs, everything else is as it was.
        changed = {key for stage in self._lasting for key in stage.changes}
        self._compare(f"the downgrade to {self._base}", start, owned, self._lasting, changed)

    def _down(self, stages: Sequence[StagedRevision], befores: list[Catalog]) -> None:
        """Undo revisions one by one; before a contract revision the next release is at work already."""
        for stage in reversed(stages):
            self._progress(f"downgrade {stage.id}")
            self._undo(stage, befores.pop())
            if not stage.is_early:
                where = f"on the schema before revision {stage.id} ({stage.phase})"
                known = stage is self._stages[0]
                self._ledger.new_release(where, self._new_battery.run(self._connection), known=known)

    def _compare(
        self,
        what: str,
        before: Mapping[Key, Content],
        columns: Mapping[Key, Sequence[str]],
        undone: Sequence[StagedRevision],
        changed: Collection[Key] = (),
    ) -> None:
        losing = [stage for stage in undone if stage.irreversible_loss and not stage.is_early]
        if undone:
            self._ledger.lost(what, differences(before, read_contents(self._connection, columns), changed), losing)

    def _copy(self, stack: ExitStack) -> str:
        """Return a copy of the database as it is now, which lives as long as the stack."""
        self._connection.close()
        copy = stack.enter_context(database_copy(self._server, self._database))
        self._connection = self._server.connect(self._database, autocommit=True)
        return copy

    def _write_together(self, copy: str) -> None:
        self._progress("both releases write")
        both = {key for key in self._scope if key in self._old.facts and key in self._new.facts}
        old = self._ledger.still_works(self._old_battery, "running")
        new = self._ledger.still_works(self._new_battery, "next")
        try:
            report = write_together(self._chain, self._server, copy, self._stages, old, new, both)
        except ChainError as error:
            self._ledger.apart(f"a revision fails while both releases write: {error.message.splitlines()[0]}")
            return
        self._ledger.together(report)

    # -- what a revision costs ----------------------------------------------------------------------------------------

    def _weigh(self, stage: StagedRevision, befores: Sequence[Catalog]) -> None:
        """Measure a revision before it runs; interrupt it if it commits on the way."""
        fresh = [key for key in befores[-1].facts if key.kind is Kind.TABLE and key not in befores[0].facts]
        declared = replace(stage, created=(*stage.created, *fresh))
        if stage.mode is Mode.TRANSACTION:
            self._measure(declared, self._connection)
        elif stage.statements:
            self._connection.close()
            if stage.mode is Mode.AUTOCOMMIT:
                with (
                    database_copy(self._server, self._database) as copy,
                    self._server.connect(copy, autocommit=True) as connection,
                ):
                    self._measure(declared, connection)
            self._interrupt(stage)
            self._connection = self._server.connect(self._database, autocommit=True)

    def _measure(self, declared: StagedRevision, connection: psycopg.Connection[Any]) -> None:
        import psycopg

        if not declared.statements:
            return
        try:
            separately = declared.mode is not Mode.TRANSACTION
            impact = measure(connection, declared.statements, separately=separately)
        except psycopg.Error as error:  # what fails for good fails in the upgrade too, which says so
            reason = str(error).splitlines()[0]
            self._ledger.lines.append(f"not measured: revision {declared.id}, whose statements fail alone: {reason}")
            return
        self._measured += 1
        self._ledger.worse(declared, exceeds(declared, impact))

    def _interrupt(self, stage: StagedRevision) -> None:
        def rerun(database: str) -> None:
            try:
                self._chain.upgrade(stage.id, self._server.sqlalchemy_url(database))
            except ChainError as error:
                raise RerunError(error.message.splitlines()[0]) from error

        with suppress(RerunError):  # it fails without an interruption too, and the upgrade says so
            self._ledger.interrupted(stage, interrupt(self._server, self._database, stage.statements, rerun))
            self._interrupted += 1

    # -- down with rows of the next release ---------------------------------------------------------------------------

    def _back_with_new_rows(self) -> None:
        """Go back when the next release has been writing: its rows lack what the old one asks for."""
        if not self._lasting:
            return
        self._progress("downgrade with rows of the next release")
        tables = {key for key in self._scope if key in self._old.facts and key in self._new.facts}
        with ExitStack() as stack:
            copy = self._copy(stack)
            with self._server.connect(copy, autocommit=True) as connection:
                self._new_rows = self._new_battery.write_rows(connection, tables)
            what = f"{self._lasting[-1].id}, undone down to {self._base} with rows that the next release has written,"
            try:
                run_step(self._chain.downgrade, self._base, self._server.sqlalchemy_url(copy), what)
            except FindingsError as error:
                message = error.diagnostics[0].message
                if _RAISED not in message:
                    raise
                self._new_rows = 0
                self._ledger.lines.append(f"declared: {message.splitlines()[0]}")

    # -- up to the end of purge, and back to the end of contract ------------------------------------------------------

    def _to_the_end_and_back(self) -> None:
        if self._lasting:
            self._upgrade(self._lasting[-1])
        befores = []
        for stage in self._purge:
            self._progress(f"upgrade to {stage.id}")
            befores.append(self._catalog())
            self._weigh(stage, befores)
            self._upgrade(stage)
        self._must_be_target(f"after revision {self._purge[-1].id}")
        self._fill_new_tables()
        home = make_battery(self._connection, self._new, self._scope)
        # What passes here must have passed at the end of contract already.
        tried = {(trial.relation, trial.what) for trial in home.trials}
        failed = [failure for failure in self._new_battery.not_tried if (failure.relation, failure.what) in tried]
        known = self._purge[0] is self._stages[0]
        self._ledger.new_release(f"on the schema before revision {self._purge[0].id} (purge)", failed, known=known)
        for stage in reversed(self._purge):
            self._progress(f"downgrade {stage.id}")
            self._undo(stage, befores.pop())

    # -- steps --------------------------------------------------------------------------------------------------------

    @property
    def _end_of_early(self) -> str:
        return self._early[-1].id if self._early else self._base

    def _upgrade(self, stage: StagedRevision) -> None:
        run_step(self._chain.upgrade, stage.id, self._url, stage.id)

    def _upgrade_to_target(self, stages: Sequence[StagedRevision], when: str) -> Catalog:
        self._upgrade(stages[-1])
        return self._must_be_target(when)

    def _must_be_target(self, when: str) -> Catalog:
        return must_equal(self._target, self._connection, DIVERGES, when)

    def _undo(self, stage: StagedRevision, before: Catalog) -> None:
        number = self._stages.index(stage)
        below = self._stages[number - 1].id if number else self._base
        run_step(self._chain.downgrade, below, self._url, stage.id)
        self._kept.update(stage.keeps)
        when = f"after the downgrade of {stage.id}"
        must_equal(before, self._connection, LEAKS, when, CLUSTER_WIDE, self._kept)

    def _catalog(self) -> Catalog:
        return without_version_table(read_catalog(self._connection).catalog)

    def _fill_new_tables(self) -> RowsResult:
        # Rows of partitions and heirs would be rows of a table that is not new.
        fresh = [
            table.key
            for table in self._new.of_type(Table)
            if table.key not in self._old.facts and table.partition_of is None and not table.inherits
        ]
        return fill_tables(self._connection, self._new, tables=fresh) if fresh else RowsResult()

    # -- the result ---------------------------------------------------------------------------------------------------

    def _proof(self, made: Catalog, rows: RowsResult) -> Proof:
        filled = f"{count_of(sum(rows.filled.values()), 'row')} in {count_of(len(rows.filled), 'table')}"
        ways = count_of(len(self._stages), "downgrade")
        lines = [
            f"upgrade head gives the spec's schema: {len(self._target.facts)} objects compared",
            f"{ways} without a trace, with {filled} that stay as they are; upgrade again gives the same",
        ]
        if self._early:
            tried = count_of(len(self._old_battery.trials), "statement")
            times = count_of(len(self._early), "revision")
            lines.append(f"the running release: {tried} pass after each of {times}{_not_tried(self._old_battery)}")
        tried = count_of(len(self._new_battery.trials), "statement")
        lines.append(f"the next release: {tried} pass from {self._end_of_early} on{_not_tried(self._new_battery)}")
        if self._new_rows:
            lines.append(f"downgrade to {self._base} with {count_of(self._new_rows, 'row')} of the next release")
        if self._measured:
            counted = count_of(self._measured, "revision")
            lines.append(f"locks, scans and rewrites of {counted} measured: no worse than declared")
        if self._interrupted:
            counted = count_of(self._interrupted, "revision")
            lines.append(f"{counted} interrupted after each statement and run again: the same schema")
        unfilled = tuple(f"{key.qualified}: {reason}" for key, reason in rows.unfilled.items())
        return Proof((*lines, *self._ledger.lines), made, unfilled)


def _not_tried(battery: Battery) -> str:
    return f" ({len(battery.not_tried)} not tried: they fail without the change too)" if battery.not_tried else ""
