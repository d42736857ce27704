"""Plan: changes → steps, grouped into revisions, each with its reverse."""
