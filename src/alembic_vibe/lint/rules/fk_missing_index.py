"""AV752: a foreign key without an index to look its rows up by."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import Rule, Severity
from alembic_vibe.lint.actions import AddColumn, AddConstraint, CreateIndex, CreateTable
from alembic_vibe.lint.examples import Example, Leaves
from alembic_vibe.lint.model import Direction, Finding
from alembic_vibe.lint.proofs import conjuncts, not_null_columns
from alembic_vibe.sql.quoting import quote_identifier, quote_qualified

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from alembic_vibe.lint.actions import Action, ConstraintSpec, Expression
    from alembic_vibe.lint.model import Read, Revision
    from alembic_vibe.lint.moment import Walk
    from alembic_vibe.lint.schema import Schema, Table
    from alembic_vibe.sql.tree import QualifiedName

BAD = """\
def upgrade() -> None:
    op.create_table(
        "orders",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("customer_id", sa.BigInteger(), sa.ForeignKey("customers.id"), nullable=False),
    )
"""
GOOD = """\
def upgrade() -> None:
    op.create_table(
        "orders",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("customer_id", sa.BigInteger(), sa.ForeignKey("customers.id"), nullable=False, index=True),
    )
"""

RULE = Rule(
    code="AV752",
    slug="fk-missing-index",
    severity=Severity.WARNING,
    summary="No index begins with the columns of a foreign key.",
    why="Whenever a row of the other table is deleted, or its key changes, PostgreSQL looks for rows that refer to it: "
    "without an index it reads the whole table each time.",
    fix="Create an index that begins with the columns of the foreign key; on a table in use concurrently, in an "
    "`autocommit_block()`.",
    bad=BAD,
    good=GOOD,
)
RULES = (RULE,)
_HAS_NO_INDEX = """
    SELECT NOT EXISTS (
        SELECT FROM pg_constraint c JOIN pg_index i ON i.indrelid = c.conrelid
        WHERE c.conrelid = 'orders'::regclass AND c.contype = 'f' AND i.indkey[0] = c.conkey[1]
    )
"""
EXAMPLES = (
    Example(
        bad=BAD,
        good=GOOD,
        before="CREATE TABLE customers (id bigint PRIMARY KEY)",
        evidence=Leaves(_HAS_NO_INDEX),
    ),
    Example(
        bad="""\
def upgrade() -> None:
    op.execute("ALTER TABLE orders ADD FOREIGN KEY (customer) REFERENCES customers NOT VALID")
""",
        good="""\
def upgrade() -> None:
    op.execute("ALTER TABLE orders ADD FOREIGN KEY (customer) REFERENCES customers NOT VALID")
    with op.get_context().autocommit_block():
        op.create_index("orders_customer_idx", "orders", ["customer"], postgresql_concurrently=True)
""",
        before="CREATE TABLE customers (id bigint PRIMARY KEY); CREATE TABLE orders (id bigint PRIMARY KEY, customer "
        "bigint)",
        evidence=Leaves(_HAS_NO_INDEX),
    ),
)
_MAKES_INDEX = re.compile(
    r"create_(index|unique_constraint|primary_key)|create\s+(unique\s+)?index|\b(index|unique|primary_key)=True"
    r"|add\s[^;]*\b(unique|primary)\b",
    re.IGNORECASE,
)
LOOKS_UP = frozenset({"btree", "hash"})  # the kinds of index that find a row by one value at once


def check_revision(walk: Walk) -> Iterator[Finding]:
    """Look at the foreign keys that a revision makes, with the indexes that there are after it and later on."""
    if Direction.UPGRADE in walk.settings.directions:
        yield from _without_index(walk, walk.after, Direction.UPGRADE)
    if Direction.DOWNGRADE in walk.settings.directions:
        yield from _without_index(walk, walk.before, Direction.DOWNGRADE)


def _without_index(walk: Walk, schema: Schema, direction: Direction) -> Iterator[Finding]:
    """Look at one function; after ``downgrade`` the schema is taken to be as it was before ``upgrade``."""
    for read, table_name, spec in _foreign_keys(walk, direction):
        table = schema.table(table_name)
        if table is None or table.in_doubt or not table.complete or table.temporary:
            continue
        columns = _now(table, spec) if direction is Direction.UPGRADE else _new(walk, table, spec)
        if not columns or _is_covered(table, columns) or _is_covered_later(walk, table, columns):
            continue
        name = quote_qualified(*table.name)
        listed = ", ".join(quote_identifier(column) for column in columns)
        index = "_".join(("ix", table.name.name, *columns))
        yield Finding(
            f"no index of {name} begins with {listed}: deleting a row of {_parent(spec)} reads {name} whole",
            help=f"`op.create_index({index!r}, {table.name.name!r}, {list(columns)!r})`, on a table in use with "
            "`postgresql_concurrently=True` in `with op.get_context().autocommit_block():`.",
            read=read,
        )


def _parent(spec: ConstraintSpec) -> str:
    return quote_qualified(*spec.references) if spec.references else "the other table"


def _foreign_keys(walk: Walk, direction: Direction) -> Iterator[tuple[Read, QualifiedName, ConstraintSpec]]:
    """Yield the foreign keys that a revision adds; those of a partition are its parent's."""
    if walk.revision.facts.is_generated:
        return  # the specification says which indexes there are; `check` reports it there (AV251)
    for done in walk.actions(direction):
        match done.action:
            case CreateTable(table=table, partition_of=None, columns=columns, constraints=constraints):
                specs: Sequence[ConstraintSpec] = [
                    *(one for column in columns for one in column.constraints),
                    *constraints,
                ]
            case AddColumn(table=table, column=column):
                specs = column.constraints
            case AddConstraint(table=table, constraint=constraint):
                specs = (constraint,)
            case _:
                continue
        for spec in specs:
            if spec.kind == "foreign":
                yield done.read, table, spec


def _now(table: Table, spec: ConstraintSpec) -> tuple[str, ...]:
    """Return the columns of a foreign key as they are called at the end, none where it is gone by then."""
    found = table.constraints.get(spec.name)
    if found is not None:
        return found.spec.columns
    same = any(one.spec.kind == "foreign" and one.spec.columns == spec.columns for one in table.constraints.values())
    return spec.columns if same else ()


def _new(walk: Walk, table: Table, spec: ConstraintSpec) -> tuple[str, ...]:
    """Return the columns of a foreign key that ``downgrade`` makes and that was not there before ``upgrade``."""
    if any(one.spec.kind == "foreign" and one.spec.columns == spec.columns for one in table.constraints.values()):
        return ()
    if any(_indexed(done.action, table.name, spec.columns) for done in walk.actions(Direction.DOWNGRADE)):
        return ()
    return spec.columns if all(column in table.columns for column in spec.columns) else ()


def _is_covered(table: Table, columns: tuple[str, ...]) -> bool:
    return any(
        index.method in LOOKS_UP
        and _begins(index.columns, columns)
        and _has_all(index.predicate, columns)
        and not (index.partial and index.predicate is None)
        for index in table.indexes.values()
    )


def _begins(index: tuple[str, ...], columns: tuple[str, ...]) -> bool:
    """Whether the first columns of an index are those of the key, in whatever order."""
    return set(index[: len(columns)]) == set(columns)


def _has_all(predicate: Expression | None, columns: tuple[str, ...]) -> bool:
    """Whether an index has all rows that refer to something: it may leave out those whose columns are NULL."""
    if predicate is None:
        return True
    terms = conjuncts(predicate.node)
    only = all(kind == "NullTest" and body.get("nulltesttype") == "IS_NOT_NULL" for kind, body in terms)
    return only and not_null_columns(predicate.node) <= set(columns)


def _is_covered_later(walk: Walk, table: Table, columns: tuple[str, ...]) -> bool:
    """Whether a later revision of the chain makes the index; only those that speak of both are looked into."""
    words = [table.name.name, *columns]
    later = False
    for revision in walk.chain.revisions:
        if later and revision.facts.syntax_error is None and all(word in revision.source.text for word in words):
            for action in _upgrade(revision, walk):
                if _indexed(action, table.name, columns):
                    return True
        later = later or revision.path == walk.revision.path
    return False


def _upgrade(revision: Revision, walk: Walk) -> Iterator[Action]:
    from alembic_vibe.lint.emit.render import render
    from alembic_vibe.lint.reading import read

    if not _MAKES_INDEX.search(revision.source.text):
        return
    for emitted in render(revision, (Direction.UPGRADE,))[Direction.UPGRADE].statements:
        for one in read(emitted, walk.after.search_path):
            yield from one.actions


def _indexed(action: Action, table: QualifiedName, columns: tuple[str, ...]) -> bool:
    match action:
        case CreateIndex(table=name, columns=own, predicate=predicate, method=method) if name == table:
            return method in LOOKS_UP and _begins(own, columns) and _has_all(predicate, columns)
        case AddConstraint(table=name, constraint=spec) if name == table and spec.kind in {"unique", "primary"}:
            return _begins(spec.columns, columns)
    return False
