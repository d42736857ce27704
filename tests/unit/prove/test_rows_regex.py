from __future__ import annotations

import re

import pytest

from alembic_vibe.prove.rows_regex import samples

PATTERNS = [
    r"^[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}$",
    r"^[a-z0-9]+(?:-[a-z0-9]+)*$",
    r"^\+[1-9]\d{1,14}$",
    r"^#[0-9a-f]{6}$",
    r"^(draft|live)$",
    r"^\S+\s\S+$",
    r"^[^@\s]+@[^@\s]+$",
    r"^(\w)\1$",
    r"^.{3,50}$",
    r"^a?b*c+$",
]


@pytest.mark.parametrize("pattern", PATTERNS)
def test_samples_match_and_differ(pattern: str) -> None:
    found = samples(pattern)
    assert len(found) >= 2
    assert len(set(found)) == len(found)
    assert all(re.search(pattern, text) for text in found)
    assert samples(pattern) == found


def test_posix_classes_are_understood() -> None:
    found = samples("^[[:upper:]]{2}-[[:digit:]]{4}$")
    assert found
    assert all(re.fullmatch("[A-Z]{2}-[0-9]{4}", text) for text in found)


def test_case_may_be_ignored() -> None:
    assert samples("^ABC$", ignore_case=True) == ["ABC"]


@pytest.mark.parametrize("pattern", ["[", "(?<=x", "^a{2,1}$", r"^(?=.*\d)[a-z]+$"])
def test_what_cannot_be_sampled_gives_nothing(pattern: str) -> None:
    assert samples(pattern) == []
