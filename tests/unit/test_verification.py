"""A chain cut into what is proven together."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alembic_vibe.history.chain import Script
from alembic_vibe.plan.model import Phase
from alembic_vibe.verification import header, knots, phase_of, stretches

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

LETTERS = {"e": "expand", "m": "migrate", "c": "contract", "p": "purge"}


def chain(folder: Path, phases: Sequence[str]) -> list[Script]:
    """Write revisions whose heads name phases by their letter; ``-`` has none."""
    scripts = []
    for number, letter in enumerate(phases, start=1):
        path = folder / f"{number:04}.py"
        head = f"Phase:           {LETTERS[letter]} (class E): then" if letter in LETTERS else "By hand."
        path.write_text(f'"""title\n\n{head}\nDowngrade loses: nothing\n"""\n', encoding="utf-8")
        scripts.append(Script(f"{number:04}", (f"{number - 1:04}",) if number > 1 else (), str(path)))
    return scripts


def cut(folder: Path, phases: str) -> str:
    """Return the letters with a bar wherever a stretch ends."""
    found = list(stretches(chain(folder, phases)))
    return "|".join("".join(phases[int(s.revision) - 1] for s in one.scripts) for one in found)


@pytest.mark.parametrize(
    "expected",
    ["", "-", "--", "--|em", "emcp", "em|emcp", "emc|em", "--|eemcp|-|e", "e|-|m", "cp|cp", "-|emcp|emcp", "em|e|-"],
)
def test_stretches(tmp_path: Path, expected: str) -> None:
    assert cut(tmp_path, expected.replace("|", "")) == expected


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(st.text("-emcp", max_size=8))
def test_every_revision_is_in_one_stretch_and_phases_only_rise(tmp_path: Path, phases: str) -> None:
    scripts = chain(tmp_path, phases)
    found = list(stretches(scripts))
    assert [script for one in found for script in one.scripts] == scripts
    before = "base"
    for one in found:
        assert one.base == before
        before = one.scripts[-1].revision
        assert len(one.phases) in {0, len(one.scripts)}
        assert all(a.rank <= b.rank for a, b in pairwise(one.phases))


def test_the_head_of_a_revision(tmp_path: Path) -> None:
    path = tmp_path / "0001.py"
    text = '"""title\n\nPhase:           contract (class C): x\nDowngrade loses: rows: all\nAccepted:  a: b\n"""\n'
    path.write_text(text + '"""\nPhase: purge\n"""\n', encoding="utf-8")
    script = Script("0001", (), str(path))
    assert header(script) == {"Phase": "contract (class C): x", "Downgrade loses": "rows: all", "Accepted": "a: b"}
    assert phase_of(script) is Phase.CONTRACT


@pytest.mark.parametrize(
    "text", ["", "import os\n", '"""title"""\n', '"""title\n\nPhase: later\n"""\n', '"""\n\nPhase:  \n"""']
)
def test_a_revision_without_a_phase(tmp_path: Path, text: str) -> None:
    path = tmp_path / "0001.py"
    path.write_text(text, encoding="utf-8")
    assert phase_of(Script("0001", (), str(path))) is None


@pytest.mark.parametrize(
    ("chain", "expected"),
    [
        ("", ""),
        ("a b:a c:b", "a|b|c"),
        ("a b:a c:a d:bc e:d", "a|bcd|e"),
        ("a b c:ab d:c", "abc|d"),
        ("a b:a c:b d:a e:cd", "a|bcde"),
    ],
)
def test_the_arms_of_a_branch_stay_together(chain: str, expected: str) -> None:
    pairs = [part.partition(":") for part in chain.split()]
    scripts = [Script(name, tuple(down), "") for name, _, down in pairs]
    assert "|".join("".join(script.revision for script in knot) for knot in knots(scripts)) == expected


def test_the_head_is_read_below_a_licence(tmp_path: Path) -> None:
    path = tmp_path / "0001.py"
    path.write_text('# Copyright\n"""title\n\nPhase: expand (class E)\n"""\n', encoding="utf-8")
    assert phase_of(Script("0001", (), str(path))) is Phase.EXPAND
