"""Row-level security flags and replica identity: a table's own, but set when its policies and indexes are there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Fact, Table
from alembic_vibe.plan.model import Step
from alembic_vibe.plan.operations import Execute
from alembic_vibe.plan.sql import name_of
from alembic_vibe.sql.compose import Name, Printed, compose

if TYPE_CHECKING:
    from alembic_vibe.catalog.keys import Kind
    from alembic_vibe.plan.context import Context

KINDS: tuple[Kind, ...] = ()
ASPECT = "row security"  # the member of the key that stands for these settings in the plan


def create(fact: Fact, _context: Context) -> Step:
    """Return the step that sets them; the downgrade takes them back where the table stays."""
    assert isinstance(fact, Table)
    table = name_of(fact.key)
    up, down = [], []
    for wanted, on, off in (
        (fact.row_security, "ENABLE", "DISABLE"),
        (fact.force_row_security, "FORCE", "NO FORCE"),
    ):
        if wanted:
            sql = "ALTER TABLE {table} {verb} ROW LEVEL SECURITY"
            up.append(Execute(compose(sql, table=table, verb=Printed(on))))
            down.append(Execute(compose(sql, table=table, verb=Printed(off))))
    if fact.replica_identity != "default":
        kind, _, index = fact.replica_identity.partition(" ")
        identity = compose("USING INDEX {index}", index=Name(index)) if index else kind.upper()
        sql = "ALTER TABLE {table} REPLICA IDENTITY {identity}"
        up.append(Execute(compose(sql, table=table, identity=Printed(identity))))
        down.append(Execute(compose(sql, table=table, identity=Printed("DEFAULT"))))
    return Step(fact.key._replace(member=ASPECT), tuple(up), tuple(reversed(down)))


def needed(table: Table) -> bool:
    """Whether a table has any of these settings."""
    return table.row_security or table.force_row_security or table.replica_identity != "default"
