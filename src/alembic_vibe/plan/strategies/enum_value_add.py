"""New labels of an enum (recipe 33)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Enum
from alembic_vibe.plan.belongings import changes_of
from alembic_vibe.plan.blocks import execute
from alembic_vibe.plan.described import comment, label, owner
from alembic_vibe.plan.model import Mode, Phase, Step
from alembic_vibe.plan.operations import Execute
from alembic_vibe.plan.situation import Planned, node_of
from alembic_vibe.plan.sql import exact_name, name_of
from alembic_vibe.plan.type_swap import columns_of, swap_type
from alembic_vibe.sql.compose import Literal, Name, Printed, compose

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.catalog.facts import Column
    from alembic_vibe.diff.compare import Change
    from alembic_vibe.plan.situation import Situation

RECIPES = ("33",)

# What a downgrade must not lose silently: no row may hold a label that goes.
_GUARD = """\
SELECT count(*) INTO vibe_rows FROM {table} WHERE {condition};
IF vibe_rows > 0 THEN
    RAISE EXCEPTION '% rows of {place} hold {labels}: give them another value first', vibe_rows;
END IF"""

_BLOCK = """\
DO $vibe$
DECLARE
    vibe_rows bigint;
BEGIN
{body}
END
$vibe$"""


def applies(change: Change, _situation: Situation) -> bool:
    """Labels come, anywhere, and the others keep their order."""
    one, other = change.before, change.after
    if not change.alters("labels") or not isinstance(one, Enum) or not isinstance(other, Enum):
        return False
    kept = [found for found in other.labels if found in one.labels]
    return one.labels != other.labels and kept == list(one.labels)


def plan(change: Change, situation: Situation) -> Planned:
    """Add each outside a transaction: it may be used only when that has been committed.

    PostgreSQL removes no label: the downgrade makes the type anew, in one statement, and stops where rows hold one.
    """
    old, new = situation.old_fact(change.key), situation.new_fact(change.key)
    assert isinstance(old, Enum)
    assert isinstance(new, Enum)
    added = [found for found in new.labels if found not in old.labels]
    shown = ", ".join(f"'{found}'" for found in added)
    name = label(change.key)
    swap = swap_type(situation, change.key, _by_text, _by_text, early=True)
    down: tuple[Execute, ...] = ()
    kept = ""
    if swap.stuck:
        kept = f"PostgreSQL removes no label, and {swap.stuck[0]} keeps {name} from being made anew"
    else:
        statements = [sql for operation in swap.down for sql in operation.statements]
        guards = list(_guards(change, situation, added))
        body = "\n".join(_indented(f"{sql};") for sql in (*guards, *statements))
        down = (Execute(compose(_BLOCK, body=Printed(body))),)
    tables = ", ".join(table.qualified for table in swap.tables)
    note = f"The downgrade makes {name} anew" + (f" and rewrites {tables}" if tables else "") + "."
    said = [make(new.key, new) for make, field in ((comment, "comment"), (owner, "owner")) if _differs(old, new, field)]
    step = Step(
        change.key,
        (*_add(old, new), *said),
        down,
        kept=kept,
        phase=Phase.EXPAND,
        mode=Mode.AUTOCOMMIT,
        title=f"{name}: {shown}",
        old_sees=f"it may read {shown}, once the next release writes that",
        notes=(note,) if not kept else (),
    )
    return Planned((step,), changes_of(situation, [change.key]) - {node_of(change)})


def _differs(old: Enum, new: Enum, field: str) -> bool:
    return bool(getattr(old, field) != getattr(new, field))


def _add(old: Enum, new: Enum) -> Iterator[Execute]:
    name = exact_name(new.key, shadowed=new.shadowed)
    present = set(old.labels)
    for i, text in enumerate(new.labels):
        if text in present:
            continue
        place = ""
        following = next((found for found in new.labels[i + 1 :] if found in present), None)
        if following is not None:
            place = compose(" BEFORE {label}", label=Literal(following))
        sql = "ALTER TYPE {name} ADD VALUE IF NOT EXISTS {label}{place}"
        yield execute(sql, name=name, label=Literal(text), place=Printed(place))
        present.add(text)


def _by_text(name: Name, column: Column) -> str:
    brackets = "[]" if column.type.array else ""
    return f"{name}::text{brackets}::{column.type.text}"


def _guards(change: Change, situation: Situation, labels: list[str]) -> Iterator[str]:
    """Yield what counts the rows that hold one of the labels."""
    literals = [Literal(found) for found in labels]
    for table, column in columns_of(situation, change.key):
        name = Name(column.name)
        template = "{name}::text[] && ARRAY[{labels}]" if column.type.array else "{name}::text IN ({labels})"
        said = f"{table.key.qualified}.{column.name}".replace("'", "''").replace("%", "%%")
        yield compose(
            _GUARD,
            table=name_of(table.key),
            condition=Printed(compose(template, name=name, labels=literals)),
            place=Printed(said),
            labels=Printed(", ".join(labels).replace("'", "''").replace("%", "%%")),
        )


def _indented(sql: str) -> str:
    """Return a statement as part of a block; only its first line, since the others may be inside quotes."""
    return f"    {sql}"
