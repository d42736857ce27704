"""Revisions made of texts, for tests of what reads them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from alembic_vibe.lint.chain import Chain, read_chain
from alembic_vibe.lint.facts import read_revision
from alembic_vibe.lint.model import Place, Revision
from alembic_vibe.lint.report import span_of
from alembic_vibe.source import Source


def revision_of(text: str, name: str = "0002_orders.py") -> Revision:
    return read_revision(Path("versions", name), Source(f"versions/{name}", text))


def chain_of(folder: Path, files: Mapping[str, str | bytes], *, recursive: bool = False) -> Chain:
    """Write files and read them as a chain."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_chain([folder], folder, recursive=recursive)


def simple(id_: str, down: str | tuple[str, ...] | None = None, more: str = "") -> str:
    return f"revision = {id_!r}\ndown_revision = {down!r}\n{more}\n\ndef upgrade(): pass\n\ndef downgrade(): pass\n"


def at(place: Place, source: Source) -> str:
    """Return the text at a place."""
    span = span_of(place, source)
    return source.text[span.start : span.end]
