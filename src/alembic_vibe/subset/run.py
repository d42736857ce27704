"""``subset``: a masked share of a database, from the first question to the last row.

Read this file first; everything else of the package is a step of it.
"""

from __future__ import annotations

import os
import re
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg

from alembic_vibe.diagnostics import ConfigurationError, Diagnostic, ExitCode, FindingsError, Severity
from alembic_vibe.postgres.connect import open_database
from alembic_vibe.subset.choose import Choice, Chooser
from alembic_vibe.subset.copying import Copied, copy_rows
from alembic_vibe.subset.database import DatabaseTarget, refusal
from alembic_vibe.subset.folder import FolderTarget
from alembic_vibe.subset.row_sets import RowSets
from alembic_vibe.subset.rules import CHOICE, DANGLING, SAME_DATABASE
from alembic_vibe.subset.schema import read_schema
from alembic_vibe.subset.source import check_rights, identity, open_source, reading

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from psycopg import Connection

KEY_VARIABLE = "ALEMBIC_VIBE_MASK_KEY"
_URL = re.compile(r"\Apostgres(ql)?(\+\w+)?://")


@dataclass(frozen=True, slots=True)
class SubsetResult:
    """What ``subset`` did, or with ``check`` found. ``tables`` is (rows copied, rows of the source) by table."""

    exit_code: ExitCode = ExitCode.DONE
    diagnostics: tuple[Diagnostic, ...] = ()
    lines: tuple[str, ...] = ()
    tables: dict[str, tuple[int, int]] = field(default_factory=dict)
    suggested: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """The keys that ``--format json`` adds to ``diagnostics``."""
        return {
            "tables": {name: {"rows": rows, "of": of} for name, (rows, of) in self.tables.items()},
            "rows": sum(rows for rows, _ in self.tables.values()),
        }


def make_subset(
    source_url: str,
    target: str,
    *,
    rows: int | None = None,
    fraction: float | None = None,
    classification: Path,
    tell: Callable[[str], None] = lambda _what: None,
) -> SubsetResult:
    """Copy a masked share of a database. The source is read in one snapshot, and nothing is written to it.

    Args:
        source_url: The database to read.
        target: The URL of a migrated database without rows, or a folder that is made.
        rows: About how many rows, over all tables; or
        fraction: about which share of the rows.
        classification: The file that says what columns mean; what it does not name is replaced.
        tell: Called with what is being done.

    Raises:
        ConfigurationError: The target or the classification cannot be used.
        EnvironmentFailureError: A database cannot be reached or read, or a file cannot be written.
        FindingsError: The target holds rows, refuses one, or an original would have got into it; nothing was written.
    """
    from alembic_vibe.subset.masking import Masker, leaks, read_classification

    is_url = "://" in target
    if is_url and not _URL.match(target):
        scheme = target.partition("://")[0]
        raise ConfigurationError(CHOICE.diagnostic(f"{scheme}:// is not a PostgreSQL URL"))
    shown = _shown(classification)
    known = read_classification(classification, shown)
    key, ephemeral = _key()
    tell("reading the schema")
    with (
        open_source(source_url) as source,
        _open_target(target, source, is_url=is_url) as opened,
        closing(RowSets()) as sets,
    ):
        with reading():
            schema = read_schema(source)
        check_rights(schema)
        found = opened.accept(schema)
        with reading():
            masker = Masker(known, key, schema.facts, source)
            choice = Chooser(source, schema, sets, tell).choose(rows=rows, fraction=fraction)
        found += _left_out(choice)
        copied = copy_rows(source, schema, sets, opened, masker.table, tell)
        tell("checking constraints")
        opened.finish()
        tell("looking for originals")
        originals = leaks(masker, opened.written())
        if any(diagnostic.severity is Severity.ERROR for diagnostic in originals):
            raise FindingsError(originals)
        found += originals
        if isinstance(opened, FolderTarget):
            opened.keep()
    lines = _account(copied, choice)
    if masker.open:
        lines.append(f"{len(masker.open)} columns are not in {shown} and were replaced; --check lists them.")
    if ephemeral:
        lines.append(f"Masked with a key that nobody keeps; {KEY_VARIABLE} makes two runs mask alike.")
    if not is_url:
        lines.append(f"Load it with: cd {target} && psql --no-psqlrc -d DATABASE -f load.sql")
    return SubsetResult(
        diagnostics=tuple(found),
        lines=tuple(lines),
        tables={item.key.qualified: (item.rows, item.of) for item in copied},
    )


def classify(
    source_url: str, classification: Path, *, suggest: bool, tell: Callable[[str], None] = lambda _what: None
) -> SubsetResult:
    """Compare the classification with the schema of a database; no row is read.

    Args:
        source_url: The database.
        classification: The file, which need not exist.
        suggest: Give the text of the file with suggestions for what it lacks, instead of findings.
        tell: Called with what is being done.

    Raises:
        ConfigurationError: The classification cannot be read.
        EnvironmentFailureError: The database cannot be reached or read.
    """
    from alembic_vibe.subset import masking

    shown = _shown(classification)
    known = masking.read_classification(classification, shown)
    tell("reading the schema")
    with open_source(source_url) as source, reading():
        schema = read_schema(source)
        if suggest:
            before = len(known.decisions)
            known = masking.suggest(source, schema.facts, known)
            new = len(known.decisions) - before
            line = f"{shown}: {new} columns added; read them before you rely on them"
            return SubsetResult(lines=(line if new else f"{shown}: nothing to add",), suggested=known.text())
        found = tuple(masking.unclassified(known, schema.facts, source))
    return SubsetResult(
        exit_code=ExitCode.FINDINGS if found else ExitCode.DONE,
        diagnostics=found,
        lines=() if found else ("Every column that could hold personal data is classified.",),
    )


def _shown(path: Path) -> str:
    """How messages name a file: from the current folder where it is below it."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)


def _key() -> tuple[bytes, bool]:
    """The key of the masks: from the environment, else one for this run only (``True``)."""
    import secrets

    given = os.environ.get(KEY_VARIABLE, "")
    return (given.encode(), False) if given else (secrets.token_bytes(32), True)


@contextmanager
def _open_target(target: str, source: Connection[Any], *, is_url: bool) -> Iterator[DatabaseTarget | FolderTarget]:
    """Open the target; at the end all of it stays, or after an exception none."""
    if not is_url:
        folder = FolderTarget(Path(target), source)
        try:
            yield folder
        finally:
            folder.discard()
        return
    with open_database(target) as connection:
        own, other = identity(connection), identity(source)
        if own is not None and own == other:
            message = "--from and --to are the same database, or one is a replica of the other"
            raise ConfigurationError(SAME_DATABASE.diagnostic(message))
        try:
            yield DatabaseTarget(connection)
        except psycopg.Error as error:  # of the target: what the source says is told apart where it is read
            raise refusal(error, "the target") from None


def _left_out(choice: Choice) -> list[Diagnostic]:
    return [
        DANGLING.diagnostic(
            f"{name}: {count:,} rows were left out that refer, directly or not, to rows that do not exist"
        )
        for name, count in sorted(choice.dangling.items())
    ]


def _account(copied: list[Copied], choice: Choice) -> list[str]:
    lines = []
    for item in sorted(copied, key=lambda item: item.key):
        about = "" if item.exact else "about "
        lines.append(f"{item.key.qualified}: {item.rows:,} of {about}{item.of:,}")
    total, everything = sum(item.rows for item in copied), sum(item.of for item in copied)
    share = f" ({total / everything:.1%})" if everything else ""
    lines.append(f"{total:,} of {everything:,} rows{share}; asked for {choice.wanted:,}")
    return lines
