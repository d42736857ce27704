"""``python -m bench.autogenerate``: what Alembic's autogenerate sees with which add-on, feature by feature."""
