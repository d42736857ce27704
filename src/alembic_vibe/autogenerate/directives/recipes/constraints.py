"""Foreign keys and CHECKs: NOT VALID, and the look at the rows in the next revision (recipes 19 to 21, 25 to 27)."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING

from alembic.operations import ops

from alembic_vibe.autogenerate.directives.model import Piece, Stage
from alembic_vibe.autogenerate.directives.operations import Comment, Nothing
from alembic_vibe.autogenerate.directives.situation import table_key
from alembic_vibe.autogenerate.directives.writing import drop, meanwhile, not_valid, outside, qualified, sql, validate
from alembic_vibe.sql.compose import Name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from alembic.operations.ops import MigrateOperation
    from sqlalchemy.schema import conv

    from alembic_vibe.autogenerate.directives.operations import Autocommit
    from alembic_vibe.autogenerate.directives.situation import Situation

HANDLES = (ops.CreateForeignKeyOp, ops.CreateCheckConstraintOp, ops.DropConstraintOp)
PARTITIONED = (
    "This table is divided into partitions, where PostgreSQL before 18 refuses NOT VALID: writers wait while all rows "
    "are read. On large tables add the foreign key NOT VALID to each partition and validate it there before."
)
_KINDS = {"foreignkey": ops.CreateForeignKeyOp, "check": ops.CreateCheckConstraintOp}


def rewrite(up: MigrateOperation, down: MigrateOperation | None, situation: Situation) -> Sequence[Piece] | None:
    """Return the pieces for a foreign key or CHECK that comes, goes, or is replaced by one of the same name."""
    if not situation.is_in_use(up):
        return None
    if isinstance(up, ops.DropConstraintOp):
        return _dropped(up, down, situation)
    assert isinstance(up, ops.CreateForeignKeyOp | ops.CreateCheckConstraintOp)
    if isinstance(up, ops.CreateForeignKeyOp) and situation.is_partitioned(up):
        named = copy(up)
        named.constraint_name = situation.named(up)
        return (
            Piece(
                Stage.BASE,
                (Comment(PARTITIONED), named),
                () if down is None else (drop(up, situation.named(up)),),
                "",
                situation.locked(up),
            ),
        )
    old = situation.dropped_as(up)
    if old is not None and old.constraint_type in _KINDS:
        return _replaced(up, old, situation)
    name = situation.named(up)
    # What enforces itself on rows to come takes its lock for a moment; new indexes and keys must be there before.
    waits = isinstance(up, ops.CreateForeignKeyOp) and any(
        isinstance(one, ops.CreateIndexOp | ops.CreateUniqueConstraintOp) and situation.is_in_use(one)
        for one in situation.upgrade
    )
    undo = () if down is None else (drop(up, name),)
    stage = Stage.ADD if waits else Stage.BASE
    return (
        Piece(stage, (not_valid(up, name),), undo, f"add {name}", situation.locked(up)),
        Piece(Stage.VALIDATE, (validate(up, name),), (Nothing(),), f"validate {name}", frozenset({table_key(up)})),
    )


def _dropped(up: ops.DropConstraintOp, down: MigrateOperation | None, situation: Situation) -> Sequence[Piece] | None:
    if up.constraint_type not in _KINDS:
        return None  # the recipe of unique constraints looks at the others
    if situation.added_as(up) is not None:
        return ()
    name = situation.named(up)
    undo: tuple[MigrateOperation, ...] = ()
    if isinstance(down, ops.CreateForeignKeyOp | ops.CreateCheckConstraintOp):
        if situation.is_partitioned(down) and isinstance(down, ops.CreateForeignKeyOp):
            undo = (Comment(PARTITIONED), down)
        else:
            undo = (_again(down, name, situation),)
    stage = Stage.UNBIND if up.constraint_type == "foreignkey" else Stage.LOOSEN
    return (Piece(stage, (drop(up, name),), undo, f"drop {name}", alone=True),)


def _replaced(
    up: ops.CreateForeignKeyOp | ops.CreateCheckConstraintOp, old: ops.DropConstraintOp, situation: Situation
) -> Sequence[Piece]:
    """Add the new one under another name; the old one goes when every row is known to fit."""
    name = situation.named(up)
    new_name, old_name = meanwhile("new", name), meanwhile("old", name)
    table = qualified(table_key(up))
    before = situation.undo_of(old)

    def rename(one: str, other: str) -> MigrateOperation:
        template = "ALTER TABLE {table} RENAME CONSTRAINT {one} TO {other}"
        return sql(template, table=table, one=Name(str(one)), other=Name(str(other)))

    undo = (_again(before, old_name, situation),) if isinstance(before, ops.AddConstraintOp) else ()
    return (
        Piece(Stage.ADD, (not_valid(up, new_name),), (drop(up, new_name),), f"add {new_name}", situation.locked(up)),
        Piece(
            Stage.VALIDATE, (validate(up, new_name),), (Nothing(),), f"validate {new_name}", frozenset({table_key(up)})
        ),
        Piece(
            Stage.SWAP,
            (rename(name, old_name), rename(new_name, name)),
            (rename(name, new_name), rename(old_name, name)),
            f"replace {name}",
            alone=True,
        ),
        Piece(Stage.UNSWAP, (drop(old, old_name),), undo, f"drop {old_name}", alone=True),
    )


def _again(constraint: ops.AddConstraintOp, name: conv, situation: Situation) -> Autocommit:
    """Return what adds a constraint in one go, and can be run again after it failed."""
    table = qualified(table_key(constraint))
    gone = sql("ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name}", table=table, name=Name(str(name)))
    steps = (gone, not_valid(constraint, name), validate(constraint, name))
    return outside(steps, lock_timeout=situation.lock_timeout)
