"""Parse: SQL text → statements with places, kinds, comments and annotations."""
