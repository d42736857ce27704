"""Adoption: what an existing Alembic project has, and the few changes that let ``generate`` work in it."""
