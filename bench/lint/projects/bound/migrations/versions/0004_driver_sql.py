"""Things belong to people

Revision ID: 7260c5030ade
Revises: 999b8011d0ce
Create Date: 2026-01-05 04:14:34.031676
"""

from alembic import op

revision = "7260c5030ade"
down_revision = "999b8011d0ce"
branch_labels = None
depends_on = None


def upgrade() -> None:
    conn = op.get_bind()
    for column, target in [("owner_id", "people")]:
        conn.exec_driver_sql(f"ALTER TABLE things ADD CONSTRAINT fk_things_{column} FOREIGN KEY ({column}) REFERENCES {target}")


def downgrade() -> None:
    op.drop_constraint("fk_things_owner_id", "things", type_="foreignkey")
