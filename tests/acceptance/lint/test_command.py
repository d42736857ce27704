"""``alembic-vibe lint`` as people and programs call it, on real repositories."""

from __future__ import annotations

import contextlib
import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from alembic_vibe.cli import main
from alembic_vibe.lint.git import CI_VARIABLES
from tests.unit.lint.repositories import Repository

PROGRAM = "import sys; from alembic_vibe.cli.main import run; run(['lint', '-q']); print(*sys.modules)"
ENV = """from alembic import context

with context.begin_transaction():
    context.configure(connection=connection, transaction_per_migration=True)
    connection.exec_driver_sql("SET lock_timeout = '2s'")
    context.run_migrations()
"""
REVISION = '''"""{id}"""

import sqlalchemy as sa
from alembic import op

revision = {id!r}
down_revision = {down!r}


def upgrade() -> None:
    {up}


def downgrade() -> None:
    {down_body}
'''
COLUMNS = 'sa.Column("id", sa.BigInteger, primary_key=True), sa.Column("customer_id", sa.BigInteger)'
CREATE = f'op.create_table("orders", {COLUMNS})'
INDEX = 'op.create_index("ix_orders_customer", "orders", ["customer_id"])'


class Done(NamedTuple):
    """How a run ended, and what it printed."""

    returncode: int
    stdout: str
    stderr: str


class Shop:
    """A project in a repository: ``a1`` makes a table and is on main; what a test adds is on a branch."""

    def __init__(self, repository: Repository, home: Path, below: str = "") -> None:
        self.repository, self.home = repository, home
        self.root = repository.path / below
        self.versions = self.root / "migrations/versions"
        self.versions.mkdir(parents=True)
        (self.root / "alembic.ini").write_text("[alembic]\nscript_location = %(here)s/migrations\n")
        (self.root / "migrations/env.py").write_text(ENV)
        self.add("a1", None, CREATE, 'op.drop_table("orders")  # the rows are lost')
        repository.commit()
        repository.git("checkout", "--quiet", "-b", "work")

    def add(self, id_: str, down: str | None, up: str, down_body: str = "raise NotImplementedError") -> Path:
        path = self.versions / f"{id_}.py"
        path.write_text(REVISION.format(id=id_, down=down, up=up, down_body=down_body))
        return path

    def lint(self, *arguments: str, cwd: Path | None = None) -> Done:
        """Run the command line in this process."""
        out, err = io.StringIO(), io.StringIO()
        with contextlib.chdir(cwd or self.root), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = main.run(["lint", *arguments])
        return Done(code, out.getvalue(), err.getvalue())

    def json(self, *arguments: str, cwd: Path | None = None) -> dict[str, Any]:
        done = self.lint("--format", "json", *arguments, cwd=cwd)
        assert done.stderr == ""
        assert done.returncode in {0, 1, 2}
        found: dict[str, Any] = json.loads(done.stdout)
        return found


@pytest.fixture(autouse=True)
def _alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the settings nor the cache of whoever runs the tests."""
    for name in ("ALEMBIC_CONFIG", *CI_VARIABLES):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(Repository(tmp_path / "shop"), tmp_path / "cache")


def test_what_the_branch_adds_is_linted_with_its_line_and_its_sql(shop: Shop) -> None:
    shop.add("b2", "a1", INDEX)
    done = shop.lint()
    assert done.returncode == 1
    assert done.stdout == ""
    assert "error[AV720] index-not-concurrent: " in done.stderr
    assert " --> migrations/versions/b2.py:11:5\n" in done.stderr
    assert f"11 |     {INDEX}\n" in done.stderr
    assert "CREATE INDEX ix_orders_customer ON orders (customer_id)" in done.stderr
    assert "SHARE lock on orders" in done.stderr
    assert "postgresql_concurrently=True" in done.stderr
    assert done.stderr.endswith("Compared with main.\n1 revision linted; 1 error.\n")
    assert "Found" not in done.stderr


def test_nothing_new_is_said_and_clean(shop: Shop) -> None:
    done = shop.lint()
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == "Compared with main.\nNo revisions to lint (1 in the chain); nothing found.\n"
    assert shop.lint("-q").stderr == ""


def test_a_second_run_says_the_same(shop: Shop) -> None:
    shop.add("b2", "a1", INDEX)
    first = shop.lint()
    again = shop.lint()
    assert (again.returncode, again.stderr) == (first.returncode, first.stderr)
    assert shop.lint("--no-cache").stderr == first.stderr
    assert any(shop.home.rglob("*.json"))


def test_a_run_without_cache_leaves_none(shop: Shop) -> None:
    shop.add("b2", "a1", INDEX)
    shop.lint("--no-cache")
    assert not shop.home.exists()


def test_the_object_for_programs(shop: Shop) -> None:
    shop.add("b2", "a1", INDEX)
    found = shop.json()
    assert list(found) == ["diagnostics", "summary"]
    (one,) = found["diagnostics"]
    assert list(one) == ["code", "rule", "severity", "path", "line", "column", "message", "help"]
    assert (one["path"], one["line"], one["column"]) == ("migrations/versions/b2.py", 11, 5)
    summary = found["summary"]
    assert summary.pop("note") == "compared with main"
    assert summary == {
        "revisions": 2, "linted": 1, "analysed": 1, "partial": 0, "errors": 1, "warnings": 0, "infos": 0, "hidden": 0,
    }  # fmt: skip


def test_selections(shop: Shop) -> None:
    shop.add("b2", "a1", INDEX)
    shop.repository.commit()
    shop.add("c3", "b2", INDEX.replace('customer"', 'other"'))

    def linted(*arguments: str) -> int:
        count: int = shop.json(*arguments)["summary"]["linted"]
        return count

    assert linted() == 2
    assert linted("--all") == 3
    assert linted("--since", "b2") == 1
    assert linted("--since", "head-2") == 2
    assert linted("--since", "HEAD") == 1
    assert linted("migrations/versions/b2.py") == 1
    assert linted("migrations") == 3


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["--all", "--since", "x"], "AV010", "exclude each other"),
        (["--since", "nowhere"], "AV020", "neither a revision nor a commit"),
        (["nowhere.py"], "AV021", "does not exist"),
        (["--baseline", "nowhere.json"], "AV022", "no baseline"),
        (["--update-baseline", "--since", "a1"], "AV010", "whole chain"),
        (["--update-baseline"], "AV022", "--baseline FILE"),
        (["--pg-version", "14"], "AV010", "'15', '16', '17', '18'"),
        (["-c", "nowhere.ini"], "AV002", "nowhere.ini"),
    ],
)
def test_wrong_usage_ends_with_2(shop: Shop, arguments: list[str], code: str, words: str) -> None:
    done = shop.lint("--format", "json", *arguments)
    assert done.returncode == 2
    (found,) = json.loads(done.stdout)["diagnostics"]
    assert found["code"] == code
    assert words in found["message"] + found["help"]


def test_without_an_environment_or_paths_it_is_refused(tmp_path: Path, shop: Shop) -> None:
    (tmp_path / "empty/.git").mkdir(parents=True)
    done = shop.lint(cwd=tmp_path / "empty")
    assert done.returncode == 2
    assert "AV001" in done.stderr


def test_files_without_a_project_are_linted_with_their_folder(tmp_path: Path, shop: Shop) -> None:
    shop.add("b2", "a1", INDEX)
    bare = tmp_path / "bare/versions"
    bare.parent.mkdir()
    (bare.parent / ".git").mkdir()
    shop.versions.rename(bare)
    done = shop.lint("versions/b2.py", cwd=bare.parent)
    assert done.returncode == 1
    assert " --> versions/b2.py:11:5\n" in done.stderr
    assert done.stderr.endswith("1 revision linted; 1 error, 1 warning.\n") or "1 error" in done.stderr


def test_what_fails_the_run(shop: Shop) -> None:
    shop.add("b2", "a1", "pass", "op.drop_index('ix_none', 'orders')")
    assert shop.json()["summary"]["errors"] == 0
    assert shop.json()["summary"]["warnings"] > 0
    assert shop.lint().returncode == 0
    assert shop.lint("--fail-on", "warning").returncode == 1
    (shop.root / "pyproject.toml").write_text('[tool.alembic-vibe.lint]\nfail-on = "warning"\n')
    assert shop.lint().returncode == 1
    assert shop.lint("--fail-on", "error").returncode == 0


def test_settings_and_the_command_line(shop: Shop) -> None:
    shop.add("b2", "a1", INDEX, INDEX.replace("ix_", "iy_"))
    assert [d["severity"] for d in shop.json()["diagnostics"]] == ["error", "warning"]
    assert [d["severity"] for d in shop.json("--direction", "up")["diagnostics"]] == ["error"]
    assert [d["severity"] for d in shop.json("--direction", "down")["diagnostics"]] == ["warning"]
    settings = shop.root / "pyproject.toml"
    settings.write_text('[tool.alembic-vibe.lint]\ndirection = "up"\nseverity = {index-not-concurrent = "info"}\n')
    assert [d["severity"] for d in shop.json()["diagnostics"]] == ["info"]
    settings.write_text('[tool.alembic-vibe.lint]\nignore = ["AV720"]\n')
    assert shop.json()["diagnostics"] == []
    settings.write_text('[tool.alembic-vibe.lint]\nignore = ["index-not-concurent"]\n')
    (found,) = shop.json()["diagnostics"]
    assert (found["code"], found["path"], found["line"]) == ("AV004", "pyproject.toml", 2)
    assert "index-not-concurrent" in found["help"]


def test_a_baseline_from_the_first_day_to_the_last(shop: Shop) -> None:
    shop.add("b2", "a1", INDEX)
    done = shop.lint("--baseline", "base.json", "--update-baseline")
    assert (done.returncode, done.stdout) == (0, "")
    assert "The baseline lists 1 finding" in done.stderr

    done = shop.lint("--all", "--baseline", "base.json")
    assert done.returncode == 0
    assert done.stderr.endswith("2 revisions linted; nothing found, 1 hidden by the baseline.\n")

    path = shop.add("c3", "b2", INDEX.replace("ix_", "iy_"))
    found = shop.json("--all", "--baseline", "base.json")
    assert [d["path"] for d in found["diagnostics"]] == ["migrations/versions/c3.py"]
    assert found["summary"]["hidden"] == 1
    path.unlink()

    text = (shop.versions / "b2.py").read_text()
    (shop.versions / "b2.py").write_text(text.replace('"""b2"""', '"""b2\n\nMore.\n"""'))
    assert shop.json("--all", "--baseline", "base.json")["diagnostics"] == []

    (shop.versions / "b2.py").write_text(text.replace(INDEX, "pass"))
    (shop.root / "pyproject.toml").write_text('[tool.alembic-vibe.lint]\nbaseline = "base.json"\n')
    stale = [d for d in shop.json("--all")["diagnostics"] if d["code"] == "AV023"]
    assert [(d["severity"], d["path"]) for d in stale] == [("info", "base.json")]
    assert [d for d in shop.json("--since", "a1")["diagnostics"] if d["code"] == "AV023"] == []
    assert shop.lint("--update-baseline").returncode == 0
    assert json.loads((shop.root / "base.json").read_text())["findings"] == []


def test_a_syntax_error_is_a_finding_with_its_place_and_no_baseline_hides_it(shop: Shop) -> None:
    shop.add("b2", "a1", "op.create_index(")
    for arguments in ([], ["--baseline", "base.json", "--update-baseline"], ["--all", "--baseline", "base.json"]):
        done = shop.lint(*arguments)
        assert done.returncode == 1, arguments
        assert "revision-syntax-error" in done.stderr
        assert "migrations/versions/b2.py:11:" in done.stderr
        assert "Traceback" not in done.stderr
        assert "1 only in part" in done.stderr


def test_formats_that_services_read_count_paths_from_the_top(tmp_path: Path) -> None:
    shop = Shop(Repository(tmp_path / "shop"), tmp_path / "cache", "services/shop")
    shop.add("b2", "a1", INDEX)
    path = "services/shop/migrations/versions/b2.py"
    github = shop.lint("--format", "github").stdout
    assert github.startswith(f"::error file={path},line=11,endLine=11,col=5,")
    (entry,) = json.loads(shop.lint("--format", "gitlab").stdout)
    assert entry["location"] == {"path": path, "lines": {"begin": 11}}
    sarif = json.loads(shop.lint("--format", "sarif").stdout)
    place = sarif["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == path
    assert place["region"]["endColumn"] > place["region"]["startColumn"]
    assert sarif["runs"][0]["properties"]["summary"]["errors"] == 1
    assert shop.json()["diagnostics"][0]["path"] == "migrations/versions/b2.py"
    above = shop.json("-c", "services/shop/alembic.ini", cwd=shop.repository.path)
    assert above["diagnostics"][0]["path"] == path
    below = shop.json("-c", "../alembic.ini", cwd=shop.root / "migrations")
    assert below["diagnostics"][0]["path"] == "versions/b2.py"


def test_a_warm_run_needs_neither_alembic_nor_a_parser(shop: Shop) -> None:
    shop.add("b2", "a1", INDEX)

    def run() -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", PROGRAM]
        return subprocess.run(command, cwd=shop.root, capture_output=True, text=True, check=True)

    assert "alembic_vibe.lint.engine" in run().stdout.split()
    done = run()
    assert "index-not-concurrent" in done.stderr
    assert not {"alembic", "sqlalchemy", "postgast", "alembic_vibe.lint.engine"} & set(done.stdout.split())
