"""AV711: a revision that could not be followed to the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import Rule, Severity
from alembic_vibe.lint.examples import Example, Told
from alembic_vibe.lint.model import Direction, Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.lint.moment import Walk

BAD = """\
def upgrade() -> None:
    columns = sa.inspect(op.get_bind()).get_columns("orders")
    if "note" not in [column["name"] for column in columns]:
        op.add_column("orders", sa.Column("note", sa.Text()))
"""
GOOD = """\
def upgrade() -> None:
    op.add_column("orders", sa.Column("note", sa.Text()))
"""

RULE = Rule(
    code="AV711",
    slug="partially-analyzed",
    severity=Severity.WARNING,
    summary="A part of a revision could not be followed without a database.",
    why="What the linter has not seen may be dangerous all the same; such a revision is never called clean.",
    fix="Do not let a revision ask the database what it looks like; install what it imports beside the linter; or "
    'accept it: `# vibe: ignore[partially-analyzed] reason="…"`.',
    bad=BAD,
    good=GOOD,
)
RULES = (RULE,)
EXAMPLES = (
    Example(
        bad=BAD,
        good=GOOD,
        before="CREATE TABLE orders (id bigint PRIMARY KEY)",
        evidence=Told("it is about what the linter can see"),
    ),
)


def check_revision(walk: Walk) -> Iterator[Finding]:
    """Report each gap of the functions that were asked for, once."""
    seen = set()
    for direction, rendering in walk.renderings.items():
        if direction not in walk.settings.directions:
            continue
        for gap in rendering.gaps:
            if gap in seen:
                continue
            seen.add(gap)
            where = "" if direction is Direction.UPGRADE else " in downgrade"
            yield Finding(
                f"cannot be followed{where}: {gap.reason}",
                place=gap.place,
                severity=Severity.ERROR if walk.settings.strict else None,
            )
