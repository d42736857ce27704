"""Lint: the revisions of an Alembic project → what is dangerous in them, with the Python line and its SQL."""
