"""Test data ↔ the files in ``seeds/test``: one file a table, one row a line, stable in every detail."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.data.edges.model import Case, Refusal, TableCases
from alembic_vibe.diagnostics import ConfigurationError, Rule, Severity
from alembic_vibe.templates import template_dir

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from alembic_vibe.data.edges.model import TestData

FOLDER = "test"
_RUN = re.compile(r"(.)\1{23,}", re.DOTALL)  # a letter that is written once, with its number

UNREADABLE = Rule(
    code="AV645",
    slug="test-data-unreadable",
    severity=Severity.ERROR,
    summary="A file of test data is damaged.",
    why="The constraint tests run the rows of seeds/test; a row that cannot be read would be a test that is not run.",
    fix="Take the file from version control again, or delete it and run `alembic-vibe seed test`.",
    bad='{"schema": "public", "table": "users", "minimal": {"email": ',
    good='{"schema": "public", "table": "users", "after": [], "minimal": {"email": "a@example.com"}, '
    '"second": null, "accepted": [], "rejected": []}',
)
RULES = (UNREADABLE,)


def render_test_data(data: TestData) -> dict[str, str]:
    """Return the text of each file by its path below the seeds folder, such as ``test/users.json``."""
    from mako.lookup import TemplateLookup

    lookup = TemplateLookup(directories=[str(template_dir())], strict_undefined=True)
    template = lookup.get_template("seeds/test_rows.json.mako")
    files: dict[str, str] = {}
    for table in data.tables:
        path = _free(f"{FOLDER}/{_file_name(table.key)}", files)
        files[path] = str(
            template.render_unicode(
                schema=_dump(table.key.schema),
                name=_dump(table.key.name),
                after=_dump([[key.schema, key.name, *(["second"] if second else [])] for key, second in table.after]),
                minimal=_dump(_plain(table, table.minimal)),
                second=_dump(_plain(table, table.second) if table.second is not None else None),
                accepted=[_dump(_case(table, case)) for case in table.accepted],
                rejected=[_dump(_case(table, case)) for case in table.rejected],
            )
        )
    return files


def _free(path: str, taken: Mapping[str, str]) -> str:
    candidate, number = f"{path}.json", 2
    while candidate in taken:
        candidate, number = f"{path}_{number}.json", number + 1
    return candidate


def _file_name(key: Key) -> str:
    text = key.name if key.schema == "public" else f"{key.schema}_{key.name}"
    return "".join(char if char.isalnum() or char in "_-" else "_" for char in text)


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _case(table: TableCases, case: Case) -> dict[str, object]:
    result: dict[str, object] = {"case": case.name}
    if case.beside is not None:
        result["beside"] = _plain(table, case.beside)
    result["change"] = _plain(table, case.change)
    if case.refusal is not None:
        result["sqlstate"] = case.refusal.sqlstate
        if case.refusal.constraint:
            result["constraint"] = case.refusal.constraint
        if case.refusal.column:
            result["column"] = case.refusal.column
    return result


def _plain(table: TableCases, row: Mapping[str, str | None]) -> dict[str, object]:
    return {name: _value(table, name, text) for name, text in row.items()}


def _value(table: TableCases, name: str, text: str | None) -> object:
    if text is None:
        return None
    if name in table.whole_numbers and re.fullmatch(r"-?(0|[1-9]\d{0,18})", text) and text != "-0":
        return int(text)
    if name in table.booleans and text in {"true", "false"}:
        return text == "true"
    if not _RUN.search(text):
        return text
    parts: list[object] = []
    at = 0
    for run in _RUN.finditer(text):
        parts += [text[at : run.start()]] if run.start() > at else []
        parts.append([run[1], len(run[0])])
        at = run.end()
    return {"parts": [*parts, *([text[at:]] if at < len(text) else [])]}


def read_test_data(seeds: Path) -> list[TableCases]:
    """Read the files of test data below a seeds folder, in the order of their names.

    Raises:
        ConfigurationError: A file is not what ``render_test_data`` writes; says which, and where.
    """
    return [_read(path) for path in sorted((seeds / FOLDER).glob("*.json"))]


def _read(path: Path) -> TableCases:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return TableCases(
            key=Key(Kind.TABLE, str(content["schema"]), str(content["table"])),
            minimal=_texts(content["minimal"]),
            second=_texts(content["second"]) if content["second"] is not None else None,
            after=tuple(
                (Key(Kind.TABLE, str(schema), str(name)), bool(second)) for schema, name, *second in content["after"]
            ),
            accepted=tuple(_read_case(item) for item in content["accepted"]),
            rejected=tuple(_read_case(item) for item in content["rejected"]),
        )
    except json.JSONDecodeError as error:
        problem = f"{error.msg} at line {error.lineno}, column {error.colno}"
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        problem = f"it has no usable {error}"
    except (OSError, UnicodeDecodeError) as error:
        problem = str(error)
    raise ConfigurationError(UNREADABLE.diagnostic(f"test data cannot be read: {problem}", path=str(path))) from None


def _read_case(item: Mapping[str, Any]) -> Case:
    refusal = None
    if "sqlstate" in item:
        refusal = Refusal(str(item["sqlstate"]), str(item.get("constraint", "")), str(item.get("column", "")))
    beside = _texts(item["beside"]) if "beside" in item else None
    return Case(str(item["case"]), _texts(item["change"]), beside, refusal)


def _texts(row: Mapping[str, Any]) -> dict[str, str | None]:
    return {str(name): _text(value) for name, value in row.items()}


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "".join(part if isinstance(part, str) else str(part[0]) * int(part[1]) for part in value["parts"])
    return str(value)
