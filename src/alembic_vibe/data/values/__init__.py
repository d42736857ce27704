"""Realistic values for one column at a time, and their texts.

``generator`` gives what makes them; ``texts`` and ``as_text`` write them as PostgreSQL reads them; ``null_share`` says
how many rows have none.
"""

from alembic_vibe.data.values.choosing import generator
from alembic_vibe.data.values.model import Generator
from alembic_vibe.data.values.nulls import null_share
from alembic_vibe.data.values.writing import as_text, texts

__all__ = ["Generator", "as_text", "generator", "null_share", "texts"]
