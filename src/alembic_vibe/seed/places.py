"""Where a row stands in its data file: looked for only when a database refuses it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from alembic_vibe.seed.write import FOLDER, read_seeds
from alembic_vibe.source import Source, Span

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from alembic_vibe.seed.report import Refusal

_JSON_ROW = re.compile(r"^ {4}(\{.*\}),?$", re.MULTILINE)
_CSV_LINE = re.compile(r"^([^#\n].*)$", re.MULTILINE)


def with_places(refusals: Iterable[Refusal], directory: Path) -> list[Refusal]:
    """Return the refusals with the places of their rows in the files of a seeds folder.

    A row of a file that somebody laid out otherwise than one row a line keeps none.
    """
    folder = directory / FOLDER if (directory / FOLDER).is_dir() else directory
    files = sorted(path for path in folder.glob("*") if path.suffix in {".csv", ".json"})
    tables = {table.key: (path, table) for path, table in zip(files, read_seeds(directory), strict=False)}
    found = []
    for refusal in refusals:
        path, table = tables.get(refusal.table, (None, None))
        if path is None or table is None or refusal.row not in table.rows:
            found.append(refusal)
            continue
        text = path.read_text(encoding="utf-8")
        spans = _spans(text, path.suffix)
        if len(spans) == len(table.rows):
            source = Source(path.relative_to(directory.parent).as_posix(), text)
            row = replace(refusal.row, source=source, span=spans[table.rows.index(refusal.row)])
            refusal = replace(refusal, row=row)
        found.append(refusal)
    return found


def _spans(text: str, suffix: str) -> list[Span]:
    if suffix == ".json":
        return [Span(*found.span(1)) for found in _JSON_ROW.finditer(text)]
    return [Span(*found.span(1)) for found in _CSV_LINE.finditer(text)][1:]  # the first has the columns' names
