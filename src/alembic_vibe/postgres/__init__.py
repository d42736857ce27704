"""Load: statements → scratch database → Catalog. The only package that opens connections."""
