"""Mail addresses are unique

Revision ID: feb8fd8eb905
Revises: ca9bb290df13
Create Date: 2026-01-08 07:10:32.055433
"""

from alembic import op

revision = "feb8fd8eb905"
down_revision = "ca9bb290df13"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.create_unique_constraint("uq_people_mail", "people", ["mail"])


def downgrade() -> None:
    op.drop_constraint("uq_people_mail", "people", type_="unique")
