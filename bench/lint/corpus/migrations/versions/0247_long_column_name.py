"""What customers agreed to

Revision ID: 750fdfd0755f
Revises: c7f581a44410
Create Date: 2026-09-24 07:12:32.955993
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision: str = "750fdfd0755f"
down_revision: str | Sequence[str] | None = "c7f581a44410"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column(
        "customers",
        sa.Column("has_agreed_to_the_terms_of_the_newsletter_and_of_all_partners_too", sa.Boolean()),
    )


def downgrade() -> None:
    raise NotImplementedError
