"""What only the compiled catalog can tell about a specification."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from alembic_vibe.compilation import compile_spec, parse
from alembic_vibe.diagnostics import SpecError

if TYPE_CHECKING:
    from pathlib import Path

    from alembic_vibe.postgres.server import ScratchServer

DOCUMENT = """\
# 5. Database Architecture
## 5.1 Overview
**Primary Database:** PostgreSQL 15+

## 5.3 Core

```sql
{}
```
"""

pytestmark = pytest.mark.server


@pytest.mark.parametrize(
    ("sql", "named"),
    [
        ("CREATE TYPE public.uuid AS ENUM ('a');", "enum uuid"),
        ("CREATE FUNCTION lower(text) RETURNS text LANGUAGE sql AS 'SELECT $1';", "function lower(text)"),
        ("CREATE TABLE pg_class (id int PRIMARY KEY);", "table pg_class"),
    ],
)
def test_what_hides_behind_a_built_in_is_refused(server: ScratchServer, tmp_path: Path, sql: str, named: str) -> None:
    path = tmp_path / "spec.md"
    path.write_text(DOCUMENT.format(sql), encoding="utf-8")
    with pytest.raises(SpecError) as caught:
        compile_spec(parse(path, "spec.md"), server)
    (error,) = [found for found in caught.value.diagnostics if found.code == "AV350"]
    assert error.message.startswith(named)
    assert error.line == 8


def test_an_overloaded_built_in_is_not_hidden(server: ScratchServer, tmp_path: Path) -> None:
    path = tmp_path / "spec.md"
    sql = "CREATE TYPE mood AS ENUM ('a');\nCREATE FUNCTION lower(mood) RETURNS text LANGUAGE sql AS 'SELECT $1::text';"
    path.write_text(DOCUMENT.format(sql), encoding="utf-8")
    assert compile_spec(parse(path, "spec.md"), server).catalog.facts
