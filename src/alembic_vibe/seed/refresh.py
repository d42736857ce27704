"""What has changed in the standards since the files of reference data were written."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from alembic_vibe.seed.model import SqlValue
from alembic_vibe.seed.standards.languages import has_babel
from alembic_vibe.seed.write import read_table, render_table, seed_files, suffix_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from alembic_vibe.seed.model import SeedTable, Value

_SHOWN = 20  # rows of a file that people are told of; the file's diff has all


@dataclass(frozen=True, slots=True)
class Changed:
    """One row that says something else: its key, and the column's value before and after."""

    key: str
    column: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class FileRefresh:
    """A file of reference data and what the installed libraries have instead.

    ``edited``: a person has changed its rows since, and it is left alone. ``lacking``: so is one with names from babel,
    where that is not installed. ``text`` goes to ``target``.
    """

    path: Path
    target: Path
    before: str
    after: str
    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[Changed, ...]
    edited: bool
    lacking: bool
    text: str

    @property
    def is_news(self) -> bool:
        """Whether any row differs, or the version that the file names."""
        if self.lacking:
            return False
        return bool(self.added or self.removed or self.changed) or self.before != self.after

    def lines(self) -> Iterator[str]:
        """Yield what is to be told to people."""
        if self.lacking:
            yield f"{self.path.name}: left as it is, for it needs: pip install 'alembic-vibe[names]'"
            return
        if not self.is_news:
            yield f"{self.path.name}: {self.after}, up to date"
            return
        versions = self.after if self.before == self.after else f"{self.before} → {self.after}"
        counts = f"{len(self.added)} added, {len(self.removed)} removed, {self.rows_changed} changed"
        yield f"{self.path.name}: {versions}: {counts}"
        rows = [f"  + {key}" for key in self.added]
        rows += [f"  - {key}" for key in self.removed]
        rows += [f"  ~ {found.key}: {found.column}: {found.before} → {found.after}" for found in self.changed]
        yield from rows[:_SHOWN]
        if len(rows) > _SHOWN:
            yield f"  … and {len(rows) - _SHOWN} more"

    @property
    def rows_changed(self) -> int:
        """How many rows say something else."""
        return len({found.key for found in self.changed})

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {
            "file": self.path.name,
            "from": self.before,
            "to": self.after,
            "added": list(self.added),
            "removed": list(self.removed),
            "changed": [
                {"key": found.key, "column": found.column, "from": found.before, "to": found.after}
                for found in self.changed
            ],
            "edited": self.edited,
            "lacking": self.lacking,
        }


def compare_files(directory: Path, fresh: Iterable[SeedTable]) -> list[FileRefresh]:
    """Compare the files that libraries filled with what these have today.

    Args:
        directory: The project's seeds.
        fresh: The seeds as ``generate`` would write them if there were no files.

    Returns:
        One for each such file whose table still has rows from a library, in the order of their names.

    Raises:
        ConfigurationError: A data file cannot be read.
    """
    by_key = {table.key: table for table in fresh if table.origin is not None}
    found = []
    for path in seed_files(directory):
        old = read_table(path)
        new = by_key.get(old.key)
        if old.origin is None:
            continue
        if "babel " in _sources(old) and not has_babel():
            versions = _sources(old)
            found.append(FileRefresh(path, path, versions, versions, (), (), (), edited=False, lacking=True, text=""))
        elif new is not None:
            found.append(_compare(path, old, new))
    return found


def _compare(path: Path, old: SeedTable, new: SeedTable) -> FileRefresh:
    assert old.origin is not None
    assert new.origin is not None
    new = replace(new, origin=replace(new.origin, comments=old.origin.comments))
    before, after = _by_key(old, new.conflict), _by_key(new, new.conflict)
    changed = [
        Changed(key, column, _shown(before[key].get(column)), _shown(values.get(column)))
        for key, values in after.items()
        if key in before
        for column in dict.fromkeys((*before[key], *values))
        if before[key].get(column) != values.get(column)
    ]
    return FileRefresh(
        path=path,
        target=path.with_suffix(suffix_of(new)),
        before=_sources(old),
        after=_sources(new),
        added=tuple(key for key in after if key not in before),
        removed=tuple(key for key in before if key not in after),
        changed=tuple(changed),
        edited=bool(old.origin.digest),
        lacking=False,
        text=render_table(new),
    )


def _by_key(table: SeedTable, key: tuple[str, ...]) -> dict[str, dict[str, Value]]:
    return {", ".join(_shown(row.values.get(name)) for name in key): dict(row.values) for row in table.rows}


def _sources(table: SeedTable) -> str:
    """Return all versions that a file names: its own, and those of columns from elsewhere."""
    assert table.origin is not None
    others = [words.partition(" [")[2].rstrip("]") for words in table.origin.columns.values()]
    return ", ".join(dict.fromkeys([table.origin.source, *(other for other in others if other)]))


def _shown(value: Value) -> str:
    if value is None:
        return "NULL"
    return value.sql if isinstance(value, SqlValue) else str(value)
