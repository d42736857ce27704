"""The sample project's specification is SQL that PostgreSQL accepts, and its text agrees with it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.acceptance.direct import run_directly, section_statements
from tests.acceptance.pgdump import pg_dump, schema_statements

if TYPE_CHECKING:
    from alembic_vibe.postgres.server import ScratchServer

SPEC = Path(__file__).parents[2] / "sample_project" / "docs" / "06-technical-specification.md"
ROLES = ("app_rw", "app_ro", "app_admin")

UNINDEXED_FOREIGN_KEYS = """
    SELECT c.conrelid::regclass || '.' || c.conname
    FROM pg_constraint AS c
    WHERE c.contype = 'f' AND c.conparentid = 0 AND NOT EXISTS (
        SELECT 1 FROM pg_index AS i WHERE i.indrelid = c.conrelid AND i.indkey[0] = ANY (c.conkey)
    )
"""
UPDATED_AT_WITHOUT_TRIGGER = """
    SELECT a.attrelid::regclass::text
    FROM pg_attribute AS a
    JOIN pg_class AS c ON c.oid = a.attrelid AND c.relkind IN ('r', 'p')
    WHERE a.attname = 'updated_at' AND c.relnamespace = 'public'::regnamespace AND NOT EXISTS (
        SELECT 1 FROM pg_trigger AS t
        WHERE t.tgrelid = c.oid AND t.tgfoid = 'app.touch_updated_at()'::regprocedure
    )
"""
INDEXES = """
    SELECT c.relname FROM pg_class AS c WHERE c.relkind IN ('i', 'I') AND NOT c.relispartition AND c.relname LIKE 'idx%'
"""


@pytest.mark.server
def test_it_runs_and_keeps_its_own_rules(server: ScratchServer, database: str) -> None:
    server.forget_roles(ROLES)
    with server.connect(database, autocommit=True) as connection:
        # The document leaves btree_gist to the reader on purpose: its exclusion constraints need it.
        run_directly(connection, section_statements(SPEC), extensions=["btree_gist"])
        assert connection.execute(UNINDEXED_FOREIGN_KEYS).fetchall() == []
        assert connection.execute(UPDATED_AT_WITHOUT_TRIGGER).fetchall() == []
        indexes = {row[0] for row in connection.execute(INDEXES)}
    text = SPEC.read_text(encoding="utf-8")
    rationale = text[text.index("### 5.P ") : text.index("### 5.M ")]
    assert indexes == set(re.findall(r"`(idx_\w+)`", rationale))
    tables = [s for s in schema_statements(pg_dump(server, database)) if re.match(r"CREATE (UNLOGGED )?TABLE ", s)]
    assert len(tables) > 40
