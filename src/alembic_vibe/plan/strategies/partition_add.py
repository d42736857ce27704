"""A new partition of a table in use (recipe 48): made by itself, and attached under a weak lock.

``CREATE TABLE … PARTITION OF`` would keep everybody from the parent. ``ATTACH PARTITION`` lets them go on, and brings
the indexes, foreign keys and triggers that the partition shall have (PostgreSQL manual, 5.12.2.2).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Index, Table
from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.diff.compare import ChangeKind
from alembic_vibe.locks import LockLevel
from alembic_vibe.plan.blocks import execute, locks, shown
from alembic_vibe.plan.discovery import makers_by_kind
from alembic_vibe.plan.model import Phase, Step
from alembic_vibe.plan.operations import DropTable
from alembic_vibe.plan.partitions import attach, detach, is_rebuilt, redivision, referred, referring
from alembic_vibe.plan.situation import Planned, node_of
from alembic_vibe.plan.sql import name_of, storage_parameters
from alembic_vibe.sql.compose import Name, Printed, compose

if TYPE_CHECKING:
    from alembic_vibe.diff.compare import Change
    from alembic_vibe.plan.operations import Execute
    from alembic_vibe.plan.situation import Situation

RECIPES = ("48",)
_LIKE = "INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING GENERATED INCLUDING STORAGE INCLUDING COMPRESSION"


def applies(change: Change, situation: Situation) -> bool:
    """A partition of a table that is there, and beside which no other partition changes with it."""
    table = change.after
    if change.kind is not ChangeKind.ADD or change.key.kind is not Kind.TABLE or not isinstance(table, Table):
        return False
    parent = table.partition_of
    if parent is None or parent in situation.new_keys or is_rebuilt(parent, situation):
        return False
    found = redivision(parent, situation)
    return found is None or change.key not in found.after


def plan(change: Change, situation: Situation) -> Planned:
    """Make it like its parent and attach it, before the next release."""
    table = situation.new_words.table(change.key)
    parent = table.partition_of
    assert parent is not None
    made = makers_by_kind()[Kind.TABLE].create(table, situation.new)
    what = shown(table.key)
    drop = DropTable(table.key, (compose("DROP TABLE {table}", table=name_of(table.key)),))
    outward = referred(situation.new_words, table.key)
    inward = [found.table for found in referring(situation.new_words, parent)]
    indexes = [found for found in situation.changes if _is_own_index(found, table.key)]
    facts = [situation.new_words.facts[found.key] for found in indexes]
    built = [makers_by_kind()[Kind.INDEX].create(fact, situation.new).up for fact in facts]
    step = Step(
        change.key,
        (_create(table), *made.up[1:], *(one for operations in built for one in operations), attach(table)),
        (detach(table), drop),
        phase=Phase.EXPAND,
        title=what,
        locks=(
            *locks(LockLevel.SHARE_UPDATE_EXCLUSIVE, parent),
            *locks(LockLevel.SHARE_ROW_EXCLUSIVE, *outward, *inward),
        ),
        loses=f"the rows of {what}",
    )
    return Planned((step,), takes=frozenset(node_of(found) for found in indexes))


def _is_own_index(change: Change, table: Key) -> bool:
    """Whether a change is a new index of a new partition that it does not have from its parent."""
    fact = change.after
    own = isinstance(fact, Index) and fact.table == table and not fact.inherited
    return own and change.kind is ChangeKind.ADD


def _create(table: Table) -> Execute:
    assert table.partition_of is not None
    parts = [
        compose(
            f"CREATE {{unlogged}}TABLE {{name}} (LIKE {{parent}} {_LIKE})",
            unlogged=Printed("UNLOGGED " if table.unlogged else ""),
            name=name_of(table.key),
            parent=name_of(table.partition_of),
        )
    ]
    if table.partition_key is not None:
        parts.append(f"PARTITION BY {table.partition_key}")
    if table.access_method != "heap":
        parts.append(compose("USING {method}", method=Name(table.access_method)))
    if table.options:
        parts.append(compose("WITH {options}", options=storage_parameters(table.options)))
    if table.tablespace is not None:
        parts.append(compose("TABLESPACE {name}", name=Name(table.tablespace)))
    return execute("{sql}", sql=Printed(" ".join(parts)))
