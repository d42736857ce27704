"""AV709: a comment that is meant as a suppression and is none. ``lint.suppress`` finds it."""

from __future__ import annotations

from alembic_vibe.diagnostics import Rule, Severity

RULE = Rule(
    code="AV709",
    slug="malformed-suppression",
    severity=Severity.WARNING,
    summary="A `# vibe: …` comment cannot be read.",
    why="It suppresses nothing, and looks as if it did.",
    fix='Write `# vibe: ignore[name-of-rule] reason="…" until=2027-01-01`; `reason` and `until` may be left out.',
    bad='def upgrade() -> None:\n    op.drop_table("old_orders")  # vibe: ignore drop-table\n',
    good='def upgrade() -> None:\n    op.drop_table("old_orders")  # vibe: ignore[drop-table] reason="not used"\n',
)
RULES = (RULE,)
