"""Objects that the model knows by name only: carried by the author's own statement, dropped by their identity."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Fact, Other
from alembic_vibe.catalog.keys import Kind
from alembic_vibe.plan.model import Step
from alembic_vibe.plan.operations import Execute
from alembic_vibe.sql.compose import Printed, compose

if TYPE_CHECKING:
    from alembic_vibe.plan.context import Context

KINDS = (Kind.OTHER,)


def create(fact: Fact, context: Context) -> Step:
    """Return the step that runs the spec's statement.

    Raises:
        LookupError: The spec has no single statement for the object.
    """
    assert isinstance(fact, Other)
    source = context.source.get(fact.key)
    if source is None:
        msg = f"{fact.object_type} {fact.key.name} cannot be carried into a revision"
        raise LookupError(msg)
    sql = "DROP {what} {identity}"
    down = compose(sql, what=Printed(fact.object_type.upper()), identity=Printed(fact.key.name))
    return Step(fact.key, (Execute(source),), (Execute(down),))
