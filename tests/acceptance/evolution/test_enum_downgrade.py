"""The downgrade of a new enum label: it goes where no row has it, and stops where rows do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest

from tests.acceptance.evolution.evolve import carry_out, plan

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

    from alembic_vibe.plan.model import PlannedRevision
    from alembic_vibe.postgres.server import ScratchServer

_OLD = """
CREATE TYPE status AS ENUM ('new', 'paid');
CREATE TABLE "Orders" (id bigint PRIMARY KEY, status status, "all" status[]);
"""
_NEW = _OLD.replace("'paid'", "'paid', '100% sent'")


@pytest.mark.parametrize(
    ("row", "place"),
    [("(1, '100% sent', NULL)", "Orders.status"), ("(1, 'new', '{paid,\"100% sent\"}')", "Orders.all")],
)
def test_rows_with_the_label_stop_it(server: ScratchServer, tmp_path: Path, row: str, place: str) -> None:
    evolved = plan(server, tmp_path, _OLD, _NEW)

    def fill(connection: Any, _revision: PlannedRevision) -> None:
        connection.execute(f'INSERT INTO "Orders" VALUES {row}'.encode())

    with pytest.raises(psycopg.errors.RaiseException, match=f"1 rows of {place} hold 100% sent: give them another"):
        carry_out(server, evolved, after_each=fill)


def test_other_rows_stay(server: ScratchServer, tmp_path: Path) -> None:
    evolved = plan(server, tmp_path, _OLD, _NEW)

    def fill(connection: Any, _revision: PlannedRevision) -> None:
        connection.execute(b"INSERT INTO \"Orders\" VALUES (1, 'paid', '{new}')")

    trip = carry_out(server, evolved, after_each=fill)
    assert (trip.there, trip.traces, trip.back) == ([], [], [])
