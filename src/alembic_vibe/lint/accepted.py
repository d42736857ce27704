"""What a person has accepted already, as the docstring of a generated revision says it: ``Accepted: HAZARD: …``.

A plan whose danger no order of steps takes away is not written before somebody accepts it (see ``hazards``); the head
of the revision then names it, and a rule that would say the same again stays silent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from alembic_vibe.hazards import Hazard
    from alembic_vibe.lint.model import Revision


def is_accepted(revision: Revision, *hazards: Hazard) -> bool:
    """Whether the docstring of a revision names one of these hazards as accepted."""
    lines = revision.facts.header.get("accepted", "").splitlines()
    slugs = {line.partition(":")[0].strip().lower() for line in lines}
    return any(hazard.slug in slugs for hazard in hazards)
