"""AV708: a suppression that does not say why. ``lint.suppress`` finds it, under ``--strict``."""

from __future__ import annotations

from alembic_vibe.diagnostics import Rule, Severity

RULE = Rule(
    code="AV708",
    slug="suppression-without-reason",
    severity=Severity.WARNING,
    summary="A `# vibe: ignore` comment gives no reason (reported under `--strict`).",
    why="Whoever reviews the revision, or meets it at night, must know why the danger was accepted.",
    fix='Add `reason="…"` behind the brackets.',
    bad='def upgrade() -> None:\n    op.drop_table("old_orders")  # vibe: ignore[drop-table]\n',
    good='def upgrade() -> None:\n    op.drop_table("old_orders")  # vibe: ignore[drop-table] reason="not used"\n',
)
RULES = (RULE,)
