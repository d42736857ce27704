"""AV765: a new value of an enum that is used before it is committed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import Rule, Severity
from alembic_vibe.lint.actions import (
    Action,
    AddEnumValue,
    CreateTable,
    CreateView,
    Delete,
    Insert,
    OnTable,
    Select,
    Update,
)
from alembic_vibe.lint.examples import NEXT, Example, Fails
from alembic_vibe.lint.model import Finding
from alembic_vibe.sql.quoting import quote_literal, quote_qualified

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from alembic_vibe.lint.actions import Type
    from alembic_vibe.lint.moment import Moment
    from alembic_vibe.sql.tree import QualifiedName

BAD = """\
def upgrade() -> None:
    op.execute("ALTER TYPE order_state ADD VALUE 'lost'")
    op.execute("UPDATE orders SET state = 'lost' WHERE id = 1")
"""
GOOD = f"""\
def upgrade() -> None:
    op.execute("ALTER TYPE order_state ADD VALUE 'lost'")

{NEXT}
def upgrade() -> None:
    op.execute("UPDATE orders SET state = 'lost' WHERE id = 1")
"""  # noqa: S608 - the code of an example

RULE = Rule(
    code="AV765",
    slug="enum-add-value-used",
    severity=Severity.ERROR,
    summary="A value is added to an enum and used in the same transaction.",
    why="PostgreSQL refuses a new value until the transaction that adds it has committed (55P04 "
    "unsafe_new_enum_value_usage), also in a DEFAULT, a CHECK or an index predicate.",
    fix="Add the value in a revision of its own (with `transaction_per_migration=True` in env.py), or in "
    "`with op.get_context().autocommit_block():`.",
    bad=BAD,
    good=GOOD,
)
RULES = (RULE,)
_BEFORE = """
    CREATE TYPE order_state AS ENUM ('new', 'sent');
    CREATE TABLE orders (id bigint PRIMARY KEY, state order_state);
    INSERT INTO orders VALUES (1, 'new');
"""
EXAMPLES = (
    Example(bad=BAD, good=GOOD, before=_BEFORE, evidence=Fails("55P04")),
    Example(
        bad="""\
def upgrade() -> None:
    op.execute("ALTER TYPE order_state ADD VALUE 'lost'")
    op.alter_column("orders", "state", server_default="lost")
""",
        good="""\
def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute("ALTER TYPE order_state ADD VALUE 'lost'")
    op.alter_column("orders", "state", server_default="lost")
""",
        before=_BEFORE,
        evidence=Fails("55P04"),
    ),
    Example(
        bad="""\
def upgrade() -> None:
    op.execute("ALTER TYPE order_state ADD VALUE 'lost'")
    op.execute("CREATE VIEW lost_orders AS SELECT id FROM orders WHERE state = 'lost'")
""",
        good="""\
def upgrade() -> None:
    op.execute("ALTER TYPE order_state ADD VALUE 'lost'")
    op.execute("CREATE VIEW lost_orders AS SELECT id FROM orders WHERE state::text = concat('lo', 'st')")
""",
        before=_BEFORE,
        evidence=Fails("55P04"),
    ),
)
ACTIONS = (Action,)
SAFE_IN_NEW_TYPES = 17  # the first release that lets a type of the same transaction have such values (measured)


def check(action: Action, at: Moment) -> Iterator[Finding]:
    """Look at statements on a table with the enum, after the transaction has added a value that they name."""
    if "'" not in at.read.sql:
        return
    added = [
        (earlier, read)
        for earlier, read in at.transaction.actions
        if isinstance(earlier, AddEnumValue) and not _is_safe(earlier, at)
    ]
    if not added:
        return
    tables = _tables(action)
    for value, read in added:
        label = quote_literal(value.label)
        if label not in at.read.sql or not _has_enum(action, tables, value.type, at):
            continue
        yield Finding(
            f"{label} of {quote_qualified(*value.type)} is used before the transaction that adds it (line "
            f"{read.emitted.place.line}) has committed"
            if _is_here(read.emitted, at)
            else f"{label} of {quote_qualified(*value.type)} is used in the transaction of the earlier revision that "
            "adds it: env.py runs all revisions in one"
        )
        return


def _is_safe(value: AddEnumValue, at: Moment) -> bool:
    is_new = at.before.made_by.get(value.type) == at.revision.id != ""
    return is_new and at.settings.pg_version >= SAFE_IN_NEW_TYPES


def _is_here(emitted: object, at: Moment) -> bool:
    return at.rendering is None or any(one is emitted for one in at.rendering.statements)


def _tables(action: Action) -> tuple[QualifiedName, ...]:
    match action:
        case CreateView(reads=reads) | Select(reads=reads):
            return reads
        case Insert(table=table, reads=reads) | Update(table=table, reads=reads) | Delete(table=table, reads=reads):
            return (table, *reads)
    return (action.table,) if isinstance(action, OnTable) else ()


def _has_enum(action: Action, tables: Collection[QualifiedName], enum: QualifiedName, at: Moment) -> bool:
    """Whether one of the tables has a column of the type; of an unknown table that is assumed."""
    if isinstance(action, CreateTable):
        return any(_is(column.type, enum, at) for column in action.columns)
    column = getattr(action, "column", None)
    if column is not None and not isinstance(column, str) and _is(column.type, enum, at):
        return True  # ADD COLUMN
    for name in tables:
        table = at.table(name)
        if table is None or not table.complete or any(_is(one.type, enum, at) for one in table.columns.values()):
            return True
    return False


def _is(kind: Type, enum: QualifiedName, at: Moment) -> bool:
    made = at.before.made_type(kind)
    return made == enum if made is not None else kind.name.name == enum.name
