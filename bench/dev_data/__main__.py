"""``python -m bench.dev_data``: development data for the sample project's schema, beside polyfactory and Faker.

Every tool fills an empty database at the head of its chain. The others make rows from the sample project's models, in
an environment of their own; a row counts if PostgreSQL accepts it.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import tomllib
import venv
from pathlib import Path
from typing import TYPE_CHECKING

from alembic_vibe.data.engine import fill_development
from alembic_vibe.postgres.server import ScratchServer, scratch_server

if TYPE_CHECKING:
    from collections.abc import Sequence

_ROOT = Path(__file__).resolve().parents[2]
_PROJECT = _ROOT / "sample_project"
_GROUP = "bench-data"
_PEERS = {"polyfactory": ("polyfactory", "greenlet"), "Faker": ("faker",)}
_COMMON = ("sqlalchemy", "psycopg")
_HEADINGS = ("tool", "tables filled", "rows made", "accepted", "share", "rows/s")


def main(arguments: Sequence[str] | None = None) -> None:
    """Run all of them and print the table."""
    parser = argparse.ArgumentParser(prog="python -m bench.dev_data", description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000, help="ours, over all tables")
    parser.add_argument("--peer-rows", type=int, default=100, help="theirs, for each table")
    parser.add_argument("--environments", type=Path, help="where the others are installed, and stay")
    options = parser.parse_args(arguments)
    lines = [f"| {' | '.join(_HEADINGS)} |", f"|:---|{'---:|' * (len(_HEADINGS) - 1)}"]
    with tempfile.TemporaryDirectory(prefix="vibe-bench-") as name, scratch_server() as server:
        for tool in _PEERS:
            python = _interpreter(tool, options.environments or Path(name))
            lines.append(_peer(tool, python, server, options.peer_rows))
            print(lines[-1], flush=True)
        lines.append(_ours(server, options.rows))
    print("\n".join(["", *lines]))


def _ours(server: ScratchServer, rows: int) -> str:
    database = _database(server)
    with server.connect(database, autocommit=True) as connection:
        report = fill_development(connection, rows=rows, seed=0)
    server.drop_database(database)
    return _line(
        "alembic-vibe",
        (len(report.tables) - len(report.empty), len(report.tables)),
        report.rows + report.rejected,
        report.rows,
        report.seconds,
    )


def _peer(tool: str, python: Path, server: ScratchServer, rows: int) -> str:
    """Rows a second are those that it makes: putting them in one by one, to see each refused, is not counted."""
    database = _database(server)
    url = server.url(database).replace("postgresql://", "postgresql+psycopg://")
    environment = {**os.environ, "PYTHONPATH": str(_PROJECT), "PYTHONHASHSEED": "0"}
    command = [str(python), str(_ROOT / "bench/dev_data/driver.py"), tool, url, str(rows)]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    server.drop_database(database)
    told = json.loads(done.stdout)
    tables = told["tables"].values()
    made, accepted = sum(t["made"] for t in tables), sum(t["accepted"] for t in tables)
    version = _pinned()[_PEERS[tool][0]].partition("==")[2]
    return _line(
        f"{tool} {version}", (sum(t["accepted"] > 0 for t in tables), len(tables)), made, accepted, told["seconds"]
    )


def _line(tool: str, tables: tuple[int, int], made: int, accepted: int, seconds: float) -> str:
    share = f"{100 * accepted / max(1, made):.1f} %"
    cells = (tool, f"{tables[0]} of {tables[1]}", f"{made:,}", f"{accepted:,}", share, f"{made / seconds:,.0f}")
    return f"| {' | '.join(cells)} |"


def _database(server: ScratchServer) -> str:
    database = server.create_database()
    environment = {**os.environ, "DATABASE_URL": server.url(database)}
    command = [sys.executable, "-m", "alembic", "upgrade", "head"]
    subprocess.run(command, cwd=_PROJECT, env=environment, check=True, capture_output=True)
    return database


def _pinned() -> dict[str, str]:
    groups = tomllib.loads((_ROOT / "pyproject.toml").read_text("utf-8"))["dependency-groups"]
    return {re.split(r"[=\[>]", one, maxsplit=1)[0].lower(): one for one in groups[_GROUP]}


def _interpreter(tool: str, folder: Path) -> Path:
    place = folder / tool
    python = place / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not python.exists():
        wanted = [_pinned()[name] for name in (*_COMMON, *_PEERS[tool])]
        venv.create(place, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "-q", "--disable-pip-version-check", *wanted], check=True)
    return python


if __name__ == "__main__":
    main()
