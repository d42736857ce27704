"""Let both releases write while steps are applied, each writer on a connection of its own, and see what comes of it.

What an application must be ready for is tried again (deadlock, serialisation failure, lock time-out); what two writers
do to each other's keys is nobody's fault; everything else is an error.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import psycopg

    from alembic_vibe.plan.model import Verify
    from alembic_vibe.postgres.server import ScratchServer

_RETRIED = {"40001", "40P01", "55P03"}  # serialization_failure, deadlock_detected, lock_not_available
_COLLISIONS = {"23505", "23503", "23P01"}  # unique, foreign key, exclusion: another writer was there first
_PATIENCE = 120.0  # seconds after which writers that do not get on are given up
_MOST_ERRORS = 10


@dataclass(frozen=True, slots=True)
class Writer:
    """Transactions that are committed in turn, over and over; it begins when ``after`` steps are done."""

    name: str
    transactions: tuple[tuple[str, ...], ...]
    after: int = 0


@dataclass(frozen=True, slots=True)
class WriterError:
    """What a writer could not do, and what the server said."""

    writer: str
    statement: str
    message: str


@dataclass(frozen=True)
class Report:
    """What came of it.

    ``rounds``: transactions by writer, ``retried`` and ``collided`` among them. ``disagreeing``: what the verifying
    queries count afterwards, where it is not 0; they are asked again after each transaction, done once more alone.
    """

    rounds: Mapping[str, int]
    retried: int = 0
    collided: int = 0
    errors: tuple[WriterError, ...] = ()
    disagreeing: tuple[tuple[str, int], ...] = ()


@dataclass
class _Tally:
    """What the threads have done; guarded by ``changed``."""

    changed: threading.Condition = field(default_factory=threading.Condition)
    stop: bool = False
    rounds: Counter[str] = field(default_factory=Counter)
    counts: Counter[str] = field(default_factory=Counter)
    errors: dict[WriterError, None] = field(default_factory=dict)
    ended: set[str] = field(default_factory=set)  # writers that gave up


def run_concurrently(
    server: ScratchServer,
    database: str,
    steps: Sequence[str | Callable[[], None]],
    writers: Sequence[Writer],
    verify: Sequence[Verify] = (),
    rounds: int = 20,
) -> Report:
    """Apply steps while writers write.

    Args:
        server: Where the database is.
        database: What is written to; it is changed.
        steps: SQL, each committed by itself, or something to call, in order.
        writers: Each gets a thread and a connection; names must differ.
        verify: Queries that count rows which disagree, asked when all writers have stopped; see ``Report``.
        rounds: So many transactions each writer does at least before every step, and after the last one.

    Raises:
        psycopg.Error: A step that is SQL fails, other than for a deadlock or lock time-out.
    """
    tally = _Tally()
    threads: list[threading.Thread] = []
    with server.connect(database, autocommit=True) as connection:
        try:
            for number in range(len(steps) + 1):
                for writer in writers:
                    if writer.after == number and writer.transactions:
                        thread = threading.Thread(target=_write, args=(server, database, writer, tally), daemon=True)
                        thread.start()
                        threads.append(thread)
                begun = [writer.name for writer in writers if writer.after <= number and writer.transactions]
                _wait(tally, begun, rounds)
                if number < len(steps):
                    _apply(connection, steps[number])
        finally:
            with tally.changed:
                tally.stop = True
            for thread in threads:
                thread.join(_PATIENCE)
        disagreeing = _look(connection, verify)
        if verify and not disagreeing:
            disagreeing = _look_after_each(connection, writers, verify, tally)
    counts = tally.counts
    return Report(dict(tally.rounds), counts["retried"], counts["collided"], tuple(tally.errors), tuple(disagreeing))


def _look(connection: psycopg.Connection[Any], verify: Sequence[Verify]) -> list[tuple[str, int]]:
    """Return what disagrees now."""
    found = []
    for one in verify:
        row = connection.execute(one.query.encode()).fetchone()
        if row is not None and row[0]:
            found.append((one.message, int(row[0])))
    return found


def _look_after_each(
    connection: psycopg.Connection[Any], writers: Sequence[Writer], verify: Sequence[Verify], tally: _Tally
) -> list[tuple[str, int]]:
    """Do each transaction once more, alone: what one of them brings apart the next may have brought together again."""
    tally.stop = False
    for writer in writers:
        for transaction in writer.transactions:
            _commit(connection, writer, transaction, tally)
            if found := _look(connection, verify):
                return found
    return []


def _wait(tally: _Tally, names: Sequence[str], rounds: int) -> None:
    """Wait until every writer has done so many transactions more."""
    with tally.changed:
        goal = {name: tally.rounds[name] + rounds for name in names}
        done = tally.changed.wait_for(
            lambda: all(tally.rounds[name] >= most or name in tally.ended for name, most in goal.items()), _PATIENCE
        )
        if not done:
            stuck = [name for name, most in goal.items() if tally.rounds[name] < most]
            for name in stuck:
                tally.errors[WriterError(name, "", "it does not get on: something is locked for good")] = None


def _apply(connection: psycopg.Connection[Any], step: str | Callable[[], None]) -> None:
    import psycopg

    if callable(step):
        step()
        return
    for attempt in range(5):
        try:
            connection.execute(step.encode())
        except psycopg.Error as error:
            if error.sqlstate not in _RETRIED or attempt == 4:
                raise
        else:
            return


def _write(server: ScratchServer, database: str, writer: Writer, tally: _Tally) -> None:
    import psycopg

    try:
        with server.connect(database, autocommit=True) as connection:
            connection.prepare_threshold = None  # a statement is what it says, whatever was prepared before
            connection.execute("SET deadlock_timeout = '50ms'")
            while True:
                for transaction in writer.transactions:
                    if tally.stop:
                        return
                    _commit(connection, writer, transaction, tally)
    except psycopg.Error as error:  # the connection itself
        with tally.changed:
            tally.errors[WriterError(writer.name, "", str(error).strip())] = None
    finally:
        with tally.changed:
            tally.ended.add(writer.name)
            tally.changed.notify_all()


def _commit(connection: psycopg.Connection[Any], writer: Writer, transaction: Sequence[str], tally: _Tally) -> None:
    """Run one transaction; again, where that is what an application would do."""
    import psycopg

    pause = 0.0
    while not tally.stop:
        time.sleep(pause)
        pause += 0.01
        statement, state, message = "", "", ""
        try:
            with connection.transaction():
                for statement in transaction:
                    connection.execute(statement.encode())
        except psycopg.OperationalError as error:
            if error.sqlstate is None:
                raise
            state, message = error.sqlstate, error.diag.message_primary or str(error)
        except psycopg.Error as error:
            state, message = error.sqlstate or "XX000", error.diag.message_primary or str(error)
        with tally.changed:
            if state in _RETRIED:
                tally.counts["retried"] += 1
                continue
            if state in _COLLISIONS:
                tally.counts["collided"] += 1
            elif state and len(tally.errors) < _MOST_ERRORS:
                tally.errors[WriterError(writer.name, statement, message)] = None
            tally.rounds[writer.name] += 1
            tally.changed.notify_all()
        return
