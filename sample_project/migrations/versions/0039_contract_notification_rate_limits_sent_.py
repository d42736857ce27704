"""contract notification_rate_limits.sent_count to bigint

Section 5.12 of docs/06-technical-specification.md, lines 1197 to 1276.

Phase:           contract (class C): after the old release is gone
Locks:           ACCESS EXCLUSIVE on notification_rate_limits
Waits for:       rows of notification_rate_limits in which the new sent_count is not what sent_count says
Old release:     is gone
New release:     prepared statements that name the column fail once in each session
Downgrade locks: notification_rate_limits (while rows are read or written)
Downgrade loses: the values of notification_rate_limits.sent_count that nobody can convert back

Revision ID: 0039
Revises: 0038
Create Date: 2026-11-22 20:56:18.085929
"""

from collections.abc import Sequence
from textwrap import dedent

from alembic import op

revision: str = "0039"
down_revision: str | Sequence[str] | None = "0038"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute(
        dedent("""
            DO $check$
            DECLARE
                found bigint;
            BEGIN
                found := (SELECT count(*) FROM notification_rate_limits WHERE vibe_new_sent_count IS DISTINCT FROM sent_count);
                IF found > 0 THEN
                    RAISE EXCEPTION 'not yet: % %', found, 'rows of notification_rate_limits in which the new sent_count is not what sent_count says'
                        USING HINT = 'This revision has changed nothing. Mend these rows, then upgrade again.';
                END IF;
            END
            $check$
        """)
    )
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute("SET LOCAL statement_timeout = '30s'")

    op.execute("CREATE SCHEMA IF NOT EXISTS vibe")

    op.execute("DROP TRIGGER vibe_sync_vibe_new_sent_count ON notification_rate_limits")
    op.execute(
        "DROP FUNCTION vibe.vibe_follow_notification_rate_limits_vibe_new_sent_count()",
    )
    op.execute(
        "ALTER TABLE notification_rate_limits ALTER COLUMN sent_count DROP DEFAULT",
    )
    op.execute(
        "ALTER TABLE notification_rate_limits ALTER COLUMN sent_count DROP NOT NULL",
    )
    op.execute(
        "ALTER TABLE notification_rate_limits RENAME COLUMN sent_count TO vibe_drop_sent_count",
    )
    op.execute(
        "ALTER TABLE notification_rate_limits RENAME COLUMN vibe_new_sent_count TO sent_count",
    )
    op.execute(
        "ALTER TABLE notification_rate_limits ALTER COLUMN sent_count SET DEFAULT 0",
    )
    op.execute(
        dedent("""
            DO $$
            BEGIN
                IF current_setting('server_version_num')::integer >= 180000 THEN
                    ALTER TABLE notification_rate_limits RENAME CONSTRAINT notification_rate_limits_vibe_new_sent_count_not_null TO notification_rate_limits_sent_count_not_null;
                END IF;
            END
            $$
        """)
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


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute("SET LOCAL statement_timeout = '30s'")

    op.execute(
        "DROP TRIGGER vibe_sync_vibe_drop_sent_count ON notification_rate_limits",
    )
    op.execute(
        "DROP FUNCTION vibe.vibe_follow_notification_rate_limits_vibe_drop_sent_count()",
    )
    op.execute(
        dedent("""
            DO $$
            BEGIN
                IF current_setting('server_version_num')::integer >= 180000 THEN
                    ALTER TABLE notification_rate_limits RENAME CONSTRAINT notification_rate_limits_sent_count_not_null TO notification_rate_limits_vibe_new_sent_count_not_null;
                END IF;
            END
            $$
        """)
    )
    op.execute(
        "ALTER TABLE notification_rate_limits ALTER COLUMN sent_count DROP DEFAULT",
    )
    op.execute(
        "ALTER TABLE notification_rate_limits RENAME COLUMN sent_count TO vibe_new_sent_count",
    )
    op.execute(
        "ALTER TABLE notification_rate_limits RENAME COLUMN vibe_drop_sent_count TO sent_count",
    )
    op.execute(
        "ALTER TABLE notification_rate_limits ALTER COLUMN sent_count SET NOT NULL",
    )
    op.execute(
        "ALTER TABLE notification_rate_limits ALTER COLUMN sent_count SET DEFAULT 0",
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
