"""Recall: the project's Alembic chain → Catalog at its head; and the snapshot."""
