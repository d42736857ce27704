"""expand locations: phone to contact_phone

Section 5.5 of docs/06-technical-specification.md, lines 406 to 556.

Changes:         locations.phone to contact_phone
                 locations.name to character varying(240)
Phase:           expand (class E): before the new release; the running one goes on
Locks:           ACCESS EXCLUSIVE on locations
Old release:     a prepared SELECT * fails once in each session
                 longer values, once the new release writes them; prepared statements fail once in each session
New release:     nothing
Downgrade locks: locations (while rows are read or written)
Downgrade loses: what of locations.name does not fit into character varying(160)

Revision ID: 0023
Revises: 0022
Create Date: 2026-11-22 20:56:04.493593
"""

from collections.abc import Sequence
from textwrap import dedent

import sqlalchemy as sa
from alembic import op

revision: str = "0023"
down_revision: str | Sequence[str] | None = "0022"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute("SET LOCAL statement_timeout = '30s'")

    op.execute("CREATE SCHEMA IF NOT EXISTS vibe")

    op.add_column("locations", sa.Column("contact_phone", sa.String(32)))
    op.execute(
        dedent("""
            CREATE FUNCTION vibe.vibe_sync_locations_contact_phone() RETURNS trigger LANGUAGE plpgsql SET search_path = public AS $vibe$
            #variable_conflict use_column
            BEGIN
                IF TG_OP = 'INSERT' THEN
                    IF NEW.contact_phone IS NOT NULL THEN
                        NEW.phone := NEW.contact_phone;
                    ELSE
                        NEW.contact_phone := NEW.phone;
                    END IF;
                ELSIF NEW.contact_phone IS DISTINCT FROM OLD.contact_phone THEN
                    NEW.phone := NEW.contact_phone;
                ELSIF NEW.phone IS DISTINCT FROM OLD.phone THEN
                    NEW.contact_phone := NEW.phone;
                ELSIF NEW.contact_phone IS NULL AND NEW.phone IS NOT NULL THEN
                    NEW.contact_phone := NEW.phone;
                END IF;
                RETURN NEW;
            END
            $vibe$
        """)
    )
    op.execute(
        "CREATE TRIGGER vibe_sync_contact_phone BEFORE INSERT OR UPDATE ON locations FOR EACH ROW EXECUTE FUNCTION vibe.vibe_sync_locations_contact_phone()",
    )

    op.execute("ALTER TABLE locations ALTER COLUMN name TYPE character varying(240)")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute("SET LOCAL statement_timeout = '30s'")

    op.execute(
        "ALTER TABLE locations ALTER COLUMN name TYPE character varying(160) USING name::character varying(160)",
    )
    op.execute("DROP TRIGGER vibe_sync_contact_phone ON locations")
    op.execute("DROP FUNCTION vibe.vibe_sync_locations_contact_phone()")
    op.drop_column("locations", "contact_phone")
    op.execute(
        dedent("""
            DO $forget$
            BEGIN
                IF to_regclass('vibe.progress') IS NOT NULL THEN
                    DELETE FROM vibe.progress WHERE job = 'locations.contact_phone';
                    IF NOT EXISTS (SELECT FROM vibe.progress) THEN
                        DROP TABLE vibe.progress;
                    END IF;
                END IF;
            END
            $forget$
        """)
    )
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
