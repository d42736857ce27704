"""``python -m bench.evolve [TABLES] [CHANGED]``: planning a change beside ``alembic revision --autogenerate`` of it."""

from __future__ import annotations

import argparse
import cProfile
import pstats
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from alembic_vibe.compilation import Compiled, compile_spec, parse
from alembic_vibe.diff.compare import compare
from alembic_vibe.diff.refine import refine
from alembic_vibe.plan.evolution import Evolution, plan_evolution
from alembic_vibe.plan.situation import Situation
from alembic_vibe.postgres.server import scratch_server
from bench import schema
from bench.contest import PER_SECTION, set_up_alembic
from bench.measure import Measure, run

if TYPE_CHECKING:
    from collections.abc import Sequence

    from alembic_vibe.postgres.server import ScratchServer

_MAKE = "import sys, sqlalchemy as sa; from models import Base; Base.metadata.create_all(sa.create_engine(sys.argv[1]))"


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure both in one run, and print what they took and the ratio."""
    parser = argparse.ArgumentParser(prog="python -m bench.evolve", description=__doc__)
    parser.add_argument("tables", nargs="?", type=int, default=500, help="how many tables there are")
    parser.add_argument("changed", nargs="?", type=int, default=50, help="how many of them change")
    parser.add_argument("--profile", action="store_true", help="show where the time of planning goes")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="vibe-bench-") as name, scratch_server() as server:
        old, new = _both(options.tables, options.changed, server, Path(name))
        profiler = cProfile.Profile() if options.profile else None
        begun = time.perf_counter()
        if profiler is not None:
            profiler.enable()
        evolution = _plan(old, new)
        ours = time.perf_counter() - begun
        if profiler is not None:
            profiler.disable()
            pstats.Stats(profiler, stream=sys.stderr).sort_stats("cumulative").print_stats(40)
        theirs = _autogenerate(options.tables, options.changed, server, Path(name) / "peer")
    if evolution.undecided or evolution.plan.unplanned:
        raise SystemExit("the change cannot be planned: there is nothing to compare")
    steps = sum(len(revision.steps) for revision in evolution.plan.revisions)
    print("| tables | changed | compare and plan | steps | `alembic revision --autogenerate` | times faster |")
    print("|---:|---:|---:|---:|---:|---:|")
    print(
        f"| {options.tables:,} | {options.changed:,} | {ours:.2f} s | {steps:,} | {theirs.wall:.2f} s "
        f"| **{theirs.wall / ours:.2f}** |"
    )


def _both(tables: int, changed: int, server: ScratchServer, folder: Path) -> tuple[Compiled, Compiled]:
    """Return both versions, loaded."""
    text = schema.specification(tables, PER_SECTION)
    found = []
    for name, version in {"old": text, "new": schema.with_changes(text, tables, changed)}.items():
        path = folder / f"{name}.md"
        path.write_text(version, encoding="utf-8")
        found.append(compile_spec(parse(path, path.name), server))
    return found[0], found[1]


def _plan(old: Compiled, new: Compiled) -> Evolution:
    """Do what ``generate`` does once both states are known."""
    before, after = old.catalog, new.catalog
    situation = Situation(
        before=before,
        after=after,
        old_words=old.authored,
        new_words=new.authored,
        changes=refine(compare(before, after), before, after),
        old_source=old.origins.source,
        new_source=new.origins.source,
    )
    return plan_evolution(situation, new.origins, new.sections)


def _autogenerate(tables: int, changed: int, server: ScratchServer, folder: Path) -> Measure:
    """Let Alembic find the same difference between a database and models."""
    database = server.create_database()
    try:
        set_up_alembic(folder, server.sqlalchemy_url(database))
        text = schema.models(tables, PER_SECTION)
        (folder / "models.py").write_text(text, encoding="utf-8")
        run([sys.executable, "-c", _MAKE, server.sqlalchemy_url(database)], folder)
        (folder / "models.py").write_text(schema.with_changes(text, tables, changed), encoding="utf-8")
        alembic = str(Path(sys.executable).with_name("alembic"))
        return run([alembic, "revision", "--autogenerate", "-m", "change"], folder)
    finally:
        server.drop_database(database)


if __name__ == "__main__":
    main()
