"""What the compiler loads is what a person with ``psql`` gets, whatever had to be reordered; ``pg_dump`` decides."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from alembic_vibe.postgres.loader import load
from alembic_vibe.source import Source
from alembic_vibe.spec.reader import read_spec_text
from alembic_vibe.sql.parser import parse_spec
from tests.acceptance.corpus.corpus import PACKAGES, CorpusUnavailableError, Package, corpus_spec
from tests.acceptance.direct import run_directly, section_statements
from tests.acceptance.pgdump import difference, pg_dump, schema_statements

if TYPE_CHECKING:
    from collections.abc import Sequence

    from alembic_vibe.postgres.server import ScratchServer

SAMPLE = Path(__file__).parents[2] / "sample_project" / "docs" / "06-technical-specification.md"

# "All tables" and the defaults for later ones touch a table that waits for another exactly as if it had not waited.
PRIVILEGES = """\
## 5. Database Architecture & Schema Design

### 5.1 Database Architecture Overview
**Primary Database:** PostgreSQL 15+

### 5.3 Core System Tables
```sql
CREATE ROLE test_reader NOLOGIN;
CREATE TABLE late (id bigint PRIMARY KEY, early_id bigint REFERENCES early (id));
GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA public TO test_reader;
REVOKE INSERT ON late FROM test_reader;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT UPDATE ON TABLES TO test_reader;
```

### 5.4 Early Schema
```sql
CREATE TABLE early (id bigint PRIMARY KEY);
```
"""


def compare(server: ScratchServer, markdown: Path, roles: Sequence[str] = (), extensions: Sequence[str] = ()) -> None:
    """Make a database in each of the two ways, and compare their dumps."""
    server.forget_roles(roles)
    direct = server.create_database()
    with server.connect(direct, autocommit=True) as connection:
        run_directly(connection, section_statements(markdown), extensions)
    expected = schema_statements(pg_dump(server, direct))
    server.drop_database(direct)
    server.reset_roles()  # they belong to the whole server, and would be in the way

    server.forget_roles(roles)
    loaded = server.create_database()
    spec = read_spec_text(Source(markdown.name, markdown.read_text(encoding="utf-8"))).spec
    assert spec is not None
    parsed = parse_spec(spec)
    result = load(parsed.statements, server, loaded)
    assert result.ok, [diagnostic.message for diagnostic in result.diagnostics]
    actual = schema_statements(pg_dump(server, loaded))
    server.drop_database(loaded)
    server.reset_roles()
    assert difference(expected, actual) == ""


@pytest.mark.server
def test_the_sample_project(server: ScratchServer) -> None:
    compare(server, SAMPLE, roles=["app_admin", "app_rw", "app_ro"], extensions=["btree_gist"])


@pytest.mark.server
def test_privileges_keep_their_order(server: ScratchServer, tmp_path: Path) -> None:
    markdown = tmp_path / "privileges.md"
    markdown.write_text(PRIVILEGES, encoding="utf-8")
    compare(server, markdown, roles=["test_reader"])


@pytest.mark.server
@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.name)
def test_a_public_schema(package: Package, server: ScratchServer, tmp_path: Path) -> None:
    try:
        spec = corpus_spec(package, tmp_path)
    except CorpusUnavailableError as error:
        pytest.skip(str(error))
    compare(server, spec.markdown)
