"""Another owner (recipes 32 and 60)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Privileges, Sequence
from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.hazards import AUTHORIZATION, Danger
from alembic_vibe.plan.blocks import exclusive
from alembic_vibe.plan.described import label, owner
from alembic_vibe.plan.discovery import makers_by_kind
from alembic_vibe.plan.model import Phase, Step
from alembic_vibe.plan.situation import Planned

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.diff.compare import Change
    from alembic_vibe.plan.operations import Operation
    from alembic_vibe.plan.situation import Situation

RECIPES = ("32", "60")
_RELATIONS = {Kind.TABLE, Kind.VIEW, Kind.MATERIALIZED_VIEW}


def applies(change: Change, _situation: Situation) -> bool:
    """Where nothing but the owner differs; a refined change of it always stands alone."""
    return change.alters("owner")


def plan(change: Change, situation: Situation) -> Planned:
    """Hand it over before the next release. The sequences that a table owns go with it."""
    one, other = change.before, change.after
    assert one is not None
    assert other is not None
    if isinstance(other, Sequence) and other.owned_by is not None:
        changes = situation.by_key.get(other.owned_by[0], ())
        if any("owner" in found.altered_fields for found in changes):
            return Planned()
    name = label(change.key)
    new, old = (getattr(fact, "owner", None) or "the role that runs the migrations" for fact in (other, one))
    message = f"{name} belongs to {new}; {old} has only the privileges that it was granted"
    step = Step(
        change.key,
        (owner(change.key, other),),
        (owner(change.key, one), *_granted(change.key, other, situation)),
        phase=Phase.EXPAND,
        title=f"owner of {name}",
        locks=exclusive(change.key) if change.key.kind in _RELATIONS else (),
        dangers=(Danger(AUTHORIZATION, name, message),),
    )
    return Planned((step,))


def _granted(key: Key, fact: object, situation: Situation) -> Iterator[Operation]:
    """Yield what grants the new owner again what it had before: as an owner it needed no privileges."""
    for found in situation.old_words.of_type(Privileges):
        if found.target == key and found.grantee == getattr(fact, "owner", None):
            yield from makers_by_kind()[Kind.PRIVILEGES].create(found, situation.old).up
