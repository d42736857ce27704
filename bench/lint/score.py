"""Hold what a linter says against the labels."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bench.lint.labels import Label, Labelled, LabelledProject
    from bench.lint.programs import Found


@dataclass
class Score:
    """How a linter did: labels found, found on the right line, missed; safe revisions that it warns of."""

    found: list[tuple[Labelled, Label]] = field(default_factory=list)
    on_line: list[tuple[Labelled, Label]] = field(default_factory=list)
    missed: list[tuple[Labelled, Label]] = field(default_factory=list)
    alarms: dict[str, list[tuple[Labelled, Found]]] = field(default_factory=dict)  # by direction; "" where unknown
    unlabelled: list[Found] = field(default_factory=list)  # what else is said of revisions that are not safe

    def alarmed(self, *directions: str) -> int:
        """How many safe revisions it warns of, in these functions."""
        return len({labelled.path for way in directions for labelled, _ in self.alarms.get(way, ())})

    def known(self, rules: frozenset[str]) -> tuple[int, int]:
        """Of the labels whose rule is one of these: how many were found, how many there are."""
        found = sum(bool(label.rules & rules) for _, label in self.found)
        return found, found + sum(bool(label.rules & rules) for _, label in self.missed)


def judge(project: LabelledProject, findings: Iterable[Found], score: Score | None = None) -> Score:
    """Add the findings of one project to a score."""
    score = score or Score()
    of_file: dict[object, list[Found]] = {}
    for finding in findings:
        of_file.setdefault(finding.path, []).append(finding)
    for labelled in project.files.values():
        here = of_file.get(labelled.path, [])
        used: set[int] = set()
        for label in labelled.violations:
            same = [(number, finding) for number, finding in enumerate(here) if means(finding, label)]
            used.update(number for number, _ in same)
            (score.found if same else score.missed).append((labelled, label))
            if any(finding.line in label.lines for _, finding in same):
                score.on_line.append((labelled, label))
        for number, finding in enumerate(here):
            if not finding.counts or number in used or any(means(finding, label) for label in labelled.tolerated):
                continue
            if labelled.safe:
                score.alarms.setdefault(finding.direction, []).append((labelled, finding))
            else:
                score.unlabelled.append(finding)
    return score


def means(finding: Found, label: Label) -> bool:
    """Whether a finding speaks of the harm of a label, wherever it shows it."""
    if finding.direction and label.direction and finding.direction != label.direction:
        return False
    return bool(finding.means & label.rules)
