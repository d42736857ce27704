"""Locations and Spaces Schema

Section 5.5 of docs/06-technical-specification.md, lines 404 to 552.
Makes 1 enum, 6 tables, 9 indexes, 1 function, 3 triggers, 1 extension.

Revision ID: 0002
Revises: 0001
Create Date: 2026-11-22 20:55:50.868900
"""

from collections.abc import Sequence
from textwrap import dedent

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0002"
down_revision: str | Sequence[str] | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    # Everything here is new: the release that is running does not see it (5.M.2).
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute("SET LOCAL statement_timeout = '30s'")

    op.execute(
        "CREATE TYPE space_kind AS ENUM ('desk', 'meeting_room', 'office', 'studio', 'event_hall')",
    )

    # docs/06-technical-specification.md:413
    op.create_table(
        "locations",
        sa.Column(
            "id",
            sa.Uuid(),
            server_default=sa.text("gen_random_uuid()"),
            nullable=False,
        ),
        sa.Column("name", sa.String(160), nullable=False),
        sa.Column(
            "slug",
            postgresql.DOMAIN("slug", sa.Text(), create_type=False),
            nullable=False,
        ),
        sa.Column("country_code", sa.CHAR(2, collation="C"), nullable=False),
        sa.Column(
            "time_zone",
            sa.String(64),
            server_default=sa.text("'Europe/Brussels'"),
            nullable=False,
        ),
        sa.Column("latitude", sa.Numeric(9, 6)),
        sa.Column("longitude", sa.Numeric(9, 6)),
        sa.Column("phone", sa.String(32)),
        sa.Column(
            "is_open",
            sa.Boolean(),
            server_default=sa.text("true"),
            nullable=False,
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("CURRENT_TIMESTAMP"),
            nullable=False,
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("CURRENT_TIMESTAMP"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("locations_pkey")),
        sa.UniqueConstraint("slug", name=op.f("locations_slug_key")),
        sa.ForeignKeyConstraint(
            ["country_code"],
            ["countries.code"],
            name=op.f("locations_country_code_fkey"),
        ),
        comment="Buildings that Harbourdesk or a partner runs.",
    )
    op.execute("ALTER TABLE locations ADD COLUMN address postal_address NOT NULL")
    op.execute(
        "ALTER TABLE locations ADD CONSTRAINT locations_coordinates_together CHECK ((latitude IS NULL) = (longitude IS NULL))",
    )
    op.execute(
        "ALTER TABLE locations ADD CONSTRAINT locations_latitude_range CHECK (latitude BETWEEN -90 AND 90)",
    )
    op.execute(
        "ALTER TABLE locations ADD CONSTRAINT locations_longitude_range CHECK (longitude BETWEEN -180 AND 180)",
    )
    op.execute(
        "ALTER TABLE locations ADD CONSTRAINT locations_phone_format CHECK (phone ~ '^\\+[1-9][0-9]{6,14}$')",
    )

    # Main entity table for spaces (docs/06-technical-specification.md:435)
    op.create_table(
        "spaces",
        sa.Column(
            "id",
            sa.Uuid(),
            server_default=sa.text("gen_random_uuid()"),
            nullable=False,
        ),
        sa.Column("location_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            postgresql.ENUM(
                "desk",
                "meeting_room",
                "office",
                "studio",
                "event_hall",
                name="space_kind",
                create_type=False,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("description", sa.Text()),
        sa.Column(
            "floor",
            sa.SmallInteger(),
            server_default=sa.text("0"),
            nullable=False,
        ),
        sa.Column("capacity", sa.SmallInteger(), nullable=False),
        sa.Column("area_m2", sa.Numeric(7, 2)),
        sa.Column(
            "hourly_rate_cents",
            postgresql.DOMAIN("amount_cents", sa.BigInteger(), create_type=False),
            nullable=False,
        ),
        sa.Column(
            "currency",
            sa.CHAR(3, collation="C"),
            server_default=sa.text("'EUR'"),
            nullable=False,
        ),
        sa.Column(
            "tags",
            postgresql.ARRAY(sa.Text()),
            server_default=sa.text("ARRAY[]::text[]"),
            nullable=False,
        ),
        sa.Column(
            "attributes",
            postgresql.JSONB(),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("CURRENT_TIMESTAMP"),
            nullable=False,
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("CURRENT_TIMESTAMP"),
            nullable=False,
        ),
        sa.Column("deleted_at", sa.DateTime(timezone=True)),
        sa.Column("search_vector", postgresql.TSVECTOR()),
        sa.PrimaryKeyConstraint("id", name=op.f("spaces_pkey")),
        sa.CheckConstraint("area_m2 > 0", name=op.f("spaces_area_positive")),
        sa.CheckConstraint("capacity > 0", name=op.f("spaces_capacity_positive")),
        sa.CheckConstraint(
            "kind <> 'desk' OR capacity = 1",
            name=op.f("spaces_desk_seats_one"),
        ),
        sa.ForeignKeyConstraint(
            ["currency"],
            ["currencies.code"],
            name=op.f("spaces_currency_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["location_id"],
            ["locations.id"],
            name=op.f("spaces_location_id_fkey"),
            ondelete="RESTRICT",
        ),
        comment="What can be booked: a desk, a room, a studio or a hall.",
    )
    op.create_index(
        op.f("idx_spaces_name_per_location"),
        "spaces",
        ["location_id", sa.text("lower(name)")],
        unique=True,
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_index(
        op.f("idx_spaces_kind"),
        "spaces",
        ["kind", "capacity"],
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_index(
        op.f("idx_spaces_search"),
        "spaces",
        ["search_vector"],
        postgresql_using="gin",
        postgresql_where=sa.text("deleted_at IS NULL"),
    )

    # Trigger for search vector maintenance (docs/06-technical-specification.md:467)
    op.execute(
        dedent("""
            CREATE OR REPLACE FUNCTION update_spaces_search_vector()
            RETURNS TRIGGER AS $$
            BEGIN
                NEW.search_vector :=
                    setweight(to_tsvector('english', COALESCE(NEW.name, '')), 'A')
                    || setweight(to_tsvector('english', COALESCE(NEW.description, '')), 'B')
                    || setweight(to_tsvector('simple', array_to_string(NEW.tags, ' ')), 'C');
                RETURN NEW;
            END;
            $$ LANGUAGE plpgsql
        """)
    )

    op.execute(
        dedent("""
            CREATE TRIGGER trigger_spaces_search_vector
                BEFORE INSERT OR UPDATE OF name, description, tags ON spaces
                FOR EACH ROW EXECUTE FUNCTION update_spaces_search_vector()
        """)
    )

    op.execute(
        dedent("""
            CREATE TRIGGER trigger_spaces_updated_at
                BEFORE UPDATE ON spaces
                FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*)
                EXECUTE FUNCTION app.touch_updated_at()
        """)
    )

    op.execute(
        dedent("""
            CREATE TRIGGER trigger_locations_updated_at
                BEFORE UPDATE ON locations
                FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*)
                EXECUTE FUNCTION app.touch_updated_at()
        """)
    )

    op.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")

    # Opening hours by weekday (ISO: 1 is Monday); two entries of one day never overlap (docs/06-technical-specification.md:492)
    op.create_table(
        "opening_hours",
        sa.Column("id", sa.Integer(), sa.Identity(always=True), nullable=False),
        sa.Column("location_id", sa.Uuid(), nullable=False),
        sa.Column("weekday", sa.SmallInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("opening_hours_pkey")),
        sa.ForeignKeyConstraint(
            ["location_id"],
            ["locations.id"],
            name=op.f("opening_hours_location_id_fkey"),
            ondelete="CASCADE",
        ),
    )
    op.execute("ALTER TABLE opening_hours ADD COLUMN hours timerange NOT NULL")
    op.execute(
        "ALTER TABLE opening_hours ADD CONSTRAINT opening_hours_not_empty CHECK (NOT isempty(hours))",
    )
    op.execute(
        "ALTER TABLE opening_hours ADD CONSTRAINT opening_hours_weekday_range CHECK (weekday BETWEEN 1 AND 7)",
    )
    op.execute(
        "ALTER TABLE opening_hours ADD CONSTRAINT opening_hours_no_overlap EXCLUDE USING gist (location_id WITH =, weekday WITH =, hours WITH &&)",
    )

    # docs/06-technical-specification.md:503
    op.create_table(
        "amenities",
        sa.Column(
            "id",
            sa.SmallInteger(),
            sa.Identity(start=100, increment=10),
            nullable=False,
        ),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column(
            "icon",
            sa.String(40),
            server_default=sa.text("'dot'"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("amenities_pkey")),
        sa.UniqueConstraint("name", name=op.f("amenities_name_key")),
    )

    # docs/06-technical-specification.md:518
    op.create_table(
        "space_amenities",
        sa.Column("space_id", sa.Uuid(), nullable=False),
        sa.Column("amenity_id", sa.SmallInteger(), nullable=False),
        sa.PrimaryKeyConstraint(
            "space_id",
            "amenity_id",
            name=op.f("space_amenities_pkey"),
        ),
        sa.ForeignKeyConstraint(
            ["amenity_id"],
            ["amenities.id"],
            name=op.f("space_amenities_amenity_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["space_id"],
            ["spaces.id"],
            name=op.f("space_amenities_space_id_fkey"),
            ondelete="CASCADE",
        ),
    )

    # docs/06-technical-specification.md:525
    op.create_table(
        "space_photos",
        sa.Column("space_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("alt_text", sa.String(300), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("space_id", "position", name=op.f("space_photos_pkey")),
        sa.CheckConstraint("width > 0 AND height > 0", name=op.f("space_photos_size")),
        sa.CheckConstraint("url LIKE 'https://%'", name=op.f("space_photos_url_https")),
        sa.ForeignKeyConstraint(
            ["space_id"],
            ["spaces.id"],
            name=op.f("space_photos_space_id_fkey"),
            ondelete="CASCADE",
        ),
    )

    op.create_index(
        op.f("idx_locations_country"),
        "locations",
        ["country_code", "name"],
    )

    op.create_index(op.f("idx_spaces_location"), "spaces", ["location_id"])
    op.create_index(op.f("idx_spaces_currency"), "spaces", ["currency"])
    op.create_index(op.f("idx_spaces_tags"), "spaces", ["tags"], postgresql_using="gin")
    op.create_index(
        op.f("idx_spaces_attributes"),
        "spaces",
        ["attributes"],
        postgresql_using="gin",
        postgresql_ops={"attributes": "jsonb_path_ops"},
    )

    op.create_index(
        op.f("idx_space_amenities_amenity"),
        "space_amenities",
        ["amenity_id"],
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute("SET LOCAL statement_timeout = '30s'")

    op.drop_table("space_photos")
    op.drop_table("space_amenities")
    op.drop_table("amenities")
    op.drop_table("opening_hours")
    op.execute("DROP EXTENSION IF EXISTS btree_gist")
    op.execute("DROP TRIGGER trigger_spaces_search_vector ON spaces")
    op.execute("DROP FUNCTION update_spaces_search_vector()")
    op.drop_table("spaces")
    op.drop_table("locations")
    op.execute("DROP TYPE space_kind")
