"""The data files that a project has already: which of them are the source of what is written, and which go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import ConfigurationError
from alembic_vibe.history.snapshot import digest
from alembic_vibe.seed.write import FOLDER, read_table

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from alembic_vibe.seed.model import SeedTable


def taken_in(root: Path, seeds: str, files: Mapping[str, str]) -> dict[str, str]:
    """Return the digests of the files on the disk of which all that is in them is in the new texts as well.

    Rows that came from a library stay as their file has them, with every edit: nothing is lost by writing it again.

    Args:
        root: The project.
        seeds: Its seeds folder, from there.
        files: The new texts by path.
    """
    found = {}
    for path, text in files.items():
        table = _library_table(root / path) if path.startswith(f"{seeds}/{FOLDER}/") else None
        if table is not None and table.origin is not None and (not table.origin.digest or table.origin.digest in text):
            found[path] = digest((root / path).read_text(encoding="utf-8"))
    return found


def seeds_of_old(root: Path, seeds: str, files: Mapping[str, str], known: Mapping[str, str]) -> dict[str, bool]:
    """Return the data files that are asked for no longer, each with whether it may be deleted.

    A table that has a file of another number now, or that is gone, leaves one behind; it would still be loaded.

    Args:
        root: The project.
        seeds: Its seeds folder, from there.
        files: The new texts by path.
        known: The digests of what earlier runs wrote.
    """
    folder = f"{seeds}/{FOLDER}/"
    texts = [text for path, text in files.items() if path.startswith(folder)]
    found = {}
    for path, written in known.items():
        target = root / path
        if not path.startswith(folder) or path in files or not target.is_file():
            continue
        table = _library_table(target)
        if table is not None and table.origin is not None:
            edits = (*filter(None, [table.origin.digest]), *table.origin.comments)
            found[path] = not edits or any(all(edit in text for edit in edits) for text in texts)  # gone on elsewhere
        else:
            found[path] = digest(target.read_bytes().decode("utf-8", errors="replace")) == written
    return found


def _library_table(path: Path) -> SeedTable | None:
    if not path.is_file():
        return None
    try:
        table = read_table(path)
    except ConfigurationError:
        return None
    return table if table.origin is not None else None
