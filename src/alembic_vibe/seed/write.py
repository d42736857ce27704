"""Seed tables ↔ the data files in ``seeds/reference``: one file a table, one row a line, stable in every detail."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.diagnostics import ConfigurationError
from alembic_vibe.seed.model import Json, SeedRow, SeedTable, SqlValue, Value
from alembic_vibe.seed.rules import UNREADABLE
from alembic_vibe.templates import template_dir

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

FOLDER = "reference"


def render_seeds(tables: Sequence[SeedTable]) -> dict[str, str]:
    """Return the text of each data file by its path below the seeds folder, such as ``reference/01_roles.json``.

    The number in the name is the order of loading: a table comes after those it refers to.
    """
    from mako.lookup import TemplateLookup

    lookup = TemplateLookup(directories=[str(template_dir())], strict_undefined=True)
    template = lookup.get_template("seeds/table.json.mako")
    width = max(2, len(str(len(tables))))
    return {
        f"{FOLDER}/{number:0{width}d}_{_file_name(table.key)}.json": str(
            template.render_unicode(
                schema=json.dumps(table.key.schema, ensure_ascii=False),
                name=json.dumps(table.key.name, ensure_ascii=False),
                key=json.dumps(list(table.conflict), ensure_ascii=False),
                source=json.dumps(_source(table), ensure_ascii=False),
                rows=[json.dumps(_plain_row(row), ensure_ascii=False) for row in table.rows],
            )
        )
        for number, table in enumerate(tables, start=1)
    }


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
    folder = directory / FOLDER if (directory / FOLDER).is_dir() else directory
    return [_read(path) for path in sorted(folder.glob("*.json"))]


def _read(path: Path) -> SeedTable:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        key = Key(Kind.TABLE, str(content["schema"]), str(content["table"]))
        names = tuple(str(name) for name in content["key"])
        rows = tuple(SeedRow({str(name): _value(value) for name, value in row.items()}) for row in content["rows"])
    except json.JSONDecodeError as error:
        raise _broken(path, f"{error.msg} at line {error.lineno}, column {error.colno}") from None
    except (KeyError, TypeError, AttributeError) as error:
        raise _broken(path, f"it has no usable {error}") from None
    except (OSError, UnicodeDecodeError) as error:
        raise _broken(path, str(error)) from None
    missing = next((row for row in rows if not names or any(name not in row.values for name in names)), None)
    if missing is not None:
        raise _broken(path, f"a row lacks the key {', '.join(names) or '(none is given)'}: {dict(missing.values)!r}")
    return SeedTable(key, names, rows)


def _value(value: Any) -> Value:
    if isinstance(value, dict) and set(value) == {"sql"} and isinstance(value["sql"], str):
        return SqlValue(value["sql"])
    plain: Json = value
    return plain


def _broken(path: Path, problem: str) -> ConfigurationError:
    return ConfigurationError(UNREADABLE.diagnostic(f"the seed file cannot be used: {problem}", path=str(path)))
