"""A Section 5 from what a database has."""
