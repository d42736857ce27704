"""The contestants: whole command-line programs, each on a fresh project and an empty database."""

from __future__ import annotations

import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bench import schema
from bench.measure import Measure, median, run

if TYPE_CHECKING:
    from alembic_vibe.postgres.server import ScratchServer

PER_SECTION = 10
_BIN = Path(sys.executable).parent


@dataclass(frozen=True)
class Round:
    """One size, measured."""

    tables: int
    repeats: int
    unproven: Measure  # generate --no-prove
    proven: Measure  # generate
    again: Measure  # generate, with nothing to do
    replanned: Measure  # plan, after the type of one column has changed
    replanned_afresh: Measure  # the same, where nothing is known of the specification
    autogenerate: Measure  # alembic revision --autogenerate
    upgrade: Measure  # alembic upgrade head
    sqlacodegen: Measure

    @property
    def generators(self) -> Measure:
        """What others need for models and a revision."""
        return self.autogenerate + self.sqlacodegen

    @property
    def generators_and_upgrade(self) -> Measure:
        """What others need for models, a revision, and one run of it."""
        return self.generators + self.upgrade


def compete(tables: int, repeats: int, server: ScratchServer, folder: Path) -> Round:
    """Let everybody do the same schema, in turns, so that whatever else the machine does meets them all."""
    runs: dict[str, list[Measure]] = {}
    for _ in range(repeats):
        for name, measure in {**_ours(tables, folder / "ours"), **_peers(tables, server, folder / "peers")}.items():
            runs.setdefault(name, []).append(measure)
    return Round(tables, repeats, **{name: median(measures) for name, measures in runs.items()})


def help_text(folder: Path, repeats: int = 5) -> Measure:
    """Measure ``alembic-vibe --help``."""
    return median([run([str(_BIN / "alembic-vibe"), "--help"], folder) for _ in range(repeats)])


def _ours(tables: int, folder: Path) -> dict[str, Measure]:
    vibe = str(_BIN / "alembic-vibe")
    cache = folder.with_name("cache")
    environment = {"XDG_CACHE_HOME": str(cache)}
    specification = folder / "docs" / "06-technical-specification.md"
    text = schema.specification(tables, PER_SECTION)
    measures = {}
    for name, arguments in {"unproven": ["--no-prove"], "proven": []}.items():
        _empty(folder)
        _forget(cache, "loads", "chains")  # others have no memory either
        run([vibe, "init", ".", "--package", "shop"], folder, environment)
        specification.write_text(text, encoding="utf-8")
        measures[name] = run([vibe, "generate", *arguments], folder, environment)
    measures["again"] = run([vibe, "generate"], folder, environment)
    specification.write_text(schema.with_another_type(text, tables // 2), encoding="utf-8")
    measures["replanned"] = run([vibe, "plan"], folder, environment)
    _forget(cache, "loads")
    measures["replanned_afresh"] = run([vibe, "plan"], folder, environment)
    return measures


def _forget(cache: Path, *shelves: str) -> None:
    """Take away what earlier runs have found out; the files of PostgreSQL itself stay."""
    for shelf in shelves:
        shutil.rmtree(cache / "alembic-vibe" / shelf, ignore_errors=True)


def _peers(tables: int, server: ScratchServer, folder: Path) -> dict[str, Measure]:
    alembic = str(_BIN / "alembic")
    database = server.create_database()
    url = server.sqlalchemy_url(database)
    try:
        set_up_alembic(folder, url)
        (folder / "models.py").write_text(schema.models(tables, PER_SECTION), encoding="utf-8")
        return {
            "autogenerate": run([alembic, "revision", "--autogenerate", "-m", "initial"], folder),
            "upgrade": run([alembic, "upgrade", "head"], folder),
            "sqlacodegen": run([str(_BIN / "sqlacodegen"), url, "--outfile", "generated.py"], folder),
        }
    finally:
        server.drop_database(database)


def set_up_alembic(folder: Path, url: str) -> None:
    """Make a project of Alembic's own, whose models are those of ``models.py``."""
    _empty(folder)
    run([str(_BIN / "alembic"), "init", "migrations"], folder)
    _edit(folder / "alembic.ini", "sqlalchemy.url = driver://user:pass@localhost/dbname", f"sqlalchemy.url = {url}")
    _edit(
        folder / "migrations" / "env.py",
        "target_metadata = None",
        "from models import Base\n\ntarget_metadata = Base.metadata",
    )


def _empty(folder: Path) -> None:
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir()


def _edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    if old not in text:
        raise LookupError(f"{path} does not say {old!r}: another version of its template?")
    path.write_text(text.replace(old, new), encoding="utf-8")
