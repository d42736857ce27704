"""Hazards: what no sequence of steps can make harmless, so that a person must have looked at it.

A plan with a hazard is not written before ``--accept HAZARD[:OBJECT]`` names it; ``purge`` asks again before anything
is dropped for good. Each hazard has a slug that scripts and people use.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import Rule, Severity

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

UNACCEPTED = Rule(
    code="AV841",
    slug="hazard-not-accepted",
    severity=Severity.ERROR,
    summary="The change has a danger that no order of steps takes away.",
    why="Rewriting a large table, dropping data for good or changing what a running release sees is a decision.",
    fix="Read what the hazard says. Then run the command again with the `--accept` option that the message gives, or "
    "change the specification.",
    bad="$ alembic-vibe generate --phase purge",
    good="$ alembic-vibe generate --phase purge --accept data-loss:orders.legacy_code",
)
UNKNOWN = Rule(
    code="AV842",
    slug="unknown-hazard",
    severity=Severity.ERROR,
    summary="--accept names a hazard that does not exist.",
    why="An acceptance that is misspelt accepts nothing.",
    fix="Use one of the names that the message lists.",
    bad="$ alembic-vibe generate --accept dataloss",
    good="$ alembic-vibe generate --accept data-loss",
)
RULES = (UNACCEPTED, UNKNOWN)


@dataclass(frozen=True, slots=True)
class Hazard:
    """A kind of danger: ``slug`` for ``--accept``, ``summary`` in a sentence, ``why`` it cannot be planned away."""

    slug: str
    summary: str
    why: str


DATA_LOSS = Hazard(
    "data-loss",
    "Data is gone for good, or does not fit into its new type.",
    "Contract only moves things aside; what is dropped afterwards, or cut, no downgrade brings back.",
)
SHARED_BEHAVIOUR = Hazard(
    "shared-behaviour",
    "Both releases get the new behaviour at the same moment.",
    "A function's body, a trigger, a default, ON DELETE or a collation exists once; no phase hides a change of it.",
)
OLD_RELEASE_BREAKS = Hazard(
    "old-release-breaks",
    "Some statements of the running release fail until the new one has replaced it.",
    "The two shapes cannot exist at the same time under the names that both releases use.",
)
TABLE_REWRITE = Hazard(
    "table-rewrite",
    "A table is rewritten while nobody can read or write it.",
    "PostgreSQL has no other way to this change, or the other ways cannot be planned from the specification.",
)
BLOCKING_SCAN = Hazard(
    "blocking-scan",
    "A table is read whole, or an index is built, under a lock that stops writers.",
    "PostgreSQL checks or builds this only under a strong lock.",
)
AUTHORIZATION = Hazard(
    "authorization",
    "Who may see or change rows becomes different in a way that cannot be ordered as looser or tighter.",
    "A policy or a privilege that is both looser and tighter opens or closes something in any phase.",
)
DRIFT = Hazard(
    "drift",
    "A hand-written revision changed an object of the specification, and the plan would change it back.",
    "Three states differ: what the specification said, what it says, and what the revisions make.",
)
HAZARDS = (DATA_LOSS, SHARED_BEHAVIOUR, OLD_RELEASE_BREAKS, TABLE_REWRITE, BLOCKING_SCAN, AUTHORIZATION, DRIFT)


@dataclass(frozen=True, slots=True)
class Danger:
    """A hazard found: on which object (``orders.amount``, as ``--accept`` names it), and what will happen there."""

    hazard: Hazard
    object: str
    message: str

    @property
    def option(self) -> str:
        """The option that accepts it."""
        return f"--accept {self.hazard.slug}:{self.object}"


def is_accepted(danger: Danger, accepted: Iterable[tuple[str, str | None]]) -> bool:
    """Whether one of the (slug, object or None) pairs accepts a danger; ``None`` stands for every object."""
    return any(slug == danger.hazard.slug and (name is None or name == danger.object) for slug, name in accepted)


def unknown(slugs: Collection[str]) -> list[str]:
    """Return the slugs that name no hazard."""
    known = {hazard.slug for hazard in HAZARDS}
    return sorted(set(slugs) - known)
