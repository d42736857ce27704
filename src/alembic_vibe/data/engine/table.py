"""One table from the first batch to the last: rows are made while the server takes in those before."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from alembic_vibe.data.engine.load import Loaded, Loader, escaped

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future, ThreadPoolExecutor

    from psycopg import Connection

    from alembic_vibe.data.engine.maker import Batch, TableMaker
    from alembic_vibe.data.engine.report import TableFill

_FIRST = 200  # a small batch first: if it is refused, little is lost
_SIZE = 4000
_PARTS = 6  # at least, of a table of some size: all but the first are made while the server takes in another
_SMALLEST = 20
_STALLED = 8  # batches without a row that are enough
_ENOUGH = 300  # refused rows without one that was taken that are


@dataclass(slots=True)
class Filling:
    """Fills one table up to ``fill.planned``."""

    connection: Connection
    maker: TableMaker
    fill: TableFill
    tell: Callable[[int], None]
    worker: ThreadPoolExecutor
    loader: Loader = field(init=False)
    pending: tuple[Future[Loaded], Batch] | None = None

    def run(self) -> None:
        """Make rows and load them until there are as many as planned, or no more are accepted."""
        loader = self.loader = Loader(self.connection, self.maker.table, self.maker.columns)
        growing = [key for key in self.maker.roles.foreign if key.own]
        size = 1 if any(not key.optional for key in growing) else 16 if growing else _FIRST
        largest = _SIZE if growing else max(_FIRST, min(_SIZE, self.fill.planned // _PARTS))
        self.pending = None
        stalled = offered = 0
        while stalled < _STALLED and not self._is_hopeless() and offered < 8 * self.fill.planned + 4 * _FIRST:
            before = self.fill.rows
            under_way = self.pending[1].count if self.pending is not None else 0
            wanted = self.fill.planned - before - under_way
            if wanted <= 0:
                if self.pending is None:
                    break
                self._settle()
                continue
            batch = self.maker.batch(min(size, max(wanted, min(size, _SMALLEST))))
            offered += max(batch.count, min(size, wanted))
            _cut(batch, wanted)
            self._settle()
            if batch.count:
                texts = [escaped(list(batch.columns[name])) for name in self.maker.columns]
                self.pending = (self.worker.submit(loader.load, texts, batch.count), batch)
                if growing:  # the next batch depends on this one
                    self._settle()
            stalled = 0 if self.fill.rows > before or (under_way == 0 and batch.count) else stalled + 1
            if self.fill.rows == before and self.pending is None:
                stalled += batch.count > 0
            size = min(size * 4, largest)
        self._settle()
        loader.close()
        if self.fill.rows < self.fill.planned and not self.fill.reason:
            self.fill.reason = loader.message or "no more rows satisfy its constraints"

    def _is_hopeless(self) -> bool:
        """Whether the server has refused many rows, each for itself, and taken none."""
        return self.loader.way == "one by one" and self.fill.rows == 0 and self.fill.rejected >= _ENOUGH

    def _settle(self) -> None:
        """Wait for the batch that is under way."""
        if self.pending is None:
            return
        future, batch = self.pending
        self.pending = None
        loaded = future.result()
        self.fill.rows += loaded.rows
        self.fill.rejected += loaded.refused
        if loaded.taken is not None:
            self.maker.learn(batch, loaded.taken)
            if self.maker.choose():
                self.loader.way = "copy"
        for key in self.maker.roles.foreign:
            if key.own and loaded.rows:
                numbers = range(batch.count) if loaded.taken is None else loaded.taken
                columns = [batch.columns[name] for name in key.pool.columns if name in batch.columns]
                if len(columns) == len(key.pool.columns):
                    found = (tuple(column[number] for column in columns) for number in numbers)
                    key.pool.add(row for row in found if None not in row)  # type: ignore[misc]
        self.tell(loaded.rows)


def _cut(batch: Batch, most: int) -> None:
    if batch.count > most:
        batch.columns = {name: values[:most] for name, values in batch.columns.items()}
        batch.cases = batch.cases[:most]
        batch.count = most
