"""Whatever people edit: the plan leads to the new schema and back, or is refused with a reason. Nothing in between."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings

from alembic_vibe.diagnostics import SpecError
from alembic_vibe.postgres.server import ScratchServer
from tests.acceptance.evolution.evolve import carry_out, plan
from tests.acceptance.evolution.pairs import pairs
from tests.acceptance.evolution.wide import wide_pairs

pytestmark = pytest.mark.server
# Without shrinking: a failing pair is short enough to read, and making it shorter takes minutes.
_DIFFERS = " differs in definition, expression"
PHASES = (Phase.explicit, Phase.reuse, Phase.generate)


@settings(max_examples=25, deadline=None, phases=PHASES, suppress_health_check=list(HealthCheck))
@given(pair=pairs() | wide_pairs())
def test_there_and_back(server: ScratchServer, tmp_path_factory: pytest.TempPathFactory, pair: tuple[str, str]) -> None:
    old, new = pair
    try:
        evolved = plan(server, tmp_path_factory.mktemp("pair"), old, new)
    except SpecError:  # a domain's default that its check refuses, and the like: not what is tested here
        assume(False)
        raise
    if evolved.evolution.undecided:
        assert all(diagnostic.help for diagnostic in evolved.evolution.undecided)
        return
    assert [change.describe() for change in evolved.evolution.plan.unplanned] == []
    trip = carry_out(server, evolved)
    # CHECKs of new tables get the author's words when revisions are rendered, which is not done here.
    made = [str(key) for key in evolved.new.catalog.facts if key not in evolved.old.catalog.facts]
    trip.there = [text for text in trip.there if not (_DIFFERS in text and any(key in text for key in made))]
    assert (trip.there, trip.traces, trip.back) == ([], [], []), f"{new}\n\n{evolved.text}"
