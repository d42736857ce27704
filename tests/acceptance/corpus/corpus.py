"""Real PostgreSQL schemas, as packages ship them, put into the form of a Section 5 at test time.

The SQL is other people's work under their licences, so none of it is kept here: each package is downloaded with the
ordinary client of its registry, and cached in the user's cache folder, or where ``ALEMBIC_VIBE_TEST_CORPUS`` says.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import platformdirs

from tests.acceptance.direct import split

_TABLES_PER_SECTION = 8
_DOWNLOAD_SECONDS = 180


class CorpusUnavailableError(Exception):
    """A package cannot be had here; the message says why."""


@dataclass(frozen=True)
class Package:
    """A package that ships a schema.

    ``files`` are paths in the package, in the order to run. ``leaves_out`` is a pattern for the starts of statements
    that are not part of a schema: transaction control, calls, changes of rows, checks of the installation.
    """

    name: str
    registry: str  # "pypi" or "debian"
    requirement: str
    files: tuple[str, ...]
    leaves_out: str = r"BEGIN\b|COMMIT\b|SELECT\b|UPDATE\b|SET\b|DO\b"


PACKAGES = (
    Package("procrastinate", "pypi", "procrastinate==3.10.0", ("procrastinate/sql/schema.sql",)),
    Package(
        "synapse", "pypi", "matrix-synapse==1.163.2", ("synapse/storage/schema/main/full_schemas/72/full.sql.postgres",)
    ),
    Package("roundcube", "debian", "roundcube-core", ("usr/share/roundcube/SQL/postgres.initial.sql",)),
    Package("ejabberd", "debian", "ejabberd", ("usr/share/ejabberd/sql/pg.new.sql",)),
    Package("icinga2_ido", "debian", "icinga2-ido-pgsql", ("usr/share/icinga2-ido-pgsql/schema/pgsql.sql",)),
    Package(
        "bacula",
        "debian",
        "bacula-director-pgsql",
        ("usr/share/dbconfig-common/data/bacula-director-pgsql/install/pgsql",),
    ),
    # A first login whose password everybody knows is what no specification may have.
    Package(
        "tt_rss",
        "debian",
        "tt-rss",
        ("usr/share/tt-rss/schema/ttrss_schema_pgsql.sql",),
        leaves_out=Package.leaves_out + r"|insert into ttrss_users\b",
    ),
    Package("powerdns", "debian", "pdns-backend-pgsql", ("usr/share/pdns-backend-pgsql/schema/schema.pgsql.sql",)),
    # An operator is something that a catalog of tables, types and functions may not know; nothing else uses this one.
    Package(
        "icingadb",
        "debian",
        "icingadb",
        ("usr/share/icingadb/schema/pgsql/schema.sql",),
        leaves_out=Package.leaves_out + r"|CREATE OPERATOR\b",
    ),
)


@dataclass(frozen=True)
class CorpusSpec:
    """A schema in the form of a specification, and the same statements as plain SQL."""

    name: str
    markdown: Path
    raw_sql: Path


def corpus_specs(folder: Path) -> list[CorpusSpec]:
    """Write every schema that can be had here into ``folder``.

    Raises:
        CorpusUnavailableError: Not one of the packages can be had.
    """
    specs, reasons = [], []
    for package in PACKAGES:
        try:
            specs.append(corpus_spec(package, folder))
        except CorpusUnavailableError as error:
            reasons.append(str(error))
    if not specs:
        raise CorpusUnavailableError("; ".join(reasons))
    return specs


def corpus_spec(package: Package, folder: Path) -> CorpusSpec:
    """Write one schema into ``folder``, downloading its package if it is not cached.

    Raises:
        CorpusUnavailableError: The registry or its client cannot be reached.
    """
    unpacked = _unpacked(package)
    sql = "\n".join((unpacked / name).read_text(encoding="utf-8") for name in package.files)
    left_out = re.compile(package.leaves_out, re.IGNORECASE)
    statements = [statement for statement in split(sql) if not left_out.match(statement)]
    folder.mkdir(parents=True, exist_ok=True)
    markdown, raw_sql = folder / f"{package.name}.md", folder / f"{package.name}.sql"
    markdown.write_text(section_five(package.name, statements), encoding="utf-8")
    raw_sql.write_text("".join(f"{statement};\n\n" for statement in statements), encoding="utf-8")
    return CorpusSpec(package.name, markdown, raw_sql)


def section_five(name: str, statements: list[str]) -> str:
    """Put statements, unchanged and in their order, into the form of a Section 5 with several feature sections."""
    groups = _groups(statements)
    title = name.replace("_", " ").title()
    parts = [
        f"# {title}\n",
        "## 5. Database Architecture & Schema Design\n",
        "### 5.1 Database Architecture Overview\n**Primary Database:** PostgreSQL 15+\n",
        "### 5.2 Connection and Performance Configuration\n- **Transaction Isolation:** Read Committed (default)\n",
    ]
    for number, group in enumerate(groups, start=3):
        body = "\n\n".join(f"{statement};" for statement in group)
        fence = "`" * max(3, 1 + max((len(run) for run in re.findall(r"`+", body)), default=0))
        heading = "Core System Tables" if number == 3 else f"{title} Part {number - 2} Schema"
        parts.append(f"### 5.{number} {heading}\n\n#### 5.{number}.1 Primary Tables\n{fence}sql\n{body}\n{fence}\n")
    return "\n".join(parts)


def _groups(statements: list[str]) -> list[list[str]]:
    """Cut a list of statements before every so many tables."""
    starts = [i for i, s in enumerate(statements) if re.match(r"CREATE (UNLOGGED )?TABLE\b", s, re.IGNORECASE)]
    cuts = [starts[i] for i in range(_TABLES_PER_SECTION, len(starts), _TABLES_PER_SECTION)]
    edges = [0, *cuts, len(statements)]
    return [statements[a:b] for a, b in pairwise(edges)]


def _unpacked(package: Package) -> Path:
    """The folder with the contents of a package; one process at a time fills the cache."""
    named = os.environ.get("ALEMBIC_VIBE_TEST_CORPUS")
    cache = Path(named) if named else platformdirs.user_cache_path("alembic-vibe-tests") / "corpus"
    cache.mkdir(parents=True, exist_ok=True)
    folder = cache / re.sub(r"[^\w.=-]", "_", package.requirement)
    with (cache / f"{folder.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            with tempfile.TemporaryDirectory(dir=cache) as work:
                filled = Path(work) / "filled"
                filled.mkdir()
                (_from_pypi if package.registry == "pypi" else _from_debian)(package, Path(work), filled)
                # Only the schema is kept: some of these packages are large.
                kept = Path(work) / "kept"
                for name in package.files:
                    (kept / name).parent.mkdir(parents=True, exist_ok=True)
                    shutil.copy(filled / name, kept / name)
                kept.rename(folder)
    return folder


def _from_pypi(package: Package, work: Path, target: Path) -> None:
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:"]
    _run([*pip, "--dest", ".", package.requirement], work)
    with zipfile.ZipFile(_single(work, "*.whl", package)) as wheel:
        for name in package.files:
            wheel.extract(name, target)


def _from_debian(package: Package, work: Path, target: Path) -> None:
    for program in ("apt-get", "dpkg-deb"):
        if shutil.which(program) is None:
            message = f"{package.name}: Debian's packages cannot be had here ({program} is missing)"
            raise CorpusUnavailableError(message)
    try:
        _run(["apt-get", "download", "--quiet", package.requirement], work)
    except CorpusUnavailableError:
        if os.geteuid() != 0:
            raise
        _run(["apt-get", "update", "--quiet"], work)  # a fresh machine has no package lists
        _run(["apt-get", "download", "--quiet", package.requirement], work)
    _run(["dpkg-deb", "--extract", str(_single(work, "*.deb", package)), str(target)], work)


def _single(folder: Path, pattern: str, package: Package) -> Path:
    found = list(folder.glob(pattern))
    if len(found) != 1:
        message = f"{package.name}: the download of {package.requirement} brought {len(found)} files"
        raise CorpusUnavailableError(message)
    return found[0]


def _run(command: list[str], folder: Path) -> None:
    try:
        finished = subprocess.run(
            command, cwd=folder, capture_output=True, text=True, check=False, timeout=_DOWNLOAD_SECONDS
        )
    except subprocess.TimeoutExpired:
        message = f"{' '.join(command[:3])} gave no answer in {_DOWNLOAD_SECONDS} seconds"
        raise CorpusUnavailableError(message) from None
    if finished.returncode != 0:
        last = (finished.stderr.strip() or finished.stdout.strip()).splitlines()[-1:]
        message = f"{' '.join(command)} failed: {''.join(last)}"
        raise CorpusUnavailableError(message)
