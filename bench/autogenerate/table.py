"""The table of features and tools, and its place in docs/autogenerate.md."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

from bench.autogenerate.features import FEATURES as OF_TABLES
from bench.autogenerate.objects import OBJECTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bench.autogenerate.features import Feature

FEATURES = (*OF_TABLES, *OBJECTS)
ACTIONS = ("add", "change", "drop")
BEGIN, END = "<!-- begin: python -m bench.autogenerate --write -->", "<!-- end -->"

_RUN = "Run with: "


class Verdict(StrEnum):
    """What a tool makes of a change, as the table shows it."""

    RIGHT = "✓"
    WRONG = "~"
    MISSED = "✗"
    NONE = "-"


Verdicts: TypeAlias = Mapping[tuple[str, str, str], Verdict]


def table(verdicts: Verdicts, features: Sequence[Feature], tools: Sequence[str], versions: Sequence[str]) -> str:
    """Return the table in Markdown, with what it was made of, and a line that counts."""
    lines = [f"| feature | {' | '.join(tools)} |", f"|---|{'---|' * len(tools)}"]
    for feature in features:
        cells = (
            " ".join(verdicts.get((tool, feature.name, action), Verdict.NONE) for action in ACTIONS) for tool in tools
        )
        lines.append(f"| {feature.name} | {' | '.join(cells)} |")
    counts = (
        str(sum(verdicts.get((tool, one.name, action)) is Verdict.RIGHT for one in features for action in ACTIONS))
        for tool in tools
    )
    lines.append(f"| **right, of {_total(verdicts, features, tools)}** | {' | '.join(counts)} |")
    return "\n".join([*lines, "", _RUN + "; ".join(versions) + "."])


def _total(verdicts: Verdicts, features: Sequence[Feature], tools: Sequence[str]) -> int:
    return sum((tools[0], one.name, action) in verdicts for one in features for action in ACTIONS)


def written(page: str) -> tuple[dict[tuple[str, str, str], Verdict], list[str]]:
    """Return what the page says already, and what it was made of: a run of one tool replaces that tool's column."""
    lines = page.split(BEGIN, 1)[1].split(END, 1)[0].splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    told = next((line.removeprefix(_RUN).removesuffix(".") for line in lines if line.startswith(_RUN)), "")
    verdicts = {
        (tool, row[0], action): Verdict(mark)
        for row in rows[2:-1]
        for tool, cell in zip(rows[0][1:], row[1:], strict=True)
        for action, mark in zip(ACTIONS, cell.split(), strict=True)
        if mark != Verdict.NONE
    }
    return verdicts, told.split("; ") if told else []


def replaced(page: str, text: str) -> str:
    """Return the page with this table between the markers.

    Raises:
        ValueError: The markers are not there.
    """
    before, rest = page.split(BEGIN, 1)
    _, after = rest.split(END, 1)
    return f"{before}{BEGIN}\n\n{text}\n\n{END}{after}"
