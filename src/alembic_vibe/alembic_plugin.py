"""The plugin that Alembic loads by its entry point `alembic.plugins`."""
