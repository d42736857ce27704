"""The proof finds revisions that fail, diverge or leave something, and the worker bears whatever a project does."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from alembic_vibe.diagnostics import FindingsError
from alembic_vibe.history.chain import Chain, ChainError
from alembic_vibe.postgres.introspect import read_catalog
from alembic_vibe.prove.proof import prove

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.catalog.catalog import Catalog
    from alembic_vibe.postgres.server import ScratchServer

pytestmark = pytest.mark.server

ENV = """\
import os, sys, warnings
print("env.py speaks on standard output")
warnings.warn("env.py warns")
from alembic import context
from sqlalchemy import create_engine
with create_engine(os.environ["DATABASE_URL"]).connect() as connection:
    context.configure(connection=connection, transaction_per_migration=True)
    with context.begin_transaction():
        context.run_migrations()
"""
TABLE = "CREATE TABLE t (id int PRIMARY KEY, name text NOT NULL)"


def project(folder: Path, *revisions: tuple[str, str], ids: tuple[str, ...] = ("0001", "0002"), env: str = ENV) -> Path:
    """Make a chain by hand: the SQL up and down of each revision."""
    versions = folder / "migrations/versions"
    versions.mkdir(parents=True)
    (folder / "migrations/env.py").write_text(env)
    (folder / "migrations/script.py.mako").write_text("")
    (folder / "alembic.ini").write_text("[alembic]\nscript_location = %(here)s/migrations\n")
    before = None
    for name, (up, down) in zip(ids, revisions, strict=False):
        text = (
            f"from alembic import op\nrevision = {name!r}\ndown_revision = {before!r}\n"
            f"def upgrade():\n    print('up')\n    op.execute({up!r})\ndef downgrade():\n    op.execute({down!r})\n"
        )
        (versions / f"{name}.py").write_text(text)
        before = name
    return folder


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[list[Chain]]:
    """Chains that the test opens; closed afterwards."""
    chains: list[Chain] = []
    yield chains
    for chain in chains:
        chain.close()


def open_chain(folder: Path, opened: list[Chain]) -> Chain:
    chain = Chain(folder)
    opened.append(chain)
    chain.open(folder / "alembic.ini", None, None)
    return chain


def target(server: ScratchServer, *ddl: str) -> Catalog:
    database = server.create_database()
    with server.connect(database) as connection:
        for statement in ddl:
            connection.execute(statement.encode())
        catalog = read_catalog(connection).catalog
    server.drop_database(database)
    return catalog


def proven(server: ScratchServer, chain: Chain, wanted: Catalog, *revisions: str) -> str:
    """Return the code and message of what the proof finds, or nothing."""
    try:
        prove(chain, server, wanted, revisions, "base", lambda _what: None)
    except FindingsError as error:
        return " ".join(f"{found.code} {found.message} {' '.join(found.notes)}" for found in error.diagnostics)
    return ""


GOOD = (TABLE, "DROP TABLE t")
FUNCTION = "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'"


@pytest.mark.parametrize(
    ("revisions", "ddl", "found"),
    [
        ([GOOD], [TABLE], []),
        ([GOOD, (FUNCTION, "DROP FUNCTION f()")], [TABLE, FUNCTION], []),
        ([(f"{TABLE}; {FUNCTION}", "DROP TABLE t")], [TABLE, FUNCTION], ["AV903", "f()"]),
        ([GOOD, (FUNCTION, "SELECT 1")], [TABLE, FUNCTION], ["AV903", "0002", "functions"]),
        (
            [GOOD, ("GRANT SELECT ON t TO PUBLIC", "SELECT 1")],
            [TABLE, "GRANT SELECT ON t TO PUBLIC"],
            ["AV903", "0002"],
        ),
        ([GOOD, (FUNCTION, "DROP FUNCTION f(); DELETE FROM t")], [TABLE, FUNCTION], ["AV903", "0002", "rows of t"]),
        ([("CREATE TABLE t (id int PRIMARY KEY)", "DROP TABLE t")], [TABLE], ["AV902", "table t", "name"]),
        ([(f"{TABLE}; {FUNCTION}", "DROP TABLE t; DROP FUNCTION f()")], [TABLE], ["AV902", "f()"]),
        ([("SELECT 1/0", "SELECT 1")], [TABLE], ["AV901", "0001", "division by zero"]),
        ([(TABLE, "DROP TABLE nothing")], [TABLE], ["AV901", "0001", "nothing"]),
        (
            [GOOD, ("ALTER TABLE t ADD x int", "ALTER TABLE t ADD y int; ALTER TABLE t DROP x")],
            ["CREATE TABLE t (id int PRIMARY KEY, name text NOT NULL, x int)"],
            ["AV903", "0002"],
        ),
    ],
    ids=[
        "good",
        "two good",
        "leak of the first",
        "function",
        "grant",
        "rows",
        "diverges",
        "too much",
        "fails",
        "downgrade fails",
        "column",
    ],
)
def test_what_the_proof_finds(
    revisions: list[tuple[str, str]],
    ddl: list[str],
    found: list[str],
    server: ScratchServer,
    tmp_path: Path,
    opened: list[Chain],
) -> None:
    chain = open_chain(project(tmp_path / "p", *revisions), opened)
    told = proven(server, chain, target(server, *ddl), *("0001", "0002")[: len(revisions)])
    assert bool(told) == bool(found), told
    for part in found:
        assert part in told


def test_the_worker_bears_what_a_project_prints(
    server: ScratchServer, tmp_path: Path, opened: list[Chain], database: str
) -> None:
    chain = open_chain(project(tmp_path / "p", GOOD, ids=("a1b2c3",)), opened)
    scripts = chain.describe()
    assert scripts.heads == ("a1b2c3",)
    assert [(script.revision, script.down) for script in scripts.scripts] == [("a1b2c3", ())]
    chain.upgrade("a1b2c3", server.sqlalchemy_url(database))
    with server.connect(database) as connection:
        assert connection.execute("SELECT to_regclass('t') IS NOT NULL").fetchone() == (True,)
    chain.downgrade("base", server.sqlalchemy_url(database))


@pytest.mark.parametrize("line", ["raise SystemExit('env.py gave up')", "sys.exit(3)", "raise RuntimeError('no')"])
def test_an_environment_that_ends_is_an_answer(
    line: str, server: ScratchServer, tmp_path: Path, opened: list[Chain], database: str
) -> None:
    chain = open_chain(project(tmp_path / "p", GOOD, env=f"import sys\n{line}\n"), opened)
    with pytest.raises(ChainError):
        chain.upgrade("0001", server.sqlalchemy_url(database))
    assert chain.describe().heads == ("0001",)  # the process lives on


def test_an_environment_that_kills_the_process(
    server: ScratchServer, tmp_path: Path, opened: list[Chain], database: str
) -> None:
    env = "import os, sys\nsys.stderr.write('last words\\n')\nsys.stderr.flush()\nos._exit(1)\n"
    chain = open_chain(project(tmp_path / "p", GOOD, env=env), opened)
    with pytest.raises(ChainError) as caught:
        chain.upgrade("0001", server.sqlalchemy_url(database))
    assert "last words" in caught.value.output
    with pytest.raises(ChainError):
        chain.describe()


def test_several_heads_and_broken_revisions(tmp_path: Path, opened: list[Chain]) -> None:
    folder = project(tmp_path / "p", GOOD, GOOD)
    other = folder / "migrations/versions/other.py"
    other.write_text("revision = '9'\ndown_revision = '0001'\ndef upgrade(): ...\ndef downgrade(): ...\n")
    assert sorted(open_chain(folder, opened).describe().heads) == ["0002", "9"]
    other.write_text("revision = '9'\ndown_revision = 'nobody'\n")
    with pytest.raises(ChainError):
        open_chain(folder, opened).describe()
    other.write_text("this is no Python\n")
    with pytest.raises(ChainError):
        open_chain(folder, opened).describe()
