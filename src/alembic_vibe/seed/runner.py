"""Load seed files into a database, again and again: new rows go in, changes follow, what people edited stays.

For each row the table ``vibe_seed_state`` remembers what the seed said and what the database then held. A row whose
database side has changed since was edited by somebody; a row that is gone was deleted by somebody. Both stay so.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import groupby
from typing import TYPE_CHECKING, Any

from alembic_vibe.diagnostics import ConfigurationError
from alembic_vibe.seed.model import SeedRow, SeedTable, SqlValue, Value
from alembic_vibe.seed.rules import TARGET_MISSING
from alembic_vibe.seed.write import read_seeds

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from psycopg import Connection, sql

    from alembic_vibe.catalog.keys import Key

_LOCK = 7_613_114_020  # any number of our own: two runs at once would each insert the same rows
_BATCH = 500  # rows per query; PostgreSQL takes at most 65,535 parameters
_STATE = """
CREATE TABLE IF NOT EXISTS vibe_seed_state (
    table_name text NOT NULL,
    row_key text NOT NULL,
    hash jsonb NOT NULL,
    PRIMARY KEY (table_name, row_key)
)
"""
_REMEMBER = """
INSERT INTO vibe_seed_state AS s (table_name, row_key, hash) VALUES (%s, %s, %s::jsonb)
ON CONFLICT (table_name, row_key) DO UPDATE SET hash = excluded.hash WHERE s.hash IS DISTINCT FROM excluded.hash
"""


@dataclass(slots=True)
class TableReport:
    """What was done with the rows of one table, or would be."""

    key: Key
    insert: int = 0
    same: int = 0
    update: int = 0
    conflict: int = 0  # edited in the database: left as it is
    deleted: int = 0  # deleted in the database: not brought back
    conflicts: list[str] = field(default_factory=list)  # the keys of those rows

    @property
    def changes(self) -> int:
        """Rows that are written."""
        return self.insert + self.update


@dataclass(frozen=True, slots=True)
class SeedReport:
    """What a run did, by table in the order of loading."""

    tables: tuple[TableReport, ...] = ()

    @property
    def changes(self) -> int:
        """Rows that are written, over all tables."""
        return sum(table.changes for table in self.tables)


def run_seeds(connection: Connection, directory: Path, *, check: bool = False) -> SeedReport:
    """Bring the rows of a seeds folder into a database, in one transaction; a second run changes nothing.

    Args:
        connection: The database, migrated to head.
        directory: The folder that holds ``reference/*.json``.
        check: Only find out what would be done; nothing stays written.

    Returns:
        Counts per table.

    Raises:
        ConfigurationError: A file cannot be read, or names a table or column that the database does not have.
        psycopg.Error: The database refuses a row; nothing is written.
    """
    return load_seeds(connection, read_seeds(directory), check=check)


def load_seeds(connection: Connection, seeds: Sequence[SeedTable], *, check: bool = False) -> SeedReport:
    """Do the same with seed tables at hand; see :func:`run_seeds`."""
    with connection.transaction(force_rollback=check):
        connection.execute("SELECT pg_catalog.pg_advisory_xact_lock(%s)", (_LOCK,))
        row = connection.execute("SELECT pg_catalog.to_regclass('vibe_seed_state') IS NULL").fetchone()
        if row is not None and row[0]:
            connection.execute(_STATE)
        return SeedReport(tuple(_Loader(connection, table).run() for table in seeds))


def _digest(texts: Mapping[str, str | None]) -> dict[str, str]:
    return {name: sha256(repr(text).encode()).hexdigest()[:16] for name, text in sorted(texts.items())}


@dataclass(slots=True)
class _Found:
    """A seed row as the database sees it, and the row that it has now."""

    row: SeedRow
    wanted: dict[str, str | None]  # canonical text by column; the SQL itself for expressions
    current: dict[str, str | None] | None
    key: str


class _Loader:
    """One table."""

    def __init__(self, connection: Connection, table: SeedTable) -> None:
        self._connection = connection
        self._table = table
        self._types = self._read_types()
        unknown = [name for name in table.columns if name not in self._types]
        if unknown:
            problem = f"column {unknown[0]} of {table.key.qualified}" if self._types else f"table {table.key.qualified}"
            message = f"the seeds name {problem}, which the database does not have"
            raise ConfigurationError(TARGET_MISSING.diagnostic(message))
        self._state: dict[str, dict[str, dict[str, str]]] = dict(
            connection.execute(
                "SELECT row_key, hash FROM vibe_seed_state WHERE table_name = %s", (table.key.qualified,)
            ).fetchall()
        )

    def _read_types(self) -> dict[str, tuple[str, str, bool, str]]:
        """Type, category, whether it is JSON, and identity, by column."""
        rows = self._connection.execute(
            """
            SELECT a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod), t.typcategory::text,
                   t.typname IN ('json', 'jsonb'), a.attidentity::text
            FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
            JOIN pg_catalog.pg_class c ON c.oid = a.attrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname = %s AND c.relname = %s AND a.attnum > 0 AND NOT a.attisdropped
            """,
            (self._table.key.schema, self._table.key.name),
        ).fetchall()
        return {name: (text, category, is_json, identity) for name, text, category, is_json, identity in rows}

    def run(self) -> TableReport:
        report = TableReport(self._table.key)
        for batch in self._batches():
            for found in self._look(batch):
                self._settle(found, report)
        if report.insert:
            self._advance_sequences()
        return report

    def _batches(self) -> Iterator[list[SeedRow]]:
        """Rows with the same columns together; one with SQL in it alone, for it may refer to the row before."""

        def shape(numbered: tuple[int, SeedRow]) -> tuple[object, ...]:
            number, row = numbered
            has_sql = any(isinstance(value, SqlValue) for value in row.values.values())
            return (tuple(row.values), number // _BATCH, number if has_sql else -1)

        for _, rows in groupby(enumerate(self._table.rows), key=shape):
            yield [row for _, row in rows]

    def _expression(self, name: str, value: Value) -> tuple[sql.Composable, list[Any]]:
        from psycopg import sql

        text, category, is_json, _ = self._types[name]
        if isinstance(value, SqlValue):
            # The author's own SQL, from the specification or the seed file; a percent sign is not a placeholder.
            written = sql.SQL(value.sql.replace("%", "%%"))
            return sql.SQL("CAST(({}) AS {})").format(written, sql.SQL(text)), []
        return sql.SQL("CAST(%s AS {})").format(sql.SQL(text)), [
            _as_text(value, is_json=is_json, is_array=category == "A")
        ]

    def _look(self, rows: list[SeedRow]) -> list[_Found]:
        """Ask for the canonical form of the rows' values, and for the rows that the table has under their keys."""
        from psycopg import sql

        names = list(rows[0].values)
        labels = [sql.Identifier(f"v{at}") for at in range(len(names))]
        parameters: list[Any] = []
        lines = []
        for number, row in enumerate(rows):
            cells: list[sql.Composable] = [sql.Literal(number)]
            for name in names:
                cell, more = self._expression(name, row.values[name])
                cells.append(cell)
                parameters.extend(more)
            lines.append(sql.SQL("({})").format(sql.SQL(", ").join(cells)))
        columns = [sql.Identifier(name) for name in names]
        join = sql.SQL(" AND ").join(
            sql.SQL("t.{} IS NOT DISTINCT FROM v.{}").format(columns[names.index(name)], labels[names.index(name)])
            for name in self._table.conflict
        )
        query = sql.SQL(
            "SELECT {wanted}, t.ctid IS NOT NULL, {current} FROM (VALUES {lines}) AS v (n, {labels})"
            " LEFT JOIN {table} AS t ON {join} ORDER BY v.n"
        ).format(
            wanted=sql.SQL(", ").join(sql.SQL("v.{}::text").format(label) for label in labels),
            current=sql.SQL(", ").join(sql.SQL("t.{}::text").format(column) for column in columns),
            lines=sql.SQL(", ").join(lines),
            labels=sql.SQL(", ").join(labels),
            table=self._relation(),
            join=join,
        )
        found = []
        width = len(names)
        answers = self._connection.execute(query, parameters).fetchall()
        for row, answer in zip(rows, answers, strict=True):
            canonical = dict(zip(names, answer[:width], strict=True))
            current = dict(zip(names, answer[width + 1 :], strict=True)) if answer[width] else None
            key = json.dumps([canonical[name] for name in self._table.conflict], ensure_ascii=False)
            wanted = {
                name: value.sql if isinstance(value := row.values[name], SqlValue) else canonical[name]
                for name in names
            }
            found.append(_Found(row, wanted, current, key))
        return found

    def _settle(self, found: _Found, report: TableReport) -> None:
        state = self._state.get(found.key)
        wanted = _digest(found.wanted)
        if found.current is None:
            if state is not None:
                report.deleted += 1
            else:
                self._remember(found, self._insert(found.row))
                report.insert += 1
            return
        plain = [name for name, value in found.row.values.items() if not isinstance(value, SqlValue)]
        equal = all(found.current[name] == found.wanted[name] for name in plain)
        if state is None:
            if equal:  # somebody wrote the same row: from now on it is ours
                self._remember(found, found.current)
                report.same += 1
            else:
                self._keep(found, report)
            return
        stored = state["stored"]
        # Of a column that the seeds give only now, the database's side is not known: it counts as untouched.
        edited = any(digest != stored[name] for name, digest in _digest(found.current).items() if name in stored)
        if wanted == state["seed"]:
            if edited and not equal:
                self._keep(found, report)
            else:
                report.same += 1
        elif equal and [n for n in wanted if wanted[n] != state["seed"].get(n) and n not in plain] == []:
            self._remember(found, found.current)
            report.same += 1
        elif edited:
            self._keep(found, report)
        else:
            self._remember(found, self._update(found))
            report.update += 1

    def _keep(self, found: _Found, report: TableReport) -> None:
        report.conflict += 1
        report.conflicts.append(", ".join(str(part) for part in json.loads(found.key)))

    def _remember(self, found: _Found, stored: Mapping[str, str | None]) -> None:
        content = json.dumps({"seed": _digest(found.wanted), "stored": _digest(stored)})
        self._connection.execute(_REMEMBER, (self._table.key.qualified, found.key, content))

    def _relation(self) -> sql.Composable:
        from psycopg import sql

        return sql.Identifier(self._table.key.schema, self._table.key.name)

    def _insert(self, row: SeedRow) -> dict[str, str | None]:
        from psycopg import sql

        if not row.values:
            self._connection.execute(sql.SQL("INSERT INTO {} DEFAULT VALUES").format(self._relation()))
            return {}
        cells, parameters = self._cells(row, list(row.values))
        always = any(self._types[name][3] == "a" for name in row.values)
        query = sql.SQL("INSERT INTO {} AS t ({}){} VALUES ({}) RETURNING {}").format(
            self._relation(),
            sql.SQL(", ").join(sql.Identifier(name) for name in row.values),
            sql.SQL(" OVERRIDING SYSTEM VALUE" if always else ""),
            sql.SQL(", ").join(cells),
            self._returned(row),
        )
        return self._stored(query, parameters, row)

    def _update(self, found: _Found) -> dict[str, str | None]:
        from psycopg import sql

        row = found.row
        names = [name for name in row.values if name not in self._table.conflict]
        cells, parameters = self._cells(row, names)
        keys, key_parameters = self._cells(row, list(self._table.conflict))
        query = sql.SQL("UPDATE {} AS t SET {} WHERE {} RETURNING {}").format(
            self._relation(),
            sql.SQL(", ").join(
                sql.SQL("{} = {}").format(sql.Identifier(name), cell) for name, cell in zip(names, cells, strict=True)
            ),
            sql.SQL(" AND ").join(
                sql.SQL("t.{} IS NOT DISTINCT FROM {}").format(sql.Identifier(name), cell)
                for name, cell in zip(self._table.conflict, keys, strict=True)
            ),
            self._returned(row),
        )
        return self._stored(query, [*parameters, *key_parameters], row)

    def _cells(self, row: SeedRow, names: list[str]) -> tuple[list[sql.Composable], list[Any]]:
        cells, parameters = [], []
        for name in names:
            cell, more = self._expression(name, row.values[name])
            cells.append(cell)
            parameters.extend(more)
        return cells, parameters

    def _returned(self, row: SeedRow) -> sql.Composable:
        from psycopg import sql

        return sql.SQL(", ").join(sql.SQL("t.{}::text").format(sql.Identifier(name)) for name in row.values)

    def _stored(self, query: sql.Composed, parameters: list[Any], row: SeedRow) -> dict[str, str | None]:
        answer = self._connection.execute(query, parameters).fetchone()
        return dict(zip(row.values, answer, strict=True)) if answer is not None else {}

    def _advance_sequences(self) -> None:
        """Where rows came with numbers of their own, let the sequence go on after them."""
        from psycopg import sql

        for name in self._table.columns:
            relation = self._relation().as_string(self._connection)
            row = self._connection.execute(
                "SELECT pg_catalog.pg_get_serial_sequence(%s, %s)", (relation, name)
            ).fetchone()
            if row is None or row[0] is None:
                continue
            self._connection.execute(
                sql.SQL(
                    "SELECT pg_catalog.setval({sequence}, highest)"
                    " FROM (SELECT max({column}) AS highest FROM {table}) AS m"
                    " WHERE highest > coalesce(pg_catalog.pg_sequence_last_value({sequence}), 0)"
                ).format(sequence=sql.Literal(row[0]), column=sql.Identifier(name), table=self._relation())
            )


def _as_text(value: Value, *, is_json: bool, is_array: bool) -> str | None:
    """The text form that PostgreSQL reads a value of the column's type from."""
    if value is None:
        return None
    if is_json and not isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if is_array and isinstance(value, list):
        return "{" + ",".join(_element(item) for item in value) + "}"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False)
    return str(value)


def _element(value: Any) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, list):
        return "{" + ",".join(_element(item) for item in value) + "}"
    text = ("true" if value else "false") if isinstance(value, bool) else str(value)
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
