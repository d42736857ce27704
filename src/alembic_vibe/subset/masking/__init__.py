"""Masks: what leaves a database, and as what. A person decides by column; all else that could tell is replaced."""

from alembic_vibe.subset.masking.classification import Classification, read_classification
from alembic_vibe.subset.masking.leaking import leaks
from alembic_vibe.subset.masking.masker import Masker, TableMask
from alembic_vibe.subset.masking.suggesting import suggest, unclassified

__all__ = ["Classification", "Masker", "TableMask", "leaks", "read_classification", "suggest", "unclassified"]
