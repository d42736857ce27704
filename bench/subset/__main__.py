"""``python -m bench.subset [shop|sample]``: 5 % of 1,000,000 rows, masked; time, memory, orphans and leaks.

``shop`` is a schema of ten tables beside this file; ``sample`` is that of the sample project, with the rows that
``seed dev`` makes.

The command runs in a process of its own, as a user runs it; its peak memory is what the operating system says of it.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from psycopg import sql

from alembic_vibe.postgres.server import scratch_server

if TYPE_CHECKING:
    from collections.abc import Callable

    from psycopg import Connection

    from alembic_vibe.postgres.server import ScratchServer

_SHOP = (Path(__file__).parent / "shop.sql").read_text(encoding="utf-8")
_SCHEMA, _ROWS = _SHOP.split("-- ROWS\n")
_SECONDS, _MEGABYTES = 60, 300  # what is promised
_ROWS_WANTED = 1_000_000

_ORPHANS = """
SELECT format('SELECT count(*) FROM %s c WHERE NOT EXISTS (SELECT FROM %s p WHERE %s) AND %s',
  k.conrelid::regclass, k.confrelid::regclass,
  (SELECT string_agg(format('c.%I = p.%I', a.attname, b.attname), ' AND ')
   FROM unnest(k.conkey, k.confkey) u(x, y) JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = x
   JOIN pg_attribute b ON b.attrelid = k.confrelid AND b.attnum = y),
  (SELECT string_agg(format('c.%I IS NOT NULL', a.attname), ' AND ')
   FROM unnest(k.conkey) u(x) JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = x))
FROM pg_constraint k WHERE k.contype = 'f' AND k.conparentid = 0
"""


@dataclass(frozen=True)
class Run:
    """One run of the command."""

    seconds: float
    cpu: float  # of the command alone, without the servers
    megabytes: float
    report: dict[str, Any]


def main() -> int:
    """Make the database, run the command, and say what came of it; 1 if a promise does not hold."""
    parser = argparse.ArgumentParser(prog="python -m bench.subset", description=__doc__)
    parser.add_argument("schema", nargs="?", choices=sorted(_SCHEMAS), default="shop")
    make, personal = _SCHEMAS[parser.parse_args().schema]
    with tempfile.TemporaryDirectory(prefix="vibe-bench-") as name, scratch_server() as server:
        source, target = make(server)
        folder = Path(name)
        run = _subset(folder, server.url(source), server.url(target))
        to_folder = _subset(folder, server.url(source), str(folder / "out"))
        with server.connect(source) as one, server.connect(target) as other:
            rows = _one(one, sql.SQL("SELECT sum(n) FROM ({}) AS c").format(_counts(one)))
            orphans = sum(_one(other, query) for (query,) in other.execute(_ORPHANS).fetchall())
            leaks = _leaks(one, other, personal)
    print(f"{rows:,} rows; 5 % of them into a database and into a folder\n")
    print("| | rows | seconds | CPU | peak memory |\n| --- | --- | --- | --- | --- |")
    for what, done in (("database", run), ("folder", to_folder)):
        print(f"| {what} | {done.report['rows']:,} | {done.seconds:.1f} | {done.cpu:.1f} | {done.megabytes:.0f} MB |")
    print(f"\nrows that refer to nothing: {orphans}; originals of personal columns: {leaks}")
    kept = max(run.seconds, to_folder.seconds) < _SECONDS and max(run.megabytes, to_folder.megabytes) < _MEGABYTES
    return 0 if kept and not orphans and not leaks else 1


def _shop(server: ScratchServer) -> tuple[str, str]:
    source, target = server.create_database(), server.create_database()
    for name, scripts in ((source, (_SCHEMA, _ROWS)), (target, (_SCHEMA,))):
        with server.connect(name, autocommit=True) as connection:
            for script in scripts:
                connection.execute(script)
    return source, target


def _sample(server: ScratchServer) -> tuple[str, str]:
    from alembic_vibe.data.engine import fill_development

    target = server.create_database()
    subprocess.run(
        [Path(sys.executable).with_name("alembic"), "upgrade", "head"],
        cwd=Path(__file__).parents[2] / "sample_project",
        env={**os.environ, "DATABASE_URL": server.sqlalchemy_url(target)},
        capture_output=True,
        check=True,
    )
    source = server.create_database(template=target)
    with server.connect(source) as connection:
        fill_development(connection, rows=_ROWS_WANTED, seed=1)
        connection.commit()
        connection.autocommit = True
        connection.execute("ANALYZE")
    return source, target


_SCHEMAS: dict[str, tuple[Callable[[ScratchServer], tuple[str, str]], dict[str, tuple[str, ...]]]] = {
    "shop": (
        _shop,
        {
            "users": ("email", "full_name", "phone", "password_hash", "profile"),
            "addresses": ("street",),
            "sessions": ("address",),
            "orders": ("note",),
        },
    ),
    "sample": (_sample, {"users": ("email", "password_hash"), "user_sessions": ("session_token",)}),
}


def _subset(folder: Path, source: str, target: str) -> Run:
    command = ["subset", "--format", "json", "--from", source, "--to", target, "--fraction", "0.05"]
    program = Path(sys.executable).with_name("alembic-vibe")
    begun = time.perf_counter()
    with (folder / "report.json").open("w+b") as out:
        process = subprocess.Popen([program, *command], cwd=folder, stdout=out)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.perf_counter() - begun
        out.seek(0)
        report = json.load(out)
    if process.returncode:
        raise SystemExit(json.dumps(report["diagnostics"], indent=2))
    return Run(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, report)


def _counts(connection: Connection[Any]) -> sql.Composable:
    tables = connection.execute(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
        " AND NOT relispartition"
    ).fetchall()
    return sql.SQL(" UNION ALL ").join(
        sql.SQL("SELECT count(*) AS n FROM {}").format(sql.Identifier(name)) for (name,) in tables
    )


def _leaks(source: Connection[Any], target: Connection[Any], personal: dict[str, tuple[str, ...]]) -> int:
    found = 0
    for table, columns in personal.items():
        for column in columns:
            query = sql.SQL("SELECT {0}::text FROM {1} WHERE {0} IS NOT NULL").format(
                sql.Identifier(column), sql.Identifier(table)
            )
            originals = {value for (value,) in source.execute(query)}
            found += sum(value in originals for (value,) in target.execute(query))
    return found


def _one(connection: Connection[Any], query: Any) -> int:
    row = connection.execute(query).fetchone()
    return int(row[0]) if row is not None else 0


if __name__ == "__main__":
    sys.exit(main())
