"""What the user asked of the linter: ``[tool.alembic-vibe.lint]`` of pyproject.toml, under the command line."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alembic_vibe.config import BAD_SETTING, TABLE, UNKNOWN_SETTING, Setting, read_pyproject
from alembic_vibe.diagnostics import ConfigurationError, Severity
from alembic_vibe.lint.model import Direction, Settings
from alembic_vibe.toml_places import key_span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from alembic_vibe.config import Project
    from alembic_vibe.diagnostics import Diagnostic, Rule
    from alembic_vibe.source import Source

PG_VERSIONS = (15, 16, 17, 18)
DIRECTIONS = {"up": (Direction.UPGRADE,), "down": (Direction.DOWNGRADE,), "both": tuple(Direction)}
OFF = "off"

SETTINGS = (
    Setting("pg-version", "15", "The oldest PostgreSQL that the revisions must run on: 15 to 18."),
    Setting("direction", "both", "Which functions are linted: up, down or both."),
    Setting("fail-on", "error", "The mildest finding that makes the command end with 1: error, warning or info."),
    Setting("strict", "false", "Treat what could not be followed as an error, and ask for a reason in suppressions."),
    Setting("baseline", "none", "The file with findings that are accepted, relative to pyproject.toml."),
    Setting("ignore", "[]", "Rules that are switched off."),
    Setting("severity", "each rule's own", 'A table of rules: "error", "warning", "info" or "off" for each.'),
)


@dataclass(frozen=True, slots=True)
class LintSettings:
    """The settings of one run: those that rules see, and those that decide what is reported."""

    rules: Settings = field(default_factory=Settings)
    fail_on: Severity = Severity.ERROR
    baseline: Path | None = None

    def fails(self, severities: Iterable[Severity]) -> bool:
        """Whether any finding is grave enough to fail the run."""
        order = list(Severity)
        return any(order.index(severity) <= order.index(self.fail_on) for severity in severities)

    def override(
        self,
        *,
        pg_version: int | None = None,
        direction: str | None = None,
        fail_on: str | None = None,
        strict: bool = False,
        baseline: Path | None = None,
    ) -> LintSettings:
        """Return the settings with what the command line says; what it leaves out stays."""
        rules = self.rules
        rules = replace(rules, pg_version=pg_version) if pg_version else rules
        rules = replace(rules, directions=DIRECTIONS[direction]) if direction else rules
        rules = replace(rules, strict=True) if strict else rules
        return LintSettings(rules, Severity(fail_on) if fail_on else self.fail_on, baseline or self.baseline)


def read_settings(project: Project, known: Callable[[], Iterable[Rule]]) -> LintSettings:
    """Read the settings of a project; without pyproject.toml, or without the table, the defaults.

    Args:
        project: Its ``pyproject`` is read.
        known: Gives all rules of the linter; asked only where settings name rules.

    Raises:
        ConfigurationError: Unknown keys or rules, and impossible values, each with its place.
    """
    if project.pyproject is None:
        return LintSettings()
    source, document = read_pyproject(project.pyproject, project.root)
    table = document.get("tool", {}).get(TABLE, {}).get("lint", {})
    return _Reader(source, project.pyproject.parent, known).read(table) if table else LintSettings()


class _Reader:
    """Reads the table; collects all problems, so that one run shows them all."""

    def __init__(self, source: Source, folder: Path, known: Callable[[], Iterable[Rule]]) -> None:
        self._source, self._folder, self._known = source, folder, known
        self._problems: list[Diagnostic] = []

    def read(self, table: Mapping[str, Any]) -> LintSettings:
        names = [setting.name for setting in SETTINGS]
        for key in table:
            if key not in names:
                hint = _nearest(key, names) or f"The settings are {', '.join(names)}."
                self._problem(UNKNOWN_SETTING, (key,), f"`{key}` is not a setting of the linter", hint)
        rules = Settings(
            pg_version=self._version(table),
            directions=DIRECTIONS[self._choice(table, "direction", tuple(DIRECTIONS)) or "both"],
            strict=self._flag(table, "strict"),
            severities=self._severities(table),
        )
        fail_on = self._choice(table, "fail-on", tuple(map(str, Severity)))
        baseline = self._path(table, "baseline")
        if self._problems:
            raise ConfigurationError(self._problems)
        return LintSettings(rules, Severity(fail_on) if fail_on else Severity.ERROR, baseline)

    def _version(self, table: Mapping[str, Any]) -> int:
        value = table.get("pg-version", PG_VERSIONS[0])
        # People write versions as numbers and as texts.
        if isinstance(value, str) and value.strip().isdecimal():
            value = int(value)
        if isinstance(value, bool) or value not in PG_VERSIONS:
            shown = ", ".join(map(str, PG_VERSIONS))
            self._problem(BAD_SETTING, ("pg-version",), f"`pg-version` must be one of {shown}", "pg-version = 16")
            return PG_VERSIONS[0]
        return int(value)

    def _flag(self, table: Mapping[str, Any], key: str) -> bool:
        value = table.get(key, False)
        if not isinstance(value, bool):
            self._problem(BAD_SETTING, (key,), f"`{key}` must be true or false", f"{key} = true")
        return value is True

    def _choice(self, table: Mapping[str, Any], key: str, choices: tuple[str, ...]) -> str | None:
        value = table.get(key)
        if value is None or (isinstance(value, str) and value in choices):
            return value
        hint = _nearest(value, choices) or f'Write it as text: {key} = "{choices[0]}"'
        self._problem(BAD_SETTING, (key,), f"`{key}` must be one of {', '.join(choices)}", hint)
        return None

    def _path(self, table: Mapping[str, Any], key: str) -> Path | None:
        value = table.get(key)
        if value is None:
            return None
        if not isinstance(value, str) or not value.strip() or "\0" in value:
            self._problem(BAD_SETTING, (key,), f"`{key}` must be a path", f'{key} = "lint-baseline.json"')
            return None
        return Path(os.path.normpath(self._folder / value))

    def _severities(self, table: Mapping[str, Any]) -> dict[str, Severity | None]:
        found: dict[str, Severity | None] = {}
        ignored = table.get("ignore", [])
        if not isinstance(ignored, list) or not all(isinstance(name, str) for name in ignored):
            self._problem(BAD_SETTING, ("ignore",), "`ignore` must be a list of rules", 'ignore = ["trigger-lock"]')
            ignored = []
        for name in ignored:
            if slug := self._rule(name, ("ignore",)):
                found[slug] = None
        severities = table.get("severity", {})
        if not isinstance(severities, dict):
            hint = f"Write it as a table: [tool.{TABLE}.lint.severity]"
            self._problem(BAD_SETTING, ("severity",), "`severity` must be a table", hint)
            severities = {}
        choices = (*map(str, Severity), OFF)
        for name, value in severities.items():
            slug = self._rule(name, ("severity", name))
            if value not in choices:
                hint = _nearest(value, choices) or f'{name} = "warning"'
                message = f"the severity of `{name}` must be one of {', '.join(choices)}"
                self._problem(BAD_SETTING, ("severity", name), message, hint)
            elif slug:
                found[slug] = None if value == OFF else Severity(value)
        return found

    def _rule(self, name: str, keys: tuple[str, ...]) -> str | None:
        """Return the rule's name; codes are taken as well."""
        names = {key: rule.slug for rule in self._known() for key in (rule.code.lower(), rule.slug)}
        slug = names.get(name.strip().lower())
        if slug is None:
            hint = _nearest(name, names) or f"`{TABLE} explain` lists all rules."
            self._problem(BAD_SETTING, keys, f"`{name}` is not a rule of the linter", hint)
        return slug

    def _problem(self, rule: Rule, keys: tuple[str, ...], message: str, help_: str) -> None:
        span = key_span(self._source, ("tool", TABLE, "lint", *keys))
        self._problems.append(rule.diagnostic(message, help=help_, source=self._source, span=span))


def _nearest(value: Any, names: Iterable[str]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(value.strip().lower(), list(names), 1) if isinstance(value, str) else []
    return f"Did you mean `{near[0]}`?" if near else ""
