"""The catalogs of chains that were run before, by a digest of everything they depend on."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

from alembic_vibe import __version__
from alembic_vibe.catalog.serialize import decode_catalog, encode_catalog

if TYPE_CHECKING:
    from pathlib import Path

    from alembic_vibe.catalog.catalog import Catalog

_KEPT = 20  # entries; the oldest go first


def _folder() -> Path:
    from platformdirs import user_cache_path

    return user_cache_path("alembic-vibe") / "chains" / __version__


def cached(key: str) -> Catalog | None:
    """Return the catalog that was remembered under a key; ``None`` if there is none."""
    path = _folder() / f"{key}.json"
    try:
        return decode_catalog(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return None  # a cache that cannot be read is no cache


def remember(key: str, catalog: Catalog) -> None:
    """Keep a catalog; failing to is no failure."""
    folder = _folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        temporary = folder / f".{key}.{os.getpid()}"
        temporary.write_text(json.dumps(encode_catalog(catalog)), encoding="utf-8")
        temporary.replace(folder / f"{key}.json")
        entries = sorted(folder.glob("*.json"), key=lambda path: path.stat().st_mtime)
        for path in entries[:-_KEPT]:
            path.unlink(missing_ok=True)
    except OSError:
        return
