"""AV713: revisions that come before themselves."""

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
down_revision = "0004"

# orders_total.py
revision = "0004"
down_revision = "0003"
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
    code="AV713",
    slug="revision-cycle",
    severity=Severity.ERROR,
    summary="Revisions follow each other in a circle.",
    why="Alembic refuses a chain with a circle in it: no command runs, on any revision.",
    fix="Correct the `down_revision` or `depends_on` that points forward.",
    bad=BAD,
    good=GOOD,
)
RULES = (RULE,)


def check_chain(chain: Chain) -> Iterator[tuple[Revision, Finding]]:
    """Look at circles; each of its revisions may be the one to correct."""
    for circle in chain.cycles:
        for revision in circle:
            others = ", ".join(other.id for other in circle if other is not revision)
            after = f"it and {others} follow each other" if others else "it names itself"
            yield revision, Finding(f"{revision.id} comes before itself: {after}", place=revision.down_place)
