"""Evolutions written by hand: the DDL of two releases, and the revisions between them as SQL."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from alembic_vibe.catalog.catalog import Catalog
from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.diagnostics import FindingsError
from alembic_vibe.history.chain import Chain
from alembic_vibe.plan.model import Lock, Mode, Phase
from alembic_vibe.postgres.introspect import read_catalog
from alembic_vibe.postgres.server import ScratchServer
from alembic_vibe.prove.evolution import prove_evolution
from alembic_vibe.prove.proof import Proof
from alembic_vibe.prove.staged import StagedRevision

ENV = """\
import os
from alembic import context
from sqlalchemy import create_engine, pool
engine = create_engine(os.environ["DATABASE_URL"], poolclass=pool.NullPool)
with engine.connect() as connection:
    context.configure(connection=connection, transaction_per_migration=True)
    with context.begin_transaction():
        context.run_migrations()
"""
STRONGEST = tuple(Lock(Key(Kind.TABLE, "public", name)) for name in ("orders", "a", "b", "t"))


@dataclass(frozen=True)
class Rev:
    """A revision: SQL up and down, its phase, and more fields of ``StagedRevision``."""

    phase: str
    up: list[str]
    down: list[str]
    more: dict[str, Any] = field(default_factory=dict)

    def staged(self, name: str) -> StagedRevision:
        one = StagedRevision(id=name, phase=Phase(self.phase), statements=tuple(self.up), locks=STRONGEST)
        return replace(one, **self.more)


def expand(up: str | list[str], down: str | list[str], **more: Any) -> Rev:
    return Rev("expand", _list(up), _list(down), more)


def migrate(up: str | list[str], down: str | list[str], **more: Any) -> Rev:
    return Rev("migrate", _list(up), _list(down), more)


def contract(up: str | list[str], down: str | list[str], **more: Any) -> Rev:
    return Rev("contract", _list(up), _list(down), more)


def purge(up: str | list[str], down: str | list[str], **more: Any) -> Rev:
    return Rev("purge", _list(up), _list(down), more)


def _list(found: str | list[str]) -> list[str]:
    return [found] if isinstance(found, str) else found


def write_chain(folder: Path, old: str, revisions: list[Rev]) -> list[str]:
    """Write revision 0001, which makes the old schema, and those on top of it; return their ids."""
    versions = folder / "migrations/versions"
    versions.mkdir(parents=True)
    (folder / "migrations/env.py").write_text(ENV)
    (folder / "migrations/script.py.mako").write_text("")
    (folder / "alembic.ini").write_text("[alembic]\nscript_location = %(here)s/migrations\n")
    base = Rev("expand", [old], ["DROP SCHEMA public CASCADE; CREATE SCHEMA public"])
    before, names = None, []
    for number, revision in enumerate([base, *revisions], start=1):
        name = f"{number:04d}"
        autocommit = revision.more.get("mode", Mode.TRANSACTION) is not Mode.TRANSACTION
        (versions / f"{name}.py").write_text(
            f"from alembic import op\nrevision = {name!r}\ndown_revision = {before!r}\n\n"
            f"def upgrade():\n{_body(revision.up, autocommit=autocommit)}\n\n"
            f"def downgrade():\n{_body(revision.down, autocommit=autocommit)}\n"
        )
        before = name
        names.append(name)
    return names[1:]


def _body(statements: list[str], *, autocommit: bool) -> str:
    if autocommit and statements:
        lines = "\n".join(f"        op.execute({statement!r})" for statement in statements)
        return f"    with op.get_context().autocommit_block():\n{lines}"
    return "\n".join(f"    op.execute({statement!r})" for statement in statements) or "    pass"


def catalog_of(server: ScratchServer, ddl: str) -> Catalog:
    database = server.create_database()
    with server.connect(database) as connection:
        connection.execute(ddl.encode())
        catalog = read_catalog(connection).catalog
    server.drop_database(database)
    return catalog


def prove_chain(
    server: ScratchServer, folder: Path, old: str, new: str, revisions: list[Rev], target: str | None = None
) -> Proof:
    names = write_chain(folder, old, revisions)
    with Chain(folder) as chain:
        chain.open(folder / "alembic.ini", None, None)
        return prove_evolution(
            chain,
            server,
            target=catalog_of(server, target or new),
            old=catalog_of(server, old),
            new=catalog_of(server, new),
            stages=[revision.staged(name) for name, revision in zip(names, revisions, strict=True)],
            base="0001",
            progress=lambda _what: None,
        )


def findings(
    server: ScratchServer, folder: Path, old: str, new: str, revisions: list[Rev], target: str | None = None
) -> str:
    """Return what the proof finds: a line each, with code, message and notes; empty if it finds nothing."""
    try:
        prove_chain(server, folder, old, new, revisions, target)
    except FindingsError as error:
        return "\n".join(f"{found.code} {found.message} [{' | '.join(found.notes)}]" for found in error.diagnostics)
    return ""
