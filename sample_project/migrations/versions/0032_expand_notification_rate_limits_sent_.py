"""expand notification_rate_limits.sent_count to bigint

Section 5.12 of docs/06-technical-specification.md, lines 1197 to 1276.

Phase:           expand (class E): before the new release; the running one goes on
Locks:           ACCESS EXCLUSIVE on notification_rate_limits
Old release:     a prepared SELECT * fails once in each session
New release:     nothing
Downgrade loses: nothing

Revision ID: 0032
Revises: 0031
Create Date: 2026-11-22 20:56:13.833610
"""

from collections.abc import Sequence
from textwrap import dedent

import sqlalchemy as sa
from alembic import op

revision: str = "0032"
down_revision: str | Sequence[str] | None = "0031"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute("SET LOCAL statement_timeout = '30s'")

    op.execute("CREATE SCHEMA IF NOT EXISTS vibe")

    op.add_column(
        "notification_rate_limits",
        sa.Column("vibe_new_sent_count", sa.BigInteger()),
    )
    op.execute(
        dedent("""
            CREATE FUNCTION vibe.vibe_follow_notification_rate_limits_vibe_new_sent_count() RETURNS trigger LANGUAGE plpgsql SET search_path = public AS $vibe$
            #variable_conflict use_column
            BEGIN
                NEW.vibe_new_sent_count := NEW.sent_count;
                RETURN NEW;
            END
            $vibe$
        """)
    )
    op.execute(
        "CREATE TRIGGER vibe_sync_vibe_new_sent_count BEFORE INSERT OR UPDATE ON notification_rate_limits FOR EACH ROW EXECUTE FUNCTION vibe.vibe_follow_notification_rate_limits_vibe_new_sent_count()",
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute("SET LOCAL statement_timeout = '30s'")

    op.execute("DROP TRIGGER vibe_sync_vibe_new_sent_count ON notification_rate_limits")
    op.execute(
        "DROP FUNCTION vibe.vibe_follow_notification_rate_limits_vibe_new_sent_count()",
    )
    op.drop_column("notification_rate_limits", "vibe_new_sent_count")
    op.execute(
        dedent("""
            DO $forget$
            BEGIN
                IF to_regclass('vibe.progress') IS NOT NULL THEN
                    DELETE FROM vibe.progress WHERE job = 'notification_rate_limits.sent_count';
                    IF NOT EXISTS (SELECT FROM vibe.progress) THEN
                        DROP TABLE vibe.progress;
                    END IF;
                END IF;
            END
            $forget$
        """)
    )
