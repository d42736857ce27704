"""What strategies are built from: short statements with weak locks (recipes, "Building blocks").

Everything here works on PostgreSQL 15 to 18 alike, and everything outside a transaction can be run again after a crash.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.locks import LockLevel
from alembic_vibe.plan.model import Lock, Mode, Phase, Step
from alembic_vibe.plan.operations import AddConstraint, CreateIndex, DropConstraint, DropIndex, Excuse, Execute
from alembic_vibe.plan.sql import comment_on, key_statistics, name_of
from alembic_vibe.sql.compose import Name, Part, Printed, compose

if TYPE_CHECKING:
    from alembic_vibe.catalog.facts import Constraint, Index
    from alembic_vibe.plan.operations import Operation

Statement = TypeVar("Statement", Execute, AddConstraint)

_LONGEST_NAME = 63  # bytes, NAMEDATALEN - 1


# -- names -----------------------------------------------------------------------------------------------------------


def vibe_name(*parts: str) -> str:
    """Return a name that begins with ``vibe_`` and says what it is for: at most 63 bytes, others for other parts."""
    name = "_".join(("vibe", *parts))
    if len(name.encode()) <= _LONGEST_NAME:
        return name
    digest = hashlib.sha256("\0".join(parts).encode()).hexdigest()[:8]
    room = _LONGEST_NAME - len(digest) - 1
    return f"{name.encode()[:room].decode(errors='ignore')}_{digest}"


def away(column: str) -> str:
    """Return the name under which a column waits for its end."""
    return vibe_name("drop", column)


def shown(table: Key, column: str = "") -> str:
    """Return how people and ``--accept`` name a table or column: ``orders``, ``billing.invoices.amount``."""
    return f"{table.qualified}.{column}" if column else table.qualified


# -- statements ------------------------------------------------------------------------------------------------------


def execute(template: str, **parts: Part) -> Execute:
    """Return a statement; see ``sql.compose``."""
    return Execute(compose(template, **parts))


def excused(operation: Statement, rules: str, reason: str) -> Statement:
    """Return a statement with the reason why it may stand; ``rules`` are names of the linter's, with spaces between."""
    return replace(operation, excuses=tuple(Excuse(rule, reason) for rule in rules.split()))


def alter(table: Key, action: str, **parts: Part) -> Execute:
    """Return ``ALTER TABLE <table> <action>``; the action is a template for ``sql.compose``."""
    return execute(f"ALTER TABLE {{the_table}} {action}", the_table=name_of(table), **parts)


def exclusive(*relations: Key) -> tuple[Lock, ...]:
    """Return ACCESS EXCLUSIVE locks."""
    return tuple(Lock(relation) for relation in dict.fromkeys(relations))


def locks(level: LockLevel, *relations: Key) -> tuple[Lock, ...]:
    """Return locks of one level."""
    return tuple(Lock(relation, level) for relation in dict.fromkeys(relations))


# -- constraints -----------------------------------------------------------------------------------------------------


def add_not_valid(constraint: Constraint, phase: Phase, *, name: str = "", title: str = "") -> Step:
    """Return the step that adds a CHECK or foreign key for new rows only (blocks CK and FK).

    Args:
        constraint: What to add, in words to write.
        phase: When.
        name: Another name than its own.
        title: A few words for the revision; by default its name.
    """
    named = name or constraint.name
    definition = constraint.definition.removesuffix(" NOT VALID") + " NOT VALID"
    sql = alter(
        constraint.table, "ADD CONSTRAINT {name} {definition}", name=Name(named), definition=Printed(definition)
    )
    undo = alter(constraint.table, "DROP CONSTRAINT {name}", name=Name(named))
    up: list[Operation] = [sql if name else AddConstraint(constraint, sql.statements, not_valid=True)]
    down: list[Operation] = [undo if name else DropConstraint(constraint, undo.statements)]
    if not name:
        target = Printed(f"{Name(named)} ON {name_of(constraint.table)}")
        up.extend(comment_on("CONSTRAINT", target, constraint.comment))
    if constraint.references is not None:
        taken = locks(LockLevel.SHARE_ROW_EXCLUSIVE, constraint.table, constraint.references)
    else:
        taken = exclusive(constraint.table)
    return Step(constraint.key, tuple(up), tuple(down), phase=phase, title=title or named, locks=taken)


def validate(constraint: Constraint, phase: Phase, *, name: str = "", title: str = "") -> Step:
    """Return the step that checks the rows that were there before, beside readers and writers.

    It stands in a revision of its own and outside a transaction, so that the lock of the statement that added the
    constraint is gone. The downgrade has nothing to do: the constraint goes with the revision that added it.
    """
    named = name or constraint.name
    sql = alter(constraint.table, "VALIDATE CONSTRAINT {name}", name=Name(named))
    taken = locks(LockLevel.SHARE_UPDATE_EXCLUSIVE, constraint.table)
    if constraint.references is not None and constraint.references != constraint.table:
        taken += locks(LockLevel.ROW_SHARE, constraint.references)
    return Step(
        constraint.key,
        (sql,),
        phase=phase,
        mode=Mode.AUTOCOMMIT,
        title=title or f"validate {named}",
        locks=taken,
        scans=(constraint.table,),
    )


def drop_constraint(constraint: Constraint, phase: Phase, *, undo: tuple[Operation, ...] = ()) -> Step:
    """Return the step that drops a constraint; ``undo`` adds it again."""
    sql = alter(constraint.table, "DROP CONSTRAINT {name}", name=Name(constraint.name))
    taken = exclusive(constraint.table, *((constraint.references,) if constraint.references else ()))
    return Step(
        constraint.key,
        (DropConstraint(constraint, sql.statements),),
        undo,
        phase=phase,
        title=f"drop {constraint.name}",
        locks=taken,
    )


# -- indexes ---------------------------------------------------------------------------------------------------------


def create_index(index: Index, phase: Phase, *, title: str = "", name: str = "") -> Step:
    """Return the step that builds an index beside readers and writers (block CIC), outside a transaction.

    What an earlier, broken attempt left under its name is dropped first: it may be invalid, and still in force.

    Args:
        index: What to build, in words to write; not on a partitioned table.
        phase: When.
        title: A few words for the revision; by default its name.
        name: Another name than its own.
    """
    made = _named(index, name) if name else index
    create, drop = _concurrently(made)
    up: list[Operation] = [drop, create, *comment_on("INDEX", name_of(made.key), index.comment)]
    up.extend(key_statistics(name_of(made.key), index.keys))
    return Step(
        index.key,
        tuple(up),
        (drop,),
        phase=phase,
        mode=Mode.AUTOCOMMIT,
        title=title or made.key.name,
        locks=locks(LockLevel.SHARE_UPDATE_EXCLUSIVE, index.table),
        scans=(index.table,),
    )


def drop_index(index: Index, phase: Phase, *, title: str = "") -> Step:
    """Return the step that drops an index beside readers and writers (block DIC), outside a transaction."""
    create, drop = _concurrently(index)
    comments = comment_on("INDEX", name_of(index.key), index.comment)
    return Step(
        index.key,
        (drop,),
        (drop, create, *comments, *key_statistics(name_of(index.key), index.keys)),
        phase=phase,
        mode=Mode.AUTOCOMMIT,
        title=title or f"drop {index.key.name}",
        locks=locks(LockLevel.SHARE_UPDATE_EXCLUSIVE, index.table),
    )


def _concurrently(index: Index) -> tuple[CreateIndex, DropIndex]:
    """Return the building and the dropping of an index without stopping writers (PostgreSQL manual, CREATE INDEX)."""
    definition = index.definition.replace(" INDEX ", " INDEX CONCURRENTLY ", 1)
    drop = compose("DROP INDEX CONCURRENTLY IF EXISTS {name}", name=name_of(index.key))
    return (
        CreateIndex(index, (definition,), concurrently=True),
        DropIndex(index, (drop,), concurrently=True, if_exists=True),
    )


def _named(index: Index, name: str) -> Index:
    """Return the index under another name: PostgreSQL prints ``CREATE [UNIQUE] INDEX name ON …``."""
    old = f" INDEX {Name(index.key.name)} ON "
    definition = index.definition.replace(old, f" INDEX {Name(name)} ON ", 1)
    return replace(index, key=Key(Kind.INDEX, index.key.schema, name), definition=definition)


# -- NOT NULL --------------------------------------------------------------------------------------------------------


def set_not_null(table: Key, column: str, phase: Phase, *, known_as: str = "") -> tuple[Step, ...]:
    """Return the step that makes a column NOT NULL without reading the table under a strong lock (block NN).

    A CHECK of the same meaning is added for new rows, validated beside readers and writers, and then proves to SET NOT
    NULL that nothing is to be read. It is dropped by a statement of its own (in one with SET NOT NULL the table is
    read after all). Each statement commits by itself; what a broken attempt left is dropped first. ``known_as`` is how
    people know a column that has another name for a while.
    """
    name = Name(vibe_name("not_null", column))
    parts = {"column": Name(column)}
    return (
        Step(
            Key(Kind.COLUMN, table.schema, table.name, column),
            (
                alter(table, "DROP CONSTRAINT IF EXISTS {name}", name=name),
                alter(table, "ADD CONSTRAINT {name} CHECK ({column} IS NOT NULL) NOT VALID", name=name, **parts),
                alter(table, "VALIDATE CONSTRAINT {name}", name=name),
                alter(table, "ALTER COLUMN {column} SET NOT NULL", **parts),
                alter(table, "DROP CONSTRAINT {name}", name=name),
            ),
            (alter(table, "ALTER COLUMN {column} DROP NOT NULL", **parts),),
            phase=phase,
            mode=Mode.AUTOCOMMIT,
            title=f"{shown(table, known_as or column)} not null",
            locks=exclusive(table),
            scans=(table,),
        ),
    )
