"""Every case of ``tests/cases/plan``: two schemas, and what is planned, carried out and undone between them.

The linter must have nothing to say about the revisions that are generated for it.

A case has ``name``, ``recipe`` (rows of the table of changes), ``old`` and ``new`` (SQL, annotations included); what is
expected: ``phases`` (one for each revision), ``hazards`` (``slug:object``), ``contains`` and ``lacks`` (parts of the
upgrades' SQL, white space folded), ``undecided`` (codes of questions; then nothing is planned); and ``rows`` (SQL that
fills the old schema, statements separated by ``;`` at the end of a line) with ``after`` (queries by phase that must
return true on the database when the last revision of that phase has run).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from tests.acceptance.evolution.evolve import carry_out, plan
from tests.acceptance.evolution.linted import findings

if TYPE_CHECKING:
    from alembic_vibe.plan.model import PlannedRevision
    from alembic_vibe.postgres.server import ScratchServer

_FOLDER = Path(__file__).parents[2] / "cases" / "plan"
_KNOWN = {
    "name", "recipe", "old", "new", "phases", "hazards", "contains", "lacks", "undecided", "rows", "after", "versions",
}  # fmt: skip


def _cases() -> list[Any]:
    found = []
    for path in sorted(_FOLDER.glob("*.yaml")):
        for case in yaml.safe_load(path.read_text(encoding="utf-8")):
            assert set(case) <= _KNOWN, f"{path.name}: {set(case) - _KNOWN}"
            found.append(pytest.param(case, id=f"{path.stem}: {case['name']}"))
    return found


def _folded(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("case", _cases())
def test_case(case: dict[str, Any], server: ScratchServer, tmp_path: Path) -> None:
    major = server.version_num // 10000
    if major not in case.get("versions", [15, 16, 17, 18]):
        pytest.skip(f"not for PostgreSQL {major}")
    evolved = plan(server, tmp_path, case["old"], case["new"])
    codes = [diagnostic.code for diagnostic in evolved.evolution.undecided]
    assert codes == case.get("undecided", []), evolved.evolution.undecided
    assert [change.describe() for change in evolved.evolution.plan.unplanned] == []
    if codes:
        return
    text = _folded(evolved.text)
    for part in case.get("contains", []):
        assert _folded(part) in text, evolved.text
    for part in case.get("lacks", []):
        assert _folded(part) not in text, evolved.text
    assert evolved.phases == case["phases"], evolved.text
    assert evolved.hazards == case.get("hazards", [])
    assert [f"{d.rule}: {d.message}" for d in findings(evolved, tmp_path)] == []
    last = {revision.phase: revision for revision in evolved.revisions}

    def holds(connection: Any, revision: PlannedRevision) -> None:
        if last[revision.phase] is revision:
            for query in case.get("after", {}).get(revision.phase.value, []):
                assert connection.execute(query.encode()).fetchone() == (True,), f"{revision.title}: {query}"

    trip = carry_out(server, evolved, case.get("rows", ""), holds)
    assert trip.there == [], evolved.text
    assert trip.traces == [], evolved.text
    assert trip.back == [], evolved.text
