"""The constants that CHECK constraints mention: the best hints at what they accept."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from operator import ge, gt, le, lt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


@dataclass(slots=True)
class Harvest:
    """Constants that the expressions about one column mention."""

    strings: list[str] = field(default_factory=list)
    patterns: list[tuple[str, bool]] = field(default_factory=list)  # regular expression, ignore case
    likes: list[str] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)
    divides: bool = False  # a remainder is taken somewhere
    bounds: list[tuple[str, float]] = field(default_factory=list)  # comparison and number, as in ">= 3"

    def with_more(self, other: Harvest) -> Harvest:
        """Return what both mention."""
        return Harvest(
            self.strings + other.strings,
            self.patterns + other.patterns,
            self.likes + other.likes,
            self.numbers + other.numbers,
            self.divides or other.divides,
            self.bounds + other.bounds,
        )

    def allows(self, value: float) -> bool:
        """Whether a number lies within the bounds, if all of them were about it."""
        return all(_COMPARE[operator](value, bound) for operator, bound in self.bounds)


_COMPARE: dict[str, Callable[[float, float], bool]] = {"<": lt, "<=": le, ">": gt, ">=": ge}
_BOUND = re.compile(r"(>=|<=|>|<)\s*\(*'?(-?\d+(?:\.\d+)?)(?![\w])")
_TOKEN = re.compile(
    r"(?P<operator>!~~\*?|~~\*?|!~\*?|~\*?)?\s*\(*'(?P<string>(?:[^']|'')*)'"
    r"|(?<![\w.])(?P<number>-?\d+(?:\.\d+)?)(?![\w])"
)


def harvest(expressions: Iterable[str]) -> Harvest:
    """Collect the constants of expressions, as ``pg_get_expr`` prints them."""
    found = Harvest()
    for expression in expressions:
        found.divides = found.divides or " % " in expression or "mod(" in expression
        found.bounds.extend((operator, float(bound)) for operator, bound in _BOUND.findall(expression))
        for token in _TOKEN.finditer(expression):
            if token["number"] is not None:
                found.numbers.append(token["number"])
                continue
            text = token["string"].replace("''", "'")
            operator = token["operator"] or ""
            if expression[: token.start()].rstrip("(").endswith("similar_to_escape"):
                found.patterns.append(("^(?:" + text.replace("%", ".*").replace("_", ".") + ")$", False))
                continue
            if operator in {"~", "~*"}:
                found.patterns.append((text, operator == "~*"))
            elif operator.startswith("~~"):
                found.likes.append(text)
            elif not operator.startswith("!"):
                found.strings.append(text)
                if re.fullmatch(r"-?\d+(\.\d+)?", text):
                    found.numbers.append(text)
    return found
