"""AV714: a revision whose place in the chain cannot be read from its file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import Rule, Severity
from alembic_vibe.lint.model import START, Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.lint.chain import Chain
    from alembic_vibe.lint.model import Revision

RULE = Rule(
    code="AV714",
    slug="unplaced-revision",
    severity=Severity.WARNING,
    summary="The id or the parents of a revision are computed, or missing.",
    why="The chain is read without running it: a revision without a place in it is judged as if nothing came before "
    "it, and several heads or missing parents cannot be told any more. Alembic itself refuses a revision without "
    "`down_revision`.",
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
            yield revision, Finding("the id of this revision is computed")
        elif revision.down_place == START:
            help_ = "Write `down_revision`; it is `None` in the first revision."
            yield revision, Finding(f"{revision.id} has no down_revision", help_, Severity.ERROR)
        else:
            yield revision, Finding(f"the parents of {revision.id} are computed", place=revision.down_place)
