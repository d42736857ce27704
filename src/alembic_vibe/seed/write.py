"""Seed tables ↔ the data files in ``seeds/reference``: one file a table, one row a line, stable in every detail.

Rows of the specification are JSON. Rows that a library gave are CSV where that can hold them, with their source.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.diagnostics import ConfigurationError
from alembic_vibe.seed.csv_files import digest_of, fits_csv, parse_csv, render_csv, template
from alembic_vibe.seed.model import Json, Origin, SeedRow, SeedTable, SqlValue, Value
from alembic_vibe.seed.rules import UNREADABLE

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

FOLDER = "reference"


def render_seeds(tables: Sequence[SeedTable]) -> dict[str, str]:
    """Return the text of each data file by its path below the seeds folder, such as ``reference/01_roles.json``.

    The number in the name is the order of loading: a table comes after those it refers to.
    """
    width = max(2, len(str(len(tables))))
    return {
        f"{FOLDER}/{number:0{width}d}_{_file_name(table.key)}{suffix_of(table)}": render_table(table)
        for number, table in enumerate(tables, start=1)
    }


def suffix_of(table: SeedTable) -> str:
    """Return what the name of the table's file ends with."""
    return ".csv" if table.origin is not None and fits_csv(table) else ".json"


def render_table(table: SeedTable) -> str:
    """Return the text of one data file."""
    if table.origin is not None and fits_csv(table):
        return render_csv(table, table.origin)
    source = _source(table) if table.origin is None else table.origin.source
    return str(
        template("table.json").render_unicode(
            schema=json.dumps(table.key.schema, ensure_ascii=False),
            name=json.dumps(table.key.name, ensure_ascii=False),
            key=json.dumps(list(table.conflict), ensure_ascii=False),
            source=json.dumps(source, ensure_ascii=False),
            origin=_origin(table),
            rows=[json.dumps(_plain_row(row), ensure_ascii=False) for row in table.rows],
        )
    )


def _origin(table: SeedTable) -> str:
    if table.origin is None:
        return ""
    content = {
        "columns": dict(table.origin.columns),
        "own": list(table.origin.own),
        "digest": table.origin.digest or digest_of(table.rows),
    }
    return json.dumps(content, ensure_ascii=False)


def _file_name(key: Key) -> str:
    text = key.name if key.schema == "public" else f"{key.schema}_{key.name}"
    return "".join(char if char.isalnum() or char in "_-" else "_" for char in text)


def _source(table: SeedTable) -> str:
    first = next((row for row in table.rows if row.source is not None and row.span is not None), None)
    if first is None or first.source is None or first.span is None:
        return ""
    return f"{first.source.path}:{first.source.position(first.span.start).line}"


def _plain_row(row: SeedRow) -> dict[str, Json]:
    return {name: {"sql": value.sql} if isinstance(value, SqlValue) else value for name, value in row.values.items()}


def read_seeds(directory: Path) -> list[SeedTable]:
    """Read the data files of a seeds folder, in the order of their names.

    Raises:
        ConfigurationError: A file is not what ``render_seeds`` writes; says which, and where.
    """
    return [read_table(path) for path in seed_files(directory)]


def seed_files(directory: Path) -> list[Path]:
    """Return the data files of a seeds folder, in the order of their names."""
    folder = directory / FOLDER if (directory / FOLDER).is_dir() else directory
    return sorted(path for path in folder.glob("*") if path.suffix in {".csv", ".json"})


def read_table(path: Path) -> SeedTable:
    """Read one data file.

    Raises:
        ConfigurationError: It is not what ``render_seeds`` writes.
    """
    try:
        text = path.read_text(encoding="utf-8")
        table = parse_csv(text) if path.suffix == ".csv" else _read_json(text)
    except json.JSONDecodeError as error:
        raise _broken(path, f"{error.msg} at line {error.lineno}, column {error.colno}") from None
    except (KeyError, TypeError, AttributeError) as error:
        raise _broken(path, f"it has no usable {error}") from None
    except (OSError, ValueError) as error:
        raise _broken(path, str(error)) from None
    names = table.conflict
    missing = next((row for row in table.rows if not names or any(name not in row.values for name in names)), None)
    if missing is not None:
        raise _broken(path, f"a row lacks the key {', '.join(names) or '(none is given)'}: {dict(missing.values)!r}")
    return table


def _read_json(text: str) -> SeedTable:
    content = json.loads(text)
    key = Key(Kind.TABLE, str(content["schema"]), str(content["table"]))
    names = tuple(str(name) for name in content["key"])
    rows = tuple(SeedRow({str(name): _value(value) for name, value in row.items()}) for row in content["rows"])
    origin = None
    if "origin" in content:
        found = content["origin"]
        columns = {str(name): str(fact) for name, fact in found["columns"].items()}
        digest = str(found["digest"]) if found["digest"] != digest_of(rows) else ""
        origin = Origin(str(content["source"]), columns, tuple(map(str, found["own"])), digest)
    return SeedTable(key, names, rows, origin)


def _value(value: Any) -> Value:
    if isinstance(value, dict) and set(value) == {"sql"} and isinstance(value["sql"], str):
        return SqlValue(value["sql"])
    plain: Json = value
    return plain


def _broken(path: Path, problem: str) -> ConfigurationError:
    return ConfigurationError(UNREADABLE.diagnostic(f"the seed file cannot be used: {problem}", path=str(path)))
