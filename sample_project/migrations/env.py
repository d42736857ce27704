"""Alembic's environment: how revisions of this project reach the database.

Needs nothing but Alembic, SQLAlchemy, a driver and the project's own models.
"""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from logging.config import fileConfig
from typing import Any

import sqlalchemy as sa
from alembic import context
from alembic.util import CommandError

config = context.config
if config.config_file_name is not None and os.path.exists(config.config_file_name):
    fileConfig(config.config_file_name, disable_existing_loggers=False)

target_metadata: sa.MetaData = import_module(
    config.get_main_option("models") or "app.models"
).Base.metadata

# One lock per database; any number will do as long as every release uses the same one.
MIGRATION_LOCK = 0x616C656D626963

PARTITIONS = """
    SELECT n.nspname, c.relname FROM pg_catalog.pg_class c
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.relispartition
"""


def database_url() -> sa.URL:
    """Return DATABASE_URL, else sqlalchemy.url, with the driver that this project uses."""
    text = os.environ.get("DATABASE_URL") or config.get_main_option("sqlalchemy.url")
    if not text:
        raise CommandError(
            "Set DATABASE_URL, or sqlalchemy.url in alembic.ini, to the database to migrate."
        )
    url = sa.make_url(text)
    if url.drivername in ("postgres", "postgresql"):
        url = url.set(drivername="postgresql+psycopg")
    return url


def engine() -> sa.Engine:
    """Return an engine for the database; time-outs of the configuration hold for the whole session."""
    names = ("lock_timeout", "statement_timeout")
    settings = {
        name: value for name in names if (value := config.get_main_option(name))
    }
    options = (
        {"options": " ".join(f"-c {name}={value}" for name, value in settings.items())}
        if settings
        else {}
    )
    section = {
        **config.get_section(config.config_ini_section, {}),
        "sqlalchemy.url": database_url(),
    }
    return sa.engine_from_config(
        section, poolclass=sa.pool.NullPool, connect_args=options
    )


def changes_schema() -> bool:
    """Whether the command applies revisions: `current` and `check` only read, and need not wait for anybody."""
    try:
        context.get_revision_argument()
    except KeyError:
        return False
    return True


@contextmanager
def one_at_a_time(connectable: sa.Engine) -> Iterator[None]:
    """Let no other process migrate this database meanwhile.

    The lock is held on a connection of its own, so that nothing has run on the connection that Alembic gets.
    It is asked for again and again instead of waited for: a statement that waits holds a snapshot, and CREATE INDEX
    CONCURRENTLY in the process that has the lock would wait for that snapshot, for ever.
    """
    if not changes_schema():
        yield
        return
    patience = float(config.get_main_option("migration_wait") or 600)
    deadline = time.monotonic() + patience
    with connectable.connect().execution_options(
        isolation_level="AUTOCOMMIT"
    ) as connection:
        ask = sa.select(
            sa.func.pg_try_advisory_lock(sa.cast(MIGRATION_LOCK, sa.BigInteger))
        )
        while not connection.scalar(ask):
            if time.monotonic() > deadline:
                raise CommandError(
                    f"Another process is still migrating this database after {patience:g} seconds."
                )
            time.sleep(0.5)
        yield  # closing the connection gives the lock back


def configure(connection: sa.Connection) -> None:
    """Tell Alembic what to compare, and that each revision commits by itself."""
    schemas = {table.schema for table in target_metadata.tables.values()}
    partitions: set[tuple[str, str]] | None = None

    def include_name(name: str | None, type_: str, parents: Any) -> bool:
        """Compare the schemas that the models use; not partitions, nor the tool's own bookkeeping (vibe_...)."""
        nonlocal partitions
        if type_ == "schema":
            return name is None or name in schemas
        if type_ != "table" or name is None:
            return True
        if parents.get("schema_qualified_table_name") in target_metadata.tables:
            return True
        if (
            partitions is None
        ):  # asked late: nothing may run on the connection before context.configure()
            rows = connection.execute(sa.text(PARTITIONS))
            partitions = {(row[0], row[1]) for row in rows}
        schema = (
            parents.get("schema_name")
            or connection.dialect.default_schema_name
            or "public"
        )
        return (schema, name) not in partitions and not name.startswith("vibe_")

    context.configure(
        connection=connection,
        target_metadata=target_metadata,
        transaction_per_migration=True,
        compare_type=True,
        include_schemas=any(schemas),
        include_name=include_name,
    )


def run_migrations_offline() -> None:
    """Print the SQL instead of running it: `alembic upgrade head --sql`. Needs no database."""
    context.configure(
        dialect_name="postgresql",
        target_metadata=target_metadata,
        literal_binds=True,
        dialect_opts={"paramstyle": "named"},
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()


def run_migrations_on(connection: sa.Connection) -> None:
    """Run them on this connection."""
    configure(connection)
    with context.begin_transaction():
        context.run_migrations()


def run_migrations_online() -> None:
    """Run them on the database, or on the connection that a program has put into `config.attributes`."""
    given = config.attributes.get("connection")
    if given is not None:
        run_migrations_on(given)
        return
    connectable = engine()
    with one_at_a_time(connectable), connectable.connect() as connection:
        run_migrations_on(connection)


if context.is_offline_mode():
    run_migrations_offline()
else:
    run_migrations_online()
