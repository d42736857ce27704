"""purge drop space_photos

Phase:           purge (class C): when nobody wants to go back any more
Locks:           ACCESS EXCLUSIVE on vibe.space_photos
Old release:     is gone
New release:     nothing
Downgrade loses: the rows of space_photos
Accepted:        data-loss: the rows of space_photos are gone for good

Revision ID: 0047
Revises: 0046
Create Date: 2026-11-22 20:56:34.850254
"""

from collections.abc import Sequence
from textwrap import dedent

from alembic import op

revision: str = "0047"
down_revision: str | Sequence[str] | None = "0046"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute("SET LOCAL statement_timeout = '30s'")

    op.execute("DROP TABLE vibe.space_photos")

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
        "SELECT set_config('vibe.search_path', current_setting('search_path'), true)",
    )
    op.execute(
        "SELECT set_config('search_path', 'vibe, ' || current_setting('search_path'), true)",
    )
    op.execute(
        dedent("""
            CREATE TABLE space_photos (
                space_id uuid NOT NULL,
                "position" smallint NOT NULL,
                url text NOT NULL,
                alt_text character varying(300) NOT NULL,
                width integer NOT NULL,
                height integer NOT NULL,
                bytes bigint,
                CONSTRAINT space_photos_pkey PRIMARY KEY (space_id, "position"),
                CONSTRAINT space_photos_alt_text CHECK (btrim(alt_text) <> ''),
                CONSTRAINT space_photos_size CHECK (width > 0 AND height > 0),
                CONSTRAINT space_photos_url_https CHECK (url LIKE 'https://%')
            )
        """)
    )
    op.execute("GRANT SELECT ON space_photos TO app_ro")
    op.execute("GRANT DELETE, INSERT, SELECT, UPDATE ON space_photos TO app_rw")
    op.execute(
        "SELECT set_config('search_path', current_setting('vibe.search_path'), true)",
    )
