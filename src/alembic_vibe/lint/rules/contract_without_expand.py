"""AV762: a contract that nothing before it has prepared."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import Rule, Severity
from alembic_vibe.lint.actions import AddColumn, DropColumn, DropTable, RenameColumn, RenameTable, Update
from alembic_vibe.lint.examples import NEXT, Breaks, Example, Told
from alembic_vibe.lint.model import Direction, Finding
from alembic_vibe.lint.moment import is_workspace
from alembic_vibe.sql.quoting import quote_identifier, quote_qualified

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.lint.moment import Done, Walk
    from alembic_vibe.lint.schema import Table
    from alembic_vibe.sql.tree import QualifiedName

BAD = '''\
"""drop orders.note, which is NOT NULL and has no default

Phase: contract
"""

def upgrade() -> None:
    op.drop_column("orders", "note")
'''
_EXPAND = '''\
"""orders.note may be left out

Phase: expand
"""

def upgrade() -> None:
    op.alter_column("orders", "note", nullable=True)
'''
_CONTRACT = '''\
"""drop orders.note, after a release that does without it

Phase: contract
"""

def upgrade() -> None:
    op.drop_column("orders", "note")
'''
GOOD = f"{_EXPAND}\n{NEXT}\n{_CONTRACT}"

RULE = Rule(
    code="AV762",
    slug="contract-without-expand",
    severity=Severity.ERROR,
    summary="A revision of the phase contract takes away what no earlier revision has prepared to go.",
    why="A contract runs when only the release is left that does without the old shape. That release must have worked "
    "before: it cannot insert rows while a column that it does not know is NOT NULL without a default, and it cannot "
    "use a name that only the contract makes.",
    fix="Prepare it in an earlier revision with `Phase: expand`: make the column nullable or give it a default, add "
    "the new column or a view of the new name.",
    bad=BAD,
    good=GOOD,
)
RULES = (RULE,)
HAZARDS = ("old-release-breaks",)
_BEFORE = "CREATE TABLE orders (id bigint PRIMARY KEY, note text NOT NULL); INSERT INTO orders VALUES (1, 'n');"
EXAMPLES = (
    # Only a release that writes the column can run before; it is the one that breaks.
    Example(bad=BAD, good=_EXPAND, before=_BEFORE, evidence=Breaks("INSERT INTO orders (id, note) VALUES (2, 'n')")),
    Example(bad=BAD, good=GOOD, before=_BEFORE, evidence=Told("the schema at the end is the same")),
    Example(
        bad='''\
"""orders.note is called remark

Phase: contract
"""

def upgrade() -> None:
    op.alter_column("orders", "note", new_column_name="remark")
''',
        good='''\
"""orders.note will be called remark

Phase: expand
"""

def upgrade() -> None:
    op.add_column("orders", sa.Column("remark", sa.Text()))
''',
        before="CREATE TABLE orders (id bigint PRIMARY KEY, note text);",
        evidence=Breaks("SELECT note FROM orders"),
    ),
)
# Names that say that nobody is to use the thing any more.
_SET_ASIDE = re.compile(
    r"^_|^vibe_|(^|_)(old|drop(ped)?|deprecated|obsolete|unused|legacy|bak|backup|trash(ed)?|removed?|deleted?|retired"
    r"|archived?|gone)(_|\d|$)",
    re.IGNORECASE,
)
_PREPARING = frozenset({"expand", "migrate", "contract"})


def check_revision(walk: Walk) -> Iterator[Finding]:
    """Look at what a contract drops and renames, with the schema as the revisions before have left it."""
    if walk.revision.facts.phase not in {"contract", "purge"} or Direction.UPGRADE not in walk.settings.directions:
        return
    for done in walk.actions(Direction.UPGRADE):
        match done.action:
            case DropColumn(table=table, column=column):
                yield from _needed(walk, done, table, column) or _replaced_here(walk, done, done.action)
            case RenameColumn(table=table, column=column):
                yield from _needed(walk, done, table, column) or _renamed_column(walk, done, done.action)
            case RenameTable():
                yield from _renamed_table(walk, done, done.action)
            case DropTable(table=table):
                yield from _dropped_table(walk, done, table)


def _needed(walk: Walk, done: Done, name: QualifiedName, column_name: str) -> list[Finding]:
    """Return a finding where no release can insert a row without the column."""
    table = walk.before.tables.get(name)
    column = table.columns.get(column_name) if table is not None else None
    if table is None or column is None or _has_column(walk, name, column_name):
        return []
    if not column.not_null or column.default is not None or column.identity or column.generated or table.triggers:
        return []
    what = f"{quote_qualified(*name)}.{quote_identifier(column_name)}"
    return [
        Finding(
            f"no release that does without {what} can run before this: it is NOT NULL and has no default",
            help=f"In an earlier revision: `op.alter_column({name.name!r}, {column_name!r}, nullable=True)` with "
            "`Phase: expand`; then a release that does without the column, then this revision.",
            read=done.read,
        )
    ]


def _replaced_here(walk: Walk, done: Done, action: DropColumn) -> list[Finding]:
    """Return a finding where the column that takes the values over is added by the same revision."""
    old = re.compile(rf"\b{re.escape(action.column)}\b")
    added: list[str] = []
    for earlier in walk.actions(Direction.UPGRADE):
        match earlier.action:
            case AddColumn(table=table, column=column) if table == action.table and earlier.locks:
                added.append(column.name)
            case Update(table=table, columns=columns) if table == action.table and old.search(earlier.read.sql):
                new = next((name for name in columns if name in added), None)
                if new is not None:
                    return [_too_late(done, action, new)]
        if earlier is done:
            break
    return []


def _too_late(done: Done, action: DropColumn, new: str) -> Finding:
    name, old, table = quote_identifier(new), quote_identifier(action.column), quote_qualified(*action.table)
    return Finding(
        f"{table}.{old} is dropped in the revision that adds {name} in its place: no release can have written {name}",
        help=f"Add {name} in an earlier revision with `Phase: expand`, keep it like {old} by a trigger, and fill the "
        f"old rows in batches; let a release go out that uses {name}; here, only drop {old}.",
        read=done.read,
    )


def _renamed_column(walk: Walk, done: Done, action: RenameColumn) -> list[Finding]:
    """Return a finding where nobody can have used the new name before, nor can use the old one afterwards."""
    table = walk.before.tables.get(action.table)
    if table is not None and (action.new_name in table.columns or action.column not in table.columns):
        return []
    if _SET_ASIDE.search(action.new_name) or is_workspace(action.table) or action.table in walk.made:
        return []
    if _has_column(walk, action.table, action.column) or _changes_places(walk, action):
        return []
    old, new = quote_identifier(action.column), quote_identifier(action.new_name)
    what = f"{quote_qualified(*action.table)}.{old}"
    return [
        Finding(
            f"{what} becomes {new} here, and no earlier revision has added {new}: no release can use both",
            help=f"In an earlier revision with `Phase: expand` add {new} and keep it like {old} by a trigger; let a "
            f"release go out that uses {new}; here, drop {old}.",
            severity=Severity.WARNING,
            read=done.read,
        )
    ]


def _renamed_table(walk: Walk, done: Done, action: RenameTable) -> Iterator[Finding]:
    old, new = action.table, action.table._replace(name=action.new_name)
    if old in walk.made or is_workspace(old) or _SET_ASIDE.search(action.new_name):
        return
    if old in walk.before.views or walk.before.index(old) is not None:
        return
    known_before = new in walk.before.views or new in walk.before.tables
    if known_before or old in walk.after.views or old in walk.after.tables:
        return
    yield Finding(
        f"{quote_qualified(*old)} becomes {quote_identifier(action.new_name)} here, and no earlier revision has made "
        "anything of that name: no release can use both",
        help=f"Rename it in an earlier revision with `Phase: expand` that makes a view {quote_qualified(*old)} as "
        "well; here, drop the view.",
        severity=Severity.WARNING,
        read=done.read,
    )


def _dropped_table(walk: Walk, done: Done, name: QualifiedName) -> Iterator[Finding]:
    """A release that does without a table needs nothing of the schema; but it must have had its time."""
    table = walk.before.tables.get(name)
    if table is None or table.temporary or is_workspace(name) or _SET_ASIDE.search(name.name):
        return
    if _was_prepared(walk, table):
        return
    yield Finding(
        f"{quote_qualified(*name)} was made by {table.created_by}, and no revision of the phase expand or migrate has "
        "come since: was there a release that does without it?",
        help="Let a release go out that does not use the table before this revision runs; drop the table's foreign "
        "keys in an earlier revision with `Phase: expand`.",
        severity=Severity.WARNING,
        read=done.read,
    )


def _was_prepared(walk: Walk, table: Table) -> bool:
    earlier = walk.chain.ancestors(walk.revision)
    ids = [revision.id for revision in earlier]
    if table.created_by not in ids:
        return True
    since = earlier[ids.index(table.created_by) + 1 :]
    return any(revision.facts.phase in _PREPARING for revision in since)


def _has_column(walk: Walk, name: QualifiedName, column: str) -> bool:
    after = walk.after.tables.get(name)
    return after is not None and column in after.columns


def _changes_places(walk: Walk, action: RenameColumn) -> bool:
    """Whether the same revision gives the old name to another column."""
    return any(
        isinstance(done.action, RenameColumn)
        and (done.action.table, done.action.new_name) == (action.table, action.column)
        for done in walk.actions(Direction.UPGRADE)
    )
