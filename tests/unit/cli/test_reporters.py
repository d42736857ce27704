"""How findings look in each format."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from alembic_vibe.cli.reporters import github, gitlab, sarif, text
from alembic_vibe.cli.reporters import json as json_reporter
from alembic_vibe.cli.state import State
from alembic_vibe.diagnostics import Diagnostic, Severity
from alembic_vibe.source import Source, Span

SOURCE = Source("docs/my spec.md", "# One\n\n\tCREATE INDEX i ON t (名前) WHERE x > now();\nlast\n")


def find(snippet: str, **more: Any) -> Diagnostic:
    start = SOURCE.text.index(snippet)
    span = Span(start, start + len(snippet))
    return Diagnostic("AV201", "some-rule", "it is wrong", source=SOURCE, span=span, **more)


def shown(reporter: Any, *diagnostics: Diagnostic, extra: dict[str, Any] | None = None) -> str:
    stream = io.StringIO()
    reporter.report(diagnostics, extra or {}, stream)
    return stream.getvalue()


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_formats_are_found() -> None:
    assert State.formats() == ["text", "github", "gitlab", "json", "sarif"]


def test_text_underlines_the_span_after_tabs_and_wide_characters() -> None:
    found = find("now()", help="write this\nor that", consequences=12, notes=("seen twice",))
    line = "    CREATE INDEX i ON t (名前) WHERE x > now();"
    assert shown(text, found) == (
        "error[AV201] some-rule: it is wrong\n"
        " --> docs/my spec.md:3:37\n"
        "  |\n"
        f"3 | {line}\n"
        f"  | {' ' * (line.index('now') + 2)}^^^^^\n"
        "  = help: write this\n"
        "          or that\n"
        "  = note: seen twice\n"
        "  = note: 12 more statements follow from this; they are not reported\n"
        "\n"
        "Found 1 error.\n"
    )


def test_text_underlines_wide_characters_in_full() -> None:
    assert "    |" not in shown(text, find("名前"))
    assert "\n  | " + " " * 25 + "^^^^\n" in shown(text, find("名前"))


def test_text_of_a_span_over_lines() -> None:
    output = shown(text, find("WHERE x > now();\nlast"))
    assert "^" * 16 + " to line 4\n" in output


def test_text_of_an_empty_span_at_the_end() -> None:
    end = len(SOURCE.text)
    found = Diagnostic("AV201", "r", "m", source=SOURCE, span=Span(end, end))
    assert "\n5 |\n  | ^\n" in shown(text, found)


def test_text_shows_a_note_of_many_lines_indented_and_cut() -> None:
    sql = "\n".join(["the SQL is:", "ALTER TABLE t", *(f"  line {i}" for i in range(30))])
    lines = shown(text, find("now()", notes=(sql,))).splitlines()
    start = lines.index("  = note: the SQL is:")
    assert lines[start + 1] == "          ALTER TABLE t"
    assert lines[start + 2] == "            line 0"
    end = lines.index("          …")
    assert end - start == text.MAX_LINES - 1
    assert lines[end + 1] == ""


def test_text_leaves_the_count_to_a_command_that_has_a_summary() -> None:
    assert "Found" not in shown(text, find("now()"), extra={"summary": {}})


def test_text_cuts_a_long_line_around_the_place() -> None:
    source = Source("a.md", "x" * 500 + " HERE " + "y" * 500)
    found = Diagnostic("AV201", "r", "m", source=source, span=Span(501, 505))
    lines = shown(text, found).splitlines()
    assert all(len(line) <= text.MAX_WIDTH + 6 for line in lines)
    assert lines[3].index("HERE") == lines[4].index("^^^^")


def test_text_shows_control_characters_instead_of_sending_them() -> None:
    source = Source("a\x1b[31m.md", "drop \x1b]0;evil\x07 table")
    found = Diagnostic("AV201", "r", "message \x1b[2J", source=source, span=Span(0, 4))
    assert not {"\x1b", "\x07"} & set(shown(text, found))


def test_text_counts() -> None:
    three = [find("now()"), find("now()"), find("now()", severity=Severity.WARNING)]
    assert text.footer(three) == "Found 2 errors and 1 warning."
    assert text.footer([*three, find("x", severity=Severity.INFO)]) == "Found 2 errors, 1 warning and 1 note."
    assert shown(text) == ""


def test_colour_only_on_a_terminal_without_no_color(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    assert "\x1b" not in shown(text, find("now()"))
    terminal = Terminal()
    text.report([find("now()")], {}, terminal)
    assert "\x1b[1;31merror[AV201]\x1b[0m" in terminal.getvalue()
    monkeypatch.setenv("NO_COLOR", "1")
    terminal = Terminal()
    text.report([find("now()")], {}, terminal)
    assert "\x1b" not in terminal.getvalue()


def test_json_is_one_object_with_the_keys_of_the_command() -> None:
    output = json.loads(shown(json_reporter, find("now()", help="h"), extra={"revisions": [1]}))
    assert list(output) == ["diagnostics", "revisions"]
    assert list(output["diagnostics"][0]) == [
        "code",
        "rule",
        "severity",
        "path",
        "line",
        "column",
        "message",
        "help",
    ]
    assert json.loads(shown(json_reporter)) == {"diagnostics": []}


def test_github_escapes() -> None:
    found = Diagnostic("AV201", "some-rule", "100%: a, b\nc", path="a,b:c.md", severity=Severity.INFO)
    assert shown(github, found) == "::notice file=a%2Cb%3Ac.md,title=AV201 some-rule::100%25: a, b%0Ac\n"


def test_github_places() -> None:
    assert shown(github, find("now()", help="h")) == (
        "::error file=docs/my spec.md,line=3,endLine=3,col=37,endColumn=42,title=AV201 some-rule::"
        "it is wrong%0Ahelp: h\n"
    )
    over_lines = shown(github, find("now();\nlast", severity=Severity.WARNING))
    assert over_lines.startswith("::warning file=docs/my spec.md,line=3,endLine=4,title=")


def test_sarif_has_the_shape_of_the_standard() -> None:
    other = Diagnostic("AV001", "no-alembic-environment", "none", severity=Severity.INFO)
    log = json.loads(shown(sarif, find("now()", help="h"), find("x >"), other, extra={"pending": []}))
    assert log["version"] == "2.1.0"
    assert log["$schema"].endswith("sarif-schema-2.1.0.json")
    (run,) = log["runs"]
    assert run["columnKind"] == "unicodeCodePoints"
    assert run["properties"] == {"pending": []}
    driver = run["tool"]["driver"]
    assert driver["name"] == "alembic-vibe"
    assert [rule["id"] for rule in driver["rules"]] == ["AV201", "AV001"]
    assert driver["rules"][1]["shortDescription"]["text"]
    first, second, third = run["results"]
    assert (first["ruleId"], first["ruleIndex"], first["level"]) == ("AV201", 0, "error")
    assert second["ruleIndex"] == 0
    assert (third["ruleIndex"], third["level"]) == (1, "note")
    assert "locations" not in third
    place = first["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "docs/my%20spec.md"
    assert place["region"] == {"startLine": 3, "startColumn": 37, "endLine": 3, "endColumn": 42}
    assert first["message"]["text"] == "it is wrong\n\nhelp: h"


def test_sarif_without_findings_is_still_a_run() -> None:
    assert json.loads(shown(sarif))["runs"][0]["results"] == []


def test_sarif_results_have_fingerprints_that_differ() -> None:
    log = json.loads(shown(sarif, find("now()"), find("now()"), find("x >")))
    found = [result["partialFingerprints"]["excerpt/v1"] for result in log["runs"][0]["results"]]
    assert len(set(found)) == 3


def test_gitlab_has_the_shape_of_a_code_quality_report() -> None:
    other = Diagnostic("AV001", "no-alembic-environment", "none", severity=Severity.INFO)
    entries = json.loads(shown(gitlab, find("now()", help="h"), find("x >", severity=Severity.WARNING), other))
    assert [entry["severity"] for entry in entries] == ["major", "minor", "info"]
    assert len({entry["fingerprint"] for entry in entries}) == 3
    first = entries[0]
    assert set(first) == {"description", "check_name", "fingerprint", "severity", "location"}
    assert first["description"] == "it is wrong. Help: h"
    assert first["check_name"] == "some-rule"
    assert first["location"] == {"path": "docs/my spec.md", "lines": {"begin": 3}}
    assert entries[2]["location"] == {"path": ".", "lines": {"begin": 1}}
    assert json.loads(shown(gitlab)) == []
