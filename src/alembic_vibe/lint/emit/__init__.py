"""Emit: run the functions of one revision without a database, and keep each statement with the line that made it."""
