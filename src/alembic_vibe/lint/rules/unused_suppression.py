"""AV705: a suppression with nothing to suppress. ``lint.suppress`` finds it."""

from __future__ import annotations

from alembic_vibe.diagnostics import Rule, Severity

RULE = Rule(
    code="AV705",
    slug="unused-suppression",
    severity=Severity.WARNING,
    summary="A `# vibe: ignore` comment suppresses nothing.",
    why="A suppression that outlives its reason would hide the next finding at that place.",
    fix="Delete the comment, or the rule from its brackets.",
    bad='def upgrade() -> None:\n    op.execute("SELECT 1")  # vibe: ignore[drop-table] reason="no longer used"\n',
    good='def upgrade() -> None:\n    op.drop_table("old_orders")  # vibe: ignore[drop-table] reason="not used"\n',
)
RULES = (RULE,)
