"""purge drop old locations.phone

Section 5.5 of docs/06-technical-specification.md, lines 406 to 542.

Phase:           purge (class C): when nobody wants to go back any more
Locks:           ACCESS EXCLUSIVE on locations
Old release:     is gone
New release:     nothing
Downgrade locks: locations (while rows are read or written)
Downgrade loses: nothing

Revision ID: 0044
Revises: 0043
Create Date: 2026-11-22 20:56:34.814337
"""

from collections.abc import Sequence
from textwrap import dedent

from alembic import op

revision: str = "0044"
down_revision: str | Sequence[str] | None = "0043"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute("SET LOCAL statement_timeout = '30s'")

    op.execute("DROP TRIGGER vibe_sync_vibe_drop_phone ON locations")
    op.execute("DROP FUNCTION vibe.vibe_follow_locations_vibe_drop_phone()")
    op.execute("ALTER TABLE locations DROP COLUMN vibe_drop_phone")

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
    op.execute("ALTER TABLE locations ADD COLUMN vibe_drop_phone character varying(32)")
    op.execute(
        dedent("""
            CREATE FUNCTION vibe.vibe_follow_locations_vibe_drop_phone() RETURNS trigger LANGUAGE plpgsql SET search_path = public AS $vibe$
            #variable_conflict use_column
            BEGIN
                NEW.vibe_drop_phone := NEW.contact_phone;
                RETURN NEW;
            END
            $vibe$
        """)
    )
    op.execute(
        "CREATE TRIGGER vibe_sync_vibe_drop_phone BEFORE INSERT OR UPDATE ON locations FOR EACH ROW EXECUTE FUNCTION vibe.vibe_follow_locations_vibe_drop_phone()",
    )
    op.execute("UPDATE locations SET vibe_drop_phone = vibe_drop_phone")
    op.execute("SET CONSTRAINTS ALL IMMEDIATE")
