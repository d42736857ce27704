"""The shape of findings and errors."""

from __future__ import annotations

from collections import Counter

from alembic_vibe.cli.rules import find_rules
from alembic_vibe.diagnostics import Diagnostic, ExitCode, Rule, Severity, SpecError, VibeError
from alembic_vibe.source import Source, Span

SOURCE = Source("docs/spec.md", "one\ntwo three\n")


def test_a_finding_with_a_place() -> None:
    found = Diagnostic("AV999", "some-rule", "wrong", source=SOURCE, span=Span(8, 13), help="right")
    assert found.as_dict() == {
        "code": "AV999",
        "rule": "some-rule",
        "severity": "error",
        "path": "docs/spec.md",
        "line": 2,
        "column": 5,
        "message": "wrong",
        "help": "right",
    }


def test_a_finding_without_a_place() -> None:
    found = Diagnostic("AV999", "some-rule", "wrong", path="a.toml")
    assert (found.shown_path, found.line, found.column) == ("a.toml", 0, 0)


def test_an_error_carries_its_findings() -> None:
    one, two = (Diagnostic("AV999", "some-rule", text) for text in ("first", "second"))
    error = SpecError([one, two])
    assert error.diagnostics == (one, two)
    assert str(error) == "first; second"
    assert error.exit_code == ExitCode.USAGE
    assert VibeError(one).diagnostics == (one,)


def test_a_rule_makes_findings() -> None:
    rule = Rule("AV999", "some-rule", Severity.WARNING, "s", "w", "do this", "bad", "good")
    found = rule.diagnostic("wrong")
    assert (found.code, found.rule, found.severity, found.help) == ("AV999", "some-rule", Severity.WARNING, "do this")
    assert rule.diagnostic("wrong", severity=Severity.INFO, help="").help == ""


def test_every_rule_of_the_package_can_be_explained() -> None:
    rules = find_rules()
    assert {"AV001", "AV010"} <= {rule.code for rule in rules}
    for name in ("code", "slug"):
        counts = Counter(getattr(rule, name) for rule in rules)
        assert [value for value, count in counts.items() if count > 1] == []
    for rule in rules:
        assert rule.code[:2] == "AV"
        assert rule.code[2:].isdigit()
        assert rule.summary
        assert rule.why
        assert rule.fix
