"""The way of a user, from a specification to a migrated database: only commands are run, and ``pg_dump`` judges."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tests.acceptance.direct import run_directly, section_statements
from tests.acceptance.pgdump import pg_dump, schema_statements
from tests.programs import run_program, start_program

if TYPE_CHECKING:
    from collections.abc import Sequence

    from alembic_vibe.postgres.server import ScratchServer

SPEC = Path("docs", "06-technical-specification.md")


@dataclass(frozen=True)
class Project:
    """A project in a folder of its own, and the server that its databases are on."""

    folder: Path
    server: ScratchServer
    apart: bool = False  # each program in a process of its own, as it is for the user

    def run(self, *command: str, database: str | None = None) -> subprocess.CompletedProcess[str]:
        """Run ``alembic`` or ``alembic-vibe`` as the user would; fails the test unless it answers 0."""
        environment = {key: value for key, value in os.environ.items() if not key.startswith(("PG", "DATABASE_URL"))}
        if database is not None:
            environment["DATABASE_URL"] = self.server.url(database)
        run = start_program if self.apart else run_program
        finished = run(command, self.folder, environment)
        told = f"{' '.join(command)} answered {finished.returncode}\n{finished.stdout}\n{finished.stderr}"
        assert finished.returncode == 0, told
        assert "Traceback" not in finished.stderr, told
        return finished

    def python(self, code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run Python code in the project's folder, as its application would."""
        command = [sys.executable, "-c", code, *arguments]
        return subprocess.run(command, cwd=self.folder, capture_output=True, text=True, check=False)

    def files(self) -> dict[str, str]:
        """A fingerprint of every file, to see whether anything was written; caches of Python are left out."""
        found = (path for path in sorted(self.folder.rglob("*")) if path.is_file() and "__pycache__" not in path.parts)
        return {str(p.relative_to(self.folder)): hashlib.sha256(p.read_bytes()).hexdigest() for p in found}


def new_project(folder: Path, markdown: Path, server: ScratchServer) -> Project:
    """Make a project with ``alembic-vibe init``, and give it a specification."""
    folder.mkdir(parents=True)
    project = Project(folder, server)
    project.run("alembic-vibe", "init", ".", "--package", "product")
    shutil.copy(markdown, folder / SPEC)
    return project


def expected_schema(
    server: ScratchServer, markdown: Path, roles: Sequence[str] = (), extensions: Sequence[str] = ()
) -> frozenset[str]:
    """Return what the specification means without the product; the server is left as it was."""
    server.forget_roles(roles)
    database = server.create_database()
    with server.connect(database, autocommit=True) as connection:
        run_directly(connection, section_statements(markdown), extensions)
    statements = schema_statements(pg_dump(server, database))
    server.drop_database(database)
    server.reset_roles()
    return statements


def empty_schema(server: ScratchServer) -> frozenset[str]:
    """Return what a dump of an empty database says."""
    database = server.create_database()
    statements = schema_statements(pg_dump(server, database))
    server.drop_database(database)
    return statements
