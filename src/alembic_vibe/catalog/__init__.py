"""The facts of a PostgreSQL schema, as plain immutable data."""
