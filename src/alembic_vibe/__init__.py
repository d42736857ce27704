"""Compile Section 5 of a technical specification into a proven Alembic project."""

__version__ = "0.1.0"
