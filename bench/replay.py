"""Replay the chain of any project on a scratch server, and say what came of it.

Run it with the Python that has the project installed, and the variables that its settings want:

    SHOP_DB=postgresql://scratch python -m bench.replay path/to/alembic.ini
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from alembic_vibe.catalog.bookkeeping import without_version_table
from alembic_vibe.catalog.keys import Kind
from alembic_vibe.config import load_project
from alembic_vibe.diagnostics import VibeError
from alembic_vibe.history.chain import Chain, ChainError
from alembic_vibe.postgres.introspect import read_catalog
from alembic_vibe.postgres.server import scratch_server


def main(ini: Path) -> int:
    """Replay, and print one line; 1 if the chain cannot be replayed."""
    project = load_project(ini, Path.cwd(), read_only=True)
    begun = time.monotonic()
    try:
        with (
            Chain(project.home or project.root, project.section, project.search) as chain,
            scratch_server() as server,
        ):
            chain.open(project.ini, project.pyproject)
            scripts = chain.describe()
            name = server.create_database()
            chain.upgrade("heads", server.sqlalchemy_url(name))
            with server.connect(name, autocommit=True) as connection:
                catalog = without_version_table(read_catalog(connection).catalog)
            tables = sum(key.kind is Kind.TABLE for key in catalog.facts)
            schema, table = chain.version_table
            print(
                f"{ini.stem}: {len(scripts.scripts)} revisions, {len(scripts.heads)} head(s): {tables} tables, "
                f"{len(catalog.facts)} objects in {time.monotonic() - begun:.1f} s; {schema or 'public'}.{table}"
            )
    except (ChainError, VibeError) as error:
        failure = error.as_failure("not replayed", project.root) if isinstance(error, ChainError) else error
        found = failure.diagnostics[0]
        print(f"{ini.stem}: [{found.code}] {found.shown_path}:{found.line}: {found.message.splitlines()[0][:300]}")
        for note in found.notes:
            print(f"    {note[:200]}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).resolve()))
