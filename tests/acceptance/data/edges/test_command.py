"""``seed test`` as a user runs it: files, the tests that run them, and what becomes of edits on either side."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from alembic_vibe.config import load_project
from alembic_vibe.constraint_tests import TestDataResult, write_test_data
from alembic_vibe.diagnostics import ExitCode
from tests.acceptance.journey import SPEC, Project
from tests.acceptance.rows.test_migration_tests import run_pytest

if TYPE_CHECKING:
    from pathlib import Path

    from alembic_vibe.postgres.server import ScratchServer

pytestmark = pytest.mark.server

MARKDOWN = """# Shop

## Section 5: Database Architecture & Schema Design

### 5.1 Shop

```sql
CREATE TABLE customers (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    email text NOT NULL UNIQUE,
    age integer CONSTRAINT customers_age CHECK (age >= 18)
);

CREATE TABLE orders (
    id uuid PRIMARY KEY,
    customer_id integer NOT NULL REFERENCES customers (id),
    status text NOT NULL CONSTRAINT orders_status CHECK (status IN ('new', 'paid'))
);
CREATE INDEX orders_customer ON orders (customer_id);
```
"""

# The rows that a revision brings are not in the way of the tests.
LOSE = """
    op.execute("ALTER TABLE orders DROP CONSTRAINT orders_status")
    op.execute("INSERT INTO customers (email) VALUES ('email-1')")
    return
"""


@pytest.fixture
def project(tmp_path: Path, server: ScratchServer) -> Project:
    folder = tmp_path / "shop"
    folder.mkdir()
    project = Project(folder, server)
    project.run("alembic-vibe", "init", ".", "--package", "shop")
    (folder / SPEC).write_text(MARKDOWN, encoding="utf-8")
    return project


def seed_test(project: Project, *, check: bool = False, database: str | None = None) -> TestDataResult:
    found = load_project(project.folder / "alembic.ini", project.folder)
    lent = project.server.url(project.server.maintenance_database)
    url = project.server.url(database) if database else None
    return write_test_data(found, found.spec, check=check, scratch_url=lent, database_url=url)


def test_files_follow_the_specification_and_leave_edits_alone(project: Project) -> None:
    folder, spec = project.folder, project.folder / SPEC
    assert seed_test(project, check=True).exit_code is ExitCode.FINDINGS
    assert not (folder / "seeds" / "test").exists()

    first = seed_test(project)
    files = {"seeds/test/customers.json", "seeds/test/orders.json", "tests/migrations/test_constraints.py"}
    assert set(first.written) == files
    assert sum(first.covered.values()) == sum(first.constraints.values()) == 13
    written = project.files()
    assert seed_test(project).written == ()
    assert seed_test(project, check=True).exit_code is ExitCode.DONE
    assert project.files() == written

    spec.write_text(MARKDOWN.replace("age >= 18", "age >= 21"), encoding="utf-8")
    written = project.files()
    behind = seed_test(project, check=True)
    assert behind.exit_code is ExitCode.FINDINGS
    assert [found.code for found in behind.diagnostics] == ["AV646"]
    assert project.files() == written
    assert seed_test(project).written == ("seeds/test/customers.json",)
    customers = (folder / "seeds" / "test" / "customers.json").read_text(encoding="utf-8")
    assert '"age at its lowest: 21"' in customers
    assert '"age below its lowest: 20"' in customers

    # A person adds a row; the specification loses a table.
    orders = folder / "seeds" / "test" / "orders.json"
    orders.write_text(orders.read_text(encoding="utf-8").replace('"minimal"', '"as small as can be"', 1), "utf-8")
    edited = orders.read_text(encoding="utf-8")
    spec.write_text(MARKDOWN.replace("'paid'", "'paid', 'sent'"), encoding="utf-8")
    result = seed_test(project)
    assert [found.code for found in result.diagnostics] == ["AV851"]
    assert result.written == ("seeds/test/customers.json",)
    assert orders.read_text(encoding="utf-8") == edited
    spec.write_text(re.sub(r"CREATE TABLE orders.*?(?=```)", "", MARKDOWN, flags=re.DOTALL), encoding="utf-8")
    assert [found.code for found in seed_test(project).diagnostics] == ["AV851"]
    assert orders.exists()

    # A table that is gone takes its file along, if nobody has edited it.
    orders.unlink()
    spec.write_text(MARKDOWN, encoding="utf-8")
    assert "seeds/test/orders.json" in seed_test(project).written
    spec.write_text(re.sub(r"CREATE TABLE orders.*?(?=```)", "", MARKDOWN, flags=re.DOTALL), encoding="utf-8")
    assert seed_test(project).removed == ("seeds/test/orders.json",)
    assert not orders.exists()


def test_the_generated_tests_miss_a_constraint_that_the_chain_has_lost(
    project: Project, server: ScratchServer, database: str
) -> None:
    project.run("alembic-vibe", "generate", "--no-prove")
    rows = sum(map(int, re.findall(r"(\d+) (?:rows that go in|that are refused)", seed_test(project).lines[0])))
    project.run("alembic", "revision", "-m", "lose", "--rev-id", "9999")
    revision = next((project.folder / "migrations" / "versions").glob("9999*.py"))
    text = revision.read_text(encoding="utf-8")
    revision.write_text(text.replace("def upgrade() -> None:\n", f"def upgrade() -> None:\n{LOSE}"), encoding="utf-8")
    lent = {"TEST_DATABASE_URL": server.url(database)}
    result = run_pytest(project.folder, lent, "tests/migrations/test_constraints.py")
    failed = [line.split(" - ")[0] for line in result.stdout.splitlines() if line.startswith("FAILED")]
    name = "test_rejected[orders: status = 'no such value']"
    assert failed == [f"FAILED tests/migrations/test_constraints.py::{name}"], result.stdout + result.stderr
    assert f"1 failed, {rows - 1} passed" in result.stdout

    # The same rows beside each other, once.
    revision.unlink()
    project.run("alembic", "upgrade", "head", database=database)
    assert re.search(r"Loaded (\d+) rows into 2 tables", "\n".join(seed_test(project, database=database).lines))
    assert "Loaded 0 rows into 0 tables" in seed_test(project, database=database).lines
