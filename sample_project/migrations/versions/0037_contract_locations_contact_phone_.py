"""contract locations.contact_phone without trigger

Section 5.5 of docs/06-technical-specification.md, lines 406 to 557.

Phase:           contract (class C): after the old release is gone
Locks:           ACCESS EXCLUSIVE on locations
Old release:     is gone
New release:     nothing
Downgrade loses: nothing

Revision ID: 0037
Revises: 0036
Create Date: 2026-11-22 20:56:18.070737
"""

from collections.abc import Sequence
from textwrap import dedent

from alembic import op

revision: str = "0037"
down_revision: str | Sequence[str] | None = "0036"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute("SET LOCAL statement_timeout = '30s'")

    op.execute("CREATE SCHEMA IF NOT EXISTS vibe")

    op.execute("DROP TRIGGER vibe_fill_contact_phone ON locations")
    op.execute("DROP FUNCTION vibe.vibe_fill_locations_contact_phone()")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute("SET LOCAL statement_timeout = '30s'")

    op.execute(
        dedent("""
            CREATE FUNCTION vibe.vibe_fill_locations_contact_phone() RETURNS trigger LANGUAGE plpgsql SET search_path = public AS $vibe$
            #variable_conflict use_column
            BEGIN
                IF NEW.contact_phone IS NULL THEN
                    NEW.contact_phone := (SELECT '+3220000000' FROM (SELECT NEW.*) AS locations);
                END IF;
                RETURN NEW;
            END
            $vibe$
        """)
    )
    op.execute(
        "CREATE TRIGGER vibe_fill_contact_phone BEFORE INSERT OR UPDATE ON locations FOR EACH ROW EXECUTE FUNCTION vibe.vibe_fill_locations_contact_phone()",
    )
