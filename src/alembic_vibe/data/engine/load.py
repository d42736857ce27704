"""Rows into a table: COPY, and what is done where COPY is refused.

One bad row refuses a whole COPY. Then the rows go into a temporary table without constraints, and PostgreSQL filters
them by the CHECKs themselves and by its unique keys; where that fails as well (a trigger raises, an exclusion
constraint), they go in one by one, each in a subtransaction of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from psycopg import sql

if TYPE_CHECKING:
    from collections.abc import Sequence

    from psycopg import Connection
    from psycopg.sql import Composed

    from alembic_vibe.prove.rows_facts import TableFact

_STAGE = "vibe_stage"

_ONE_BY_ONE = """
CREATE OR REPLACE FUNCTION pg_temp.vibe_one_by_one(statement text, total int,
  OUT taken int[], OUT refused int, OUT message text, OUT rule text)
LANGUAGE plpgsql AS $$
DECLARE
  added int;
BEGIN
  taken := '{}'; refused := 0;
  FOR place IN 0 .. total - 1 LOOP
    BEGIN
      EXECUTE statement USING place;
      GET DIAGNOSTICS added = ROW_COUNT;
      IF added > 0 THEN
        taken := taken || place;
      END IF;
    EXCEPTION WHEN others OR assert_failure THEN
      refused := refused + 1;
      IF message IS NULL THEN
        GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, rule = CONSTRAINT_NAME;
      END IF;
    END;
  END LOOP;
END $$
"""


@dataclass(slots=True)
class Loaded:
    """What became of a batch. ``taken`` are the numbers of the rows that went in, where they are known one by one."""

    rows: int
    refused: int = 0
    message: str = ""
    taken: list[int] | None = None


@dataclass(slots=True)
class Loader:
    """Puts the rows of one table in. ``way`` only ever changes to a slower one: copy, filter, one by one."""

    connection: Connection
    table: TableFact
    columns: tuple[str, ...]
    way: str = "copy"
    message: str = ""
    _staged: bool = False
    _copy: Composed = field(init=False)

    def __post_init__(self) -> None:
        """Write the statement once."""
        self._copy = sql.SQL("COPY {} ({}) FROM STDIN").format(self._target, self._names)

    @property
    def _target(self) -> sql.Identifier:
        return sql.Identifier(self.table.target.schema, self.table.target.name)

    @property
    def _names(self) -> Composed:
        return sql.SQL(", ").join(sql.Identifier(name) for name in self.columns)

    def load(self, columns: Sequence[Sequence[str]], count: int) -> Loaded:
        """Put a batch in.

        Args:
            columns: For each column its values, as COPY's text format has them.
            count: How many rows; there may be no column at all.
        """
        import psycopg

        data = _lines(columns, count)
        if self.way == "copy":
            try:
                with self.connection.transaction(), self.connection.cursor() as cursor:
                    with cursor.copy(self._copy) as copy:
                        copy.write(data)
                    return Loaded(cursor.rowcount)
            except psycopg.Error as error:
                if self.connection.broken:
                    raise
                self.message = _said(error)
                self.way = "filter"
        self._stage(data)
        if self.way == "filter":
            try:
                with self.connection.transaction():
                    rows = self.connection.execute(self._filtered()).rowcount
                return Loaded(rows, count - rows, self.message)
            except psycopg.Error as error:
                if self.connection.broken:
                    raise
                self.message = _said(error)
                self.way = "one by one"
        return self._one_by_one(count)

    def close(self) -> None:
        """Remove what only this table needed."""
        if self._staged:
            self.connection.execute(sql.SQL("DROP TABLE pg_temp.{}").format(sql.Identifier(_STAGE)))
            self._staged = False

    def _stage(self, data: bytes) -> None:
        stage = sql.Identifier(_STAGE)
        if self._staged:
            self.connection.execute(sql.SQL("TRUNCATE pg_temp.{} RESTART IDENTITY").format(stage))
        else:
            columns = [sql.SQL("{} text").format(sql.Identifier(name)) for name in self.columns]
            number = sql.SQL("{} int GENERATED ALWAYS AS IDENTITY (MINVALUE 0 START 0) PRIMARY KEY").format(_NUMBER)
            self.connection.execute(
                sql.SQL("CREATE TEMP TABLE {} ({})").format(stage, sql.SQL(", ").join([*columns, number]))
            )
            self._staged = True
        with self.connection.cursor() as cursor:
            statement = sql.SQL("COPY pg_temp.{} ({}) FROM STDIN").format(stage, self._names)
            with cursor.copy(statement) as copy:
                copy.write(data)

    def _inserted(self) -> Composed:
        types = {column.name: column.base_text for column in self.table.columns}
        values = [
            sql.SQL("{name}::{type} AS {name}").format(name=sql.Identifier(name), type=sql.SQL(types[name]))
            for name in self.columns  # the type as format_type() writes it
        ]
        return sql.SQL(
            "INSERT INTO {} ({}) OVERRIDING SYSTEM VALUE SELECT {} FROM (SELECT {}, {} FROM pg_temp.{}) staged"
        ).format(self._target, self._names, self._names, sql.SQL(", ").join(values), _NUMBER, sql.Identifier(_STAGE))

    def _filtered(self) -> Composed:
        """Return the INSERT of those rows for which every CHECK is true or unknown, and no unique key is taken."""
        checks: list[sql.Composable] = [
            sql.SQL("({}) IS NOT FALSE").format(sql.SQL(constraint.expression))  # as pg_get_expr() writes it
            for constraint in self.table.constraints
            if constraint.kind == "c" and constraint.expression
        ]
        checks.append(sql.SQL("true"))
        return sql.SQL("{} WHERE {} ORDER BY {} ON CONFLICT DO NOTHING").format(
            self._inserted(), sql.SQL(" AND ").join(checks), _NUMBER
        )

    def _one_by_one(self, count: int) -> Loaded:
        self.connection.execute(_ONE_BY_ONE)
        statement = sql.SQL("{} WHERE {} = $1").format(self._inserted(), _NUMBER).as_string(self.connection)
        row = self.connection.execute("SELECT * FROM pg_temp.vibe_one_by_one(%s, %s)", (statement, count)).fetchone()
        taken, _, message, rule = row or ([], 0, "", "")
        said = message or self.message
        self.message = f"{rule}: {said}" if rule and rule not in said else said
        return Loaded(len(taken), count - len(taken), self.message, taken)


_NUMBER = sql.Identifier("vibe row number")


def _said(error: Exception) -> str:
    from psycopg import Error

    if isinstance(error, Error) and error.diag.message_primary:
        return error.diag.message_primary
    return " ".join(str(error).split())


def _lines(columns: Sequence[Sequence[str]], count: int) -> bytes:
    if not columns:
        return b"\n" * count
    return ("\n".join(map("\t".join, zip(*columns, strict=True))) + "\n").encode()


def escaped(texts: list[str | None]) -> list[str]:
    r"""Return values as COPY's text format has them: ``\N`` for NULL, a backslash before what would end a value.

    Manual, "COPY", "Text Format". A whole column is joined and cut again, which is several times faster than value by
    value; a value with the character that it is joined by is done by itself.
    """
    known = [_NOTHING if text is None else text for text in texts]
    joined = _JOINT.join(known)
    nothing = texts.count(None)
    if joined.count(_JOINT) != len(known) - 1 or joined.count(_NOTHING) != nothing:
        return ["\\N" if text is None else _escape(text) for text in texts]
    cut = _escape(joined).split(_JOINT) if known else []
    return ["\\N" if text == _NOTHING else text for text in cut] if nothing else cut


def _escape(text: str) -> str:
    if "\\" in text:
        text = text.replace("\\", "\\\\")
    return text.replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


_JOINT = "\x1f"
_NOTHING = "\x1e"
