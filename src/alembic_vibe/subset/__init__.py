"""A share of a database, closed under its foreign keys and masked."""
