"""Rollback tests of harbourdesk's migrations.

Every revision goes up, down and up again on a PostgreSQL of its own, with rows in the tables. Run them with
``pytest``: the embedded server is used unless TEST_DATABASE_URL names another (databases are made beside the one
that it names; its tables are not touched). The fixtures come from alembic_vibe.testing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from alembic_vibe.testing import MigrationRunner


def test_single_head_revision(migrations: MigrationRunner) -> None:
    """Two heads mean that two branches were merged without their migrations."""
    assert len(migrations.heads()) == 1


def test_upgrade(migrations: MigrationRunner) -> None:
    """A new database comes up to date."""
    migrations.upgrade("heads")


def test_downgrade_leaves_no_trace(
    migrations: MigrationRunner, migration_revision: str
) -> None:
    """After its downgrade the schema is what it was before the revision."""
    assert migrations.round_trip(migration_revision).left_behind == []


def test_up_down_consistency(
    migrations: MigrationRunner, migration_revision: str
) -> None:
    """The second upgrade gives the same schema as the first."""
    assert migrations.round_trip(migration_revision).changed_again == []


def test_rows_survive(migrations: MigrationRunner, migration_revision: str) -> None:
    """Tables that are there before and after the revision keep their rows."""
    assert migrations.round_trip(migration_revision).lost_rows == []


def test_downgrade_to_base_leaves_nothing(migrations: MigrationRunner) -> None:
    """Without its migrations the database is empty."""
    assert migrations.empty_chain() == []


def test_model_definitions_match_ddl(migrations: MigrationRunner) -> None:
    """Alembic finds no difference between the models and the database."""
    assert migrations.check() == []


def test_offline_sql(migrations: MigrationRunner) -> None:
    """The chain can be printed with ``--sql``, for whoever runs it by hand."""
    assert "version_num" in migrations.offline_sql()
