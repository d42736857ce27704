"""The statements about many seed rows at once: one JSON text carries the rows, one answer comes back for each.

``json_to_recordset`` reads every value as its column's type does (PostgreSQL manual, 9.16): too long a text is
refused, not cut, as it would be by a cast.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from alembic_vibe.seed.model import SeedRow, SeedTable, SqlValue
from alembic_vibe.seed.values import as_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from psycopg import Connection, sql

    from alembic_vibe.seed.values import Target

Texts = dict[str, str | None]  # values by column, as the database writes them


class Rows:
    """Rows of one table that give the same columns; SQL in them only where it is a single row."""

    def __init__(
        self, connection: Connection[Any], table: SeedTable, targets: Mapping[str, Target], rows: Sequence[SeedRow]
    ) -> None:
        from psycopg import sql

        self._connection = connection
        self._table = table
        self._targets = targets
        self._rows = rows
        self._names = list(rows[0].values) if rows else []
        self._labels = {name: sql.Identifier(f"vibe_{at}") for at, name in enumerate(self._names)}
        self._relation = sql.Identifier(table.key.schema, table.key.name)

    def look(self) -> list[tuple[str | None, Texts, Texts | None]]:
        """Return what the database says about each row.

        Returns:
            The version of the row that the table has; the values as the database writes them, expressions only where
            they are part of the key; and the values of the row that the table has, if it has one.
        """
        from psycopg import sql

        if not self._table.conflict:  # nothing to find a row by
            return [(None, {}, None) for _ in self._rows]
        asked = [name for name in self._names if not self._is_expression(name) or name in self._table.conflict]
        query = sql.SQL(
            "SELECT DISTINCT ON (v.vibe_n) v.vibe_n, {wanted}, t.xmin::text, t.ctid IS NOT NULL, {current}"
            " FROM {rows} AS v LEFT JOIN {table} AS t ON {join} ORDER BY v.vibe_n"
        ).format(
            wanted=_listed(sql.SQL("v.{}::text").format(self._labels[name]) for name in asked),
            current=_listed(sql.SQL("t.{}::text").format(sql.Identifier(name)) for name in self._names),
            rows=self._relation_of_rows(asked, range(len(self._rows))),
            table=self._relation,
            join=self._join(),
        )
        answers = self._connection.execute(query).fetchall()
        width = len(asked)
        return [
            (
                answer[width + 1],
                dict(zip(asked, answer[1 : width + 1], strict=True)),
                dict(zip(self._names, answer[width + 3 :], strict=True)) if answer[width + 2] else None,
            )
            for answer in answers
        ]

    def insert(self, places: Sequence[int]) -> list[Texts]:
        """Insert the rows at some places; returns what the table then holds of each, in their order.

        Raises:
            psycopg.IntegrityError: A trigger left one out, so that it cannot be told which is which.
        """
        from psycopg import errors, sql

        if not self._names:
            self._connection.execute(sql.SQL("INSERT INTO {} DEFAULT VALUES").format(self._relation))
            return [{} for _ in places]
        always = any(self._targets[name].always for name in self._names)
        query = sql.SQL(
            "INSERT INTO {table} AS t ({columns}){always} SELECT {values} FROM {rows} AS v ORDER BY v.vibe_n"
            " RETURNING {returned}"
        ).format(
            table=self._relation,
            columns=_listed(sql.Identifier(name) for name in self._names),
            always=sql.SQL(" OVERRIDING SYSTEM VALUE" if always else ""),
            values=_listed(sql.SQL("v.{}").format(self._labels[name]) for name in self._names),
            rows=self._relation_of_rows(self._names, places),
            returned=self._returned(),
        )
        answers = self._connection.execute(query).fetchall()
        if len(answers) != len(places):
            message = "a trigger of the table does not let the row in"
            raise errors.IntegrityConstraintViolation(message)
        return [dict(zip(self._names, answer, strict=True)) for answer in answers]

    def update(self, places: Sequence[int], columns: Sequence[str], versions: Sequence[str | None]) -> dict[int, Texts]:
        """Write some columns of the rows at some places, where the table still has these versions of them.

        Returns:
            What the table then holds, by place; a row that somebody changed meanwhile is missing.
        """
        from psycopg import sql

        needed = [name for name in self._names if name in columns or name in self._table.conflict]
        query = sql.SQL(
            "UPDATE {table} AS t SET {set} FROM {rows} AS v WHERE {join} AND t.xmin::text = v.vibe_version"
            " RETURNING v.vibe_n, {returned}"
        ).format(
            table=self._relation,
            set=_listed(sql.SQL("{} = v.{}").format(sql.Identifier(name), self._labels[name]) for name in columns),
            rows=self._relation_of_rows(needed, places, versions),
            join=self._join(),
            returned=self._returned(),
        )
        answers = self._connection.execute(query).fetchall()
        return {answer[0]: dict(zip(self._names, answer[1:], strict=True)) for answer in answers}

    def count(self, keys: Sequence[tuple[str | None, ...]]) -> int:
        """Return how many rows the table has under keys, given as the database writes them."""
        from psycopg import sql

        if not keys:
            return 0
        labels = [sql.Identifier(f"vibe_{at}") for at in range(len(self._table.conflict))]
        query = sql.SQL(
            "SELECT count(*) FROM {table} AS t JOIN pg_catalog.json_to_recordset({keys}::json) AS v ({columns})"
            " ON {join}"
        ).format(
            table=self._relation,
            keys=sql.Literal(json.dumps([{f"vibe_{at}": value for at, value in enumerate(key)} for key in keys])),
            columns=_listed(sql.SQL("{} text").format(label) for label in labels),
            join=sql.SQL(" AND ").join(
                sql.SQL("coalesce(t.{}::text, '') = coalesce(v.{}, '')").format(sql.Identifier(name), label)
                for name, label in zip(self._table.conflict, labels, strict=True)
            ),
        )
        row = self._connection.execute(query).fetchone()
        return int(row[0]) if row is not None else 0

    def advance_sequences(self) -> None:
        """Where rows came with numbers of their own, let the sequence go on after them."""
        from psycopg import sql

        relation = self._relation.as_string(self._connection)
        for name in self._table.columns:
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
                ).format(sequence=sql.Literal(row[0]), column=sql.Identifier(name), table=self._relation)
            )

    # -- parts ------------------------------------------------------------------------------------------------------

    def _is_expression(self, name: str) -> bool:
        return isinstance(self._rows[0].values[name], SqlValue)

    def _json(self, places: Sequence[int], names: Sequence[str], versions: Sequence[str | None] = ()) -> str:
        at = {name: number for number, name in enumerate(self._names)}
        plain = [(f"vibe_{at[name]}", name, self._targets[name]) for name in names if not self._is_expression(name)]
        rows: list[dict[str, Any]] = []
        for number, place in enumerate(places):
            given = self._rows[place].values
            row: dict[str, Any] = {label: as_text(given[name], target) for label, name, target in plain}
            row["vibe_n"] = place
            if versions:
                row["vibe_version"] = versions[number]
            rows.append(row)
        return json.dumps(rows)

    def _relation_of_rows(
        self, names: Sequence[str], places: Sequence[int], versions: Sequence[str | None] = ()
    ) -> sql.Composable:
        """Return a subquery that has the rows: ``vibe_n``, ``vibe_version``, and a label for each column.

        The rows are a literal in it and no parameter, for names and the author's SQL may have percent signs.
        """
        from psycopg import sql

        columns, values = [], []
        for name in names:
            target, label = self._targets[name], self._labels[name]
            value = self._rows[0].values[name]
            if isinstance(value, SqlValue):
                # The author's own SQL, from the specification or the seed file.
                written = sql.SQL(value.sql)
                values.append(sql.SQL("CAST(({}) AS {}) AS {}").format(written, sql.SQL(target.type), label))
            elif target.json:  # a JSON text in a JSON text would be read as a string
                columns.append(sql.SQL(", {} text").format(label))
                values.append(sql.SQL("CAST(r.{} AS {}) AS {}").format(label, sql.SQL(target.type), label))
            else:
                columns.append(sql.SQL(", {} {}").format(label, sql.SQL(target.type)))
                values.append(sql.SQL("r.{}").format(label))
        return sql.SQL(
            "(SELECT r.vibe_n, r.vibe_version{values} FROM pg_catalog.json_to_recordset({rows}::json)"
            " AS r (vibe_n int, vibe_version text{columns}))"
        ).format(
            values=sql.SQL("").join(sql.SQL(", {}").format(value) for value in values),
            columns=sql.SQL("").join(columns),
            rows=sql.Literal(self._json(places, names, versions)),
        )

    def _join(self) -> sql.Composable:
        """Return the condition under which a row of the table is one of the seeds.

        ``IS NOT DISTINCT FROM`` would be exact everywhere, but knows neither index nor hash: it is for NULL only.
        """
        from psycopg import sql

        parts = []
        for name in self._table.conflict:
            target, value = self._targets[name], self._rows[0].values[name]
            maybe_null = value is None or (isinstance(value, SqlValue) and not target.not_null)
            form = "t.{} IS NOT DISTINCT FROM v.{}" if maybe_null else "t.{} = v.{}"
            if not target.comparable:
                form = "t.{}::text IS NOT DISTINCT FROM v.{}::text"
            parts.append(sql.SQL(form).format(sql.Identifier(name), self._labels[name]))
        return sql.SQL(" AND ").join(parts)

    def _returned(self) -> sql.Composable:
        from psycopg import sql

        return _listed(sql.SQL("t.{}::text").format(sql.Identifier(name)) for name in self._names)


def _listed(parts: Iterable[sql.Composable]) -> sql.Composable:
    from psycopg import sql

    return sql.SQL(", ").join(parts)
