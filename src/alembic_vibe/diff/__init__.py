"""Compare: Catalog × Catalog → changes."""
