"""What ``[tool.alembic-vibe.lint]`` may say, and how a mistake in it is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from alembic_vibe.config import load_project
from alembic_vibe.diagnostics import ConfigurationError, Diagnostic, Rule, Severity
from alembic_vibe.lint.model import Direction, Settings
from alembic_vibe.lint.settings import LintSettings, read_settings


def rule(code: str, slug: str) -> Rule:
    return Rule(code, slug, Severity.ERROR, "s", "w", "f", "", "")


KNOWN = (rule("AV720", "index-not-concurrent"), rule("AV730", "trigger-lock"))


def read(root: Path, text: str) -> LintSettings:
    (root / "pyproject.toml").write_text(text, encoding="utf-8")
    return read_settings(load_project(None, root, require_environment=False), lambda: KNOWN)


def refused(root: Path, text: str) -> tuple[Diagnostic, ...]:
    with pytest.raises(ConfigurationError) as caught:
        read(root, text)
    return caught.value.diagnostics


def test_without_a_table_the_defaults(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    project = load_project(None, tmp_path, require_environment=False)
    assert read_settings(project, lambda: KNOWN) == LintSettings(Settings(), Severity.ERROR, None)
    assert read(tmp_path, "[tool.alembic-vibe]\n") == LintSettings()


def test_every_setting(tmp_path: Path) -> None:
    settings = read(
        tmp_path,
        "[tool.alembic-vibe.lint]\n"
        'pg-version = "16"\ndirection = "up"\nfail-on = "warning"\nstrict = true\nbaseline = "db/base.json"\n'
        'ignore = ["AV730"]\n'
        '[tool.alembic-vibe.lint.severity]\nindex-not-concurrent = "info"\n',
    )
    assert settings.rules == Settings(
        16, (Direction.UPGRADE,), True, {"trigger-lock": None, "index-not-concurrent": Severity.INFO}
    )
    assert settings.fail_on is Severity.WARNING
    assert settings.baseline == tmp_path / "db/base.json"


def test_off_and_severity_win_over_ignore(tmp_path: Path) -> None:
    text = '[tool.alembic-vibe.lint]\nignore = ["trigger-lock"]\nseverity = {trigger-lock = "error", AV720 = "off"}\n'
    assert read(tmp_path, text).rules.severities == {"trigger-lock": Severity.ERROR, "index-not-concurrent": None}


def test_the_command_line_wins() -> None:
    settings = LintSettings(Settings(16, (Direction.UPGRADE,), False), Severity.WARNING, Path("a"))
    assert settings.override() == settings
    given = settings.override(pg_version=18, direction="down", fail_on="info", strict=True, baseline=Path("b"))
    assert given == LintSettings(Settings(18, (Direction.DOWNGRADE,), True), Severity.INFO, Path("b"))


@pytest.mark.parametrize(
    ("fail_on", "severity", "fails"),
    [("error", "error", True), ("error", "warning", False), ("warning", "warning", True), ("info", "info", True)],
)
def test_what_fails_a_run(fail_on: str, severity: str, fails: bool) -> None:
    assert LintSettings(fail_on=Severity(fail_on)).fails([Severity(severity)]) is fails
    assert not LintSettings(fail_on=Severity(fail_on)).fails([])


@pytest.mark.parametrize(
    ("line", "code", "words", "help_"),
    [
        ('fail_on = "error"', "AV003", "`fail_on` is not a setting", "`fail-on`"),
        ("zzz = 1", "AV003", "`zzz`", "pg-version, direction"),
        ("pg-version = 14", "AV004", "15, 16, 17, 18", "pg-version"),
        ("pg-version = true", "AV004", "15, 16, 17, 18", "pg-version"),
        ('pg-version = "15.2"', "AV004", "15, 16, 17, 18", "pg-version"),
        ('direction = "dwon"', "AV004", "up, down, both", "`down`"),
        ("fail-on = 1", "AV004", "error, warning, info", "text"),
        ('fail-on = "off"', "AV004", "error, warning, info", ""),
        ('strict = "yes"', "AV004", "true or false", "strict = true"),
        ('baseline = ""', "AV004", "path", "baseline"),
        ('ignore = "trigger-lock"', "AV004", "list", "ignore = ["),
        ("ignore = [1]", "AV004", "list", "ignore = ["),
        ('ignore = ["triger-lock"]', "AV004", "`triger-lock` is not a rule", "`trigger-lock`"),
        ('severity = "error"', "AV004", "table", "[tool.alembic-vibe.lint.severity]"),
        ('severity.trigger-lock = "fatal"', "AV004", "severity of `trigger-lock`", "trigger-lock ="),
        ('severity.trigger-lock = "warn"', "AV004", "severity of `trigger-lock`", "`warning`"),
        ('severity.index-not-concurent = "off"', "AV004", "not a rule", "`index-not-concurrent`"),
    ],
)
def test_mistakes_have_a_place_and_a_hint(tmp_path: Path, line: str, code: str, words: str, help_: str) -> None:
    (found,) = refused(tmp_path, f"[tool.alembic-vibe.lint]\n# first\n{line}\n")
    assert (found.code, found.line, found.shown_path) == (code, 3, "pyproject.toml")
    assert words in found.message
    assert help_ in found.help


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    assert len(refused(tmp_path, "[tool.alembic-vibe.lint]\na = 1\nstrict = 2\nignore = ['x']\n")) == 3


def test_the_table_must_be_one_and_other_keys_are_still_texts(tmp_path: Path) -> None:
    found = refused(tmp_path, '[tool.alembic-vibe]\nlint = "yes"\nspec = 1\nlnit = {}\n')
    assert [(one.code, one.line) for one in found] == [("AV004", 2), ("AV004", 3), ("AV003", 4)]
    assert "[tool.alembic-vibe.lint]" in found[0].help
    assert "`lint`" in found[2].help
