"""expand divide analytics_events anew

Section 5.13 of docs/06-technical-specification.md, lines 1263 to 1330.

Phase:           expand (class E): before the new release; the running one goes on
Locks:           ACCESS EXCLUSIVE on analytics_events
                 ACCESS EXCLUSIVE on analytics_events_default
                 ACCESS EXCLUSIVE on organizations
                 ACCESS EXCLUSIVE on users
Rewrites:        analytics_events_default
Old release:     analytics_events cannot be read or written while rows are copied
New release:     nothing
Downgrade locks: analytics_events (while rows are read or written)
Downgrade loses: nothing
Accepted:        table-rewrite: the rows of analytics_events_default are copied while nobody can use its parent

Revision ID: 0050
Revises: 0049
Create Date: 2026-11-22 20:56:46.864805
"""

from collections.abc import Sequence

from alembic import op

revision: str = "0050"
down_revision: str | Sequence[str] | None = "0049"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute("SET LOCAL statement_timeout = '30s'")

    # docs/06-technical-specification.md:1294
    op.execute("LOCK TABLE analytics_events IN ACCESS EXCLUSIVE MODE")
    op.execute("ALTER TABLE analytics_events DETACH PARTITION analytics_events_default")
    op.execute("CREATE SCHEMA vibe_moved")
    op.execute("ALTER TABLE analytics_events_default SET SCHEMA vibe_moved")
    op.execute(
        "CREATE TABLE analytics_events_2026_04 PARTITION OF analytics_events FOR VALUES FROM ('2026-04-01 00:00:00+00') TO ('2026-05-01 00:00:00+00')",
    )
    op.execute(
        "ALTER TABLE analytics_events_2026_04 ALTER COLUMN properties SET DEFAULT '{}'::jsonb",
    )
    op.execute(
        "CREATE TABLE analytics_events_default PARTITION OF analytics_events DEFAULT",
    )
    op.execute(
        "ALTER TABLE analytics_events_default ALTER COLUMN properties SET DEFAULT '{}'::jsonb",
    )
    op.execute("GRANT SELECT ON analytics_events_default TO app_ro")
    op.execute(
        "GRANT DELETE, INSERT, SELECT, UPDATE ON analytics_events_default TO app_rw",
    )
    op.execute(
        "INSERT INTO analytics_events (id, occurred_at, organization_id, user_id, source, name, properties, client_ip) OVERRIDING SYSTEM VALUE SELECT id, occurred_at, organization_id, user_id, source, name, properties, client_ip FROM vibe_moved.analytics_events_default",
    )
    op.execute("DROP TABLE vibe_moved.analytics_events_default")
    op.execute("DROP SCHEMA vibe_moved")
    op.execute("GRANT SELECT ON analytics_events_2026_04 TO app_ro")
    op.execute(
        "GRANT DELETE, INSERT, SELECT, UPDATE ON analytics_events_2026_04 TO app_rw",
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute("SET LOCAL statement_timeout = '30s'")

    op.execute("LOCK TABLE analytics_events IN ACCESS EXCLUSIVE MODE")
    op.execute("ALTER TABLE analytics_events DETACH PARTITION analytics_events_2026_04")
    op.execute("ALTER TABLE analytics_events DETACH PARTITION analytics_events_default")
    op.execute("CREATE SCHEMA vibe_moved")
    op.execute("ALTER TABLE analytics_events_2026_04 SET SCHEMA vibe_moved")
    op.execute("ALTER TABLE analytics_events_default SET SCHEMA vibe_moved")
    op.execute(
        "CREATE TABLE analytics_events_default PARTITION OF analytics_events DEFAULT",
    )
    op.execute(
        "ALTER TABLE analytics_events_default ALTER COLUMN properties SET DEFAULT '{}'::jsonb",
    )
    op.execute("GRANT SELECT ON analytics_events_default TO app_ro")
    op.execute(
        "GRANT DELETE, INSERT, SELECT, UPDATE ON analytics_events_default TO app_rw",
    )
    op.execute(
        "INSERT INTO analytics_events (id, occurred_at, organization_id, user_id, source, name, properties, client_ip) OVERRIDING SYSTEM VALUE SELECT id, occurred_at, organization_id, user_id, source, name, properties, client_ip FROM vibe_moved.analytics_events_2026_04",
    )
    op.execute(
        "INSERT INTO analytics_events (id, occurred_at, organization_id, user_id, source, name, properties, client_ip) OVERRIDING SYSTEM VALUE SELECT id, occurred_at, organization_id, user_id, source, name, properties, client_ip FROM vibe_moved.analytics_events_default",
    )
    op.execute("DROP TABLE vibe_moved.analytics_events_2026_04")
    op.execute("DROP TABLE vibe_moved.analytics_events_default")
    op.execute("DROP SCHEMA vibe_moved")
