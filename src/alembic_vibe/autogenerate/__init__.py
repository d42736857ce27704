"""What Alembic's autogenerate cannot see, for `alembic revision --autogenerate` and `alembic check`."""
