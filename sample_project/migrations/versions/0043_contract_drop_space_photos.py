"""contract drop space_photos

Phase:           contract (class C): after the old release is gone
Locks:           ACCESS EXCLUSIVE on space_photos
Old release:     space_photos does not exist any more
New release:     nothing
Downgrade loses: nothing

Revision ID: 0043
Revises: 0042
Create Date: 2026-11-22 20:56:29.586801
"""

from collections.abc import Sequence
from textwrap import dedent

from alembic import op

revision: str = "0043"
down_revision: str | Sequence[str] | None = "0042"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute("SET LOCAL statement_timeout = '30s'")

    op.execute("CREATE SCHEMA IF NOT EXISTS vibe")

    op.execute("ALTER TABLE space_photos SET SCHEMA vibe")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute("SET LOCAL statement_timeout = '30s'")

    op.execute("ALTER TABLE vibe.space_photos SET SCHEMA public")
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
