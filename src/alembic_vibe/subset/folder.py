"""A folder as the target of a subset: a CSV file for each table, and a script for psql that loads them all.

Written beside its final name and renamed at the end: it is there as a whole, or not at all.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from psycopg import sql

from alembic_vibe.diagnostics import ConfigurationError, EnvironmentFailureError, FindingsError
from alembic_vibe.subset.preparation import Preparation, prepare
from alembic_vibe.subset.rules import CHOICE, NOT_EMPTY
from alembic_vibe.subset.source import TEXT_FORMS, Row, in_batches, reading
from alembic_vibe.templates import template_dir

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import Any

    from psycopg import Connection

    from alembic_vibe.catalog.keys import Key
    from alembic_vibe.diagnostics import Diagnostic
    from alembic_vibe.subset.copying import Written
    from alembic_vibe.subset.schema import Schema, Table

MANIFEST = "manifest.json"
_SPECIAL = re.compile(r"[^A-Za-z0-9_.-]+")


class FolderTarget:
    """The folder, from the first look at it until it is renamed into place."""

    def __init__(self, path: Path, source: Connection[Any]) -> None:
        self.path = path
        self._source = source
        self._preparation: Preparation | None = None
        self._files: list[tuple[Key, dict[str, Any]]] = []
        self._loads: list[str] = []
        self._staged: Path | None = None

    def accept(self, source: Schema) -> list[Diagnostic]:
        """Look whether the folder can be made, and make one beside it.

        Raises:
            FindingsError: It holds something already.
            ConfigurationError: There is a file of that name, or no folder to make it in.
            EnvironmentFailureError: It cannot be made.
        """
        if self.path.is_dir() and any(self.path.iterdir()):
            raise FindingsError(NOT_EMPTY.diagnostic(f"{self.path} holds files already", path=str(self.path)))
        if self.path.exists() and not self.path.is_dir():
            raise ConfigurationError(CHOICE.diagnostic(f"{self.path} is a file", path=str(self.path)))
        if not self.path.absolute().parent.is_dir():
            message = f"{self.path.absolute().parent} does not exist, so no folder can be made in it"
            raise ConfigurationError(CHOICE.diagnostic(message, path=str(self.path)))
        with reading():
            self._preparation = prepare(self._source, source, as_owner=True)
        self._stage()
        return []

    def _stage(self) -> None:
        """Make a folder beside the final one; nobody else may read it."""
        parent = self.path.absolute().parent
        try:
            self._staged = Path(tempfile.mkdtemp(prefix=f".{self.path.name}.", dir=parent))
        except OSError as error:
            message = f"{parent} cannot be written: {error.strerror or error}"
            raise EnvironmentFailureError(CHOICE.diagnostic(message, path=str(parent))) from None

    @property
    def order(self) -> list[Table]:
        """The tables, those that others refer to first."""
        assert self._preparation is not None
        return self._preparation.order

    def load(self, table: Table, columns: Sequence[str], batches: Iterable[Sequence[Row]]) -> int:
        """Write the rows of a table; return how many. A table without rows gets no file.

        Raises:
            EnvironmentFailureError: The file cannot be written.
        """
        assert self._staged is not None
        name = f"{len(self._files) + 1:04d}_{_SPECIAL.sub('_', table.name)}.csv"
        digest, count = hashlib.sha256(), 0
        try:
            with (self._staged / name).open("xb") as file:
                for rows in batches:
                    if not count:
                        digest.update(header := _line(columns))
                        file.write(header)
                    text = b"".join(map(_line, rows))
                    digest.update(text)
                    file.write(text)
                    count += len(rows)
        except OSError as error:
            message = f"{self.path / name} cannot be written: {error.strerror or error}"
            raise EnvironmentFailureError(CHOICE.diagnostic(message, path=str(self.path))) from None
        if not count:
            (self._staged / name).unlink()
            return 0
        entry = {"table": table.name, "file": name, "rows": count, "columns": list(columns)}
        self._files.append((table.key, {**entry, "sha256": digest.hexdigest()}))
        self._loads.append(
            sql.SQL("\\copy {} ({}) FROM {} WITH (FORMAT csv, HEADER match, ENCODING 'UTF8')")
            .format(
                sql.Identifier(table.key.schema, table.key.name),
                sql.SQL(", ").join(map(sql.Identifier, columns)),
                sql.Literal(name),
            )
            .as_string(self._source)
        )
        return count

    def finish(self) -> None:
        """Write the script and the manifest.

        Raises:
            EnvironmentFailureError: They cannot be written.
        """
        from mako.lookup import TemplateLookup

        assert self._staged is not None
        assert self._preparation is not None
        lookup = TemplateLookup(directories=[str(template_dir())], strict_undefined=True, input_encoding="utf-8")
        script = lookup.get_template("subset/load.sql.mako").render(
            settings=[line for line in TEXT_FORMS if "client_encoding" not in line],
            before=[self._text(statement) for statement in self._preparation.before],
            loads=self._loads,
            after=[self._text(statement) for statement in self._preparation.after],
        )
        manifest = {"format": 1, "load": "load.sql", "tables": [entry for _, entry in self._files]}
        try:
            (self._staged / "load.sql").write_text(script, encoding="utf-8")
            text = json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"
            (self._staged / MANIFEST).write_text(text, encoding="utf-8")
        except OSError as error:
            message = f"{self.path} cannot be written: {error.strerror or error}"
            raise EnvironmentFailureError(CHOICE.diagnostic(message, path=str(self.path))) from None

    def written(self) -> Iterator[Written]:
        """Give what was written, as it is read again."""
        for key, entry in self._files:
            yield key, entry["columns"], in_batches(read_rows(self.staged, entry["file"]))

    def _text(self, statement: sql.Composable) -> str:
        return statement.as_string(self._source)

    @property
    def staged(self) -> Path:
        """Where the files are until they are kept."""
        assert self._staged is not None
        return self._staged

    def keep(self) -> None:
        """Give the folder its name.

        Raises:
            EnvironmentFailureError: Something of that name has appeared meanwhile.
        """
        try:
            self.staged.replace(self.path)  # an empty folder of that name is replaced, another one refuses
        except OSError as error:
            message = f"{self.path} cannot be written: {error.strerror or error}"
            raise EnvironmentFailureError(CHOICE.diagnostic(message, path=str(self.path))) from None
        self._staged = None

    def discard(self) -> None:
        """Remove what was written and not kept."""
        if self._staged is not None:
            shutil.rmtree(self._staged, ignore_errors=True)
            self._staged = None


def _line(row: Sequence[str | None]) -> bytes:
    """Return a row as CSV that COPY reads: NULL is nothing, every other value stands in quotes."""
    cells = ("" if value is None else '"' + value.replace('"', '""') + '"' for value in row)
    return (",".join(cells) + "\n").encode()


def read_rows(folder: Path, file: str) -> Iterable[Row]:
    """Give the rows of a file that ``FolderTarget`` has written."""
    with (folder / file).open(encoding="utf-8", newline="") as lines:
        yield from _parse(lines)


def _parse(lines: Iterable[str]) -> Iterable[Row]:
    rest = ""
    first = True
    for line in lines:
        rest += line
        if rest.count('"') % 2:  # a line break within a value
            continue
        if not first:
            yield tuple(_cells(rest.removesuffix("\n")))
        first, rest = False, ""


_CELL = re.compile(r'"((?:[^"]|"")*)"|([^",]*)')


def _cells(line: str) -> Iterable[str | None]:
    at = 0
    while at <= len(line):
        match = _CELL.match(line, at)
        assert match is not None
        yield None if match[1] is None else match[1].replace('""', '"')
        at = match.end() + 1
