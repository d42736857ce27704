"""A new value of an enum is committed before anything uses it (recipe 33)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic.operations import ops

from alembic_vibe.autogenerate.directives.model import Piece, Stage
from alembic_vibe.autogenerate.directives.writing import outside
from alembic_vibe.autogenerate.operations import ObjectOp
from alembic_vibe.sql import grammar

if TYPE_CHECKING:
    from collections.abc import Sequence

    from alembic.operations.ops import MigrateOperation

    from alembic_vibe.autogenerate.directives.situation import Situation

HANDLES = (ops.ExecuteSQLOp, ObjectOp)


def rewrite(up: MigrateOperation, down: MigrateOperation | None, situation: Situation) -> Sequence[Piece] | None:
    """Return a revision outside a transaction; None for statements that do anything else."""
    if isinstance(up, ObjectOp):
        texts = [sql for one in up.up for sql in one.statements]
    else:
        assert isinstance(up, ops.ExecuteSQLOp)
        texts = [str(up.sqltext)]
    if not texts or not all(map(_adds_value, texts)):
        return None
    undo = () if down is None else (down,)
    return (Piece(Stage.ENUM, (outside((up,), lock_timeout=situation.lock_timeout),), undo, "enum values", alone=True),)


def _adds_value(sql: str) -> bool:
    if "ADD VALUE" not in sql.upper():
        return False
    try:
        nodes = grammar.parse(sql)
    except grammar.GrammarError:
        return False
    return all("AlterEnumStmt" in node and not node["AlterEnumStmt"].get("oldVal") for node in nodes)
