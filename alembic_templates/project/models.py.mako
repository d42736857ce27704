"""The SQLAlchemy models; `alembic-vibe generate` writes one module per feature of the specification here."""

from ${models}.base import Base

__all__ = ["Base"]
