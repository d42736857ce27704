"""Foreign keys of a table that goes (recipes 26 and 43): they go first, so that they hold nobody up.

A table that is set aside must not keep the next release, which does not know it, from deleting rows that it refers to.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Constraint
from alembic_vibe.catalog.keys import Kind
from alembic_vibe.diff.compare import ChangeKind
from alembic_vibe.plan.belongings import is_outgoing
from alembic_vibe.plan.blocks import alter, drop_constraint, execute, shown
from alembic_vibe.plan.discovery import makers_by_kind
from alembic_vibe.plan.model import Phase
from alembic_vibe.plan.situation import Planned, table_of
from alembic_vibe.plan.sql import name_of
from alembic_vibe.sql.compose import Literal, Name, Printed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.diff.compare import Change
    from alembic_vibe.plan.operations import Operation
    from alembic_vibe.plan.situation import Situation

RECIPES = ("43",)
_HOLDING = {"NO ACTION", "RESTRICT"}
_VALIDATE = """\
DO $$
BEGIN
    ALTER TABLE {table} VALIDATE CONSTRAINT {name};
EXCEPTION WHEN foreign_key_violation THEN
    RAISE WARNING USING MESSAGE = {message};
END
$$"""


def applies(change: Change, situation: Situation) -> bool:
    """A foreign key to another table, of a table that goes."""
    return (
        change.kind is ChangeKind.DROP
        and change.key.kind is Kind.CONSTRAINT
        and is_outgoing(change.before)
        and table_of(change.key) not in situation.after.facts
    )


def plan(change: Change, situation: Situation) -> Planned:
    """Drop it before the next release, where it could refuse what that does; else together with the table."""
    fact = situation.old_fact(change.key)
    assert isinstance(fact, Constraint)
    assert fact.references is not None
    holds = fact.references in situation.after.facts and {fact.on_delete, fact.on_update} & _HOLDING
    phase = Phase.EXPAND if holds else Phase.CONTRACT
    step = drop_constraint(fact, phase, undo=tuple(_undo(fact, situation)))
    if holds:
        parent = shown(fact.references)
        note = f"rows of {parent} can be deleted although rows of {shown(fact.table)} refer to them"
        step = replace(step, old_sees=note)
    return Planned((step,), ready=phase)


def _undo(fact: Constraint, situation: Situation) -> Iterator[Operation]:
    """Yield what adds it again: for new rows only, where rows that were there before do not satisfy it by now."""
    made = makers_by_kind()[Kind.CONSTRAINT].create(fact, situation.old)
    if not fact.validated or not fact.enforced or situation.before.table(fact.table).partition_key is not None:
        yield from made.up
        return
    definition = Printed(f"{fact.definition} NOT VALID")
    name = Name(fact.name)
    yield alter(fact.table, "ADD CONSTRAINT {name} {definition}", name=name, definition=definition)
    yield from made.up[1:]
    message = f"{fact.name} on {shown(fact.table)} is not valid: rows refer to rows that are gone"
    yield execute(_VALIDATE, table=name_of(fact.table), name=name, message=Literal(message))
