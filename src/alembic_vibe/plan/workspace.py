"""The schema ``vibe``: where a plan puts what must be in the database for a while, and nobody else looks.

It comes with the first revision that needs it, and goes when the last thing in it has gone.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.plan.model import Phase, Step
from alembic_vibe.plan.operations import Execute

if TYPE_CHECKING:
    from collections.abc import Sequence

    from alembic_vibe.plan.model import PlannedRevision

SCHEMA = "vibe"
_KEY = Key(Kind.SCHEMA, "", SCHEMA)
_CREATE = Execute("CREATE SCHEMA IF NOT EXISTS vibe")
# Another change may still have something there; then it stays.
_DROP = Execute(
    """\
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_namespace WHERE nspname = 'vibe')
        AND NOT EXISTS (SELECT FROM pg_class WHERE relnamespace = to_regnamespace('vibe'))
        AND NOT EXISTS (SELECT FROM pg_proc WHERE pronamespace = to_regnamespace('vibe'))
        AND NOT EXISTS (SELECT FROM pg_type WHERE typnamespace = to_regnamespace('vibe'))
    THEN
        DROP SCHEMA vibe;
    END IF;
END
$$"""
)


def prepare(revisions: Sequence[PlannedRevision]) -> tuple[PlannedRevision, ...]:
    """Return the revisions with the steps that make and remove the schema, where any of their steps uses it."""
    using = [i for i, revision in enumerate(revisions) if any(step.uses_vibe for step in revision.steps)]
    if not using:
        return tuple(revisions)
    result = list(revisions)
    for number in sorted({using[0], *(i for i in using if result[i].phase is not Phase.PURGE)}):
        # Each revision that uses it makes sure of it: the one before may have been written long ago, and purged.
        # Only the first one takes it away again, so that a downgrade leaves to the others what they had.
        down = (_DROP,) if number == using[0] else ()
        make = Step(_KEY, (_CREATE,), down, phase=result[number].phase, mode=result[number].mode)
        result[number] = replace(result[number], steps=(make, *result[number].steps))
    last = using[-1]
    clean = Step(_KEY, (_DROP,), (_CREATE,), phase=result[last].phase, mode=result[last].mode)
    result[last] = replace(result[last], steps=(*result[last].steps, clean))
    return tuple(result)
