"""Constraints of tables in use: adding them so that rollbacks never fail on rows, and dropping them (recipes 19 to 27).

CHECKs and foreign keys are added for new rows, and then checked beside readers and writers. Where rows that another
release wrote do not satisfy what a downgrade adds again, it stays NOT VALID, with a warning.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Constraint, ConstraintKind
from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.diff.compare import Change, ChangeKind
from alembic_vibe.hazards import BLOCKING_SCAN, Danger
from alembic_vibe.plan.blocks import alter, exclusive, excused, execute, shown
from alembic_vibe.plan.column_sql import family, partitions
from alembic_vibe.plan.keys import build, is_key, is_partitioned, made, no_duplicates, remove
from alembic_vibe.plan.model import Lock, Mode, Phase, Step, Verify
from alembic_vibe.plan.operations import DropConstraint
from alembic_vibe.plan.situation import column_key, table_of
from alembic_vibe.plan.sql import comment_on, name_of
from alembic_vibe.sql.compose import Literal, Name, Printed, compose

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from alembic_vibe.catalog.catalog import Catalog
    from alembic_vibe.plan.context import Context
    from alembic_vibe.plan.operations import Execute, Operation
    from alembic_vibe.plan.situation import Situation

_VALIDATE = """\
DO {tag}
BEGIN
    ALTER TABLE {table} VALIDATE CONSTRAINT {name};
EXCEPTION WHEN check_violation OR foreign_key_violation THEN
    RAISE WARNING USING MESSAGE = {message};
END
{tag}"""
_ADD = """\
DO {tag}
BEGIN
    {statement};
EXCEPTION WHEN foreign_key_violation THEN
    RAISE WARNING USING MESSAGE = {message};
END
{tag}"""
_STOP = """\
DO {tag}
DECLARE
    found bigint := ({query});
BEGIN
    IF found > 0 THEN
        RAISE unique_violation USING MESSAGE = found || {message};
    END IF;
END
{tag}"""
_TOGETHER = """\
DO {tag}
BEGIN
{body}
END
{tag}"""


# -- what a change is about ------------------------------------------------------------------------------------------


def constraint_change(change: Change, situation: Situation, kind: ChangeKind, *kinds: str) -> bool:
    """Whether a constraint of some kinds (all, if none is given) is added, dropped or altered on a table that stays."""
    fact = change.before if kind is ChangeKind.DROP else change.after
    if change.kind is not kind or not isinstance(fact, Constraint) or (kinds and fact.kind not in kinds):
        return False
    table = table_of(change.key)
    return table in situation.before.facts and table in situation.after.facts


def all_columns_new(fact: Constraint, situation: Situation) -> bool:
    """Whether the running release cannot write what a constraint is about, because its columns are new."""
    changes = [situation.by_key.get(column_key(fact.table, column), ()) for column in fact.columns]
    return bool(changes) and all(found and found[0].kind is ChangeKind.ADD for found in changes)


# -- statements ------------------------------------------------------------------------------------------------------


def together(operations: Iterable[Operation]) -> Execute:
    """Return some statements as one, which takes effect as a whole."""
    lines = [f"    {sql};" for operation in operations for sql in operation.statements]
    body = "\n".join(lines)
    return execute(_TOGETHER, tag=_tag(body), body=Printed(body))


def drop_if_exists(table: Key, name: str) -> Execute:
    """Return ``ALTER TABLE … DROP CONSTRAINT IF EXISTS …``."""
    return alter(table, "DROP CONSTRAINT IF EXISTS {name}", name=Name(name))


def comments(fact: Constraint) -> tuple[Operation, ...]:
    """Return the comment of a constraint."""
    return tuple(comment_on("CONSTRAINT", Printed(f"{Name(fact.name)} ON {name_of(fact.table)}"), fact.comment))


def add_new_rows(fact: Constraint, name: str = "") -> Execute:
    """Return what adds a CHECK or foreign key for new rows only."""
    definition = fact.definition
    if fact.enforced and not definition.endswith(" NOT VALID"):
        definition += " NOT VALID"
    action = "ADD CONSTRAINT {name} {definition}"
    return alter(fact.table, action, name=Name(name or fact.name), definition=Printed(definition))


def build_checked(fact: Constraint, catalog: Catalog, name: str = "", *, lenient: bool = False) -> Iterator[Operation]:
    """Yield what adds a CHECK or foreign key and checks the rows, each statement by itself.

    Args:
        fact: In words to write.
        catalog: Where its table's partitions are looked up.
        name: Another name than its own.
        lenient: Rows that do not satisfy it are no error: it stays NOT VALID.
    """
    called = name or fact.name
    yield drop_if_exists(fact.table, called)
    if fact.kind == ConstraintKind.FOREIGN and is_partitioned(fact.table, catalog):
        yield from _on_partitions(fact, catalog, called, lenient=lenient)
    else:
        yield add_new_rows(fact, called)
        if fact.validated and fact.enforced:
            yield (
                _check(fact, called) if lenient else alter(fact.table, "VALIDATE CONSTRAINT {name}", name=Name(called))
            )
    if not name:
        yield from comments(fact)


def _on_partitions(fact: Constraint, catalog: Catalog, name: str, *, lenient: bool) -> Iterator[Operation]:
    """Yield a foreign key of a partitioned table: checked on each partition first, then the parent's takes those in.

    Before PostgreSQL 18 it cannot be NOT VALID on a partitioned table (release notes of 18).
    """
    add = alter(fact.table, "ADD CONSTRAINT {name} {definition}", name=Name(name), definition=Printed(fact.definition))
    if not fact.validated or not fact.enforced:
        yield add
        return
    if lenient:
        sql = add.sql
        yield execute(
            _ADD, tag=_tag(sql), statement=Printed(sql), message=Literal(_not_satisfied(fact, "was left out"))
        )
        return
    leaves = [table for table in partitions(fact.table, catalog) if not is_partitioned(table, catalog)]
    for leaf in leaves:
        yield drop_if_exists(leaf, name)
        definition = Printed(f"{fact.definition} NOT VALID")
        yield alter(leaf, "ADD CONSTRAINT {name} {definition}", name=Name(name), definition=definition)
        yield alter(leaf, "VALIDATE CONSTRAINT {name}", name=Name(name))
    yield excused(add, "fk-not-valid", "every partition has it already, and it is valid there")


def _check(fact: Constraint, name: str) -> Execute:
    message = _not_satisfied(fact, "is not valid")
    tag = _tag(f"{fact.table}{name}{message}")
    return execute(_VALIDATE, tag=tag, table=name_of(fact.table), name=Name(name), message=Literal(message))


def _not_satisfied(fact: Constraint, what: str) -> str:
    return f"{fact.name} on {shown(fact.table)} {what}: there are rows that do not satisfy it"


def _tag(body: str) -> Printed:
    """Return a dollar quote that a text does not hold."""
    tag, number = "$$", 0
    while tag in body or (tag == "$$" and "$" in body):
        tag, number = f"$vibe{number or ''}$", number + 1
    return Printed(tag)


# -- adding and dropping, outside a transaction ----------------------------------------------------------------------


def build_constraint(fact: Constraint, context: Context, *, lenient: bool = False) -> tuple[Operation, ...]:
    """Return what adds any constraint with the weakest locks there are, each statement by itself."""
    if is_key(fact):
        return build(fact, context)
    if fact.kind in {ConstraintKind.CHECK, ConstraintKind.FOREIGN}:
        return tuple(build_checked(fact, context.target, lenient=lenient))
    return (drop_if_exists(fact.table, fact.name), *made(fact, context))


def remove_constraint(fact: Constraint, context: Context) -> tuple[Operation, ...]:
    """Return what drops any constraint, if it is there."""
    return remove(fact, context) if is_key(fact) else (drop_if_exists(fact.table, fact.name),)


def stop_at_duplicates(fact: Constraint) -> Execute:
    """Return what ends a downgrade before it has done anything, where rows are the same in a key that comes back."""
    found = no_duplicates(fact)
    tag = _tag(f"{found.query}{found.message}")
    return execute(_STOP, tag=tag, query=Printed(found.query), message=Literal(f": {found.message}"))


def drop_step(fact: Constraint, situation: Situation) -> Step:
    """Return the step that drops a constraint: what only refuses rows at once, what ON CONFLICT needs later.

    Foreign keys that are bound to it and stay find another key to hold them.
    """
    early = fact.kind not in {ConstraintKind.PRIMARY, ConstraintKind.UNIQUE}
    phase = Phase.EXPAND if early else Phase.CONTRACT
    drop = alter(fact.table, "DROP CONSTRAINT IF EXISTS {name}", name=Name(fact.name))
    down = build_constraint(fact, situation.old, lenient=True)
    if is_key(fact):
        down = (stop_at_duplicates(fact), *down)
    what = shown(fact.table)
    notes: tuple[str, ...] = ()
    old_sees = ""
    up: tuple[Operation, ...] = (DropConstraint(fact, drop.statements),)
    if fact.kind in {ConstraintKind.CHECK, ConstraintKind.FOREIGN} and fact.validated:
        notes = ("Where rows do not satisfy it by then, the downgrade adds it as NOT VALID.",)
    if fact.on_delete not in {"NO ACTION", "RESTRICT"} and fact.references is not None:
        old_sees = f"deleting rows of {shown(fact.references)} leaves the rows of {what} as they are"
    if fact.kind in {ConstraintKind.PRIMARY, ConstraintKind.UNIQUE, ConstraintKind.EXCLUDE}:
        notes = (f"The downgrade stops where rows of {what} have become the same by then.",)
    return Step(
        fact.key,
        up,
        down,
        phase=phase,
        mode=Mode.AUTOCOMMIT,
        title=f"drop {fact.name}",
        locks=locks_of(fact, situation.before),
        old_sees=old_sees,
        notes=notes,
    )


def locks_of(fact: Constraint, catalog: Catalog) -> tuple[Lock, ...]:
    """Return the locks of adding and dropping a constraint: the table with its heirs, and what it refers to."""
    tables = family(fact.table, catalog)
    if fact.references is not None and fact.references not in tables:
        tables = (*tables, *family(fact.references, catalog))
    return exclusive(*tables)


def blocking(fact: Constraint, what: str = "is built") -> Danger:
    """Return the hazard of a constraint that PostgreSQL adds only while nobody can write."""
    message = f"{fact.name} {what} while nobody can write to {shown(fact.table)}"
    return Danger(BLOCKING_SCAN, f"{shown(fact.table)}.{fact.name}", message)


# -- what must hold --------------------------------------------------------------------------------------------------


def satisfied(fact: Constraint) -> tuple[Verify, ...]:
    """Return the check that all rows satisfy a CHECK or foreign key."""
    what = shown(fact.table)
    if fact.kind == ConstraintKind.CHECK and fact.expression is not None:
        query = compose(
            "SELECT count(*) FROM {only}{table} WHERE NOT ({condition})",
            only=Printed("ONLY " if fact.no_inherit else ""),
            table=name_of(fact.table),
            condition=Printed(fact.expression),
        )
        return (Verify(query, f"rows of {what} do not satisfy {fact.name}"),)
    if fact.kind != ConstraintKind.FOREIGN or fact.references is None or " PERIOD " in fact.definition:
        return ()
    pairs = list(zip(fact.columns, fact.reference_columns, strict=True))
    filled = " AND ".join(f"one.{Name(column)} IS NOT NULL" for column, _ in pairs)
    same = " AND ".join(f"other.{Name(there)} = one.{Name(here)}" for here, there in pairs)
    query = compose(
        "SELECT count(*) FROM {table} AS one WHERE {filled} AND NOT EXISTS (SELECT FROM {other} AS other WHERE {same})",
        table=name_of(fact.table),
        filled=Printed(filled),
        other=name_of(fact.references),
        same=Printed(same),
    )
    return (Verify(query, f"rows of {what} refer to rows of {shown(fact.references)} that are not there"),)


def constraint_key(table: Key, name: str) -> Key:
    """Return the key of a constraint."""
    return Key(Kind.CONSTRAINT, table.schema, table.name, name)
