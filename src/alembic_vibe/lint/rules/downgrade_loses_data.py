"""AV781: a downgrade after which data is missing, and that does not say so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import Rule, Severity
from alembic_vibe.lint.actions import (
    AddColumn,
    AddEnumValue,
    AlterType,
    Copy,
    CreateTable,
    Delete,
    DropColumn,
    DropTable,
    Insert,
    RenameTable,
    RunCode,
    Truncate,
    Update,
)
from alembic_vibe.lint.ahead import following
from alembic_vibe.lint.examples import Example, Leaves
from alembic_vibe.lint.losses import is_said, narrows
from alembic_vibe.lint.model import Direction, Finding
from alembic_vibe.lint.moment import is_workspace
from alembic_vibe.sql.quoting import quote_identifier, quote_qualified

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from alembic_vibe.lint.actions import Action
    from alembic_vibe.lint.moment import Done, Moment, Walk
    from alembic_vibe.sql.tree import QualifiedName

BAD = """\
def upgrade() -> None:
    op.drop_column("orders", "note")


def downgrade() -> None:
    op.add_column("orders", sa.Column("note", sa.Text()))
"""
GOOD = '''\
"""drop orders.note

Phase:           contract
Downgrade loses: the values of orders.note
"""

def upgrade() -> None:
    op.drop_column("orders", "note")


def downgrade() -> None:
    op.add_column("orders", sa.Column("note", sa.Text()))
'''

RULE = Rule(
    code="AV781",
    slug="downgrade-loses-data",
    severity=Severity.WARNING,
    summary="Undoing a revision loses data, and nothing says so.",
    why="Who runs `alembic downgrade` in an emergency expects everything to be as before; what the revision dropped "
    "comes back empty, or data goes that was there all along.",
    fix="Keep the data (rename what goes, and drop it later), or say what is lost: a line `Downgrade loses: …` in the "
    "docstring, or a comment in downgrade().",
    bad=BAD,
    good=GOOD,
)
RULES = (RULE,)
_KEPT = """\
def upgrade() -> None:
    op.alter_column("orders", "note", nullable=True)


def downgrade() -> None:
    pass  # rows without a note may be there by now
"""
EXAMPLES = (
    Example(
        bad=BAD,
        good=_KEPT,
        before="CREATE TABLE orders (id bigint PRIMARY KEY, note text NOT NULL); INSERT INTO orders VALUES (1, 'n')",
        evidence=Leaves("SELECT bool_and(note IS NULL) FROM orders"),
        runs="downgrade",
    ),
    Example(
        bad="""\
def upgrade() -> None:
    op.create_table("lines", sa.Column("id", sa.BigInteger(), primary_key=True))


def downgrade() -> None:
    op.drop_table("lines")
    op.execute("DELETE FROM orders WHERE note IS NULL")
""",
        good="""\
def upgrade() -> None:
    op.create_table("lines", sa.Column("id", sa.BigInteger(), primary_key=True))


def downgrade() -> None:
    op.drop_table("lines")
""",
        before="CREATE TABLE orders (id bigint PRIMARY KEY, note text); INSERT INTO orders VALUES (1, NULL)",
        evidence=Leaves("SELECT NOT EXISTS (SELECT FROM orders)"),
        runs="downgrade",
    ),
)
ACTIONS = (DropTable, DropColumn, AlterType)
DIRECTIONS = (Direction.DOWNGRADE,)


def check(action: DropTable | DropColumn | AlterType, at: Moment) -> Iterator[Finding]:
    """Look at what ``downgrade`` takes away that ``upgrade`` has not made; a line that says so must name it."""
    table = at.table(action.table)
    if table is None or at.is_own(action.table):
        return
    name = quote_qualified(*action.table)
    if isinstance(action, DropTable):
        if not _is_replaced(action, at) and not is_said(at.revision, at.rendering, of=action.table.name):
            yield Finding(f"downgrade drops {name}, which was there before this revision")
        return
    column = table.columns.get(action.column)
    if column is None or column.generated or column.added_by == at.revision.id:
        return
    full = f"{name}.{quote_identifier(action.column)}"
    if isinstance(action, DropColumn):
        if not is_said(at.revision, at.rendering, of=action.column):
            yield Finding(f"downgrade drops {full}, which was there before this revision")
    elif narrows(column.type, action.type) and not is_said(at.revision, at.rendering):
        yield Finding(f"downgrade narrows {full}: values that do not fit any more make it fail or are cut")


def check_revision(walk: Walk) -> Iterator[Finding]:
    """Look at what ``upgrade`` takes away and ``downgrade`` makes anew, and at rows that either of them deletes."""
    function = walk.revision.facts.functions.get(Direction.DOWNGRADE)
    if Direction.DOWNGRADE not in walk.settings.directions or function is None or function.raises:
        return
    if function.is_empty or is_said(walk.revision, walk.renderings.get(Direction.DOWNGRADE)):
        return
    up, down = walk.actions(Direction.UPGRADE), walk.actions(Direction.DOWNGRADE)
    yield from _made_anew(walk, up, down)
    yield from _unknown(walk, up, down)
    yield from _rows(walk, up, down)


def _made_anew(walk: Walk, up: Sequence[Done], down: Sequence[Done]) -> Iterator[Finding]:
    columns = {
        (done.action.table, done.action.column)
        for done in up
        if isinstance(done.action, DropColumn) and _held_values(walk, done.action)
    }
    tables = {
        done.action.table for done in up if isinstance(done.action, DropTable) and _was_there(walk, done.action.table)
    }
    for number, done in enumerate(down):
        later = down[number + 1 :]
        match done.action:
            case AddColumn(table=table, column=column) if (table, column.name) in columns and not column.generated:
                if not _fills(later, table, column.name):
                    full = f"{quote_qualified(*table)}.{quote_identifier(column.name)}"
                    yield Finding(f"downgrade makes {full} anew without its values", read=done.read)
            case CreateTable(table=table, as_query=False) if table in tables and not _fills(later, table):
                yield Finding(f"downgrade makes {quote_qualified(*table)} anew without its rows", read=done.read)


def _unknown(walk: Walk, up: Sequence[Done], down: Sequence[Done]) -> Iterator[Finding]:
    """Look at tables that the chain does not know: what ``upgrade`` has not added was there before."""
    if any(rendering.gaps for rendering in walk.renderings.values()):
        return
    added = {(done.action.table, done.action.column.name) for done in up if isinstance(done.action, AddColumn)}
    known = {done.action.table for done in up if isinstance(done.action, CreateTable)} | set(walk.after.tables)
    for done in down:
        match done.action:
            case DropColumn(table=table, column=column) if table not in known and (table, column) not in added:
                what = f"{quote_qualified(*table)}.{quote_identifier(column)}"
            case DropTable(table=table) if table not in known:
                what = quote_qualified(*table)
            case _:
                continue
        if not is_workspace(table):
            yield Finding(f"downgrade drops {what}, which this revision has not made", read=done.read)


def _rows(walk: Walk, up: Sequence[Done], down: Sequence[Done]) -> Iterator[Finding]:
    for direction, actions, others in ((Direction.UPGRADE, up, down), (Direction.DOWNGRADE, down, up)):
        for table in dict.fromkeys(_emptied(walk, actions)):
            done = next(d for d in actions if isinstance(d.action, Delete | Truncate) and d.action.table == table)
            inserted = [d.action for d in others if isinstance(d.action, Insert | Copy) and d.action.table == table]
            if direction is Direction.UPGRADE and inserted:
                continue
            if direction is Direction.DOWNGRADE and _are_those(done.action, inserted, _new_labels(walk)):
                continue
            name = quote_qualified(*table)
            yield Finding(
                f"upgrade deletes rows of {name} that downgrade does not bring back"
                if direction is Direction.UPGRADE
                else f"downgrade deletes rows of {name} that this revision has not made",
                read=done.read,
            )


def _are_those(action: Action, inserted: Sequence[Insert | Copy], labels: frozenset[str]) -> bool:
    """Whether a DELETE is about rows that ``upgrade`` inserts, or about values of an enum that it adds."""
    if not isinstance(action, Delete) or not action.bounded:
        return False
    if any(isinstance(one, Copy) or one.from_query for one in inserted):
        return True
    known = {text for one in inserted if isinstance(one, Insert) for text in one.uses}
    return set(action.uses) <= known | labels and (bool(inserted) or not labels.isdisjoint(action.uses))


def _new_labels(walk: Walk) -> frozenset[str]:
    before = {label for labels in walk.before.enums.values() for label in labels}
    added = {done.action.label for done in walk.actions(Direction.UPGRADE) if isinstance(done.action, AddEnumValue)}
    return frozenset(added.union(*walk.after.enums.values()) - before)


def _emptied(walk: Walk, actions: Sequence[Done]) -> Iterator[QualifiedName]:
    """Yield the tables that were there before and of which rows are deleted; not those that move them elsewhere."""
    moves = {id(done.read) for done in actions if isinstance(done.action, Insert)}
    for done in actions:
        if isinstance(done.action, Delete | Truncate) and id(done.read) not in moves:
            table = done.action.table
            if _was_there(walk, table) and table.name != "alembic_version":
                yield table


def _was_there(walk: Walk, table: QualifiedName) -> bool:
    if table in walk.before.tables:
        return not walk.before.tables[table].temporary
    made = any(
        isinstance(done.action, CreateTable) and done.action.table == table for done in walk.actions(Direction.UPGRADE)
    )
    return not (made or table in walk.made or table.schema == "pg_temp" or is_workspace(table))


def _held_values(walk: Walk, action: DropColumn) -> bool:
    table = walk.before.tables.get(action.table)
    if table is None:
        return _was_there(walk, action.table)
    column = table.columns.get(action.column)
    return not table.complete if column is None else not column.generated


def _fills(actions: Sequence[Done], table: QualifiedName, column: str = "") -> bool:
    """Whether statements fill a table, or a column of it, with something."""
    for done in actions:
        match done.action:
            case Insert(table=name) | Copy(table=name) if name == table:
                return True
            case Update(table=name, columns=columns) if name == table and (not column or column in columns):
                return True
            case RunCode(body=body) if (column or table.name) in body:
                return True
    return False


def _is_replaced(action: DropTable, at: Moment) -> bool:
    """Whether another table takes the name, as in a copy of the table with its rows."""
    return any(
        isinstance(later, RenameTable) and later.table._replace(name=later.new_name) == action.table
        for later in following(at)
    )
