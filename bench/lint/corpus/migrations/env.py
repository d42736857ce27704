"""How the revisions of the depot run: each in a transaction of its own, and none waits long for a lock."""

import os

import sqlalchemy as sa
from alembic import context

config = context.config
target_metadata = None


def database_url() -> str:
    """The database of the environment, else that of alembic.ini."""
    return os.environ.get("DATABASE_URL") or config.get_main_option("sqlalchemy.url")


def run_migrations_offline() -> None:
    """Print the SQL instead of running it: `alembic upgrade head --sql`."""
    context.configure(
        url=database_url(),
        target_metadata=target_metadata,
        literal_binds=True,
        dialect_opts={"paramstyle": "named"},
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()


def run_migrations_online() -> None:
    """Run the revisions on the database."""
    engine = sa.create_engine(
        database_url(),
        poolclass=sa.pool.NullPool,
        connect_args={"options": "-c lock_timeout=4000"},
    )
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=target_metadata,
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()


if context.is_offline_mode():
    run_migrations_offline()
else:
    run_migrations_online()
