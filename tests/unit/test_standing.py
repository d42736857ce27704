"""What is pending, and how old it is, from the files of a project."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest

from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.config import Project
from alembic_vibe.diagnostics import ConfigurationError
from alembic_vibe.hazards import DATA_LOSS, Danger
from alembic_vibe.history.snapshot import NAME, Snapshot
from alembic_vibe.plan.model import Phase, PlannedRevision, Step
from alembic_vibe.plan.pending import Pending
from alembic_vibe.standing import status

if TYPE_CHECKING:
    from pathlib import Path

NOTE = Key(Kind.COLUMN, "public", "orders", "note")
NOW = datetime(2024, 5, 11, 12, tzinfo=UTC)


def pending(phase: Phase, since: str) -> Pending:
    dangers = (Danger(DATA_LOSS, "orders.note", "gone"),) if phase is Phase.PURGE else ()
    step = Step(NOTE, (), phase=phase, dangers=dangers)
    return Pending(PlannedRevision("5.3", f"{phase} orders.note", phase, (step,)), since)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    (tmp_path / "migrations" / "versions").mkdir(parents=True)
    return Project(
        root=tmp_path,
        ini=None,
        pyproject=None,
        has_environment=True,
        script_location=tmp_path / "migrations",
        version_locations=(tmp_path / "migrations/versions",),
        package="app",
        package_dir=tmp_path / "app",
        spec=tmp_path / "docs/spec.md",
        models=tmp_path / "app/models",
        seeds=tmp_path / "seeds",
        tests=tmp_path / "tests/migrations",
    )


def keep(project: Project, *waiting: Pending) -> None:
    snapshot = Snapshot("spec.md", "0003", 180000, pending=tuple(found.encode() for found in waiting))
    (project.script_location / NAME).write_text(snapshot.text(), encoding="utf-8")


def created(project: Project, revision: str, date: str) -> None:
    text = f'"""title\n\nRevision ID: {revision}\nCreate Date: {date}\n"""\n\nrevision: str = "{revision}"\n'
    (project.script_location / "versions" / f"{revision}_x.py").write_text(text, encoding="utf-8")


def test_without_a_snapshot_nothing_is_pending(project: Project) -> None:
    assert status(project, NOW).pending == ()


@pytest.mark.parametrize(
    ("date", "days"),
    [
        pytest.param("2024-05-01 12:00:00+00:00", 10, id="to the minute"),
        pytest.param("2024-05-01 12:00:01+00:00", 9, id="not quite ten days"),
        pytest.param("2024-05-01 14:00:00.123456+02:00", 9, id="another zone"),
        pytest.param("2024-05-12 12:00:00+00:00", 0, id="a clock that is ahead"),
        pytest.param("yesterday", None, id="no date"),
    ],
)
def test_ages(project: Project, date: str, days: int | None) -> None:
    keep(project, pending(Phase.CONTRACT, "0002"))
    created(project, "0002", date)
    (found,) = status(project, NOW).pending
    assert (found.created, found.days) == (date, days)


def test_a_date_without_a_zone_is_local(project: Project) -> None:
    keep(project, pending(Phase.CONTRACT, "0002"))
    local = (NOW - timedelta(days=3)).astimezone().replace(tzinfo=None)
    created(project, "0002", str(local))
    assert status(project, NOW.astimezone(timezone(timedelta(hours=9)))).pending[0].days == 3


def test_a_revision_that_is_gone_has_no_age(project: Project) -> None:
    keep(project, pending(Phase.CONTRACT, "0002"))
    assert status(project, NOW).pending[0].days is None


def test_reasons_and_what_is_set_aside(project: Project) -> None:
    keep(project, pending(Phase.PURGE, "0002"), pending(Phase.PURGE, "0003"), pending(Phase.CONTRACT, "0003"))
    found = status(project, NOW)
    assert found.head == "0003"
    assert [(one.phase.value, one.since, one.reason, one.set_aside) for one in found.pending] == [
        ("contract", "0003", "until the old release is gone", ()),
        ("purge", "0002", "until nobody wants to go back any more", ("column note on orders",)),
        ("purge", "0003", "until its contract has been written", ()),
    ]


def test_damage_is_a_configuration_error(project: Project) -> None:
    keep(project, pending(Phase.CONTRACT, "0002"))
    path = project.script_location / NAME
    document = json.loads(path.read_text(encoding="utf-8"))
    document["pending"][0]["phase"] = "sometime"
    path.write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(ConfigurationError) as caught:
        status(project, NOW)
    assert [found.code for found in caught.value.diagnostics] == ["AV811"]
