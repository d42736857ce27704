"""Functions, procedures and aggregates (recipes 50 to 52)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Aggregate, Fact, Function
from alembic_vibe.catalog.keys import Kind
from alembic_vibe.plan.model import Step
from alembic_vibe.plan.operations import Execute
from alembic_vibe.plan.sql import comment_on, owner_of, signature
from alembic_vibe.sql.compose import Printed, compose

if TYPE_CHECKING:
    from alembic_vibe.plan.context import Context

KINDS = (Kind.FUNCTION, Kind.AGGREGATE)


def create(fact: Fact, context: Context) -> Step:
    """Return the step that makes a function, in its author's words where there are such."""
    assert isinstance(fact, Function | Aggregate)
    what = "AGGREGATE" if isinstance(fact, Aggregate) else "PROCEDURE" if fact.procedure else "FUNCTION"
    name = signature(fact.key, shadowed=fact.shadowed)
    up = [Execute(context.source.get(fact.key, fact.definition))]
    up.extend(comment_on(what, name, fact.comment))
    up.extend(owner_of(what, name, fact.owner))
    down = compose("DROP {what} {name}", what=Printed(what), name=name)
    return Step(fact.key, tuple(up), (Execute(down),))
