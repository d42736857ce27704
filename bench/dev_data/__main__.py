"""``python -m bench.dev_data``: development data of the sample project, beside what polyfactory and faker make.

Each tool makes rows for every table of the same schema: polyfactory from the SQLAlchemy models, faker by the names and
types of columns. The database decides which rows it takes. Those tools know nothing of other rows: for them all foreign
keys are taken off first, which makes it easier for them, and their rows/s do not count the inserting; ours do.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alembic_vibe.data.engine import fill_development
from alembic_vibe.postgres.server import ScratchServer, scratch_server
from bench.dev_data.peers import ROOT, TOOLS, interpreter, version
from bench.dev_data_real.__main__ import _load as load
from tests.acceptance.direct import section_statements

if TYPE_CHECKING:
    from collections.abc import Sequence


_SPEC = ROOT / "sample_project/docs/06-technical-specification.md"
_FREE = """
DO $$ DECLARE one record; BEGIN
  FOR one IN SELECT conrelid::regclass AS place, conname FROM pg_constraint WHERE contype = 'f' AND conparentid = 0 LOOP
    EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', one.place, one.conname);
  END LOOP;
END $$
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run all and print the table."""
    parser = argparse.ArgumentParser(prog="python -m bench.dev_data", description=__doc__)
    parser.add_argument("--rows", type=int, default=100, help="rows per table for the other tools")
    parser.add_argument("--own-rows", type=int, default=100_000, help="rows over all tables for ours")
    parser.add_argument("--environment", type=Path, help="keep the environment of the other tools in this folder")
    parser.add_argument("--details", action="store_true", help="show for each table how many rows, and why not all")
    options = parser.parse_args(arguments)
    lines = ["| tool | tables with rows | rows accepted | of | rows/s |", "|:---|---:|---:|---:|---:|"]
    with tempfile.TemporaryDirectory(prefix="vibe-bench-") as folder, scratch_server() as server:
        python = interpreter(options.environment or Path(folder) / "environment")
        for tool in TOOLS:
            found = _peer(python, tool, server, options.rows)
            taken, made = (sum(one[key] for one in found.values()) for key in ("taken", "made"))
            seconds = sum(one["seconds"] for one in found.values())
            filled = sum(one["taken"] > 0 for one in found.values())
            speed = made / seconds if seconds else 0
            lines.append(
                f"| {tool} {version(python, tool)} | {filled} of {len(found)} | {taken:,} | {made:,} | {speed:,.0f} |"
            )
            if options.details:
                for table, one in found.items():
                    print(f"{tool} {table}: {one['taken']} of {one['made']}. {one['reason']}", file=sys.stderr)
        lines.append(_ours(server, options.own_rows))
    print("\n".join(lines))
    return 0


def _prepare(server: ScratchServer) -> str:
    name = server.create_database()
    with server.connect(name, autocommit=True) as connection:
        load(connection, ["CREATE EXTENSION btree_gist", *section_statements(_SPEC)])
    return name


def _peer(python: Path, tool: str, server: ScratchServer, rows: int) -> dict[str, dict[str, Any]]:
    database = _prepare(server)
    with server.connect(database, autocommit=True) as connection:
        connection.execute(_FREE)
    command: list[Path | str] = [python, Path(__file__).with_name("driver.py"), tool, server.url(database), str(rows)]
    environment = {**os.environ, "PYTHONPATH": os.fspath(ROOT / "sample_project")}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    if done.returncode:
        sys.exit(done.stderr)
    server.drop_database(database)
    found: dict[str, dict[str, Any]] = json.loads(done.stdout)
    return found


def _ours(server: ScratchServer, rows: int) -> str:
    database = _prepare(server)
    with server.connect(database, autocommit=True) as connection:
        report = fill_development(connection, rows=rows, seed=1)
    filled = len(report.tables) - len(report.empty)
    offered = report.rows + report.rejected
    return (
        f"| alembic-vibe | {filled} of {len(report.tables)} | {report.rows:,} | {offered:,} |"
        f" {report.rows / report.seconds:,.0f} |"
    )


if __name__ == "__main__":
    sys.exit(main())
