"""Indexes of tables in use are built and dropped concurrently, alone in a revision (recipes 28 to 30)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic.operations import ops

from alembic_vibe.autogenerate.directives.model import Piece, Stage
from alembic_vibe.autogenerate.directives.operations import Comment
from alembic_vibe.autogenerate.directives.partitions import index_of_partitions
from alembic_vibe.autogenerate.directives.situation import table_key
from alembic_vibe.autogenerate.directives.writing import (
    concurrent_drop,
    concurrent_index,
    in_schema,
    meanwhile,
    outside,
    sql,
)
from alembic_vibe.sql.compose import Name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from alembic.operations.ops import MigrateOperation

    from alembic_vibe.autogenerate.directives.situation import Situation

HANDLES = (ops.CreateIndexOp, ops.DropIndexOp)
PARTITIONED = (
    "This table is divided into partitions, where PostgreSQL refuses CONCURRENTLY: writers of all partitions wait "
    "while this runs. On large tables create the index ON ONLY the parent, concurrently on each partition, "
    "and attach them."
)


def rewrite(up: MigrateOperation, down: MigrateOperation | None, situation: Situation) -> Sequence[Piece] | None:
    """Return the pieces; an index that changes gets its successor before it goes."""
    assert isinstance(up, ops.CreateIndexOp | ops.DropIndexOp)
    if not situation.is_in_use(up):
        return None
    other = _other(up, situation)
    if situation.is_partitioned(up):
        parts = index_of_partitions(up, situation) if isinstance(up, ops.CreateIndexOp) and other is None else None
        if parts is not None:
            return parts
        undo = () if down is None else (down,)
        return (Piece(Stage.BASE, (Comment(PARTITIONED), up), undo),)
    if isinstance(up, ops.DropIndexOp):
        return () if other is not None else _dropped(up, down)
    if isinstance(other, ops.DropIndexOp):
        return _replaced(up, situation.undo_of(other))
    undo = () if down is None else (outside((concurrent_drop(up),)),)
    return (Piece(Stage.INDEX, (outside(concurrent_index(up)),), undo, f"index {up.index_name}", alone=True),)


def _other(up: ops.CreateIndexOp | ops.DropIndexOp, situation: Situation) -> MigrateOperation | None:
    if situation.is_retyped(up):
        return None
    kind = ops.CreateIndexOp if isinstance(up, ops.DropIndexOp) else ops.DropIndexOp
    key = (table_key(up), str(up.index_name))
    found = (one for one in situation.upgrade if isinstance(one, kind))
    return next((one for one in found if (table_key(one), str(one.index_name)) == key), None)


def _dropped(up: ops.DropIndexOp, down: MigrateOperation | None) -> Sequence[Piece]:
    undo = (outside(concurrent_index(down)),) if isinstance(down, ops.CreateIndexOp) else ()
    return (Piece(Stage.UNINDEX, (outside((concurrent_drop(up),)),), undo, f"drop index {up.index_name}", alone=True),)


def _replaced(up: ops.CreateIndexOp, old: MigrateOperation | None) -> Sequence[Piece]:
    """Build the new one beside the old one, let them change names, drop the old one."""
    name = str(up.index_name)
    new_name, old_name = meanwhile("new", name), meanwhile("old", name)
    build = concurrent_index(up, new_name)
    rebuild = (outside(concurrent_index(old, old_name)),) if isinstance(old, ops.CreateIndexOp) else ()

    def rename(before: str, after: str) -> MigrateOperation:
        index = in_schema(table_key(up), str(before))
        return sql("ALTER INDEX {index} RENAME TO {name}", index=index, name=Name(str(after)))

    return (
        Piece(Stage.INDEX, (outside(build),), (outside((build[0],)),), f"index {new_name}", alone=True),
        Piece(
            Stage.SWAP,
            (rename(name, old_name), rename(new_name, name)),
            (rename(name, new_name), rename(old_name, name)),
            f"replace {name}",
            alone=True,
        ),
        Piece(Stage.UNSWAP, (outside((concurrent_drop(up, old_name),)),), rebuild, f"drop {old_name}", alone=True),
    )
