"""AV714: a revision whose place in the chain only running it tells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import Rule, Severity
from alembic_vibe.lint.model import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.lint.chain import Chain
    from alembic_vibe.lint.model import Revision

RULE = Rule(
    code="AV714",
    slug="computed-revision",
    severity=Severity.WARNING,
    summary="The id or the parent of a revision is computed.",
    why="The chain is read without running it: a revision without a place in it is judged as if nothing came before "
    "it, and several heads or missing parents cannot be told any more.",
    fix="Write `revision`, `down_revision` and `depends_on` as plain texts.",
    bad='revision = make_id("orders")\ndown_revision = "0002"\n',
    good='revision = "0003"\ndown_revision = "0002"\n',
)
RULES = (RULE,)


def check_chain(chain: Chain) -> Iterator[tuple[Revision, Finding]]:
    """Look at revisions without a place; what does not parse has a rule of its own."""
    for revision in chain.revisions:
        if revision.is_placed or revision.facts.syntax_error is not None:
            continue
        if not revision.id:
            yield revision, Finding("the id of this revision cannot be read, only computed")
        else:
            what = f"the parents of {revision.id} cannot be read, only computed"
            yield revision, Finding(what, place=revision.down_place)
