"""``make bench``: print how alembic-vibe compares with the tools that do parts of its work."""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from alembic_vibe.postgres.server import scratch_server
from bench.contest import PER_SECTION, Round, compete, help_text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bench.measure import Measure

_SIZES = (10, 100, 1000)
_LARGE = 300  # tables; from here on once is enough


def main(arguments: Sequence[str] | None = None) -> None:
    """Run every size and print the tables."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("sizes", metavar="TABLES", nargs="*", type=int, default=_SIZES, help="how many tables to try")
    parser.add_argument("--repeats", type=int, help="how often to try; the median counts")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="vibe-bench-") as name, scratch_server() as server:
        folder = Path(name)
        print(_conditions(server.version), end="\n\n", flush=True)
        compete(_SIZES[0], 1, server, folder)  # nobody's first run is counted: files and caches are cold
        rounds = []
        for size in options.sizes:
            rounds.append(compete(size, options.repeats or (1 if size > _LARGE else 3), server, folder))
            print(f"{size:,} tables: done", file=sys.stderr)
        start = help_text(folder)
    print("\n\n".join([_duels(rounds), _parts(rounds), _changes(rounds), _growth(rounds)]), end="\n\n")
    print(f"alembic-vibe --help: {start.cpu:.2f} s of CPU, {start.wall:.2f} s")


def _conditions(postgres: str) -> str:
    names = ("alembic-vibe", "alembic", "SQLAlchemy", "sqlacodegen", "psycopg")
    versions = ", ".join(f"{name} {version(name)}" for name in names)
    return (
        f"PostgreSQL {postgres}, Python {platform.python_version()}, {platform.system()} {platform.machine()}, "
        f"{os.cpu_count()} CPUs\n{versions}\n"
        f"Each table: 12 columns, 3 indexes, 1 foreign key, 1 check. Each section: {PER_SECTION} tables.\n"
        "Whole processes with their children; memory without PostgreSQL's. The time of alembic-vibe includes the\n"
        "start of its own PostgreSQL; the others find one running."
    )


def _duels(rounds: Sequence[Round]) -> str:
    """Ratios: what the others take, divided by what alembic-vibe takes."""
    lines = [
        "| tables | compared | alembic-vibe | others | times faster | memory | others | times smaller |",
        "|---:|---|---:|---:|---:|---:|---:|---:|",
    ]
    for done in rounds:
        for title, ours, others in (
            ("`generate --no-prove` : autogenerate + sqlacodegen", done.unproven, done.generators),
            ("`generate` : autogenerate + sqlacodegen + upgrade", done.proven, done.generators_and_upgrade),
        ):
            lines.append(
                f"| {done.tables:,} | {title} | {ours.wall:.2f} s | {others.wall:.2f} s "
                f"| **{others.wall / ours.wall:.2f}** "
                f"| {ours.memory:.0f} MiB | {others.memory:.0f} MiB | **{_ratio(others.memory, ours.memory)}** |"
            )
    return "\n".join(lines)


def _parts(rounds: Sequence[Round]) -> str:
    """What each program took."""
    lines = ["| program | " + " | ".join(f"{done.tables:,} tables" for done in rounds) + " |"]
    lines.append("|---|" + "---:|" * len(rounds))
    parts: dict[str, Callable[[Round], Measure]] = {
        "`alembic-vibe generate --no-prove`": lambda done: done.unproven,
        "`alembic-vibe generate`": lambda done: done.proven,
        "`alembic-vibe generate`, nothing changed": lambda done: done.again,
        "`alembic-vibe plan`, one column changed": lambda done: done.replanned,
        "`alembic revision --autogenerate`": lambda done: done.autogenerate,
        "`alembic upgrade head`": lambda done: done.upgrade,
        "`sqlacodegen`": lambda done: done.sqlacodegen,
    }
    for title, of in parts.items():
        lines.append(f"| {title} | " + " | ".join(f"{of(done).wall:.2f} s" for done in rounds) + " |")
    return "\n".join(lines)


def _changes(rounds: Sequence[Round]) -> str:
    """What a change of one column costs, beside loading the whole specification: the chain is known in both cases."""
    lines = ["| tables | one column changed: `plan` | with a full load | times faster |", "|---:|---:|---:|---:|"]
    for done in rounds:
        part, whole = done.replanned, done.replanned_afresh
        lines.append(f"| {done.tables:,} | {part.wall:.2f} s | {whole.wall:.2f} s | **{whole.wall / part.wall:.2f}** |")
    return "\n".join(lines)


def _growth(rounds: Sequence[Round]) -> str:
    """How much longer a larger schema takes for each table that it has more; 1 is linear."""
    lines = ["| from | to | times the tables | `generate --no-prove` | `generate` |", "|---:|---:|---:|---:|---:|"]
    for small, large in pairwise(rounds):
        lines.append(
            f"| {small.tables:,} | {large.tables:,} | {large.tables / small.tables:.0f} "
            f"| {large.unproven.wall / small.unproven.wall:.1f} times the time "
            f"| {large.proven.wall / small.proven.wall:.1f} times the time |"
        )
    return "\n".join(lines)


def _ratio(others: float, ours: float) -> str:
    return f"{others / ours:.2f}" if ours else "?"


if __name__ == "__main__":
    main()
