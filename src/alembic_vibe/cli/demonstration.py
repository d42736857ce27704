"""The demonstration: the sample project's specification, compiled, migrated, compared and taken back."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from alembic_vibe.cli.failures import DEMO_FAILED
from alembic_vibe.cli.scaffold import plan_project, write_project
from alembic_vibe.config import DEFAULT_SPEC, load_project
from alembic_vibe.diagnostics import EnvironmentFailureError, FindingsError
from alembic_vibe.results import DemoResult, GenerateOptions

if TYPE_CHECKING:
    from collections.abc import Callable

    from alembic_vibe.postgres.server import ScratchServer

PACKAGE = "sample"


def sample_spec() -> Path:
    """Return the sample project's specification: in the wheel, or in the checkout of an editable installation."""
    package = Path(__file__).resolve().parents[1]
    candidates = (package / "_sample" / DEFAULT_SPEC, package.parents[1] / "sample_project" / DEFAULT_SPEC)
    for candidate in candidates:
        if candidate.is_file():
            return candidate
    message = "the sample specification is missing from this installation"
    raise EnvironmentFailureError(DEMO_FAILED.diagnostic(message, help="Install alembic-vibe again."))


def demonstrate(folder: Path, scratch_url: str | None, tell: Callable[[str], None]) -> DemoResult:
    """Compile the sample in ``folder``, migrate a scratch database up, compare it with the spec, and down again.

    Raises:
        VibeError: The specification does not compile, PostgreSQL is missing, or Alembic failed.
    """
    from alembic_vibe import pipeline
    from alembic_vibe.postgres.server import scratch_server

    scaffold = plan_project(folder, PACKAGE, asynchronous=False)
    scaffold.new[DEFAULT_SPEC] = sample_spec().read_text(encoding="utf-8")
    write_project(scaffold)
    project = load_project(folder / "alembic.ini", folder)
    generated = pipeline.generate(project, project.spec, GenerateOptions(scratch_url=scratch_url), tell)

    steps = []
    with scratch_server(scratch_url) as server:
        database = server.create_database()
        try:
            tell("alembic upgrade head")
            _alembic(folder, server, database, "upgrade", "head")
            steps.append(f"alembic upgrade head: {_relations(server, database):,} relations on {server.version}")
            differences = pipeline.differences(project, project.spec, server, database)
            if not differences:
                steps.append("the database equals the specification")
            tell("alembic check")
            _alembic(folder, server, database, "check")
            steps.append("alembic check: models and database agree")
            tell("alembic downgrade base")
            _alembic(folder, server, database, "downgrade", "base")
            left = _relations(server, database)
            steps.append("alembic downgrade base: nothing is left" if not left else f"{left:,} relations are left")
            if left:
                differences = (*differences, f"{left:,} relations are left after alembic downgrade base")
        finally:
            server.drop_database(database)
    return DemoResult(folder, generated, tuple(steps), tuple(differences))


def _alembic(folder: Path, server: ScratchServer, database: str, *arguments: str) -> None:
    environment = {**os.environ, "DATABASE_URL": server.url(database)}
    command = [sys.executable, "-m", "alembic", "-c", "alembic.ini", *arguments]
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, errors="replace", check=False
    )
    if done.returncode:
        output = (done.stderr + done.stdout).strip().splitlines()[-12:]
        message = "\n".join([f"`alembic {' '.join(arguments)}` failed", *output])
        raise FindingsError(DEMO_FAILED.diagnostic(message))


def _relations(server: ScratchServer, database: str) -> int:
    """Count tables, views, indexes and sequences of the database, but not Alembic's own."""
    query = """
        SELECT count(*) FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND c.relname !~ '^alembic_version'
          AND c.relkind <> 'c'
          AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                          WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
    """
    with server.connect(database) as connection:
        row = connection.execute(query).fetchone()
        assert row is not None
        return int(row[0])
