"""What suppressions drop, and what is said about those that do nothing."""

from __future__ import annotations

from datetime import date

import pytest

from alembic_vibe.diagnostics import Diagnostic, Severity
from alembic_vibe.lint import rules
from alembic_vibe.lint.model import Direction, Revision, Settings
from alembic_vibe.lint.suppress import suppress
from alembic_vibe.source import Span
from tests.unit.lint.revision_files import revision_of

TODAY = date(2026, 6, 15)
TOP = 'revision = "b2"\ndown_revision = "a1"\n'
KNOWN = {module.RULE.slug: module.RULE for module in rules.modules()}


def finding(revision: Revision, rule: str, first: int, last: int = 0) -> Diagnostic:
    """Make a finding that reaches from one line to another."""
    source = revision.source
    span = Span(source.line_span(first, first).start, source.line_span(last or first, last or first).end - 1)
    return Diagnostic(KNOWN[rule].code, rule, f"{rule} at {first}", source=source, span=span)


def left(
    body: str, found: list[tuple[str, int]], *, strict: bool = False, settings: Settings | None = None
) -> list[tuple[str, int]]:
    """Return rule and line of what is left; ``body`` begins at line 3."""
    revision = revision_of(TOP + body)
    assert revision.facts.syntax_error is None
    diagnostics = [finding(revision, rule, line) for rule, line in found]
    answer = suppress(diagnostics, revision, today=TODAY, strict=strict, judged=frozenset(KNOWN), settings=settings)
    return [(one.rule, one.line) for one in answer]


TRUNCATE = ("truncate", 3)


@pytest.mark.parametrize("name", ["truncate", "Truncate", KNOWN["truncate"].code, KNOWN["truncate"].code.lower()])
def test_by_name_and_by_code(name: str) -> None:
    assert left(f"run()  # vibe: ignore[{name}]\n", [TRUNCATE]) == []


def test_only_what_is_named_and_only_there() -> None:
    found = [TRUNCATE, ("trigger-lock", 3), ("truncate", 4)]
    assert left("run()  # vibe: ignore[truncate]\nrun()\n", found) == [("trigger-lock", 3), ("truncate", 4)]


def test_several_findings_and_several_rules() -> None:
    found = [TRUNCATE, TRUNCATE, ("trigger-lock", 3)]
    assert left("run()  # vibe: ignore[truncate, trigger-lock]\n", found) == []


def test_the_whole_file() -> None:
    assert left("run()\nrun()\n# vibe: ignore-file[truncate]\n", [TRUNCATE, ("truncate", 4)]) == []


def test_findings_of_several_lines() -> None:
    revision = revision_of(TOP + "run(\n    1,  # vibe: ignore[truncate]\n    2,\n)\nrun()\n")
    for first, last, covered in ((3, 6, True), (5, 5, True), (6, 7, True), (2, 3, True), (7, 7, False), (1, 2, False)):
        found = [finding(revision, "truncate", first, last)]
        answer = suppress(found, revision, today=TODAY, strict=False, judged=())
        assert (answer == []) == covered, (first, last)


def test_errors_are_suppressed_as_well() -> None:
    assert KNOWN["multiple-heads"].severity is Severity.ERROR
    text = '# vibe: ignore[multiple-heads] reason="merged on Friday"\nrevision = "b2"\ndown_revision = "a1"\n'
    revision = revision_of(text)
    found = [finding(revision, "multiple-heads", 2)]
    assert suppress(found, revision, today=TODAY, strict=False, judged=()) == []


def test_a_finding_without_a_place_stays() -> None:
    revision = revision_of(TOP + "# vibe: ignore-file[truncate]\n")
    found = [Diagnostic("AV768", "truncate", "somewhere")]
    assert found[0] in suppress(found, revision, today=TODAY, strict=False, judged=())


# --- unused -----------------------------------------------------------------------------------------------------------


def test_unused() -> None:
    assert left("run()  # vibe: ignore[truncate, trigger-lock]\n", [TRUNCATE]) == [("unused-suppression", 3)]
    assert left("run()\nrun()  # vibe: ignore[truncate]\n", [TRUNCATE]) == [TRUNCATE, ("unused-suppression", 4)]


def test_what_did_not_run_cannot_be_called_unused() -> None:
    revision = revision_of(TOP + "run()  # vibe: ignore[truncate]\n")
    assert suppress([], revision, today=TODAY, strict=False, judged={"trigger-lock"}) == []
    assert len(suppress([], revision, today=TODAY, strict=False, judged={"truncate"})) == 1
    off = Settings(severities={"truncate": None})
    assert left("run()  # vibe: ignore[truncate]\n", [], settings=off) == []


def test_in_a_revision_that_was_not_followed_nothing_is_called_unused() -> None:
    assert left("run()  # vibe: ignore[truncate]\n", [("partially-analyzed", 1)]) == [("partially-analyzed", 1)]


def test_in_a_function_that_was_not_judged_nothing_is_called_unused() -> None:
    body = (
        "def upgrade():\n    run()  # vibe: ignore[truncate]\n"
        "def downgrade():\n    run()  # vibe: ignore[truncate]\n# vibe: ignore-file[trigger-lock]\n"
    )
    up = Settings(directions=(Direction.UPGRADE,))
    assert left(body, [], settings=up) == [("unused-suppression", 4)]
    assert [line for _, line in left(body, [])] == [4, 6, 7]


def test_a_used_one_whose_copy_is_not() -> None:
    # Both hold for the finding: neither can be called unused, whichever goes first.
    assert left("# vibe: ignore[truncate]\nrun()  # vibe: ignore[truncate]\n", [("truncate", 4)]) == []


# --- expired, unknown, without reason, malformed ----------------------------------------------------------------------


@pytest.mark.parametrize(("until", "holds"), [("2026-06-14", False), ("2026-06-15", True), ("2027-01-01", True)])
def test_the_last_day(until: str, holds: bool) -> None:
    expected = [] if holds else [TRUNCATE, ("expired-suppression", 3)]
    assert left(f"run()  # vibe: ignore[truncate] until={until}\n", [TRUNCATE]) == expected


def test_an_expired_one_is_not_called_unused_as_well() -> None:
    assert left("run()  # vibe: ignore[truncate] until=2026-01-01\n", []) == [("expired-suppression", 3)]


@pytest.mark.parametrize(("name", "hint"), [("truncat", "Did you mean `truncate`?"), ("AV999", ""), ("AV250", "")])
def test_unknown_rules(name: str, hint: str) -> None:
    revision = revision_of(f"{TOP}run()  # vibe: ignore[{name}]\n")
    (one,) = suppress([], revision, today=TODAY, strict=False, judged=frozenset(KNOWN))
    assert (one.rule, one.line, one.severity) == ("unknown-suppression", 3, Severity.WARNING)
    assert f"`{name}`" in one.message
    assert one.help == hint if hint else one.help


def test_strict_wants_reasons() -> None:
    with_reason = 'run()  # vibe: ignore[truncate] reason="empty"\n'
    without = "run()  # vibe: ignore[truncate]\n"
    assert left(with_reason, [TRUNCATE], strict=True) == []
    assert left(without, [TRUNCATE]) == []
    assert left(without, [TRUNCATE], strict=True) == [("suppression-without-reason", 3)]
    assert left('run()  # vibe: ignore[truncate] reason=" "\n', [TRUNCATE], strict=True) == [
        ("suppression-without-reason", 3)
    ]


def test_a_malformed_one_suppresses_nothing_and_says_so() -> None:
    answer = left("run()  # vibe: ignore truncate\n", [TRUNCATE], strict=True)
    assert answer == [TRUNCATE, ("malformed-suppression", 3)]


def test_findings_about_suppressions_have_the_severity_that_the_user_chose() -> None:
    revision = revision_of(TOP + "run()  # vibe: ignore[truncate]\nrun()  # vibe: ignore\n")
    settings = Settings(severities={"unused-suppression": Severity.ERROR, "malformed-suppression": None})
    answer = suppress([], revision, today=TODAY, strict=False, judged=frozenset(KNOWN), settings=settings)
    assert [(one.rule, one.severity) for one in answer] == [("unused-suppression", Severity.ERROR)]


def test_findings_about_suppressions_can_be_suppressed() -> None:
    body = "# vibe: ignore-file[unused-suppression]\nrun()  # vibe: ignore[truncate]\n"
    assert left(body, []) == []


def test_a_revision_without_comments_is_left_as_it_is() -> None:
    assert left("run()\n", [TRUNCATE, ("partially-analyzed", 1)]) == [TRUNCATE, ("partially-analyzed", 1)]
