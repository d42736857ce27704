"""Compare: two Catalogs → changes."""
