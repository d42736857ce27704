"""AV706: a suppression whose last day has passed. ``lint.suppress`` finds it."""

from __future__ import annotations

from alembic_vibe.diagnostics import Rule, Severity

RULE = Rule(
    code="AV706",
    slug="expired-suppression",
    severity=Severity.WARNING,
    summary="A `# vibe: ignore` comment has passed its date.",
    why="It was meant to hold until a day; since then the finding counts again.",
    fix="Do what it was waiting for and delete the comment, or give it a later day.",
    bad='def upgrade() -> None:\n    # vibe: ignore[drop-table] reason="read by the old release" until=2020-01-31\n'
    '    op.drop_table("old_orders")\n',
    good='def upgrade() -> None:\n    # vibe: ignore[drop-table] reason="read by the old release" until=2099-01-31\n'
    '    op.drop_table("old_orders")\n',
)
RULES = (RULE,)
