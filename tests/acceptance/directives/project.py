"""A small Alembic project whose models, hook and database are given by the test: everything runs in this process."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from alembic_vibe.lint.engine import run
from alembic_vibe.lint.request import Request, Result, Scope

if TYPE_CHECKING:
    from collections.abc import Sequence

ENV = """\
from alembic import context
given = context.config.attributes
engine = given["engine"]
with engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=given["metadata"],
        process_revision_directives=given["hook"],
        **{"transaction_per_migration": True, "include_schemas": True, **given["options"]},
    )
    with context.begin_transaction():
        context.run_migrations()
"""
SCRIPT = '''\
"""${message}

Revision ID: ${up_revision}
Revises: ${down_revision | comma,n}
"""
from alembic import op
import sqlalchemy as sa
${imports if imports else ""}

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = ${repr(branch_labels)}
depends_on = ${repr(depends_on)}


def upgrade():
    ${upgrades if upgrades else "pass"}


def downgrade():
    ${downgrades if downgrades else "pass"}
'''


def models(*codes: str) -> sa.MetaData:
    """Return the models of some code; ``m`` is the MetaData there."""
    found = sa.MetaData()
    names = {name: getattr(sa, name) for name in dir(sa) if not name.startswith("_")} | {"m": found, "sa": sa}
    for code in codes:
        exec(code, dict(names))
    return found


def title(file: Path) -> str:
    """Return what a file says of itself behind the message of the command."""
    first = file.read_text("utf-8").split("\n", 1)[0]
    return first.removeprefix('"""change').removeprefix(": ")


class Place:
    """The project; ``metadata`` and ``hook`` may be changed between commands."""

    def __init__(self, folder: Path, url: str, **options: Any) -> None:
        self.folder = folder / "migrations"
        (self.folder / "versions").mkdir(parents=True)
        (self.folder / "env.py").write_text(ENV)
        (self.folder / "script.py.mako").write_text(SCRIPT)
        self.engine = sa.create_engine(
            sa.make_url(url).set(drivername="postgresql+psycopg"), poolclass=sa.pool.NullPool
        )
        self.metadata = sa.MetaData()
        self.hook: Any = None
        self.options = options

    @property
    def config(self) -> Config:
        config = Config()
        config.set_main_option("script_location", str(self.folder))
        config.attributes.update(engine=self.engine, metadata=self.metadata, hook=self.hook, options=self.options)
        return config

    def revise(self, rev_id: str, message: str = "change") -> list[Path]:
        """Run ``alembic revision --autogenerate``; return the new files in the order of the chain."""
        made = command.revision(self.config, message=message, autogenerate=True, rev_id=rev_id)
        scripts = made if isinstance(made, list) else [made]
        return [Path(script.path) for script in scripts if script is not None]

    def upgrade(self, target: str = "head") -> None:
        command.upgrade(self.config, target)

    def downgrade(self, target: str) -> None:
        command.downgrade(self.config, target)

    def check(self) -> None:
        command.check(self.config)

    def lint(self, paths: Sequence[Path]) -> Result:
        """Lint these revisions, with those before them as the chain."""
        scope = Scope(self.folder.parent, (self.folder / "versions",))
        return run(scope, Request(paths=tuple(paths)))


logging.getLogger("alembic.runtime").setLevel(logging.WARNING)
