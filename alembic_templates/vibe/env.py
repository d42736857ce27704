"""Alembic's environment: how revisions of this project reach the database.

Needs nothing but Alembic, SQLAlchemy, a driver and the project's own models.
"""

import logging
import os
import random
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.metadata import entry_points
from logging.config import fileConfig
from typing import Any

import sqlalchemy as sa
from alembic import context
from alembic.util import CommandError

config = context.config
logger = logging.getLogger("alembic.env")
if config.config_file_name is not None and os.path.exists(config.config_file_name):
    fileConfig(config.config_file_name, disable_existing_loggers=False)

target_metadata: sa.MetaData = import_module(
    config.get_main_option("models") or "app.models"
).Base.metadata

# One lock per database; any number will do as long as every release uses the same one.
MIGRATION_LOCK = 0x616C656D626963

# lock_not_available and deadlock_detected: the revision waited for a lock, and was rolled back.
LOCK_FAILURES = ("55P03", "40P01")
COMMIT = re.compile(r"\bCOMMIT\b", re.IGNORECASE)
RERUNNABLE = re.compile(r"^(Phase|Rerunnable): +(?!no\b)\S", re.MULTILINE)

# What `alembic check` and `revision --autogenerate` compare; without alembic-vibe, or before Alembic 1.18, as usual.
PLUGINS = ["alembic.autogenerate.*"]
if any(
    point.name.startswith("alembic_vibe.")
    for point in entry_points(group="alembic.plugins")
):
    PLUGINS.append("alembic_vibe.*")

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


def session_settings() -> dict[str, str]:
    """Return what holds for the whole session, also after a RESET; a revision may set its own time-outs.

    With migration_role everything that revisions make belongs to that role.
    """
    found = {
        "lock_timeout": config.get_main_option("lock_timeout", "5s"),
        "statement_timeout": config.get_main_option("statement_timeout", "1h"),
        "role": config.get_main_option("migration_role", ""),
    }
    return {name: value for name, value in found.items() if value}


def startup_options(url: sa.URL) -> str:
    """Return the settings as libpq takes them, those of the URL or of PGOPTIONS last: they have precedence."""
    given = url.query.get("options", os.environ.get("PGOPTIONS", ""))
    ours = (
        f"-c {name}=" + value.replace("\\", r"\\").replace(" ", r"\ ")
        for name, value in session_settings().items()
    )
    return " ".join([*ours, *((given,) if isinstance(given, str) else given)]).strip()


def engine() -> sa.Engine:
    """Return an engine for the database."""
    url = database_url()
    section = {
        **config.get_section(config.config_ini_section, {}),
        "sqlalchemy.url": url,
    }
    return sa.engine_from_config(
        section,
        poolclass=sa.pool.NullPool,
        connect_args={"options": startup_options(url)},
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


class Attempts:
    """Runs the revisions, and once more after a pause where one of them did not get a lock in time.

    What is tried again must not have happened yet. Each revision is one transaction, and PostgreSQL rolls it back as a
    whole; Alembic then goes on from the version that is stamped. So it is safe unless a part of the revision that
    failed was committed by itself, as autocommit_block() does: CREATE INDEX CONCURRENTLY may have left an invalid
    index, and a second run with IF NOT EXISTS would take that for a good one. Such a revision is tried again only if
    its docstring says that this is allowed. What `generate` writes says so by its line "Phase: ..."; write
    "Rerunnable: yes" into your own where it is true. A target that counts from where the database is (+2, -1) would be
    another one after the first revision, and is not tried again then.
    """

    def __init__(self) -> None:
        option = config.get_main_option
        self.left = int(option("migration_retries", "5")) if changes_schema() else 0
        self.pause = float(option("migration_retry_pause", "1"))
        self.made = 0
        self.revisions = 0  # committed since the start
        self.finished = False  # a revision is through, and about to be committed
        self.partial = False  # something of the next one is committed already

    def run(self, connection: sa.Connection) -> float | None:
        """Run what is left on a new connection; return the seconds to wait before the next attempt, if one is needed."""
        self.made += 1
        self.finished = self.partial = False
        sa.event.listen(connection, "commit", self.committed)
        sa.event.listen(connection, "before_cursor_execute", self.executing)
        try:
            run_migrations_on(connection, self.applied)
        except sa.exc.DBAPIError as error:
            code = getattr(error.orig, "sqlstate", getattr(error.orig, "pgcode", None))
            if code not in LOCK_FAILURES or not changes_schema():
                raise
            return self.seconds(error)
        return None

    def applied(self, **_: Any) -> None:
        """Take note that a revision is through; Alembic calls this before it commits."""
        self.finished = True

    def committed(self, _: sa.Connection) -> None:
        """Take note of a commit: that of a whole revision, or one in its middle."""
        self.partial = not self.finished
        self.revisions += self.finished
        self.finished = False

    def executing(self, *arguments: Any) -> None:
        """Take note of a COMMIT that a revision writes out itself; the arguments are those of SQLAlchemy's event."""
        self.partial = self.partial or bool(COMMIT.search(arguments[2]))

    def seconds(self, error: sa.exc.DBAPIError) -> float:
        """Return how long to wait before the next attempt, or say why there is none."""
        name, docstring = failed_revision(error)
        statement = " ".join((error.statement or "").split())[:80]
        reason = f"{str(error.orig).splitlines()[0]} ({statement})"
        target = context.get_revision_argument()
        if self.partial and not RERUNNABLE.search(docstring):
            why = "A part of it may be committed: see what is there (an invalid index?), then run this again."
        elif self.revisions and isinstance(target, str) and target[0] in "+-":
            why = f"Nothing of it was applied; {self.revisions} before it were."
        elif not self.left:
            why = f"That was attempt {self.made}. Run this again when nobody holds the lock any more."
        else:
            self.left -= 1
            wait, self.pause = self.pause * random.uniform(0.75, 1.25), self.pause * 2
            logger.warning("%s: %s. Trying again in %.1f s.", name, reason, wait)
            return wait
        raise CommandError(f"{name} did not get a lock: {reason}. {why}") from error


def failed_revision(error: BaseException) -> tuple[str, str]:
    """Return the name of the revision that raised an error, and its docstring."""
    trace = error.__traceback__
    while trace is not None:
        module = trace.tb_frame.f_globals
        if "down_revision" in module:
            return f"Revision {module['revision']}", module["__doc__"] or ""
        trace = trace.tb_next
    return "The table of versions", ""


def configure(
    connection: sa.Connection, applied: Callable[..., None] | None = None
) -> None:
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
        on_version_apply=applied,
        autogenerate_plugins=PLUGINS,
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


def run_migrations_on(
    connection: sa.Connection, applied: Callable[..., None] | None = None
) -> None:
    """Run them on this connection; `applied` is told of each one before it is committed."""
    configure(connection, applied)
    with context.begin_transaction():
        context.run_migrations()


def run_migrations_online() -> None:
    """Run them on the database, or on the connection that a program has put into `config.attributes`."""
    given = config.attributes.get("connection")
    if given is not None:
        run_migrations_on(given)
        return
    connectable, attempts = engine(), Attempts()

    def attempt() -> float | None:
        with connectable.connect() as connection:
            return attempts.run(connection)

    with one_at_a_time(connectable):
        while (wait := attempt()) is not None:
            time.sleep(wait)


if context.is_offline_mode():
    run_migrations_offline()
else:
    run_migrations_online()
