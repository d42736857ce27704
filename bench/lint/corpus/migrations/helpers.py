"""What several revisions do in the same way."""

from alembic import op


def index_columns(table: str, *columns: str) -> None:
    """Make an index on columns of a table."""
    op.create_index("ix_" + "_".join((table, *columns)), table, list(columns))


def unindex_columns(table: str, *columns: str) -> None:
    """Take the index on columns of a table away, beside everything else."""
    with op.get_context().autocommit_block():
        op.drop_index("ix_" + "_".join((table, *columns)), table_name=table, postgresql_concurrently=True)


def index_concurrently(name: str, table: str, *columns: str) -> None:
    """Make an index beside everything else."""
    with op.get_context().autocommit_block():
        op.create_index(name, table, list(columns), postgresql_concurrently=True)


def drop_index_concurrently(name: str) -> None:
    """Drop an index beside everything else."""
    with op.get_context().autocommit_block():
        op.drop_index(name, postgresql_concurrently=True)
