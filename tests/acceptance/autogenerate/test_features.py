"""Whatever differs between the models and the database is found, carried by plain operations, and can be undone."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from tests.acceptance.pgdump import difference, pg_dump, schema_statements

if TYPE_CHECKING:
    from alembic_vibe.postgres.server import ScratchServer
    from tests.acceptance.autogenerate.world import Database

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("plugin")]
CASES = Path(__file__).parents[2] / "cases" / "autogenerate"
DRIFTS: list[dict[str, Any]] = yaml.safe_load((CASES / "drifts.yaml").read_text(encoding="utf-8"))


def test_nothing_is_found_where_nothing_differs(shop: Database) -> None:
    assert shop.found() == []


@pytest.mark.parametrize("number", sorted({drift["round"] for drift in DRIFTS}))
def test_drift_is_found_and_carried_both_ways(shop: Database, server: ScratchServer, number: int) -> None:
    drifts = [drift for drift in DRIFTS if drift["round"] == number]
    for drift in drifts:
        shop.execute(*drift["sql"])
    name = shop.engine.url.database or ""
    before = schema_statements(pg_dump(server, name))
    script = shop.compare()
    assert script.upgrade_ops is not None
    found = Counter(str(part[0] if isinstance(part, tuple) else part[0][0]) for part in script.upgrade_ops.as_diffs())
    expected = Counter(what for drift in drifts for what in drift["found"])
    assert found >= expected, f"not found: {expected - found}"
    text = shop.run(script.upgrade_ops)
    assert "alembic_vibe" not in text
    assert shop.found() == [], text
    back = shop.run(script.downgrade_ops)
    assert difference(before, schema_statements(pg_dump(server, name))) == "", f"{text}\n---\n{back}"
