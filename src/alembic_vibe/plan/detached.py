"""Backfills that an operator runs: a script instead of a revision, and a contract that checks its work.

A backfill of a large table may take hours; a deployment that runs ``alembic upgrade head`` should not. What comes after
it in the same phase relies on it, and waits for the contract with everything else.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from alembic_vibe.plan.model import Mode, Phase, Plan, PlannedRevision, Step, Verify


@dataclass(frozen=True)
class Script:
    """A backfill to be run with ``psql``: ``name`` for its file, and its revision."""

    name: str
    revision: PlannedRevision

    @property
    def statements(self) -> tuple[str, ...]:
        """Its SQL, statement by statement; each commits by itself."""
        return tuple(sql for operation in self.revision.up for sql in operation.statements)


def detach(plan: Plan) -> tuple[Plan, tuple[Script, ...]]:
    """Take the backfills out of a plan.

    Args:
        plan: All phases of a change.

    Returns:
        The plan without its backfills: what followed them in their phase is part of contract now, which begins by
        checking that no row is left to do; and the backfills as scripts, in order.
    """
    scripts: list[Script] = []
    kept: list[PlannedRevision] = []
    checks: list[Verify] = []
    for revision in plan.revisions:
        if revision.mode is Mode.BATCHED and revision.phase is Phase.MIGRATE:
            name = "_".join(revision.title.replace(".", " ").split())
            scripts.append(Script(name, revision))
            checks += [verify for step in revision.steps for verify in step.done]
        elif scripts and revision.phase is Phase.MIGRATE:
            kept.append(_later(revision))
        else:
            kept.append(revision)
    if checks:
        _check_first(kept, tuple(checks), scripts[0].revision)
    return Plan(tuple(sorted(kept, key=lambda revision: revision.phase.rank))), tuple(scripts)


def _later(revision: PlannedRevision) -> PlannedRevision:
    steps = tuple(replace(step, phase=Phase.CONTRACT) for step in revision.steps)
    title = revision.title.replace(Phase.MIGRATE, Phase.CONTRACT, 1)
    return replace(revision, phase=Phase.CONTRACT, steps=steps, title=title)


def _check_first(revisions: list[PlannedRevision], checks: tuple[Verify, ...], backfill: PlannedRevision) -> None:
    """Let the first revision of contract check that the backfills have been run; there may have to be one for that."""
    for i, revision in enumerate(revisions):
        if revision.phase is Phase.CONTRACT:
            first = revision.steps[0]
            steps = (replace(first, verify=(*checks, *first.verify)), *revision.steps[1:])
            revisions[i] = replace(revision, steps=steps)
            return
    title = f"{Phase.CONTRACT} check backfills"
    step = Step(backfill.steps[0].key, (), phase=Phase.CONTRACT, title="check backfills", verify=checks)
    revisions.append(PlannedRevision(backfill.section, title, Phase.CONTRACT, (step,)))
