"""Both releases write while the expand and migrate revisions run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.catalog.keys import Kind
from alembic_vibe.history.chain import ChainError
from alembic_vibe.plan.model import Phase
from alembic_vibe.prove.concurrency import Report, Writer, run_concurrently

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from alembic_vibe.catalog.keys import Key
    from alembic_vibe.history.chain import Chain
    from alembic_vibe.plan.model import Verify
    from alembic_vibe.postgres.server import ScratchServer
    from alembic_vibe.prove.battery import Battery
    from alembic_vibe.prove.staged import StagedRevision

_TRIES = 5  # of a revision that runs into a lock time-out
_LOCKED = ("LockNotAvailable", "DeadlockDetected", "lock timeout", "deadlock")


def is_worth_it(stages: Sequence[StagedRevision]) -> bool:
    """Whether rows may come apart at all: something is moved, or somebody asks whether it was."""
    return any(stage.is_early for stage in stages) and any(
        stage.verify or stage.phase is Phase.MIGRATE for stage in stages
    )


def write_together(
    chain: Chain,
    server: ScratchServer,
    database: str,
    stages: Sequence[StagedRevision],
    old: Battery,
    new: Battery,
    relations: Collection[Key],
) -> Report:
    """Run the revisions while both releases write.

    The old release writes from the beginning, the new one from the end of expand: it must be able to serve while the
    migrate revisions run.

    Args:
        chain: Has the revisions.
        server: Where the database is.
        database: The state before the first revision, with rows; it is changed.
        stages: All revisions; what they verify is asked at the end.
        old: The statements of the running release.
        new: Those of the next one.
        relations: Tables that both have.

    Raises:
        ChainError: A revision fails while others write.
    """
    early = [stage for stage in stages if stage.is_early]
    url = server.sqlalchemy_url(database)
    steps = [lambda stage=stage: _upgrade(chain, stage, url) for stage in early]
    after = sum(stage.phase is Phase.EXPAND for stage in early)
    writers = [
        *_writers("the running release", old.transactions(relations), 0),
        *_writers("the next release", new.transactions(relations), after),
    ]
    return run_concurrently(server, database, steps, writers, _kept(stages))


def _kept(stages: Sequence[StagedRevision]) -> list[Verify]:
    """Return what the later revisions ask for and the earlier ones take care of.

    What nothing takes care of waits for rows that the application itself must mend: it may be broken until then. So it
    is with a constraint that is still in two minds, old or new; a column has a trigger or a default.
    """
    kinds = {Kind.COLUMN, Kind.TABLE}
    cared_for = {key for stage in stages if stage.is_early for key in stage.subjects if key.kind in kinds}
    found = (one for stage in stages if not stage.is_early for key, one in stage.verify if key in cared_for)
    return list(dict.fromkeys(found))


def _writers(name: str, transactions: Sequence[tuple[str, ...]], after: int) -> list[Writer]:
    """Return two writers, each with every other thing to do (and to undo)."""
    pairs = [tuple(transactions[at : at + 2]) for at in range(0, len(transactions), 2)]
    shares = [tuple(one for pair in pairs[start::2] for one in pair) for start in (0, 1)]
    return [Writer(f"{name} ({number})", share, after) for number, share in enumerate(shares, start=1) if share]


def _upgrade(chain: Chain, stage: StagedRevision, url: str) -> None:
    for attempt in range(_TRIES):
        try:
            chain.upgrade(stage.id, url)
        except ChainError as error:
            if attempt == _TRIES - 1 or not any(word in error.message for word in _LOCKED):
                raise
        else:
            return
