"""The hooks as pre-commit runs them: installed from this repository, in their own environment, on real commits."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).parents[3]

# The environment is built once, which takes a while: one worker runs all of these tests.
pytestmark = [
    pytest.mark.xdist_group("pre-commit"),
    pytest.mark.skipif(not (ROOT / ".git").exists(), reason="hooks are installed from a git repository"),
]

SPECIFICATION = """\
# Shop

## 5. Database Architecture & Schema Design

### 5.3 Core System Tables

```sql
CREATE TABLE orders (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    placed_at TIMESTAMP WITH TIME ZONE NOT NULL
);
```
"""

REVISION = '''\
"""{title}"""

import sqlalchemy as sa
from alembic import op

revision = "{revision}"
down_revision = {down!r}


def upgrade() -> None:
{upgrade}


def downgrade() -> None:
{downgrade}
'''

TABLE = """\
op.create_table(
    "orders",
    sa.Column("id", sa.BigInteger(), sa.Identity(always=True), primary_key=True),
    sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
)
"""
IN_PLACE = 'op.create_index("orders_placed_at_idx", "orders", ["placed_at"])\n'
BESIDE_WORK = """\
with op.get_context().autocommit_block():
    op.create_index("orders_id_placed_at_idx", "orders", ["id", "placed_at"], postgresql_concurrently=True)
"""
BESIDE_WORK_BACK = """\
with op.get_context().autocommit_block():
    op.drop_index("orders_id_placed_at_idx", postgresql_concurrently=True)
"""


@dataclass(frozen=True)
class Repository:
    """A team's repository, with the hooks installed."""

    folder: Path
    environment: Mapping[str, str]

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run a program in the repository; what it prints is in ``stdout``."""
        return subprocess.run(
            command,
            cwd=self.folder,
            env=dict(self.environment),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )

    def done(self, *command: str) -> str:
        """Run a program that must not fail, and give what it prints."""
        finished = self.run(*command)
        assert finished.returncode == 0, finished.stdout
        return finished.stdout

    def commit(self, name: str, *, hooks: bool = True) -> subprocess.CompletedProcess[str]:
        """Commit all that there is."""
        self.done("git", "add", "--all")
        return self.run("git", "commit", "-m", name, *(() if hooks else ("--no-verify",)))

    def hooks(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run pre-commit by hand."""
        return self.run(sys.executable, "-m", "pre_commit", "run", *arguments)

    def write(self, revision: str, down: str | None, upgrade: str, downgrade: str) -> Path:
        """Write a revision."""
        file = self.folder / "migrations" / "versions" / f"{revision}.py"
        bodies = {"upgrade": _body(upgrade), "downgrade": _body(downgrade)}
        text = REVISION.format(title=f"Revision {revision}", revision=revision, down=down, **bodies)
        file.write_text(text, encoding="utf-8")
        return file


def _body(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.splitlines())


@pytest.fixture(scope="session")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """Environment variables under which git and pre-commit see nothing of the user's own settings."""
    home = tmp_path_factory.mktemp("pre-commit")
    foreign = ("GIT_", "GITHUB_", "CI_", "PRE_COMMIT", "DATABASE_URL")
    ours = {key: value for key, value in os.environ.items() if not key.startswith(foreign)}
    people = {f"GIT_{who}_{what}": "test@example.com" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    trusted = {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "safe.directory", "GIT_CONFIG_VALUE_0": "*"}
    apart = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "PRE_COMMIT_HOME": str(home)}
    return {**ours, **people, **trusted, **apart, "PRE_COMMIT_COLOR": "never", "NO_COLOR": "1"}


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory, environment: Mapping[str, str]) -> Repository:
    """A project that has taken up the hooks late: its first revisions are there, one of them dangerous."""
    product = Repository(tmp_path_factory.mktemp("product"), environment)
    product.done("git", "clone", "--quiet", "--no-hardlinks", ROOT.as_uri(), ".")
    commit = product.done("git", "rev-parse", "HEAD").strip()
    team = Repository(tmp_path_factory.mktemp("team"), environment)
    team.done("git", "init", "--quiet", "--initial-branch", "main")
    team.done(str(Path(sys.executable).with_name("alembic-vibe")), "init", ".", "--package", "shop")
    (team.folder / "docs" / "06-technical-specification.md").write_text(SPECIFICATION, encoding="utf-8")
    (team.folder / ".pre-commit-config.yaml").write_text(
        dedent(f"""\
            repos:
              - repo: {product.folder.as_uri()}
                rev: {commit}
                hooks:
                  - id: alembic-vibe-lint
                  - id: alembic-vibe-check
            """),
        encoding="utf-8",
    )
    team.write("0001", None, TABLE, 'op.drop_table("orders")')
    team.write("0002", "0001", IN_PLACE, 'op.drop_index("orders_placed_at_idx")')
    assert team.commit("As it was", hooks=False).returncode == 0
    team.done(sys.executable, "-m", "pre_commit", "install", "--install-hooks")
    return team


@pytest.fixture
def team(template: Repository, tmp_path: Path) -> Repository:
    """A clone of that project to work in, with what pre-commit has installed into it."""
    shutil.copytree(template.folder, tmp_path / "team")
    return Repository(tmp_path / "team", template.environment)


def test_on_the_default_branch_old_revisions_are_not_judged(team: Repository) -> None:
    finished = team.hooks("--all-files")
    assert finished.returncode == 0, finished.stdout
    assert "alembic-vibe lint" in finished.stdout
    assert finished.stdout.count("Passed") == 2


def test_a_dangerous_revision_stops_the_commit(team: Repository) -> None:
    team.done("git", "switch", "--quiet", "--create", "feature")
    file = team.write("0003", "0002", IN_PLACE.replace("placed_at", "id"), 'op.drop_index("orders_id_idx")')
    line = file.read_text(encoding="utf-8").splitlines().index("    " + IN_PLACE.replace("placed_at", "id").strip()) + 1
    finished = team.commit("Add an index")
    assert finished.returncode == 1, finished.stdout
    assert "index-not-concurrent" in finished.stdout
    assert f"migrations/versions/0003.py:{line}:5" in finished.stdout
    assert "0002.py" not in finished.stdout
    assert "Add an index" not in team.done("git", "log", "--oneline")


def test_a_careful_revision_is_committed(team: Repository) -> None:
    team.done("git", "switch", "--quiet", "--create", "feature")
    team.write("0003", "0002", BESIDE_WORK, BESIDE_WORK_BACK)
    finished = team.commit("Add an index")
    assert finished.returncode == 0, finished.stdout
    assert "alembic-vibe lint" in finished.stdout
    # Specifications and revisions are looked at where such files have changed, and only there.
    assert "alembic-vibe check" in finished.stdout
    assert "(no files to check)Skipped" in finished.stdout


def test_a_revision_is_judged_where_the_branch_begins_it_not_where_it_is_committed(team: Repository) -> None:
    team.done("git", "switch", "--quiet", "--create", "feature")
    team.write("0003", "0002", IN_PLACE.replace("placed_at", "id"), 'op.drop_index("orders_id_idx")')
    assert team.commit("Add an index", hooks=False).returncode == 0
    finished = team.hooks("--all-files", "alembic-vibe-lint")
    assert finished.returncode == 1, finished.stdout
    assert "0003.py" in finished.stdout
    assert "0002.py" not in finished.stdout


def test_a_mistake_in_the_specification_stops_the_commit(team: Repository) -> None:
    file = team.folder / "docs" / "06-technical-specification.md"
    file.write_text(SPECIFICATION.replace("CREATE TABLE", "CREATE TABEL"), encoding="utf-8")
    finished = team.commit("Mistype a word")
    assert finished.returncode == 1, finished.stdout
    assert f"{file.relative_to(team.folder).as_posix()}:8:" in finished.stdout
    assert "(no files to check)Skipped" in finished.stdout  # the linter: no revision has changed
