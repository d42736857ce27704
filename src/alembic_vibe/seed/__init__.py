"""Seeds: rows that the spec gives, as data files, and the runner that applies them."""
