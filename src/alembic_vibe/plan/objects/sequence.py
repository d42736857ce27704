"""Sequences that stand on their own, or behind a default. Those of identity and plain serial columns come with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Fact, Sequence
from alembic_vibe.catalog.keys import Kind
from alembic_vibe.plan.model import Step
from alembic_vibe.plan.operations import Execute
from alembic_vibe.plan.sql import comment_on, name_of, owner_of, sequence_clauses
from alembic_vibe.sql.compose import Printed, compose

if TYPE_CHECKING:
    from alembic_vibe.plan.context import Context

KINDS = (Kind.SEQUENCE,)


def create(fact: Fact, _context: Context) -> Step:
    """Return the step that makes a sequence. OWNED BY is done by the table, which comes later."""
    assert isinstance(fact, Sequence)
    name = name_of(fact.key)
    clauses = sequence_clauses(fact.options)
    up = compose(
        "CREATE {unlogged}SEQUENCE {name}{clauses}",
        unlogged=Printed("UNLOGGED " if fact.unlogged else ""),
        name=name,
        clauses=Printed(f" {clauses}" if clauses else ""),
    )
    down = (Execute(compose("DROP SEQUENCE {name}", name=name)),) if fact.owned_by is None else ()
    operations = (Execute(up), *comment_on("SEQUENCE", name, fact.comment), *owner_of("SEQUENCE", name, fact.owner))
    return Step(fact.key, operations, down)
