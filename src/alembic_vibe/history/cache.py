"""What earlier runs found out, kept in the user's cache directory: the catalogs of chains, by all they depend on."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from alembic_vibe.catalog.serialize import dump_catalog, load_catalog
from alembic_vibe.shelf import Shelf, digest_of_code, read_text

if TYPE_CHECKING:
    from alembic_vibe.catalog.catalog import Catalog

__all__ = ["CHAINS", "Shelf", "cached", "code_digest", "read_text", "remember", "stamp"]

_PACKAGES = ("catalog", "postgres", "sql", "history")  # whose code decides what is kept


@cache
def code_digest() -> str:
    """Return a digest of the code that makes what is kept: after a change of it, nothing that was kept is used."""
    return digest_of_code(_PACKAGES)


def stamp() -> str:
    """Return what makes all that is kept void where it has changed."""
    return code_digest()


CHAINS = Shelf("chains", 20, stamp)


def cached(key: str) -> Catalog | None:
    """Return the catalog that was remembered under a key; ``None`` if there is none."""
    text = CHAINS.read(key)
    try:
        return load_catalog(text) if text is not None else None
    except ValueError:
        return None  # a cache that cannot be read is no cache


def remember(key: str, catalog: Catalog) -> None:
    """Keep a catalog; failing to is no failure."""
    CHAINS.keep(key, dump_catalog(catalog))
