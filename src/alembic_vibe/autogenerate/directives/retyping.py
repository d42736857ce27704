"""What a change of type costs, as the linter knows it: nothing, new indexes, or the whole table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from alembic_vibe.lint.actions import AlterType
from alembic_vibe.lint.model import START, Emitted
from alembic_vibe.lint.reading import read
from alembic_vibe.lint.types import TypeChange, type_change

if TYPE_CHECKING:
    from alembic.operations.ops import AlterColumnOp

    from alembic_vibe.autogenerate.directives.situation import Situation
    from alembic_vibe.lint.actions import Type

REWRITE = (
    "PostgreSQL writes the whole table and its indexes anew for this type, and nobody can even read it meanwhile. On a "
    "large table add a column of the new type, keep both in step with a trigger, fill the old rows in batches, and "
    "drop the old column later."
)
REINDEX = (
    "PostgreSQL builds every index over this column anew, and nobody can even read the table meanwhile. On a large "
    "table drop these indexes concurrently before, and build them concurrently afterwards."
)


def cost_of_type(change: AlterColumnOp, situation: Situation) -> str:
    """Return the warning for a change of type; empty where it touches the catalogue alone, or is none."""
    if change.modify_type is None:
        return ""
    old, new = _type(change.existing_type, situation), _type(change.modify_type, situation)
    using = bool(change.kw.get("postgresql_using"))
    cost = type_change(old, new, using=using) if old and new else TypeChange.UNKNOWN
    if cost is TypeChange.REINDEX:
        return REINDEX
    return "" if cost.keeps_rows else REWRITE


def _type(given: Any, situation: Situation) -> Type | None:
    compiler = situation.context.dialect.type_compiler_instance
    try:
        text = str(compiler.process(given))
    except Exception:  # noqa: BLE001 - a type of somebody's own, or none: what it costs is not known
        return None
    for one in read(Emitted(f"ALTER TABLE t ALTER c TYPE {text}", START)):
        for action in one.actions:
            if isinstance(action, AlterType) and action.type.is_known:
                return action.type
    return None
