"""Functions, procedures and aggregates change (recipes 50 to 52)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Aggregate, Function
from alembic_vibe.diff.compare import ChangeKind
from alembic_vibe.hazards import SHARED_BEHAVIOUR, Danger
from alembic_vibe.plan.belongings import changes_of
from alembic_vibe.plan.blocks import execute
from alembic_vibe.plan.definitions import can_replace_function, must_be_remade, or_replace
from alembic_vibe.plan.dependents import WITH_EXPRESSIONS, recreate
from alembic_vibe.plan.described import comment, label, owner
from alembic_vibe.plan.model import Phase, Step
from alembic_vibe.plan.situation import Planned, node_of
from alembic_vibe.plan.swap import swap
from alembic_vibe.sql.compose import Printed

if TYPE_CHECKING:
    from alembic_vibe.diff.compare import Change
    from alembic_vibe.plan.context import Context
    from alembic_vibe.plan.operations import Operation
    from alembic_vibe.plan.situation import Situation

RECIPES = ("50", "51", "52")


def applies(change: Change, _situation: Situation) -> bool:
    """One that differs in more than its comment or owner."""
    known = change.kind is ChangeKind.ALTER and isinstance(change.after, Function | Aggregate)
    return known and not change.alters("comment", "owner")


def plan(change: Change, situation: Situation) -> Planned:
    """Replace it where that is possible, which both releases notice; else swap it when the old release is gone.

    A body that PostgreSQL reads when the function is made waits until what is new is there.
    """
    if must_be_remade(change):
        return swap(change, situation)
    old, new = change.before, change.after
    assert isinstance(old, Function)
    assert isinstance(new, Function)
    name = label(new.key)
    # What was granted in expand is granted again where the downgrade has to drop it.
    late = new.language == "sql" or not can_replace_function(new, old)
    phase = Phase.MIGRATE if late else Phase.EXPAND
    message = f"both releases get the new {'procedure' if new.procedure else 'function'} {name} at once"
    step = Step(
        change.key,
        _replaced(old, new, situation.new),
        _undone(old, new, situation),
        phase=phase,
        title=name,
        old_sees=f"{name} does what the next release wants",
        dangers=(Danger(SHARED_BEHAVIOUR, name, message),),
    )
    takes = changes_of(situation, [change.key]) - {node_of(change)}
    return Planned((step,), takes, ready=phase)


def _undone(old: Function, new: Function, situation: Situation) -> tuple[Operation, ...]:
    """Return what restores the old function: by dropping it, where it has fewer defaults."""
    if can_replace_function(new, old):
        return _replaced(new, old, situation.old)
    found = recreate(situation, [old.key], WITH_EXPRESSIONS, with_roots=True)
    return (*found.drops, *found.creates_old)


def _replaced(one: Function, other: Function, context: Context) -> tuple[Operation, ...]:
    sql = Printed(or_replace(context.source.get(other.key, other.definition)))
    said = [comment(other.key, other)] if one.comment != other.comment else []
    given = [owner(other.key, other)] if one.owner != other.owner else []
    return (execute("{sql}", sql=sql), *said, *given)
