"""A finding keeps its fingerprint while its text stays."""

from __future__ import annotations

from alembic_vibe.diagnostics import Diagnostic
from alembic_vibe.fingerprints import excerpt, fingerprints
from alembic_vibe.source import Source, Span

CALL = 'op.create_index("ix", "t", ["a"])'


def find(text: str, part: str = "", path: str = "a.py", code: str = "AV720") -> Diagnostic:
    part = part or text
    start = text.index(part)
    return Diagnostic(code, "r", "m", source=Source(path, text), span=Span(start, start + len(part)))


def test_moved_and_formatted_text_is_the_same() -> None:
    formatted = "op.create_index(\n    'ix',\n    't',\n    ['a'],\n)"
    same = [find(CALL), find(f"# more\n\n{CALL}\n", CALL), find(formatted)]
    assert len({fingerprints([one])[0] for one in same}) == 1


def test_what_differs() -> None:
    different = [
        find(CALL),
        find(CALL.replace("ix", "iy")),
        find(CALL, path="b.py"),
        find(CALL, code="AV721"),
        Diagnostic("AV720", "r", "m", path="a.py"),
    ]
    assert len(set(fingerprints(different))) == len(different)


def test_repeats_are_told_apart_by_their_order() -> None:
    first, second = fingerprints([find(CALL), find(CALL)])
    assert first != second
    assert fingerprints([find(CALL)]) == [first]


def test_a_finding_without_a_text_is_known_by_its_message_without_lines() -> None:
    one = Diagnostic("AV720", "r", "also on line 12,\n and lines 3 to 9 of 2")
    assert excerpt(one) == "also on line, and line of 2"
    empty = Diagnostic("AV720", "r", "m", source=Source("a.py", "x"), span=Span(0, 0))
    assert excerpt(empty) == "m"
