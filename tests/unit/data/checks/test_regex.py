"""Regular expressions of PostgreSQL: what is understood, and matching in bounded time."""

from __future__ import annotations

import pytest

from alembic_vibe.data.checks.automaton import matcher
from alembic_vibe.data.checks.regex import UnreadableError, from_like, quote, read
from alembic_vibe.data.model import UndecidedError


def found(pattern: str, text: str, *, ignore_case: bool = False) -> bool:
    compiled = matcher(pattern, ignore_case=ignore_case)
    assert compiled is not None
    return compiled.matches(text)


@pytest.mark.parametrize(
    ("pattern", "yes", "no"),
    [
        ("^[A-Z]{2}$", "DE", "DE\n"),
        ("b", "abc", "ac"),
        ("^a.c$", "a\nc", "ac"),
        ("^(a|bc){2,3}$", "abca", "abcabcabc"),
        (r"^[\w.-]+$", "a_b.c-d", "a b"),
        ("^[]a-]+$", "]a-", "b"),
        (r"^\+[1-9]\d{6,14}$", "+12345678", "+02345678"),
        ("^[^@[:space:]]+@x$", "a@x", "a b@x"),
        ("(?i)^ab$", "AB", "ABC"),
        (r"^a{2,}?$", "aaa", "a"),
        ("^(|x)$", "", "y"),
        ("a{,2}", "a{,2}", "aa"),
    ],
)
def test_what_matches(pattern: str, yes: str, no: str) -> None:
    assert found(pattern, yes)
    assert not found(pattern, no)


@pytest.mark.parametrize(
    "pattern", [r"(a)\1", "(?=a)b", r"\mword\M", "a**", "*a", "[[.a.]]", "(a", "a)", "***=a", "a{300}", "[b-a]", "^*"]
)
def test_what_is_left_to_the_server(pattern: str) -> None:
    with pytest.raises(UnreadableError):
        read(pattern)
    assert matcher(pattern) is None


def test_the_time_does_not_explode() -> None:
    """Patterns that make a backtracking engine take for ever: there is no step but one for each character."""
    for pattern in ("^(a+)+$", "^(a|aa)+$", "^(a*)*b$", "^([a-z]+)*$", "(x+x+)+y"):
        compiled = matcher(pattern)
        assert compiled is not None
        assert not compiled.matches("a" * 5000 + "!")
        assert len(compiled._sets) < 20
    assert matcher("((a{1,200}){1,200}){1,200}") is None
    with pytest.raises(UndecidedError):
        found("^a+$", "a" * 30_000)


def test_other_letters_are_the_locales_business_only_where_it_decides() -> None:
    assert found("^[^@]+$", "größe")
    for pattern, ignore_case in ((r"^\w+$", False), ("^[[:alpha:]]+$", False), ("^gr", True)):
        with pytest.raises(UndecidedError):
            found(pattern, "größe", ignore_case=ignore_case)


def test_patterns_of_like_become_regular_expressions() -> None:
    assert found(from_like("room %"), "room 1")
    assert not found(from_like(r"100\%"), "100x")
    assert found(from_like("a_c"), "a.c")
    with pytest.raises(UnreadableError):
        from_like("a\\")
    assert found(f"^{quote('a.b(c)[d]^$')}$", "a.b(c)[d]^$")
