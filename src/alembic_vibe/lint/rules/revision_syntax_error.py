"""AV704: a file that Python cannot read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import Rule, Severity
from alembic_vibe.lint.model import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.lint.chain import Chain
    from alembic_vibe.lint.model import Environment, Revision

RULE = Rule(
    code="AV704",
    slug="revision-syntax-error",
    severity=Severity.ERROR,
    summary="A revision or env.py is not valid Python.",
    why="Alembic imports every file of the chain before it does anything: one that cannot be parsed stops them all.",
    fix="Correct the place that is shown; `python -m py_compile FILE` says the same.",
    bad='def upgrade() -> None:\n    op.drop_column("orders", "note"\n',
    good='def upgrade() -> None:\n    op.drop_column("orders", "note")\n',
)
RULES = (RULE,)


def check_chain(chain: Chain) -> Iterator[tuple[Revision, Finding]]:
    """Look at revisions."""
    for revision in chain.revisions:
        error = revision.facts.syntax_error
        if error is not None:
            yield revision, Finding(f"Python cannot read this revision: {error.reason}", place=error.place)


def check_environment(environment: Environment) -> Iterator[Finding]:
    """Look at env.py."""
    error = environment.syntax_error
    if error is not None:
        yield Finding(f"Python cannot read env.py: {error.reason}", place=error.place)
