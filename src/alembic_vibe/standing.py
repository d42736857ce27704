"""What is pending in a project, since when and why; from its files alone."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import ConfigurationError
from alembic_vibe.history.snapshot import BROKEN, NAME, read_snapshot
from alembic_vibe.plan.model import Phase
from alembic_vibe.plan.pending import Pending, decode_pending, in_order
from alembic_vibe.results import Phase as ResultPhase
from alembic_vibe.results import StatusResult, Waiting

if TYPE_CHECKING:
    from collections.abc import Iterable

    from alembic_vibe.config import Project

_CREATED = re.compile(r"^Create Date: (.+)$", re.MULTILINE)
_REVISION = re.compile(r"^revision\b[^=\n]*=\s*[\"']([^\"']+)[\"']", re.MULTILINE)


def status(project: Project, today: datetime | None = None) -> StatusResult:
    """Return what waits for a later phase.

    Args:
        project: Whose.
        today: For ages; now unless given.

    Raises:
        ConfigurationError: The snapshot is damaged.
    """
    snapshot = read_snapshot(project.script_location / NAME)
    if snapshot is None:
        return StatusResult()
    try:
        pending = in_order(decode_pending(snapshot.pending))
    except ValueError as error:
        raise ConfigurationError(BROKEN.diagnostic(str(error), path=NAME)) from error
    created = _creation_dates(project)
    contracts = {found.since for found in pending if found.revision.phase is Phase.CONTRACT}
    now = today or datetime.now(UTC)
    return StatusResult(snapshot.head, tuple(_waiting(found, created, contracts, now) for found in pending))


def _waiting(found: Pending, created: dict[str, str], contracts: Iterable[str], now: datetime) -> Waiting:
    revision = found.revision
    date = created.get(found.since, "")
    if revision.phase is Phase.CONTRACT:
        reason = "until the old release is gone"
    elif found.since in contracts:
        reason = "until its contract has been written"
    else:
        reason = "until nobody wants to go back any more"
    aside = revision.phase is Phase.PURGE and found.since not in contracts
    objects = dict.fromkeys(str(step.key) for step in revision.steps if step.dangers)
    return Waiting(
        title=revision.title,
        phase=ResultPhase(revision.phase),
        since=found.since,
        created=date,
        days=_days(date, now),
        reason=reason,
        set_aside=tuple(objects) if aside else (),
    )


def _days(date: str, now: datetime) -> int | None:
    try:
        start = datetime.fromisoformat(date)
    except ValueError:
        return None
    if start.tzinfo is None:  # Alembic writes local time unless the project configures a time zone
        start = start.astimezone()
    return max(0, (now - start).days)


def _creation_dates(project: Project) -> dict[str, str]:
    """Return the Create Date of each revision, as its file says it."""
    dates = {}
    for location in project.version_locations:
        for path in sorted(location.glob("**/*.py" if project.recursive else "*.py")):
            text = path.read_text(encoding="utf-8", errors="replace")
            revision, created = _REVISION.search(text), _CREATED.search(text)
            if revision and created:
                dates[revision.group(1)] = created.group(1).strip()
    return dates
