"""contract locations.phone to contact_phone

Section 5.5 of docs/06-technical-specification.md, lines 406 to 556.

Phase:           contract (class C): after the old release is gone
Locks:           ACCESS EXCLUSIVE on locations
Waits for:       rows of locations in which contact_phone is not what phone says
Old release:     is gone
New release:     prepared statements that name the column fail once in each session
Downgrade locks: locations (while rows are read or written)
Downgrade loses: nothing

Revision ID: 0029
Revises: 0028
Create Date: 2026-11-22 20:56:09.100567
"""

from collections.abc import Sequence
from textwrap import dedent

from alembic import op

revision: str = "0029"
down_revision: str | Sequence[str] | None = "0028"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute(
        dedent("""
            DO $check$
            DECLARE
                found bigint;
            BEGIN
                found := (SELECT count(*) FROM locations WHERE contact_phone IS DISTINCT FROM phone);
                IF found > 0 THEN
                    RAISE EXCEPTION 'not yet: % %', found, 'rows of locations in which contact_phone is not what phone says'
                        USING HINT = 'This revision has changed nothing. Mend these rows, then upgrade again.';
                END IF;
            END
            $check$
        """)
    )
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute("SET LOCAL statement_timeout = '30s'")

    op.execute("CREATE SCHEMA IF NOT EXISTS vibe")

    op.execute("DROP TRIGGER vibe_sync_contact_phone ON locations")
    op.execute("DROP FUNCTION vibe.vibe_sync_locations_contact_phone()")
    op.execute("ALTER TABLE locations DROP CONSTRAINT locations_phone_format")
    op.execute("ALTER TABLE locations RENAME COLUMN phone TO vibe_drop_phone")
    op.execute(
        "ALTER TABLE locations RENAME CONSTRAINT vibe_new_locations_phone_format TO locations_phone_format",
    )
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


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute("SET LOCAL statement_timeout = '30s'")

    op.execute("DROP TRIGGER vibe_sync_vibe_drop_phone ON locations")
    op.execute("DROP FUNCTION vibe.vibe_follow_locations_vibe_drop_phone()")
    op.execute(
        "ALTER TABLE locations RENAME CONSTRAINT locations_phone_format TO vibe_new_locations_phone_format",
    )
    op.execute("ALTER TABLE locations RENAME COLUMN vibe_drop_phone TO phone")
    op.execute(
        "ALTER TABLE locations ADD CONSTRAINT locations_phone_format CHECK (phone ~ '^\\+[1-9][0-9]{6,14}$')",
    )
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
