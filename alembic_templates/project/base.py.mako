"""The base that all models share."""

from sqlalchemy.orm import DeclarativeBase


class Base(DeclarativeBase):
    """Holds the metadata that Alembic compares the database with."""
