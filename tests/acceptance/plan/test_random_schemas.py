"""Whatever a schema holds, its plan makes exactly it, and its reverse leaves nothing: as SQL and as revisions."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

import psycopg
import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from tests.acceptance.plan.schemas import schemas
from tests.acceptance.plan.there_and_back import SECTIONS, Outcome, catalog_of, there_and_back

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from alembic_vibe.catalog.keys import Key

pytestmark = pytest.mark.server
EXAMPLES = 24  # twice, and in continuous integration on two versions of PostgreSQL
# Without shrinking: a failing schema is short enough to read, and making it shorter takes minutes.
PHASES = (Phase.explicit, Phase.reuse, Phase.generate)


@pytest.mark.parametrize("as_code", [False, True], ids=["sql", "revisions"])
@settings(max_examples=EXAMPLES, deadline=None, phases=PHASES, suppress_health_check=list(HealthCheck))
@given(statements=schemas(), spread=st.integers(0, 2), seed=st.randoms(use_true_random=False))
def test_there_and_back(bind: Connection, as_code: bool, statements: list[str], spread: int, seed: Random) -> None:
    try:
        catalog_of(bind, statements)
    except psycopg.Error:  # two generated names that clash, or a text that is no pattern: not what is tested here
        bind.rollback()
        assume(False)

    def choose(key: Key) -> str:
        return SECTIONS[seed.randint(0, spread)]

    try:
        outcome = there_and_back(bind, statements, as_code=as_code, choose=choose)
    finally:
        bind.rollback()
    assert outcome == Outcome((), ())
