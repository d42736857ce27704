"""expand locations.contact_phone filled

Section 5.5 of docs/06-technical-specification.md, lines 406 to 557.

Phase:           expand (class E): before the new release; the running one goes on
Locks:           SHARE ROW EXCLUSIVE on locations
Old release:     NULL that is written to locations.contact_phone becomes '+3220000000'
New release:     nothing
Downgrade loses: nothing

Revision ID: 0030
Revises: 0029
Create Date: 2026-11-22 20:56:13.814184
"""

from collections.abc import Sequence
from textwrap import dedent

from alembic import op

revision: str = "0030"
down_revision: str | Sequence[str] | None = "0029"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    # A trigger gives rows without a value one; contract drops it.
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute("SET LOCAL statement_timeout = '30s'")

    op.execute("CREATE SCHEMA IF NOT EXISTS vibe")

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


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute("SET LOCAL statement_timeout = '30s'")

    op.execute("DROP TRIGGER vibe_fill_contact_phone ON locations")
    op.execute("DROP FUNCTION vibe.vibe_fill_locations_contact_phone()")
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
