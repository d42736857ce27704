"""What a release's models send to one table: SELECT, INSERT, UPDATE, UPSERT, DELETE, in several ways to try.

The statements name their columns and give each value its type, as drivers do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.prove.rehearsal import Attempt
from alembic_vibe.sql.compose import Literal, Name, Printed, compose

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from alembic_vibe.prove.released import ReleasedColumn, ReleasedTable, Row

Unit = tuple[str, list[Attempt]]  # what it is, and the alternatives


def select(table: ReleasedTable) -> Unit:
    """Return the reading of all columns, of as many rows as there are."""
    query = compose(
        "SELECT {columns} FROM {table}", columns=[Name(column.name) for column in table.columns], table=table.name
    )
    return "SELECT", [Attempt((query,), least=table.count)]


def insert(table: ReleasedTable, row: Row, columns: Collection[str]) -> str:
    """Return the INSERT that names some columns, and reads the key of the row, as mappers do."""
    text = _insert(table, row, columns)
    if not table.row_key:
        return text
    return compose("{insert} RETURNING {key}", insert=Printed(text), key=[Name(name) for name in table.row_key])


def _insert(table: ReleasedTable, row: Row, columns: Collection[str]) -> str:
    named = [column for column in table.columns if column.name in columns]
    if not named:
        return compose("INSERT INTO {table} DEFAULT VALUES", table=table.name)
    return compose(
        "INSERT INTO {table} ({columns}) VALUES ({values})",
        table=table.name,
        columns=[Name(column.name) for column in named],
        values=[column.value(row[column.name]) for column in named],
    )


def undo_insert(table: ReleasedTable, row: Row, before: tuple[str, ...]) -> tuple[str, ...] | None:
    """Return what takes an INSERT of a whole row back, by its key so that no other row goes; or ``None``."""
    known = table.row_key and writable(table).issuperset(table.row_key)
    return (delete(table, row, writable(table)),) if known and len(before) == 1 else None


def writable(table: ReleasedTable) -> set[str]:
    """Return the names of the columns that an INSERT may give a value to."""
    return {column.name for column in table.columns if column.writable}


def required(table: ReleasedTable) -> set[str]:
    """Return the names of the columns that an INSERT must give a value to."""
    return {column.name for column in table.columns if column.required}


def delete(table: ReleasedTable, row: Row, given: Collection[str] = ()) -> str:
    """Return the DELETE of one row."""
    return compose("DELETE FROM {table} WHERE {row}", table=table.name, row=table.where(row, given))


def full_inserts(table: ReleasedTable) -> list[tuple[Row, tuple[str, ...]]]:
    """Return rows with the statements that write them whole: the new one, or one that is there, deleted before."""
    given = writable(table)
    found: list[tuple[Row, tuple[str, ...]]] = []
    if table.new is not None:
        found.append((table.new, (insert(table, table.new, given),)))
    found.extend((row, (delete(table, row), insert(table, row, given))) for row in table.existing)
    return found


def reads_back(table: ReleasedTable, row: Row, given: Collection[str], columns: Sequence[str]) -> str:
    """Return the query that says which columns are not as they were written; an empty text if all are.

    Args:
        table: The table.
        row: What was written.
        given: The columns that were given values.
        columns: The columns to look at.
    """
    if not columns:
        return ""
    parts = [
        Printed(
            compose(
                "CASE WHEN {same} THEN NULL ELSE {label} END",
                same=table.column(name).holds(row[name]),
                label=Literal(name),
            )
        )
        for name in columns
    ]
    return compose(
        "SELECT coalesce((SELECT concat("
        "'it reads back otherwise: ' || nullif(array_to_string(ARRAY[{parts}], ', '), ''))"
        " FROM {table} WHERE {row} LIMIT 1), 'the row that it wrote is not there')",
        parts=parts,
        table=table.name,
        row=table.where(row, given),
    )


def updates(
    table: ReleasedTable, prepared: tuple[Row, tuple[str, ...]] | None, candidates: Mapping[str, Sequence[str | None]]
) -> Iterator[Unit]:
    """Yield the UPDATE of each column by itself, to another value where the table takes one.

    Args:
        table: The table.
        prepared: A row, and the statements that write it, for tables without rows and columns that others refer to.
        candidates: More values to try, by column.
    """
    targets: list[tuple[Row, tuple[str, ...], Collection[str]]] = [(row, (), ()) for row in table.existing[:1]]
    if prepared is not None:
        targets.append((*prepared, writable(table)))
    for column in table.columns:
        if not column.writable or not targets:
            continue
        attempts: list[Attempt] = []
        for row, before, given in targets:
            others = [other[column.name] for other in (*table.existing, *([table.new] if table.new else []))]
            values = [*others, *candidates.get(column.name, ()), *([None] if column.nullable else [])]
            values = [value for value in dict.fromkeys(values) if value != row[column.name]]
            attempts.extend(_update(table, column, row, value, before, given) for value in (*values, row[column.name]))
        yield f"UPDATE of {column.name}", attempts


def _update(
    table: ReleasedTable,
    column: ReleasedColumn,
    row: Row,
    value: str | None,
    before: tuple[str, ...],
    given: Collection[str],
) -> Attempt:
    text = compose(
        "UPDATE {table} SET {column} = {value} WHERE {row}",
        table=table.name,
        column=Name(column.name),
        value=column.value(value),
        row=table.where(row, given),
    )
    after = {**row, column.name: value}
    back = compose(
        "UPDATE {table} SET {column} = {value} WHERE {row}",
        table=table.name,
        column=Name(column.name),
        value=column.value(row[column.name]),
        row=table.where(after, given),
    )
    # A trigger may write the column whenever the row changes: to write what is there already proves nothing of it.
    check = reads_back(table, after, given, [column.name] if value != row[column.name] else [])
    return Attempt((*before, text), least=1, check=check, undo=None if before else (back,))


def upserts(table: ReleasedTable) -> Iterator[Unit]:
    """Yield, for each unique key, an INSERT … ON CONFLICT DO UPDATE of a row that is not there, and of one that is."""
    given = writable(table)
    for name, (target, columns) in table.targets.items():
        rows = [("a new row", table.new)]
        if table.existing and given.issuperset(columns):
            rows.append(("an existing row", table.existing[0]))
        for which, row in rows:
            if row is None or not given:
                continue
            changed = [column for column in table.columns if column.writable and column.name not in table.row_key]
            changed = changed or [column for column in table.columns if column.writable]
            text = compose(
                "{insert} ON CONFLICT {target} DO UPDATE SET {assignments}",
                insert=Printed(_insert(table, row, given)),
                target=target,
                assignments=[
                    Printed(compose("{name} = EXCLUDED.{name}", name=Name(column.name))) for column in changed
                ],
            )
            yield f"UPSERT by {name} of {which}", [Attempt((text,), least=1)]


def deletes(table: ReleasedTable, prepared: tuple[Row, tuple[str, ...]] | None) -> Iterator[Unit]:
    """Yield the DELETE of a row: one that is there, else one written just before."""
    attempts = [Attempt((delete(table, row),), least=1) for row in table.existing]
    if prepared is not None:
        row, before = prepared
        attempts.append(Attempt((*before, delete(table, row, writable(table))), least=1))
    if attempts:
        yield "DELETE", attempts
