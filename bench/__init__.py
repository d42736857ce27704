"""How fast and how large: ``python -m bench`` compares alembic-vibe with the tools that do parts of its work."""
