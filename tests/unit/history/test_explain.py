"""Which rule a failure of the project's own code breaks, where it takes more than a server to make it fail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from alembic_vibe.history.chain import ChainError
from alembic_vibe.history.chain_rules import WAYS_OUT

if TYPE_CHECKING:
    from pathlib import Path

TROUBLES = [
    (
        {
            "kind": "ValidationError",
            "module": "pydantic_core._pydantic_core",
            "message": "database_url\n  Field required",
        },
        "AV805",
    ),
    ({"kind": "UndefinedValueError", "module": "decouple", "message": "SECRET not found"}, "AV805"),
    ({"kind": "SystemExit", "module": "builtins", "message": "SECRET_KEY is not set"}, "AV805"),
    ({"kind": "SystemExit", "module": "builtins", "message": "3"}, "AV801"),
    (
        {
            "kind": "ArgumentError",
            "module": "sqlalchemy.exc",
            "message": "Could not parse SQLAlchemy URL from given URL string",
        },
        "AV805",
    ),
    ({"kind": "TemplateError", "module": "alembic_vibe.history.writing", "message": "no place"}, "AV812"),
    ({"kind": "ImportError", "module": "builtins", "message": "cannot import name", "name": ""}, "AV804"),
    ({"kind": "OtherDatabaseError", "dialect": "mysql", "driver": "pymysql", "message": ""}, "AV802"),
    ({"kind": "OtherDatabaseError", "dialect": "postgresql", "driver": "pygresql", "message": ""}, "AV802"),
]


@pytest.mark.parametrize(("trouble", "code"), TROUBLES)
def test_the_rule(trouble: dict[str, Any], code: str) -> None:
    error = ChainError(f"{trouble['kind']}: {trouble['message']}", "", "a note", trouble)
    found = error.as_failure("it cannot be run").diagnostics[0]
    assert found.code == code
    assert found.notes == ("a note",)
    assert found.help.endswith(WAYS_OUT) is (code != "AV812")


def test_the_place_is_shown_from_the_root(tmp_path: Path) -> None:
    file = tmp_path / "migrations/env.py"
    file.parent.mkdir()
    file.write_text("one\ntwo\nthree", encoding="utf-8")
    for line, shown in ((2, 2), (3, 3), (0, 1), (99, 1)):
        error = ChainError("x", "", "", {"kind": "E", "message": "x", "place": ("environment", str(file), line)})
        found = error.as_failure("it", tmp_path).diagnostics[0]
        assert (found.shown_path, found.line) == ("migrations/env.py", shown)
