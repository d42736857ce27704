"""``# vibe: ignore[…]``: what can be written, and for which lines it holds."""

from __future__ import annotations

import pytest

from alembic_vibe.lint.comments import comments
from alembic_vibe.lint.model import Suppression
from tests.unit.lint.revision_files import at, revision_of


def only(text: str) -> Suppression:
    revision = revision_of(text)
    assert revision.facts.syntax_error is None
    (found,) = revision.facts.suppressions
    return found


@pytest.mark.parametrize(
    ("comment", "rules", "reason", "until"),
    [
        ("# vibe: ignore[drop-table]", ("drop-table",), "", ""),
        ("#vibe:ignore[drop-table]", ("drop-table",), "", ""),
        ("# Vibe: Ignore [ drop-table , AV720,]", ("drop-table", "AV720"), "", ""),
        ('# vibe: ignore[a-b] reason="not used # any more"', ("a-b",), "not used # any more", ""),
        ("# vibe: ignore[a-b] reason='it\"s small' until=2027-01-01", ("a-b",), 'it"s small', "2027-01-01"),
        ('# vibe: ignore[a-b] until=2027-01-01, reason="small"', ("a-b",), "small", "2027-01-01"),
        ('# vibe: ignore[a-b] until="2027-01-01"', ("a-b",), "", "2027-01-01"),
        ("# noqa: E501  # vibe: ignore[a-b]", ("a-b",), "", ""),
        ("# vibe: ignore[a-b]  # noqa: E501", ("a-b",), "", ""),
    ],
)
def test_what_can_be_written(comment: str, rules: tuple[str, ...], reason: str, until: str) -> None:
    found = only(f"x = 1\nrun()  {comment}\n")
    assert (found.rules, found.reason, found.until, found.problem) == (rules, reason, until, "")
    assert (found.first_line, found.last_line) == (2, 2)


@pytest.mark.parametrize(
    ("comment", "problem"),
    [
        ("# vibe: ignore", "the rules are missing"),
        ("# vibe: ignore drop-table", "the rules are missing"),
        ("# vibe: ignore(drop-table)", "the rules are missing"),
        ("# vibe: ignore[drop-table", "the rules are missing"),
        ("# vibe: ignore[]", "name no rule"),
        ("# vibe: ignore[*]", "`*` cannot be the name"),
        ("# vibe: ignore[drop-table fk]", "`drop-table fk` cannot be the name"),
        ("# vibe: ignore[a] because it is small", "`because it is small` cannot be read"),
        ("# vibe: ignore[a] reason=small", "in quotes"),
        ('# vibe: ignore[a] reason="small', "cannot be read"),
        ('# vibe: ignore[a] note="small"', "`note` means nothing"),
        ('# vibe: ignore[a] reason="x" reason="y"', "twice"),
        ("# vibe: ignore[a] until=tomorrow", "`tomorrow` is not a date"),
        ("# vibe: ignore[a] until=20270101", "not a date"),
        ("# vibe: ignore[a] until=2027-02-30", "no day 2027-02-30"),
        ("# vibe: ingore[a]", "`ingore` is not an instruction"),
        ("# vibe: ignores[a]", "`ignores` is not an instruction"),
        ("# vibe: ignore-file[a]", "first column"),
    ],
)
def test_what_cannot_be_read_says_why(comment: str, problem: str) -> None:
    text = f"x = 1\nrun()  {comment}\n"
    found = only(text)
    assert problem in found.problem
    assert (found.rules, found.first_line, found.last_line) == ((), 0, 0)
    assert at(found.place, revision_of(text).source) == comment


@pytest.mark.parametrize("comment", ["# the vibe: good", "# vibe: none of it", "# vibes: ignore[a]", "# vibe"])
def test_other_comments(comment: str) -> None:
    assert revision_of(f"x = 1  {comment}\n").facts.suppressions == ()


def test_a_text_is_no_comment() -> None:
    assert revision_of('x = "# vibe: ignore[a]"\n"""\n# vibe: ignore-file[a]\n"""\n').facts.suppressions == ()


MARK = "# vibe: ignore[a-b]"

# Where a comment stands (M on a line, or behind code), and the lines for which it holds: those marked with > .
HOLDS = [
    "  M\n> run()\n  run()",
    "> run(  M\n>   1,\n> )\n  run()",
    "> run(\n>   1,  M\n> )\n  run()",
    "> run(\n>   M\n>   1,\n> )\n  run()",
    "> run(\n>   1,\n> )  M\n  run()",
    "  M\n  # and more\n> run(\n>   1,\n> )\n  run()",
    "  # more\n  M\n> run()",
    "> M\n  \n  run()",  # an empty line below: it stands above nothing
    "> run(); run()  M\n  run()",
    "  M\n> with a(\n>   1\n> ):\n    run()\n    run()",
    "> with a():  M\n    run()",
    "> with a(\n>   1\n> ):  M\n    run()",
    "  with a():\n    M\n>   run()\n    run()",
    "  with a():\n>   run()  M\n    run()",
    "  if x:\n    run()\n> else:  M\n    run()",
    "  if x:\n    run()\n  else:\n    M\n>   run()",
    "> if x: run()  M\n  run()",
    "  for x in y:\n    M\n>   run(\n>     x)\n    run()",
    "  try:\n    run()\n  except E:\n    M\n>   run()\n  finally:\n    run()",
    "  match x:\n    case 1:\n      M\n>     run()\n      run()",
    "  M\n> @traced\n> def f(\n>   a,\n> ):\n    run()",
    "> @traced\n> def f():  M\n    run()",
    "  def f():\n    M\n>   run()\n    run()",
    '  def f():\n    """Text."""\n\n    M\n>   run()',
    "  class C:\n    M\n>   x = 1",
    "  run()\n> M",
]


@pytest.mark.parametrize("drawn", HOLDS)
def test_for_which_lines_it_holds(drawn: str) -> None:
    lines = drawn.split("\n")
    text = "\n".join(line[2:].replace("M", MARK) for line in lines) + "\n"
    expected = [number for number, line in enumerate(lines, 1) if line.startswith(">")]
    found = only(text)
    assert (found.first_line, found.last_line) == (expected[0], expected[-1])
    assert len(expected) == expected[-1] - expected[0] + 1


def test_the_whole_file() -> None:
    found = only("run()\n# vibe: ignore-file[a-b] reason='old'\nrun()\n\nrun()\n")
    assert found.first_line == 1
    assert found.last_line >= 5
    assert found.reason == "old"


def test_several() -> None:
    found = revision_of("# vibe: ignore[a]\n# vibe: ignore[b]\nrun()\nrun()  # vibe: ignore[c]\n").facts.suppressions
    assert [(one.rules, one.first_line, one.last_line) for one in found] == [
        (("a",), 3, 3),
        (("b",), 3, 3),
        (("c",), 4, 4),
    ]


def test_comments_are_told_from_texts() -> None:
    text = (
        'a = \'#1\'  # one\nb = """\n# no\n"""  # two\nc = \'it\\\'s # no\'  # three\n# four\n'
        "d = f'{x!r:#x}'\ne = '''a''''b#'  # five\n    # six"
    )
    assert [(one.line, one.text, one.alone) for one in comments(text)] == [
        (1, "# one", False),
        (4, "# two", False),
        (5, "# three", False),
        (6, "# four", True),
        (8, "# five", False),
        (9, "# six", True),
    ]
    assert [one.column for one in comments(text)] == [11, 6, 19, 1, 18, 5]
