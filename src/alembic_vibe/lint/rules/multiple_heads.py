"""AV701: a chain that ends in more than one revision."""

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
revision = "0003a"
down_revision = "0002"

# orders_total.py, from another branch
revision = "0003b"
down_revision = "0002"
"""
GOOD = """\
# orders_note.py
revision = "0003a"
down_revision = "0002"

# orders_total.py, from another branch
revision = "0003b"
down_revision = "0003a"
"""

RULE = Rule(
    code="AV701",
    slug="multiple-heads",
    severity=Severity.ERROR,
    summary="The chain has several heads, and no branch label that tells them apart.",
    why="`alembic upgrade head` refuses to run while two revisions are the last one: the next deployment stops there. "
    "It happens when two branches each add a revision on top of the same one.",
    fix="Put the younger revision on top of the other one (`down_revision`), or join both with `alembic merge heads`.",
    bad=BAD,
    good=GOOD,
)
RULES = (RULE,)


def check_chain(chain: Chain) -> Iterator[tuple[Revision, Finding]]:
    """Look at the heads; a head with a branch label of its own is a branch that somebody wants."""
    if not chain.is_whole:
        return  # what looks like a head may be the parent of a revision whose parents are computed
    lineages = {head.path: chain.lineage(head) for head in chain.heads}
    nameless = []
    for head in chain.heads:
        others = {other.path for path, line in lineages.items() if path != head.path for other in line}
        if not any(one.branch_labels for one in lineages[head.path] if one.path not in others):
            nameless.append(head)
    if len(nameless) < 2:
        return
    names = ", ".join(head.id for head in nameless)
    for head in nameless:
        yield head, Finding(f"{head.id} is one of {len(nameless)} heads of the chain: {names}")
