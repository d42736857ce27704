"""``seed --as-migration``: seed rows as a revision of the project's chain."""
