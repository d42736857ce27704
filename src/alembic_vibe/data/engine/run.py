"""The whole run: which tables, how many rows, in which order."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import perf_counter
from typing import TYPE_CHECKING

from psycopg import sql

from alembic_vibe.data.engine.cycles import close_cycles
from alembic_vibe.data.engine.examples import examples_of, insert_empty
from alembic_vibe.data.engine.maker import TableMaker
from alembic_vibe.data.engine.parents import Parents, chance
from alembic_vibe.data.engine.plan import Wish, share, weigh
from alembic_vibe.data.engine.report import FillReport, TableFill
from alembic_vibe.data.engine.roles import Assignment, Place
from alembic_vibe.data.engine.table import Filling
from alembic_vibe.data.facts import read_fill_facts
from alembic_vibe.prove.rows import fill_tables
from alembic_vibe.prove.rows_facts import read_facts
from alembic_vibe.prove.rows_order import arrange

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from random import Random

    from psycopg import Connection

    from alembic_vibe.catalog.keys import Key
    from alembic_vibe.data.engine.roles import Roles
    from alembic_vibe.data.facts import FillFact, KeyFact
    from alembic_vibe.prove.rows_facts import SchemaFacts, TableFact

_TURN = 0.0001  # seconds
_AT_LEAST = 3  # rows of a table that only the server itself can find values for

# Texts shall mean the same on every server.
_SETTINGS = "SET LOCAL timezone = 'UTC'; SET LOCAL datestyle = 'ISO'; SET LOCAL bytea_output = 'hex'"


def fill_development(
    connection: Connection,
    *,
    rows: int,
    seed: int = 0,
    only: Sequence[Key] | None = None,
    tell: Callable[[str], None] = lambda _: None,
) -> FillReport:
    """Fill the empty tables of a database with rows that satisfy every constraint, in one transaction.

    The same schema, number and seed give the same rows. Tables that hold rows are parents, and left as they are.

    Args:
        connection: Where; the schema must be there.
        rows: How many rows over all tables.
        seed: Another number gives other rows.
        only: Only these tables; what they refer to must have rows already or be among them.
        tell: Is told now and then how far it is.

    Raises:
        psycopg.Error: The catalog cannot be read, or the connection breaks.
    """
    started = perf_counter()
    with connection.transaction(), ThreadPoolExecutor(1) as worker, _short_turns():
        facts = read_facts(connection, only)
        wanted = [table for table in facts.tables.values() if only is None or {table.key, table.target} & set(only)]
        known = read_fill_facts(connection, facts)
        parents = Parents(connection, facts, known, seed)
        run = _Run(connection, facts, wanted, rows, seed, tell, worker, known, parents)
        report = run.run()
    report.seconds = perf_counter() - started
    return report


@contextmanager
def _short_turns() -> Iterator[None]:
    """Let threads take turns often: with Python's 5 ms the server waits for its next rows while others are made."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(_TURN)
    try:
        yield
    finally:
        sys.setswitchinterval(before)


@dataclass(slots=True)
class _Run:
    connection: Connection
    facts: SchemaFacts
    wanted: list[TableFact]
    rows: int
    seed: int
    tell: Callable[[str], None]
    worker: ThreadPoolExecutor
    known: dict[int, FillFact]
    parents: Parents
    report: FillReport = field(default_factory=FillReport)
    roots: dict[int, list[TableFact]] = field(default_factory=dict)
    wishes: dict[int, Wish] = field(default_factory=dict)
    weights: dict[int, float] = field(default_factory=dict)
    done: int = 0
    told: int = 0

    def run(self) -> FillReport:
        for table in self.wanted:
            if not self.known[table.target_oid].has_rows:
                self.roots.setdefault(table.target_oid, []).append(table)
            elif table.target not in self.report.kept:
                self.report.kept.append(table.target)
        self._plan()
        self.connection.execute(_SETTINGS)
        # Whatever is checked at the end of a transaction would be found out too late to leave out the row.
        self.connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
        arrangement = arrange([table for tables in self.roots.values() for table in tables], self.facts)
        later: dict[int, set[str]] = {}
        for oid, constraint in arrangement.later:
            later.setdefault(oid, set()).add(constraint.name)
        for root in dict.fromkeys(table.target_oid for level in arrangement.levels for table in level):
            group = arrangement.groups.get(root)
            if group is None:
                self._fill(root, later.get(root, set()))
            elif group[-1] == root:
                self._fill_group(group, later)
        for oid, constraint in arrangement.later:
            close_cycles(self.connection, self.facts, self.roots[oid][0], constraint)
        for key in self.facts.empty_parents:
            self.report.tables.append(TableFill(key, reason="it has no partition that could hold a row"))
        return self.report

    # How many

    def _plan(self) -> None:
        referenced = {parent for (child, _), parent in self.parents.roots.items() if parent != child}
        for root, tables in self.roots.items():
            parents = {self.parents.roots[root, c.name] for c in tables[0].constraints if c.kind == "f"}
            own = parents - {root}
            self.wishes[root] = Wish(root, own, is_lookup=not own and root in referenced and self._is_lookup(tables[0]))
        self.weights = weigh(list(self.wishes.values()))

    def _is_lookup(self, table: TableFact) -> bool:
        """Whether others look names up in it: its key is a word, or it has little else than a name."""
        fact = self.known[table.target_oid]
        key = next((key for key in fact.keys if key.primary), None)
        names = [part.column for part in key.parts] if key is not None else []
        types = [self.facts.types.get(table.column(name).type) for name in names if name]
        by_word = bool(types) and all(fact is not None and fact.category in {"S", "E"} for fact in types)
        return by_word or len(table.columns) <= 3

    def _planned(self, root: int) -> int:
        waiting = list(self.wishes.values())
        return share(waiting, self.weights, max(0, self.rows - self.done)).get(root, 0)

    # One table

    def _fill(self, root: int, open_: set[str], planned: int | None = None) -> None:
        tables = self.roots[root]
        fill = TableFill(tables[0].target, planned=self._planned(root) if planned is None else planned)
        self.report.tables.append(fill)
        started = perf_counter()
        if self._has_rows(root, fill.key):
            self._count(fill, "rows that triggers of other tables have put in")
        elif fill.planned > 0:
            self._fill_with(self._roles(root, open_, fill), fill, root)
        fill.seconds = perf_counter() - started
        if not fill.rows and self.known[root].hidden:
            fill.reason = f"row-level security is on for this account: {fill.reason}"
        self._finish(root, fill)

    def _finish(self, root: int, fill: TableFill) -> None:
        self.done += fill.rows
        self.parents.done.add(root)
        self.wishes.pop(root, None)
        self.parents.forget({parent for wish in self.wishes.values() for parent in wish.parents})

    def _roles(self, root: int, open_: set[str], fill: TableFill) -> tuple[list[Place], Roles, Random]:
        from alembic_vibe.data.checks import compile_checks

        tables, fact = self.roots[root], self.known[root]
        random = chance(self.seed, fill.key.qualified)
        places = [Place(table, compile_checks(self.connection, self.facts, table)) for table in tables]
        for constraint in tables[0].constraints:
            own = constraint.kind == "f" and self.parents.roots[root, constraint.name] == root
            if own and all(tables[0].column(name).not_null for name in constraint.columns):
                self.parents.promise(tables[0], constraint.reference_columns, fill.planned)
        assignment = Assignment(
            self.connection,
            self.facts,
            places,
            fact,
            _merged(fact.keys, [key for table in tables for key in self.known[table.oid].keys]),
            lambda name, columns: self.parents.pool(root, name, columns),
            random,
            open_,
            self.parents.promised.get(root, {}),
        )
        return places, assignment.roles(fill.planned), random

    def _fill_with(self, made: tuple[list[Place], Roles, Random], fill: TableFill, root: int) -> None:
        places, roles, random = made
        fill.planned, fill.reason = roles.planned, roles.reason
        missing = [key.name for key in roles.foreign if not key.pool and not key.optional and not key.own]
        if missing:
            name = self.parents.name(self.parents.roots[root, missing[0]])
            fill.planned, fill.reason = 0, f"{name}, which it refers to, has no rows"
            return
        self._make(root, fill, TableMaker(self.facts, places, roles, random))

    def _make(self, root: int, fill: TableFill, maker: TableMaker) -> None:
        for key in maker.roles.foreign:
            values = [self.parents.promised.get(root, {}).get(name) for name in key.pool.columns]
            if key.own and not key.optional and not key.pool and all(values):
                key.pool.add([tuple(value[0] for value in values if value)])  # the first row refers to itself
        filling = Filling(self.connection, maker, fill, self._tell, self.worker)
        if not maker.columns:
            fill.rows = insert_empty(self.connection, fill.key, fill.planned)
        elif maker.possible:
            filling.run()
        elif maker.missing:
            fill.reason = f"no values are known for {maker.missing[0]}"
        if maker.columns and fill.rows < fill.planned and (fill.rejected or not fill.rows):
            self._follow(filling)
        self._advance(maker)
        if not fill.rows and fill.planned:
            result = fill_tables(self.connection, rows_per_table=min(_AT_LEAST, fill.planned), tables=[fill.key])
            reason = result.unfilled.get(fill.key, fill.reason)
            self._count(fill, f"only a few: {fill.reason}")
            if not fill.rows:
                fill.reason = reason

    def _follow(self, filling: Filling) -> None:
        """Fill the rest of a table with rows like those that the server has taken."""
        examples = examples_of(self.connection, filling.maker, _AT_LEAST)
        if examples:
            filling.maker.follow(examples)
            filling.run()
            if filling.fill.rows >= filling.fill.planned:
                filling.fill.reason = ""

    def _advance(self, maker: TableMaker) -> None:
        """Let sequences go on behind the numbers that were given."""
        for sequence in maker.roles.numbered.values():
            if maker.serial:
                last = sequence.next + (maker.serial - 1) * sequence.increment
                name = sql.Identifier(sequence.schema, sequence.name).as_string(self.connection)
                self.connection.execute("SELECT setval(%s::regclass, %s)", (name, last))

    def _count(self, fill: TableFill, reason: str) -> None:
        query = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(fill.key.schema, fill.key.name))
        fill.rows = (self.connection.execute(query).fetchone() or (0,))[0]
        fill.reason = reason

    def _has_rows(self, root: int, key: Key) -> bool:
        only = sql.SQL("" if root in self.facts.parents else "ONLY")
        query = sql.SQL("SELECT EXISTS (SELECT FROM {} {})").format(only, sql.Identifier(key.schema, key.name))
        return bool((self.connection.execute(query).fetchone() or (False,))[0])

    def _fill_group(self, group: tuple[int, ...], later: dict[int, set[str]]) -> None:
        """Tables that refer to each other in a circle of NOT NULL columns: checked when all are there."""
        import psycopg

        planned = {root: self._planned(root) for root in group}
        before, done = len(self.report.tables), self.done
        try:
            with self.connection.transaction():
                self.connection.execute("SET CONSTRAINTS ALL DEFERRED")
                for at, root in enumerate(group):
                    for constraint in self.roots[root][0].constraints:
                        parent = self.parents.roots.get((root, constraint.name))
                        if constraint.kind == "f" and parent is not None and parent in group[at + 1 :]:
                            table = self.roots[parent][0]
                            self.parents.promise(table, constraint.reference_columns, planned[parent])
                    self._fill(root, later.get(root, set()), planned[root])
                self.connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
        except psycopg.Error as error:
            if self.connection.broken:
                raise
            del self.report.tables[before:]
            self.done = done
            keys = [self.roots[root][0].target for root in group]
            self.connection.execute("SET CONSTRAINTS ALL DEFERRED")
            result = fill_tables(self.connection, rows_per_table=_AT_LEAST, tables=keys)
            self.connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
            for root in group:
                fill = TableFill(self.roots[root][0].target, planned=planned[root])
                self._count(fill, result.unfilled.get(fill.key, str(error).splitlines()[0]))
                self.report.tables.append(fill)
                self._finish(root, fill)

    def _tell(self, rows: int) -> None:
        self.told += rows
        self.tell(f"{self.told:,} of {self.rows:,} rows")


def _merged(root: list[KeyFact], partitions: list[KeyFact]) -> list[KeyFact]:
    """Return the keys of a table, with those that only its partitions have, each once."""
    found = {(key.parts, key.predicate): key for key in [*partitions, *root]}
    return list({id(key): key for key in [*root, *found.values()]}.values()) if root else list(found.values())
