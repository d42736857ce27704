"""How findings are printed: one module a format, found by discovery, with ``report(diagnostics, extra, stream)``."""
