"""Read: Markdown → Spec (settings, sections, SQL blocks, each with its place)."""
