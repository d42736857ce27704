"""Unique constraints are built as an index first (recipes 22 and 23)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic.operations import ops

from alembic_vibe.autogenerate.directives.model import Piece, Stage
from alembic_vibe.autogenerate.directives.operations import Comment
from alembic_vibe.autogenerate.directives.situation import table_key
from alembic_vibe.autogenerate.directives.writing import (
    concurrent_drop,
    concurrent_index,
    drop,
    meanwhile,
    outside,
    qualified,
    sql,
    waiting,
)
from alembic_vibe.sql.compose import Name, Printed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from alembic.operations.ops import MigrateOperation

    from alembic_vibe.autogenerate.directives.situation import Situation

HANDLES = (ops.CreateUniqueConstraintOp, ops.DropConstraintOp)
PARTITIONED = (
    "This table is divided into partitions, where PostgreSQL refuses to take an index over as a constraint: writers of "
    "all partitions wait while this runs."
)


def rewrite(up: MigrateOperation, down: MigrateOperation | None, situation: Situation) -> Sequence[Piece] | None:
    """Return the pieces for a unique constraint that comes, goes, or is replaced by one of the same name."""
    if not situation.is_in_use(up):
        return None
    if isinstance(up, ops.DropConstraintOp):
        return _dropped(up, down, situation)
    assert isinstance(up, ops.CreateUniqueConstraintOp)
    undo = () if down is None else (drop(up, situation.named(up)),)
    if situation.is_partitioned(up):
        return (Piece(Stage.BASE, (Comment(PARTITIONED), up), undo),)
    name = situation.named(up)
    old = situation.dropped_as(up)
    if old is not None:
        return _replaced(up, old, situation)
    index = _index(up, name)
    return (
        Piece(
            Stage.INDEX,
            (outside(concurrent_index(index)),),
            (outside((concurrent_drop(index),)),),
            f"unique index {name}",
            alone=True,
        ),
        Piece(Stage.ADD, (_over(up, name, name),), undo, f"add {name}", situation.locked(up)),
    )


def _index(unique: ops.CreateUniqueConstraintOp, name: str) -> ops.CreateIndexOp:
    kept = {key: value for key, value in unique.kw.items() if key.startswith("postgresql_") and value is not None}
    columns = [str(one) for one in unique.columns]
    return ops.CreateIndexOp(name, unique.table_name, columns, schema=unique.schema, unique=True, **kept)


def _over(unique: ops.CreateUniqueConstraintOp, name: str, index: str, *, instead: bool = False) -> MigrateOperation:
    """Return what makes a constraint of an index, which gets the constraint's name; ``instead`` of the old one."""
    initially = str(unique.kw.get("initially") or "").upper()
    words = [" DEFERRABLE" if unique.kw.get("deferrable") or initially == "DEFERRED" else ""]
    words.append(f" INITIALLY {initially}" if initially in {"DEFERRED", "IMMEDIATE"} else "")
    dropped = "DROP CONSTRAINT {name}, " if instead else ""
    return sql(
        "ALTER TABLE {table} " + dropped + "ADD CONSTRAINT {name} UNIQUE USING INDEX {index}{words}",
        table=qualified(table_key(unique)),
        name=Name(str(name)),
        index=Name(str(index)),
        words=Printed("".join(words)),
    )


def _dropped(up: ops.DropConstraintOp, down: MigrateOperation | None, situation: Situation) -> Sequence[Piece] | None:
    if up.constraint_type != "unique" or situation.is_partitioned(up):
        return None
    if situation.added_as(up) is not None:
        return ()
    name = situation.named(up)
    undo: tuple[MigrateOperation, ...] = ()
    if isinstance(down, ops.CreateUniqueConstraintOp):
        index = meanwhile("new", name)
        again = sql(
            "ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name}", table=qualified(table_key(up)), name=Name(str(name))
        )
        built = concurrent_index(_index(down, index))
        steps = (waiting(situation), again, waiting(None), *built, waiting(situation), _over(down, name, index))
        undo = (outside(steps),)
    return (Piece(Stage.LOOSEN, (drop(up, name),), undo, f"drop {name}", alone=True),)


def _replaced(up: ops.CreateUniqueConstraintOp, old: ops.DropConstraintOp, situation: Situation) -> Sequence[Piece]:
    """Build the index of the new one beside the old one; one statement changes them."""
    name = situation.named(up)
    new_name, old_name = meanwhile("new", name), meanwhile("old", name)
    index = _index(up, new_name)
    before = situation.undo_of(old)
    undo: tuple[MigrateOperation, ...] = ()
    if isinstance(before, ops.CreateUniqueConstraintOp):
        rebuilt = concurrent_index(_index(before, old_name))
        undo = (outside((*rebuilt, waiting(situation), _over(before, name, old_name, instead=True))),)
    return (
        Piece(
            Stage.INDEX,
            (outside(concurrent_index(index)),),
            (outside((concurrent_drop(index),)),),
            f"unique index {new_name}",
            alone=True,
        ),
        Piece(Stage.SWAP, (_over(up, name, new_name, instead=True),), undo, f"replace {name}", alone=True),
    )
