"""AV738: a change of type that writes the table anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import Rule, Severity
from alembic_vibe.lint.actions import AlterType, SetVariable
from alembic_vibe.lint.examples import Example, Takes
from alembic_vibe.lint.model import Emitted, Finding
from alembic_vibe.lint.reading import read
from alembic_vibe.lint.retyping import domain_is_constrained, is_plain_using
from alembic_vibe.lint.taken import Work
from alembic_vibe.lint.types import type_change
from alembic_vibe.lint.wording import column_name, table_name, type_name
from alembic_vibe.sql.quoting import quote_identifier

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.lint.actions import Type
    from alembic_vibe.lint.moment import Moment

BAD = """\
def upgrade() -> None:
    op.alter_column("orders", "number", type_=sa.BigInteger())
"""
GOOD = """\
def upgrade() -> None:
    op.add_column("orders", sa.Column("number_big", sa.BigInteger()))
    op.execute(
        "CREATE FUNCTION orders_number_big() RETURNS trigger LANGUAGE plpgsql "
        "AS $$BEGIN NEW.number_big := NEW.number; RETURN NEW; END$$"
    )
    op.execute(
        "CREATE TRIGGER orders_number_big BEFORE INSERT OR UPDATE ON orders "
        "FOR EACH ROW EXECUTE FUNCTION orders_number_big()"
    )
# --- next revision
def upgrade() -> None:
    op.execute("UPDATE orders SET number_big = number WHERE number_big IS NULL AND id BETWEEN 1 AND 1000")
"""
BEFORE = "CREATE TABLE orders (id bigint PRIMARY KEY, number int); INSERT INTO orders VALUES (1, 1);"
TEXTS = frozenset({"text", "varchar", "bpchar"})
CLOCKS = frozenset({"timestamp", "timestamptz"})

RULE = Rule(
    code="AV738",
    slug="column-type-rewrite",
    severity=Severity.ERROR,
    summary="A column gets a type that the table has to be written anew for.",
    why="PostgreSQL converts every row and builds every index anew, and nobody can even read the table meanwhile. Only "
    "some changes leave the rows alone: a longer varchar or none at all, a numeric with more digits of the same scale.",
    fix="Add a column of the new type, keep both in step with a trigger, fill the old rows in batches, and drop the "
    "old column in a contract revision.",
    bad=BAD,
    good=GOOD,
)
RULES = (RULE,)
EXAMPLES = (
    Example(bad=BAD, good=GOOD, before=BEFORE, evidence=Takes("orders", "ACCESS EXCLUSIVE", "rewrite")),
    Example(
        bad="""\
def upgrade() -> None:
    op.alter_column("orders", "code", type_=sa.String(10))
""",
        good="""\
def upgrade() -> None:
    op.create_check_constraint("orders_code_length", "orders", "length(code) <= 10", postgresql_not_valid=True)
""",
        before="CREATE TABLE orders (id bigint PRIMARY KEY, code varchar(20)); INSERT INTO orders VALUES (1, 'a');",
        evidence=Takes("orders", "ACCESS EXCLUSIVE", "rewrite"),
    ),
    Example(
        bad="""\
def upgrade() -> None:
    op.alter_column("orders", "made", type_=sa.DateTime(timezone=True), postgresql_using="made AT TIME ZONE 'UTC'")
""",
        good="""\
def upgrade() -> None:
    op.execute("SET LOCAL timezone = 'UTC'")
    op.alter_column("orders", "made", type_=sa.DateTime(timezone=True))
""",
        before="CREATE TABLE orders (id bigint PRIMARY KEY, made timestamp); INSERT INTO orders VALUES (1, now());",
        evidence=Takes("orders", "ACCESS EXCLUSIVE", "rewrite"),
    ),
    Example(
        bad="""\
def upgrade() -> None:
    op.alter_column("orders", "code", type_=sa.Text(), postgresql_using="trim(code)")
""",
        good="""\
def upgrade() -> None:
    op.alter_column("orders", "code", type_=sa.Text())
""",
        before="CREATE TABLE orders (id bigint PRIMARY KEY, code varchar(20)); INSERT INTO orders VALUES (1, 'a');",
        evidence=Takes("orders", "ACCESS EXCLUSIVE", "rewrite"),
    ),
    Example(
        bad="""\
def upgrade() -> None:
    op.alter_column("orders", "code", type_=sa.Text())
""",
        good="""\
def upgrade() -> None:
    op.drop_constraint("orders_code_check", "orders")
    op.create_check_constraint("orders_code_check", "orders", "code <> ''", postgresql_not_valid=True)
    op.alter_column("orders", "code", type_=sa.Text())
""",
        before="CREATE TABLE orders (id bigint PRIMARY KEY, code varchar(20) CHECK (code <> ''));"
        "INSERT INTO orders VALUES (1, 'a');",
        evidence=Takes("orders", "ACCESS EXCLUSIVE", "scan"),
    ),
)
ACTIONS = (AlterType,)
HAZARDS = ("table-rewrite", "blocking-scan")


def check(action: AlterType, at: Moment) -> Iterator[Finding]:
    """Look at what the change costs a table in use (``lint.types``), by its old type."""
    work = max((lock.work for lock in at.locks), key=lambda work: work.rank, default=Work.NONE)
    if work not in {Work.REWRITE, Work.SCAN}:
        return
    name, new = column_name(action.table, action.column), type_name(action.type)
    if work is Work.SCAN:
        yield Finding(
            f"every row is read to try the CHECKs of {name} again while nobody can read {table_name(action.table)}",
            help="Replace the CHECK by one that is NOT VALID before, and validate it in the next revision.",
            severity=Severity.WARNING,
        )
        return
    old, told = _type_before(action, at)
    if not action.type.is_known:
        yield Finding(
            f"{name} gets a type of a module that is not installed here: the whole table may be written anew while "
            "nobody can read it"
        )
    elif old is None:
        yield Finding(
            f"{name} becomes {new}, and its type before is not known: the whole table may be written anew while nobody "
            "can read it"
        )
    elif not (told and _keeps_rows(action, old, at)) and not _is_utc(action, old, at):
        yield Finding(
            f"{name} changes from {type_name(old)} to {new}: the whole table is written anew while nobody can read it",
            help=_help(action, old),
        )


def _type_before(action: AlterType, at: Moment) -> tuple[Type | None, bool]:
    """Return the column's type before, and whether only ``existing_type=`` of the revision says so."""
    table = at.table(action.table)
    column = table.columns.get(action.column) if table and not table.in_doubt else None
    if column is not None and column.type.is_known:
        return column.type, False
    if not at.read.emitted.existing_type:
        return None, False
    text = f"ALTER TABLE t ALTER c TYPE {at.read.emitted.existing_type}"
    for one in read(Emitted(text, at.read.emitted.place)):
        for alter in one.actions:
            if isinstance(alter, AlterType) and alter.type.is_known:
                return alter.type, True
    return None, False


def _keeps_rows(action: AlterType, old: Type, at: Moment) -> bool:
    plain = is_plain_using(action.using, action.column, action.type)
    constrained = old != action.type and domain_is_constrained(action.type, at.before)
    return plain and not constrained and type_change(old, action.type, using=False).keeps_rows


def _is_utc(action: AlterType, old: Type, at: Moment) -> bool:
    """Whether the times keep their bytes because the transaction says that its time zone is UTC."""
    zones = [one.value for one, _ in at.transaction.actions if isinstance(one, SetVariable) and one.name == "timezone"]
    if not zones or (zones[-1] or "").upper() not in {"UTC", "ETC/UTC", "GMT", "ETC/GMT", "UCT", "ZULU"}:
        return False
    plain = is_plain_using(action.using, action.column, action.type)
    return plain and type_change(old, action.type, using=False, time_zone_utc=True).keeps_rows


def _help(action: AlterType, old: Type) -> str | None:
    table, column = table_name(action.table), quote_identifier(action.column)
    plain = is_plain_using(action.using, action.column, action.type)
    if not plain and type_change(old, action.type, using=False).keeps_rows:
        return f"Leave USING out: from {type_name(old)} to {type_name(action.type)} the rows can stay as they are."
    pair = {old.name.name, action.type.name.name}
    if pair == CLOCKS and not action.type.modifiers:
        return (
            "If the values are UTC, the rows can stay as they are: `op.execute(\"SET LOCAL timezone = 'UTC'\")` before "
            "it, and no USING."
        )
    if pair <= TEXTS and action.type.name.name == "varchar" and action.type.modifiers:
        return (
            f"Leave the type as it is and limit the length: `ALTER TABLE {table} ADD CHECK (length({column}) <= "
            f"{action.type.modifiers[0]}) NOT VALID`, validated in the next revision."
        )
    return None
