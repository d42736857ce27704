"""A function for the night

Revision ID: 057f1cc55fe4
Revises: 4ef2b2a1cd71
Create Date: 2026-06-19 08:14:33.251202
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "057f1cc55fe4"
down_revision: str | Sequence[str] | None = "4ef2b2a1cd71"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute(
        r"""
        CREATE FUNCTION clean_up() RETURNS void LANGUAGE plpgsql AS $body$
        BEGIN
            DELETE FROM sessions;
            UPDATE carts SET token = NULL;
            CREATE INDEX ix_temporary ON carts (token);
            DROP INDEX ix_temporary;
        END
        $body$
        """
    )


def downgrade() -> None:
    op.execute("DROP FUNCTION clean_up()")
