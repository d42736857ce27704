"""Seed tables ↔ CSV files: for rows of plain values that come from a library.

The dialect is that of PostgreSQL's COPY … CSV (manual, "COPY", File Formats): a value that is nothing at all is NULL,
and ``""`` is an empty text. Lines above the header that start with ``#`` say what the file is.
"""

from __future__ import annotations

import json
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING

from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.seed.model import Origin, SeedRow, SeedTable
from alembic_vibe.templates import template_dir

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from mako.template import Template

    from alembic_vibe.seed.model import Value

_HEAD = ("schema", "table", "key", "source", "columns", "own", "digest")
_SPECIAL = frozenset(',"\n\r')


@cache
def template(name: str) -> Template:
    """Return the template of a kind of data file, such as ``table.csv``."""
    from mako.template import Template

    return Template(filename=str(template_dir() / "seeds" / f"{name}.mako"), strict_undefined=True)  # noqa: S702 - no HTML


def fits_csv(table: SeedTable) -> bool:
    """Whether CSV can hold the rows: texts and NULLs, with the same columns in each."""
    names = table.columns
    return bool(names) and all(
        tuple(row.values) == names and all(value is None or isinstance(value, str) for value in row.values.values())
        for row in table.rows
    )


def digest_of(rows: Iterable[SeedRow]) -> str:
    """Return a digest of rows, by which an edited file is known."""
    text = json.dumps([_plain(row) for row in rows], ensure_ascii=False)
    return sha256(text.encode("utf-8", errors="surrogatepass")).hexdigest()[:12]


def _plain(row: SeedRow) -> list[list[object]]:
    return [[name, value if isinstance(value, str | None) else repr(value)] for name, value in row.values.items()]


def render_csv(table: SeedTable, origin: Origin) -> str:
    """Return the text of a table's file, one row a line."""
    head = {
        "schema": table.key.schema,
        "table": table.key.name,
        "key": table.conflict,
        "source": origin.source,
        "columns": dict(origin.columns),
        "own": origin.own,
        "digest": origin.digest or digest_of(table.rows),
    }
    shown = [(name, json.dumps(head[name], ensure_ascii=False)) for name in _HEAD if head[name] != ()]
    lines = [table.columns, *(tuple(row.values.values()) for row in table.rows)]
    return str(
        template("table.csv").render_unicode(
            head=shown, comments=origin.comments, lines=[",".join(map(_cell, line)) for line in lines]
        )
    )


def _cell(value: Value) -> str:
    if value is None:
        return ""
    text = str(value)
    if not text or not _SPECIAL.isdisjoint(text) or text != text.strip() or text.startswith("#"):
        return '"' + text.replace('"', '""') + '"'
    return text


def parse_csv(text: str) -> SeedTable:
    """Read what :func:`render_csv` gives, after any edit of its rows and with any comments in its head.

    Raises:
        ValueError: It is something else; says where.
    """
    head, comments, at = _head(text)
    missing = [name for name in ("schema", "table", "key", "source", "columns") if name not in head]
    if missing:
        msg = f"its head has no line # {missing[0]}: …"
        raise ValueError(msg)
    records = list(_records(text, at))
    if not records or any(name is None for name in records[0][1]):
        msg = "the line with the names of the columns is missing"
        raise ValueError(msg)
    names = [name or "" for name in records[0][1]]
    rows = []
    for line, cells in records[1:]:
        if len(cells) != len(names):
            msg = f"line {line} has {len(cells)} values for {len(names)} columns"
            raise ValueError(msg)
        rows.append(SeedRow(dict(zip(names, cells, strict=True))))
    written = str(head.get("digest", ""))
    origin = Origin(
        source=str(head["source"]),
        columns={str(name): str(fact) for name, fact in dict(_mapping(head["columns"])).items()},
        own=tuple(map(str, _sequence(head.get("own", [])))),
        digest=written if written != digest_of(rows) else "",
        comments=comments,
    )
    key = Key(Kind.TABLE, str(head["schema"]), str(head["table"]))
    return SeedTable(key, tuple(map(str, _sequence(head["key"]))), tuple(rows), origin)


def _mapping(value: object) -> dict[object, object]:
    if not isinstance(value, dict):
        msg = f"the line # columns: has no names of columns: {value!r}"
        raise ValueError(msg)  # noqa: TRY004 - one kind of error for a file that cannot be read
    return value


def _sequence(value: object) -> Sequence[object]:
    if not isinstance(value, list):
        msg = f"a list is expected in its head, not {value!r}"
        raise ValueError(msg)  # noqa: TRY004 - as above
    return value


def _head(text: str) -> tuple[dict[str, object], tuple[str, ...], int]:
    """Return what the head says, the comments in it, and where the rows start."""
    head: dict[str, object] = {}
    comments = []
    at = 0
    while at < len(text) and text[at] == "#":
        end = text.find("\n", at) + 1 or len(text)
        line = text[at:end].rstrip()
        at = end
        name, colon, value = line.removeprefix("#").strip().partition(": ")
        if colon and name in _HEAD and name not in head:
            try:
                head[name] = json.loads(value)
            except ValueError:
                msg = f"the line {line} cannot be read"
                raise ValueError(msg) from None
        else:
            comments.append(line)
    return head, tuple(comments), at


def _records(text: str, start: int) -> Iterator[tuple[int, list[str | None]]]:
    """Yield each record with its line; Python's own reader does not tell NULL from an empty text before 3.12."""
    line = text.count("\n", 0, start) + 1
    at = start
    while at < len(text):
        first, cells = line, []
        while True:
            cell, at = _field(text, at, first)
            cells.append(cell)
            if at >= len(text) or text[at] != ",":
                break
            at += 1
        at += text.startswith("\r", at)
        at += text.startswith("\n", at)
        line = text.count("\n", 0, at) + 1 if any("\n" in (cell or "") for cell in cells) else first + 1
        if cells != [None]:
            yield first, cells


def _field(text: str, at: int, line: int) -> tuple[str | None, int]:
    if not text.startswith('"', at):
        end = at
        while end < len(text) and text[end] not in ",\r\n":
            end += 1
        return text[at:end] or None, end
    parts = []
    while True:
        end = text.find('"', at + 1)
        if end < 0:
            msg = f"a quotation mark of line {line} is not closed"
            raise ValueError(msg)
        parts.append(text[at + 1 : end])
        if not text.startswith('"', end + 1):
            break
        at = end + 1
    if end + 1 < len(text) and text[end + 1] not in ",\r\n":
        msg = f"line {line} has text behind a closing quotation mark"
        raise ValueError(msg)
    return '"'.join(parts), end + 1
