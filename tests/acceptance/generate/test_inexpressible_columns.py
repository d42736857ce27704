"""Columns that SQLAlchemy has no type for are added by SQL, with everything that they say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.acceptance.generate.test_generate import HEAD, generate, start

if TYPE_CHECKING:
    from pathlib import Path

    from alembic_vibe.postgres.server import ScratchServer

pytestmark = pytest.mark.server

PLACES = """
### 5.4 Places Schema
```sql
CREATE TABLE places (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    position point CONSTRAINT position_is_known NOT NULL DEFAULT point(0, 0),
    name text CONSTRAINT name_is_known NOT NULL
);
```
"""


def test_such_a_column_keeps_the_name_of_its_not_null_constraint(server: ScratchServer, tmp_path: Path) -> None:
    project = start(tmp_path / "project", server, HEAD + PLACES)
    generate(project, "--scratch-url", server.url("postgres"))  # with its proof
    assert generate(project, "--check", "--no-prove").json["written"] == []
