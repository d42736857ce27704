"""AV702: one revision id in two files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import Rule, Severity
from alembic_vibe.lint.model import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.lint.chain import Chain
    from alembic_vibe.lint.model import Revision

BAD = """\
# orders_note.py
revision = "0003"
down_revision = "0002"

# orders_total.py
revision = "0003"
down_revision = "0002"
"""
GOOD = """\
# orders_note.py
revision = "0003"
down_revision = "0002"

# orders_total.py
revision = "0004"
down_revision = "0003"
"""

RULE = Rule(
    code="AV702",
    slug="duplicate-revision",
    severity=Severity.ERROR,
    summary="Two files have the same revision id.",
    why="Alembic warns and keeps one of them: the other one never runs, and a database that ran it cannot be told from "
    "one that did not.",
    fix="Give the younger file an id of its own and put it where it belongs in the chain.",
    bad=BAD,
    good=GOOD,
)
RULES = (RULE,)


def check_chain(chain: Chain) -> Iterator[tuple[Revision, Finding]]:
    """Look at groups of files with one id."""
    for group in chain.duplicates:
        for revision in group:
            others = ", ".join(other.source.path for other in group if other is not revision)
            yield revision, Finding(f"the revision id {revision.id} is also that of {others}")
