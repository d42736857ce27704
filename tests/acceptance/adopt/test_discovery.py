"""Discovery on packages as their authors publish them: it finds what their sources say, and changes no file."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from typing import TYPE_CHECKING

import pytest

from bench.adopt_real.checks import check, expectations

if TYPE_CHECKING:
    from pathlib import Path

SMALL = ("argilla", "optuna")
_READ = (".py", ".ini", ".toml", ".mako")
_SECONDS = 60


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("packages")
    expected = expectations()
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
    wanted = [str(expected[name]["requirement"]) for name in SMALL]
    try:
        done = subprocess.run(
            [*pip, "--only-binary=:all:", "--retries=0", "--dest", str(folder), *wanted],
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        pytest.skip("pip cannot download here in time")
    if done.returncode:
        pytest.skip(f"pip cannot download here: {done.stderr.strip()[-200:]}")
    places = {}
    for name in SMALL:
        places[name] = folder / name
        (wheel,) = folder.glob(f"{name}*.whl")
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(places[name], [member for member in archive.namelist() if member.endswith(_READ)])
    return places


@pytest.mark.parametrize("name", SMALL)
def test_what_is_found_is_what_the_sources_say(name: str, packages: dict[str, Path]) -> None:
    outcome = check(packages[name], expectations()[name])
    assert outcome.wrong == ()
    assert outcome.changed == ()


def test_an_expectation_that_does_not_hold_is_reported(packages: dict[str, Path]) -> None:
    expected = expectations()["optuna"]
    (environment,) = expected["environments"]
    wrong = {**environment, "heads": ["other"], "below": ["elsewhere"]}
    assert len(check(packages["optuna"], {**expected, "environments": [wrong]}).wrong) == 2
