"""A chain of any length as people write them, in a git repository: what the linter's speed is measured on.

Tables come first and then with pauses; between them columns, indexes, constraints, types, rows, triggers and views
change, by operations, batches, SQL texts, loops, and helpers in a module of the application.
"""

from __future__ import annotations

import hashlib
import subprocess
from dataclasses import dataclass
from pathlib import Path

from mako.template import Template

HERE = Path(__file__).parent
_EVERY = 4  # from the first tables on, one revision in so many makes a table
_FIRST = 10
_KINDS = (
    "column", "batch", "plain_index", "check", "column", "index", "backfill", "foreign", "type", "loop", "code",
    "column", "contract", "helper", "column", "batch",
)  # fmt: skip
_WORDS = ("order", "invoice", "parcel", "ticket", "tariff", "member", "course", "sensor", "ledger", "recipe")

_ENVIRONMENT = HERE / "corpus" / "migrations" / "env.py"

_INI = """\
[alembic]
script_location = %(here)s/migrations
prepend_sys_path = .
path_separator = os
sqlalchemy.url = postgresql+psycopg:///shop
"""

_HELPERS = '''\
"""What revisions have in common."""

import sqlalchemy as sa
from alembic import op


def add_audit_columns(table: str, name: str) -> None:
    """Add who and when."""
    op.add_column(table, sa.Column(f"{name}_by", sa.BigInteger(), nullable=True))
    op.add_column(table, sa.Column(f"{name}_at", sa.DateTime(timezone=True), nullable=True))


def drop_audit_columns(table: str, name: str) -> None:
    """Drop them."""
    op.drop_column(table, f"{name}_at")
    op.drop_column(table, f"{name}_by")
'''


@dataclass(frozen=True)
class Change:
    """One revision: its number, its parent's id, what it does, and the tables there are by then."""

    number: int
    kind: str
    tables: tuple[str, ...]

    @property
    def id(self) -> str:
        return _id(self.number)

    @property
    def down(self) -> str | None:
        return _id(self.number - 1) if self.number else None

    @property
    def title(self) -> str:
        return f"{self.kind.replace('_', ' ').capitalize()} number {self.number} of {self.table}"

    @property
    def table(self) -> str:
        return self.tables[0]

    @property
    def parent(self) -> str:
        return self.tables[1] if len(self.tables) > 1 else ""

    @property
    def other(self) -> str:
        return self.tables[-1]

    @property
    def column(self) -> str:
        return f"{_WORDS[self.number % len(_WORDS)]}_{self.number}"


def changes(revisions: int, tables: int) -> list[Change]:
    """Return what a chain of that many revisions does, up to that many tables."""
    made: list[str] = []
    found: list[Change] = []
    for number in range(revisions):
        if len(made) < tables and (number < _FIRST or number % _EVERY == 0):
            parent = made[(len(made) - 1) // 3 : (len(made) - 1) // 3 + 1] if made else []
            made.append(f"{_WORDS[len(made) % len(_WORDS)]}s_{len(made):03d}")
            found.append(Change(number, "table", (made[-1], *parent)))
        else:
            some = [made[(number * step) % len(made)] for step in (7, 11, 13, 17)]
            kind = _KINDS[(number - len(made)) % len(_KINDS)]
            found.append(Change(number, kind, tuple(dict.fromkeys(some))))
    return found


def write_project(folder: Path, revisions: int, tables: int, *, on_branch: int) -> list[Path]:
    """Write a project whose last revisions are those of a branch, and commit it; returns all revision files."""
    versions = folder / "migrations" / "versions"
    versions.mkdir(parents=True)
    (folder / "alembic.ini").write_text(_INI, encoding="utf-8")
    (folder / "migrations" / "env.py").write_text(_ENVIRONMENT.read_text(encoding="utf-8"), encoding="utf-8")
    (folder / "shop").mkdir()
    (folder / "shop" / "__init__.py").touch()
    (folder / "shop" / "migrating.py").write_text(_HELPERS, encoding="utf-8")
    template = Template(filename=str(HERE / "templates" / "speed_revision.mako"), strict_undefined=True)
    files = []
    _git(folder, "init", "--quiet", "--initial-branch=main")
    for change in changes(revisions, tables):
        if change.number == revisions - on_branch:
            _commit(folder, "The chain so far")
            _git(folder, "switch", "--quiet", "--create", "change")
        files.append(versions / f"{change.id}_{change.kind}_{change.number:04d}.py")
        files[-1].write_text(f"{template.render(change=change).rstrip()}\n", encoding="utf-8")
    _commit(folder, "What the branch adds")
    return files


def _id(number: int) -> str:
    return hashlib.sha256(str(number).encode()).hexdigest()[:12]


def _commit(folder: Path, message: str) -> None:
    _git(folder, "add", "--all")
    who = ("-c", "user.name=bench", "-c", "user.email=bench@example.org", "-c", "commit.gpgsign=false")
    _git(folder, *who, "commit", "--quiet", "--message", message)


def _git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", "-C", str(folder), *arguments], check=True)
