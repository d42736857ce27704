"""The pages in docs/ tell of every command, option, setting and diagnostic, and of none that does not exist."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest

from alembic_vibe.cli.main import cli
from alembic_vibe.cli.rules import find_rules
from alembic_vibe.config import SETTINGS
from alembic_vibe.diagnostics import ExitCode
from alembic_vibe.hazards import HAZARDS
from alembic_vibe.lint.settings import SETTINGS as LINT_SETTINGS

if TYPE_CHECKING:
    from types import ModuleType

ROOT = Path(__file__).parents[3]
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "ARCHITECTURE.md", *sorted(DOCS.glob("*.md"))]


def page(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def commands() -> dict[str, click.Command]:
    with click.Context(cli) as context:
        found = {name: cli.get_command(context, name) for name in cli.list_commands(context)}
    return {name: command for name, command in found.items() if command is not None}


def options(command: click.Command) -> set[str]:
    return {
        max(parameter.opts, key=len)
        for parameter in command.params
        if isinstance(parameter, click.Option) and not parameter.hidden
    }


def common() -> set[str]:
    return options(cli) | {"--help", "--version"}


def test_every_command_has_a_section() -> None:
    sections = set(re.findall(r"^### `alembic-vibe (\w+)`$", page("command-line.md"), re.MULTILINE))
    assert sections == set(commands())


@pytest.mark.parametrize("name", sorted(commands()))
def test_every_option_of_a_command_is_told(name: str) -> None:
    text = page("command-line.md")
    start = text.index(f"### `alembic-vibe {name}`")
    section = re.split(r"^#{2,3} ", text[start + 4 :], maxsplit=1, flags=re.MULTILINE)[0]
    told = set(re.findall(r"^\| `(--[\w-]+)", section, re.MULTILINE))
    assert told == options(commands()[name]) - common()


def test_common_options_are_told() -> None:
    text = page("command-line.md")
    section = text[text.index("## Options of every command") : text.index("## Exit codes")]
    assert common() <= set(re.findall(r"--[\w-]+", section))


def test_every_hazard_is_told() -> None:
    text = page("evolution.md")
    told = set(re.findall(r"^\| `([\w-]+)` \|", text[text.index("## Hazards") :], re.MULTILINE))
    assert told == {hazard.slug for hazard in HAZARDS}


def test_every_exit_code_is_told() -> None:
    text = page("command-line.md")
    section = text[text.index("## Exit codes") : text.index("## Commands")]
    assert {int(code) for code in ExitCode} <= {
        int(code) for code in re.findall(r"^\| (\d+) \|", section, re.MULTILINE)
    }


def test_every_setting_is_told() -> None:
    text = page("command-line.md")
    told = set(re.findall(r"^\| `(\w+)` \|", text[text.index("## Configuration") :], re.MULTILINE))
    assert told == {setting.name for setting in SETTINGS}


def test_every_setting_of_the_linter_is_told() -> None:
    text = page("lint.md")
    told = set(re.findall(r"^\| `([\w-]+)` \|", text[text.index("## Settings") :], re.MULTILINE))
    assert told == {setting.name for setting in LINT_SETTINGS}


def test_the_page_of_diagnostics_is_up_to_date() -> None:
    wanted = builder().pages()
    found = {path: path.read_text(encoding="utf-8") for path in (*DOCS.glob("*.md"), *(DOCS / "rules").glob("*.md"))}
    written = {path: text for path, text in found.items() if path in wanted or path.parent.name == "rules"}
    assert written == wanted, "run python docs/_build/build.py"


def test_every_diagnostic_has_an_example_and_its_cure() -> None:
    rules = find_rules()
    assert len(rules) > 40
    assert [rule.code for rule in rules if not (rule.summary and rule.why and rule.fix)] == []


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_links_lead_somewhere(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    targets = [t.split("#")[0] for t in re.findall(r"\]\(([^)\s]+)\)", text) if "://" not in t]
    assert [target for target in targets if target and not (path.parent / target).exists()] == []


def builder() -> ModuleType:
    spec = importlib.util.spec_from_file_location("docs_build", DOCS / "_build" / "build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
