"""Development data beside what other tools make for the same tables."""
