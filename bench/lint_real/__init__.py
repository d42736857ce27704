"""The linter on chains of revisions that public packages carry: whatever people write must not bring it down."""
