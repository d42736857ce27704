"""AV703: a revision on top of one that is not there."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import Rule, Severity
from alembic_vibe.lint.model import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.lint.chain import Chain, Missing
    from alembic_vibe.lint.model import Revision

BAD = """\
revision = "0003"
down_revision = "002"  # the file says "0002"
"""
GOOD = """\
revision = "0003"
down_revision = "0002"
"""

RULE = Rule(
    code="AV703",
    slug="unknown-parent",
    severity=Severity.ERROR,
    summary="`down_revision` or `depends_on` names a revision that no file has.",
    why="Alembic cannot load a chain with a hole in it: every command fails with a KeyError, on every revision.",
    fix="Name a revision that is there, or bring back the file that is missing.",
    bad=BAD,
    good=GOOD,
)
RULES = (RULE,)


def check_chain(chain: Chain) -> Iterator[tuple[Revision, Finding]]:
    """Look at names that lead nowhere."""
    if any(not revision.id for revision in chain.revisions):
        return  # a file whose id cannot be read may be the one
    for missing in chain.unknown:
        revision, name, _ = missing
        what, place = "down_revision", revision.down_place
        if name not in revision.down:
            what, place = "depends_on", revision.depends_place
        yield (
            revision,
            Finding(f"no file has the revision {name} that {what} names", help=_help(missing, chain), place=place),
        )


def _help(missing: Missing, chain: Chain) -> str | None:
    if len(missing.nearest) == 1:
        return f"Write the whole id, `{missing.nearest[0]}`: Alembic does not complete what stands in a file."
    near = difflib.get_close_matches(missing.parent, [id_ for id_ in chain.by_id if id_ != missing.revision.id], 1)
    return f"Did you mean `{near[0]}`? {RULE.fix}" if near else None
