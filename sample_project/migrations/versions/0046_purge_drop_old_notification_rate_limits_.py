"""purge drop old notification_rate_limits.sent_count

Section 5.12 of docs/06-technical-specification.md, lines 1182 to 1261.

Phase:           purge (class C): when nobody wants to go back any more
Locks:           ACCESS EXCLUSIVE on notification_rate_limits
Old release:     is gone
New release:     nothing
Downgrade locks: notification_rate_limits (while rows are read or written)
Downgrade loses: the values of the old notification_rate_limits.sent_count that cannot be made from the new sent_count

Revision ID: 0046
Revises: 0045
Create Date: 2026-11-22 20:56:34.837455
"""

from collections.abc import Sequence
from textwrap import dedent

from alembic import op

revision: str = "0046"
down_revision: str | Sequence[str] | None = "0045"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute("SET LOCAL statement_timeout = '30s'")

    op.execute(
        "DROP TRIGGER vibe_sync_vibe_drop_sent_count ON notification_rate_limits",
    )
    op.execute(
        "DROP FUNCTION vibe.vibe_follow_notification_rate_limits_vibe_drop_sent_count()",
    )
    op.execute("ALTER TABLE notification_rate_limits DROP COLUMN vibe_drop_sent_count")

    op.execute(
        dedent("""
            DO $$
            BEGIN
                IF EXISTS (SELECT FROM pg_namespace WHERE nspname = 'vibe')
                    AND NOT EXISTS (SELECT FROM pg_class WHERE relnamespace = to_regnamespace('vibe'))
                    AND NOT EXISTS (SELECT FROM pg_proc WHERE pronamespace = to_regnamespace('vibe'))
                    AND NOT EXISTS (SELECT FROM pg_type WHERE typnamespace = to_regnamespace('vibe'))
                THEN
                    DROP SCHEMA vibe;
                END IF;
            END
            $$
        """)
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute("SET LOCAL statement_timeout = '30s'")

    op.execute("CREATE SCHEMA IF NOT EXISTS vibe")
    op.execute(
        "ALTER TABLE notification_rate_limits ADD COLUMN vibe_drop_sent_count integer",
    )
    op.execute(
        dedent("""
            CREATE FUNCTION vibe.vibe_follow_notification_rate_limits_vibe_drop_sent_count() RETURNS trigger LANGUAGE plpgsql SET search_path = public AS $vibe$
            #variable_conflict use_column
            BEGIN
                BEGIN
                    NEW.vibe_drop_sent_count := NEW.sent_count::integer;
                EXCEPTION WHEN data_exception OR integrity_constraint_violation THEN
                    NEW.vibe_drop_sent_count := NULL;
                END;
                RETURN NEW;
            END
            $vibe$
        """)
    )
    op.execute(
        "CREATE TRIGGER vibe_sync_vibe_drop_sent_count BEFORE INSERT OR UPDATE ON notification_rate_limits FOR EACH ROW EXECUTE FUNCTION vibe.vibe_follow_notification_rate_limits_vibe_drop_sent_count()",
    )
    op.execute(
        "UPDATE notification_rate_limits SET vibe_drop_sent_count = vibe_drop_sent_count",
    )
    op.execute("SET CONSTRAINTS ALL IMMEDIATE")
