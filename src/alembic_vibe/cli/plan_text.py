"""A plan for people: the steps in order, with what they lock, what each release sees, and what is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.cli.summary import plural
from alembic_vibe.results import Phase

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from alembic_vibe.results import PlannedInfo, PlanResult, StatusResult, StepInfo

_WHEN = {
    Phase.EXPAND: "before the new release",
    Phase.MIGRATE: "beside both releases",
    Phase.CONTRACT: "after the old release is gone",
    Phase.PURGE: "when nobody wants to go back any more",
}
_MODES = {"transaction": "", "autocommit": ", outside a transaction", "batched": ", in batches"}


def plan_lines(result: PlanResult, *, verbose: bool) -> list[str]:
    """Return the account of ``plan``, line by line; ``verbose`` shows the SQL."""
    if not result.revisions:
        lines = ["Nothing to do: the project is up to date with the specification."]
    else:
        lines = []
        for phase in Phase:
            found = result.of_phase(phase)
            if found:
                lines += ["", f"{phase.capitalize()}, {_WHEN[phase]}: {plural(len(found), 'revision')}"]
                for revision in found:
                    lines += _revision(revision, verbose=verbose)
    if result.pending:
        lines += ["", "Pending from earlier runs:"]
        lines += [f"  {revision.title}" for revision in result.pending]
    lines += _hazards("To be accepted by generate:", result.of_phase(Phase.EXPAND, Phase.MIGRATE, Phase.CONTRACT))
    lines += _hazards("To be accepted by generate --phase purge:", result.of_phase(Phase.PURGE))
    if result.revisions:
        lines += ["", "Next: alembic-vibe generate"]
    return lines[1:] if lines and not lines[0] else lines


def _hazards(title: str, revisions: Iterable[PlannedInfo]) -> list[str]:
    found = dict.fromkeys(h for r in revisions for step in r.steps for h in step.hazards)
    return ["", title, *(f"  --accept {slug}:{name}  {message}" for slug, name, message in found)] if found else []


def _revision(revision: PlannedInfo, *, verbose: bool) -> Iterator[str]:
    yield f"  {revision.title}{_MODES[revision.mode]}"
    steps = revision.steps
    yield from _fact("locks", (f"{level} on {name}" for step in steps for name, level in step.locks))
    yield from _fact("reads whole", (name for step in steps for name in step.scans))
    yield from _fact("rewrites", (name for step in steps for name in step.rewrites))
    yield from _fact("waits for no", (message for step in steps for message in step.verify))
    yield from _fact("old release", (step.old_sees for step in steps))
    yield from _fact("new release", (step.new_sees for step in steps))
    yield from _fact("downgrade loses", (step.loses for step in steps))
    if verbose:
        for step in steps:
            yield from _sql(step)


def _fact(name: str, values: Iterable[str]) -> Iterator[str]:
    found = list(dict.fromkeys(value for value in values if value))
    if found:
        yield f"      {name}: {'; '.join(found)}"


def _sql(step: StepInfo) -> Iterator[str]:
    for sql in step.sql:
        for line in f"{sql};".splitlines():
            yield f"        {line}"


def status_lines(result: StatusResult) -> list[str]:
    """Return the account of ``status``, line by line."""
    if not result.pending:
        return ["Nothing is pending."]
    lines = []
    for found in result.pending:
        age = "" if found.days is None else f", {plural(found.days, 'day')} old"
        lines.append(f"{found.title}  (since {found.since}{age}; {found.reason})")
        lines += [f"    set aside: {name}" for name in found.set_aside]
    phases = dict.fromkeys(found.phase for found in result.pending)
    lines += ["", f"Next: alembic-vibe generate --phase {next(iter(phases))}"]
    return lines
