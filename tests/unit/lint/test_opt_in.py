"""Rules that are matters of taste are silent unless the settings name them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from alembic_vibe.diagnostics import Severity
from alembic_vibe.lint import rules
from alembic_vibe.lint.engine import run
from alembic_vibe.lint.model import Settings
from alembic_vibe.lint.request import Request, Scope

if TYPE_CHECKING:
    from pathlib import Path

REVISION = """
import sqlalchemy as sa
from alembic import op
revision = "1"
down_revision = None
def upgrade():
    op.create_table("t", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("made", sa.DateTime()))
def downgrade():
    op.drop_table("t")
"""


def test_they_are_the_style_rules() -> None:
    assert rules.opt_in() == {slug for module in rules.modules() if (slug := module.RULE.slug).startswith("style-")}


@pytest.mark.parametrize("severity", [None, *Severity])
def test_the_settings_switch_one_on(severity: Severity | None, tmp_path: Path) -> None:
    (tmp_path / "one.py").write_text(REVISION, encoding="utf-8")
    found = {}
    for severities in ({}, {"style-timestamptz": severity}):
        settings = Settings(severities=severities)
        result = run(Scope(tmp_path, (tmp_path,)), Request(settings, all=True))
        found[bool(severities)] = {(d.rule, d.severity) for d in result.diagnostics if d.rule.startswith("style-")}
    assert found[False] == set()
    assert found[True] == ({("style-timestamptz", severity)} if severity else set())
