"""What the tables need before ``Base.metadata.create_all()`` can make them.

Migrations create these objects themselves; this is for databases made from the
models alone, such as those of a test suite.
"""

from textwrap import dedent
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

from .base import Base

PREREQUISITES = (
    "CREATE SCHEMA IF NOT EXISTS audit",
    "COMMENT ON SCHEMA audit IS 'Audit trail; written by triggers only.'",
    "CREATE EXTENSION IF NOT EXISTS btree_gist",
    "CREATE EXTENSION IF NOT EXISTS citext",
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    dedent("""
        DO $$
        BEGIN
            CREATE TYPE postal_address AS (
                street text,
                postcode text,
                city text,
                region text
            );
        EXCEPTION
            WHEN duplicate_object THEN NULL;
        END
        $$
    """),
    "COMMENT ON TYPE postal_address IS 'An address without its country, which is always a foreign key of its own.'",
    dedent("""
        DO $$
        BEGIN
            CREATE TYPE timerange AS RANGE (
                subtype = time without time zone,
                multirange_type_name = timemultirange
            );
        EXCEPTION
            WHEN duplicate_object THEN NULL;
        END
        $$
    """),
    dedent("""
        DO $$
        BEGIN
            CREATE DOMAIN amount_cents AS bigint
                CONSTRAINT amount_cents_not_negative CHECK (VALUE >= 0);
        EXCEPTION
            WHEN duplicate_object THEN NULL;
        END
        $$
    """),
    "COMMENT ON DOMAIN amount_cents IS 'An amount in the minor unit of its currency.'",
    dedent(r"""
        DO $$
        BEGIN
            CREATE DOMAIN email_address AS citext
                CONSTRAINT email_address_format CHECK (VALUE ~ '^[^@[:space:]]+@[^@[:space:]]+\.[^@[:space:]]+$'::citext);
        EXCEPTION
            WHEN duplicate_object THEN NULL;
        END
        $$
    """),
    dedent("""
        DO $$
        BEGIN
            CREATE DOMAIN slug AS text
                CONSTRAINT slug_format CHECK (VALUE ~ '^[a-z0-9]+(-[a-z0-9]+)*$'::text)
                CONSTRAINT slug_length CHECK (char_length(VALUE) <= 80);
        EXCEPTION
            WHEN duplicate_object THEN NULL;
        END
        $$
    """),
    "CREATE SEQUENCE IF NOT EXISTS invoice_number_seq MINVALUE 100001",
    "COMMENT ON SEQUENCE invoice_number_seq IS 'Numbers are given in order; a rolled-back invoice leaves a gap.'",
)


@event.listens_for(Base.metadata, "before_create", insert=True)
def create_prerequisites(
    target: sa.MetaData, connection: sa.Connection, **options: Any
) -> None:
    """Run the statements above, before anything else."""
    ddl: Any = sa.DDL  # SQLAlchemy does not type its constructor
    for statement in PREREQUISITES:
        connection.execute(ddl(statement))
