"""Every rule's examples, and the cases in Markdown: which diagnostics stand on which line."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from markdown_it import MarkdownIt

from alembic_vibe.diagnostics import Rule
from alembic_vibe.sql import rules

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from alembic_vibe.sql.statement import ParsedSql

RULES = [rule for module in rules.modules() for rule in module.RULES]
CASES = Path(__file__).parents[2] / "cases" / "sql"
EXPECTATION = re.compile(r"\s*--\s*(error|warning|info)\[(AV\d{3})\]:?\s*(.*)")


def test_codes_and_slugs_are_unique() -> None:
    assert len({rule.code for rule in RULES}) == len(RULES)
    assert len({rule.slug for rule in RULES}) == len(RULES)
    assert all(re.fullmatch(r"AV2\d\d", rule.code) for rule in RULES)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.code}-{rule.slug}")
def test_examples(rule: Rule, parse: Callable[..., ParsedSql]) -> None:
    found = [(d.code, d.severity) for d in parse(rule.bad).diagnostics]
    assert found == [(rule.code, rule.severity)]
    assert [d.message for d in parse(rule.good).diagnostics] == []


def _cases() -> Iterator[object]:
    for path in sorted(CASES.glob("*.md")):
        title = path.stem
        for token in MarkdownIt().parse(path.read_text()):
            if token.type == "inline" and token.level == 1:
                title = token.content or title
            elif token.type == "fence" and token.info == "sql":
                yield pytest.param(token.content, id=f"{path.stem}: {title}")


@pytest.mark.parametrize("text", list(_cases()))
def test_case(text: str, parse: Callable[..., ParsedSql]) -> None:
    """An expectation stands on the line below the one that is marked: ``-- error[AV230]: part of message or help``."""
    sql: list[str] = []
    expected: list[tuple[int, str, str, str]] = []
    for line in text.splitlines():
        match = EXPECTATION.fullmatch(line)
        if match:
            expected.append((len(sql), match[1], match[2], match[3].strip()))
        else:
            sql.append(line)
    parsed = parse("\n".join(sql))
    first = 3  # the fence in the document that `parse` makes begins on this line
    found = [(d.line - first, str(d.severity), d.code, f"{d.message} | {d.help}") for d in parsed.diagnostics]
    assert [f[:3] for f in found] == [e[:3] for e in expected], found
    for (*_, text_found), (*_, part) in zip(found, expected, strict=True):
        assert part in text_found
