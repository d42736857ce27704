"""AV707: a suppression of a rule that does not exist. ``lint.suppress`` finds it."""

from __future__ import annotations

from alembic_vibe.diagnostics import Rule, Severity

RULE = Rule(
    code="AV707",
    slug="unknown-suppression",
    severity=Severity.WARNING,
    summary="A `# vibe: ignore` comment names no rule of the linter.",
    why="It suppresses nothing, and looks as if it did.",
    fix="Use the name or the code that the finding shows.",
    bad='def upgrade() -> None:\n    op.drop_table("old_orders")  # vibe: ignore[drop-tables] reason="not used"\n',
    good='def upgrade() -> None:\n    op.drop_table("old_orders")  # vibe: ignore[drop-table] reason="not used"\n',
)
RULES = (RULE,)
