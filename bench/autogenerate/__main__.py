"""``python -m bench.autogenerate``: what Alembic's autogenerate sees with which add-on, feature by feature.

For each feature a database is in one state and the models in another: an object is added, changed or dropped. Each tool
writes a revision in an environment of its own. It is right if ``upgrade`` makes the schema that the statements of the
wanted state make, and ``downgrade`` the one from before: ``pg_dump`` decides.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg

from alembic_vibe.catalog.facts import Table
from alembic_vibe.history.snapshot import NAME, Snapshot
from alembic_vibe.postgres.introspect import read_catalog
from alembic_vibe.postgres.server import ScratchServer, scratch_server
from alembic_vibe.render.models import ModelSection, render_models
from bench.autogenerate.features import BASE, ENTITIES, MODELS, Feature
from bench.autogenerate.table import ACTIONS, FEATURES, Verdict, replaced, table, written
from bench.autogenerate.tools import ROOT, TOOLS, Tool, interpreter, versions
from tests.acceptance.pgdump import pg_dump, schema_statements

if TYPE_CHECKING:
    from collections.abc import Sequence

ROLE = "bench_reader"


@dataclass(frozen=True)
class Cell:
    """One feature and one action: from which state to which."""

    feature: Feature
    action: str

    @property
    def states(self) -> tuple[int, int]:
        return {"add": (0, 1), "change": (1, 2), "drop": (2, 0)}[self.action]

    def sql(self, which: int) -> str:
        return BASE + self.feature.sql[self.states[which]]

    @property
    def is_there(self) -> bool:
        """Whether the feature has such a change at all."""
        return self.sql(0) != self.sql(1)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run all, print the table and, on request, write it into the documentation."""
    parser = argparse.ArgumentParser(prog="python -m bench.autogenerate", description=__doc__)
    parser.add_argument("--environments", type=Path, help="keep the environments of the tools in this folder")
    parser.add_argument("--feature", help="features whose name contains this")
    parser.add_argument("--tool", help="tools whose name contains this")
    parser.add_argument("--details", action="store_true", help="show what is not right, with its revision")
    parser.add_argument("--write", action="store_true", help="write it into docs/autogenerate.md")
    options = parser.parse_args(arguments)
    features = [one for one in FEATURES if not options.feature or options.feature in one.name]
    tools = [one for one in TOOLS if not options.tool or options.tool in one.name]
    cells = [cell for one in features for action in ACTIONS if (cell := Cell(one, action)).is_there]
    verdicts: dict[tuple[str, str, str], Verdict] = {}
    told: dict[str, str] = {}
    with tempfile.TemporaryDirectory(prefix="vibe-bench-") as name, scratch_server() as server:
        folder = Path(name)
        _execute(server, "postgres", f"CREATE ROLE {ROLE}")
        wanted = {sql: _wanted(server, sql) for cell in cells for sql in (cell.sql(0), cell.sql(1))}
        for tool in tools:
            print(f"{tool.name} …", file=sys.stderr)
            python = interpreter(tool, options.environments or folder / "environments")
            told[tool.name] = versions(tool, python)
            for cell, answer in zip(cells, _answers(tool, python, cells, server, folder), strict=True):
                verdict = _judge(cell, answer, wanted)
                verdicts[tool.name, cell.feature.name, cell.action] = verdict
                if options.details and verdict is not Verdict.RIGHT:
                    print(_detail(tool, cell, verdict, answer, wanted))
        told["PostgreSQL"] = f"PostgreSQL {_execute(server, 'postgres', 'SHOW server_version')}"
    print(table(verdicts, features, [tool.name for tool in tools], list(told.values())))
    if options.write:
        page = ROOT / "docs/autogenerate.md"
        known, before = written(page.read_text("utf-8"))
        names = [tool.name for tool in TOOLS]
        versions_of = dict(zip([*names, "PostgreSQL"], before, strict=False)) | told
        text = table(known | verdicts, FEATURES, names, [versions_of.get(name, "") for name in (*names, "PostgreSQL")])
        page.write_text(replaced(page.read_text("utf-8"), text), "utf-8")


def _answers(
    tool: Tool, python: Path, cells: Sequence[Cell], server: ScratchServer, folder: Path
) -> list[dict[str, Any]]:
    databases = [server.create_database() for _ in cells]
    jobs = []
    for cell, database in zip(cells, databases, strict=True):
        _execute(server, database, cell.sql(0))
        state = cell.states[1]
        job = {"url": server.url(database), "models": MODELS + cell.feature.models[state]}
        job["entities"] = f"{ENTITIES}\n{cell.feature.entities[state]}"
        if tool.ours:
            job["package"] = os.fspath(_generated(cell.sql(1), server, folder))
            # A project that generates its models has a snapshot: what the last specification made.
            job["snapshot"] = (_generated(cell.sql(0), server, folder) / NAME).read_text("utf-8")
        jobs.append(job)
    asked, told = folder / f"{tool.name}.jobs.json", folder / f"{tool.name}.answers.json"
    asked.write_text(json.dumps(jobs), "utf-8")
    program = server.bin_dir / "pg_dump" if server.bin_dir else shutil.which("pg_dump") or "pg_dump"
    driver = Path(__file__).with_name("driver.py")
    command: list[Path | str] = [python, driver, tool.name, asked, told, program]
    # The order in which alembic_utils drops things that need each other hangs on the seed: every run has the same.
    environment = {**os.environ, "PYTHONHASHSEED": "0"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    if done.returncode:
        sys.exit(done.stderr)
    for database in databases:
        server.drop_database(database)
    found: list[dict[str, Any]] = json.loads(told.read_text("utf-8"))
    return found


def _generated(sql: str, server: ScratchServer, folder: Path) -> Path:
    """Return the folder of a package whose models are generated from the schema that these statements make."""
    place = folder / "projects" / hashlib.sha256(sql.encode()).hexdigest()[:16]
    if not place.exists():
        database = server.create_database()
        _execute(server, database, sql)
        with server.connect(database) as connection:
            catalog = read_catalog(connection).catalog
        server.drop_database(database)
        place.mkdir(parents=True)
        version = catalog.server_version
        (place / NAME).write_text(Snapshot("spec.md", "", version, facts=catalog.facts).text(), "utf-8")
        tables = tuple(table.key for table in catalog.of_type(Table) if table.partition_of is None)
        (place / "bench_app/models").mkdir(parents=True)
        for path, text in render_models(
            catalog, [ModelSection("everything", "Everything", tables)], "bench_app"
        ).items():
            (place / "bench_app" / path).write_text(text, "utf-8")
    return place


def _judge(cell: Cell, answer: dict[str, Any], wanted: dict[str, frozenset[str]]) -> Verdict:
    if not answer["seen"]:
        return Verdict.WRONG if answer["error"] else Verdict.MISSED
    if answer["error"] or not answer["up"]:
        return Verdict.WRONG
    up = schema_statements(answer["up"])
    if up == wanted[cell.sql(0)]:
        return Verdict.MISSED
    right = up == wanted[cell.sql(1)] and schema_statements(answer["down"]) == wanted[cell.sql(0)]
    return Verdict.RIGHT if right else Verdict.WRONG


def _detail(tool: Tool, cell: Cell, verdict: Verdict, answer: dict[str, Any], wanted: dict[str, frozenset[str]]) -> str:
    lines = [f"## {tool.name}: {cell.action} {cell.feature.name}: {verdict.name.lower()} {answer['error']}"]
    if verdict is Verdict.WRONG:
        lines.append(answer["revision"] or answer.get("trace", ""))
        for name, sql in (("up", cell.sql(1)), ("down", cell.sql(0))):
            if answer[name]:
                found = schema_statements(answer[name])
                lines += [f"{name} - {one}" for one in sorted(wanted[sql] - found)]
                lines += [f"{name} + {one}" for one in sorted(found - wanted[sql])]
    return "\n".join(lines)


def _wanted(server: ScratchServer, sql: str) -> frozenset[str]:
    database = server.create_database()
    _execute(server, database, sql)
    found = schema_statements(pg_dump(server, database))
    server.drop_database(database)
    return found


def _execute(server: ScratchServer, database: str, sql: str) -> str:
    with psycopg.connect(server.url(database), autocommit=True) as connection:
        cursor = connection.execute(sql.encode())
        return str((cursor.fetchone() or [""])[0]) if cursor.description else ""


if __name__ == "__main__":
    main()
