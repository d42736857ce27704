"""A database, its models, and Alembic with the plugin, in this process."""

from __future__ import annotations

import logging
import sys
from importlib import import_module
from textwrap import dedent
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from alembic import op
from alembic.autogenerate import produce_migrations, render_python_code
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.runtime import plugins
from sqlalchemy.dialects import postgresql

from alembic_vibe import alembic_plugin
from alembic_vibe.catalog.facts import Table
from alembic_vibe.postgres.introspect import read_catalog
from alembic_vibe.render.models import ModelSection, render_models

if TYPE_CHECKING:
    from pathlib import Path

    from alembic.operations.ops import MigrationScript

    from alembic_vibe.postgres.server import ScratchServer

PLUGINS = ["alembic.autogenerate.*", "alembic_vibe.*"]


def register() -> None:
    """Do what the entry point does, where this package was installed before it had one."""
    if alembic_plugin.NAME not in plugins._all_plugins:
        plugins.Plugin.setup_plugin_from_module(alembic_plugin, alembic_plugin.NAME)


def models_from(server: ScratchServer, database: str, folder: Path, package: str) -> sa.MetaData:
    """Return the metadata of models that are generated from a database."""
    with server.connect(database) as connection:
        catalog = read_catalog(connection).catalog
    sections = [ModelSection("all", "All", tuple(table.key for table in catalog.of_type(Table)))]
    (folder / package / "models").mkdir(parents=True)
    for path, text in render_models(catalog, sections, package).items():
        (folder / package / path).write_text(text, encoding="utf-8")
    sys.path.insert(0, str(folder))
    try:
        return import_module(f"{package}.models").Base.metadata  # type: ignore[no-any-return]
    finally:
        sys.path.remove(str(folder))


class Database:
    """A database that Alembic compares with models, and revises."""

    def __init__(self, server: ScratchServer, name: str, metadata: sa.MetaData, **options: Any) -> None:
        self.engine = sa.create_engine(server.sqlalchemy_url(name), poolclass=sa.pool.NullPool)
        self.metadata = metadata
        self.options = {"autogenerate_plugins": PLUGINS, "include_schemas": True, **options}

    def execute(self, *statements: str) -> None:
        with self.engine.begin() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)

    def compare(self) -> MigrationScript:
        with self.engine.connect() as connection:
            context = MigrationContext.configure(connection, opts=self.options)
            return produce_migrations(context, self.metadata)

    def found(self) -> list[tuple[Any, ...]]:
        """Return what ``alembic check`` would tell, without the models' own objects."""
        upgrade = self.compare().upgrade_ops
        assert upgrade is not None
        return [tuple(map(str, part[:2])) for part in upgrade.as_diffs() if isinstance(part, tuple)] + [
            tuple(map(str, inner[:1])) for part in upgrade.as_diffs() if isinstance(part, list) for inner in part
        ]

    def run(self, operations: Any) -> str:
        """Run operations as the revision that they are written into would, and return its text."""
        text: str = render_python_code(
            operations, migration_context=MigrationContext.configure(dialect_name="postgresql")
        )
        code = "\n".join(line.removeprefix("    ") for line in text.split("\n"))
        names = {"op": op, "sa": sa, "dedent": dedent, "postgresql": postgresql}
        with self.engine.begin() as connection, Operations.context(MigrationContext.configure(connection)):
            exec(code, names)
        return text


def quiet() -> None:
    logging.getLogger("alembic").setLevel(logging.ERROR)
