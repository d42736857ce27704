"""The operation that stands for a change which Alembic has no words for, while a revision is being written.

It lives in the process of ``alembic revision`` only: what it leaves in the revision are plain operations of ``op``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from alembic.autogenerate.render import renderers
from alembic.operations.ops import MigrateOperation

from alembic_vibe.render.code import layout, needs_dedent
from alembic_vibe.render.operations import operation_exprs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from alembic.autogenerate.api import AutogenContext

    from alembic_vibe.catalog.catalog import Catalog
    from alembic_vibe.catalog.keys import Key
    from alembic_vibe.plan.operations import Operation


class ObjectOp(MigrateOperation):
    """One step: ``up`` and ``down`` are operations of ``alembic_vibe.plan``, each with its SQL in ``statements``.

    ``verb`` is "add", "change" or "drop"; ``key`` names the object. ``there`` and ``back`` are the states after each
    direction, where types are looked up.
    """

    def __init__(
        self,
        verb: str,
        key: Key,
        up: Sequence[Operation],
        down: Sequence[Operation],
        there: Catalog,
        back: Catalog,
    ) -> None:
        self.verb = verb
        self.key = key
        self.up = tuple(up)
        self.down = tuple(down)
        self.there = there
        self.back = back

    def reverse(self) -> ObjectOp:
        """Return what undoes it."""
        verb = {"add": "drop", "drop": "add"}.get(self.verb, self.verb)
        return type(self)(verb, self.key, self.down, self.up, self.back, self.there)

    def to_diff_tuple(self) -> tuple[Any, ...]:
        """Return what ``alembic check`` shows, in the manner of Alembic: ``("add_function", "total(integer)")``."""
        return (f"{self.verb}_{self.key.kind.value.replace(' ', '_')}", str(self.key))


class WayOp(ObjectOp):
    """A step that makes way for another one, or brings back what did: no difference of its own for ``check``.

    Alembic takes what has ``ops`` for a container, and tells the differences of what is inside.
    """

    ops: tuple[MigrateOperation, ...] = ()


@renderers.dispatch_for(ObjectOp)
def _render(autogen_context: AutogenContext, operation: ObjectOp) -> list[str]:
    """Return the lines of a revision."""
    exprs = [expr for found in operation.up for expr in operation_exprs(found, operation.there)]
    lines = [layout(expr, 4).replace("\n    ", "\n") for expr in exprs]
    if any(map(needs_dedent, exprs)):
        autogen_context.imports.add("from textwrap import dedent")
    if any("postgresql." in line for line in lines):
        autogen_context.imports.add("from sqlalchemy.dialects import postgresql")
    return lines
