"""Masks of single values: the first of several candidates that the column accepts."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from itertools import islice
from typing import TYPE_CHECKING, Any, Protocol

from alembic_vibe.diagnostics import FindingsError
from alembic_vibe.subset.masking.looks import mask_by_looks
from alembic_vibe.subset.masking.masks import all_masks
from alembic_vibe.subset.masking.model import ENOUGH, Form, Mask, Shape
from alembic_vibe.subset.masking.patterns import readable, text_like
from alembic_vibe.subset.masking.permuting import Permuter
from alembic_vibe.subset.masking.rules import IMPOSSIBLE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.data.checks.regex import Node
    from alembic_vibe.data.model import CheckRule
    from alembic_vibe.subset.masking.drawing import Drawer

_CACHED = 16_384
_DRAWS = 6  # of one form
_TWEAKS = 8  # permutations of one value
_ATTEMPTS = 12  # texts of one pattern
_PATTERNS = 8
_STEPS = 10**12  # that a range of numbers is divided into
_PROBES = 8
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e[+-]?\d+)?")


@dataclass(slots=True)
class Target:
    """Where a mask goes: one column, and those that refer to it.

    ``rules`` are CHECKs with the name of the column in each. ``wide``: forms with many masks come first. ``taken``: of
    unique columns, the values that have a mask, by mask; shared by all columns with the same mask.
    """

    name: str
    shapes: tuple[Shape, ...]
    nullable: bool = False
    unique: bool = False
    folded: bool = False
    closed: bool = False
    wide: bool = False
    rules: list[tuple[str, CheckRule]] = field(default_factory=list)
    taken: dict[int, int] = field(default_factory=dict)


class Note(Protocol):
    """What is told of each value that is masked."""

    def __call__(self, original: str, masked: str | None, *, distinctive: bool) -> None:
        """Hear of it."""


class ScalarMask:
    """Masks texts that PostgreSQL has written. The same text gets the same mask; a mask is never its original."""

    def __init__(self, drawer: Drawer, mask: Mask, target: Target) -> None:
        self._drawer, self._target = drawer, target
        self.mask = mask
        self.note: Note | None = None
        kind = target.shapes[0].kind
        self._mode: Any = "number" if kind in {"number", "money"} else "form"
        self._bytes = kind == "bytea"
        self._number = kind == "number"
        self._fixed = any(shape.fixed for shape in target.shapes)
        self._longest = min((shape.longest for shape in target.shapes if shape.longest is not None), default=None)
        self._high = min((shape.high for shape in target.shapes if shape.high is not None), default=None)
        self._rules = [(column, rule.holds) for column, rule in target.rules if rule.holds is not None]
        self._folded = mask.folded or target.folded
        self._permuters: dict[int, Permuter] = {}
        self._cache: dict[str, str | None] = {}
        self._choices, self._patterns = _named(target)
        self._span = _span(target) if self._number else None
        self._first = mask.permuted
        forms = list(mask.forms)
        if target.wide or target.unique:
            forms.sort(key=lambda form: -min(form.bits, ENOUGH))
        # What the column never accepts is not tried for every value again.
        failed = [form for form in forms if not self._probe(form)]
        accepted = [form for form in forms if form not in failed]
        self.likely = bool(accepted) or mask.permuted
        strong = [form for form in accepted if form.bits >= ENOUGH]
        self._forms = strong if strong and target.unique else accepted + failed
        # Where two masks could be equal, each is given away once.
        self._claims = (target.unique and bool(self._rules)) or (
            (target.unique or target.wide) and not strong and not mask.permuted
        )
        self._plain = not (self._claims or self._first or target.closed) and bool(self._forms)
        self._free = not self._rules and self._longest is None and not self._number

    def __call__(self, value: str) -> str | None:
        """Return the mask of a value: ``None`` where only NULL is accepted. What is empty stays so.

        Raises:
            FindingsError: Nothing is accepted.
        """
        try:
            return self._cache[value]
        except KeyError:
            pass
        if len(self._cache) >= _CACHED:
            self._cache.clear()
        found = self._cache[value] = self._mask(value)
        if self.note is not None and value:
            self.note(value, found, distinctive=self.mask.distinctive)
        return found

    def possible(self) -> bool:
        """Whether some value that the CHECKs accept has a mask that they accept; true if no such value is known."""
        examples = self._examples()
        return not examples or any(
            candidate != sample and self.accepts(candidate)
            for sample in examples
            for candidate in self._candidates(sample, sample.lower())
        )

    def _mask(self, value: str) -> str | None:
        original = value.rstrip(" ") if self._fixed else value
        if original in {"", "\\x"}:
            return value
        same = original.lower()
        owner = hash(same if self._target.folded else original)
        if self._plain:  # the usual case, without detours
            text = same if self._folded else original
            candidate = self._forms[0].write(self._drawer.number(self.mask.name, text), original)
            traced = same != original and self.mask.folded
            if not traced and candidate.lower() != same and (self._free or self.accepts(candidate)):
                return candidate
        for candidate in self._candidates(original, same):
            if candidate.lower() == same or not self.accepts(candidate):
                continue
            if self._claims:
                claim = hash(candidate.lower() if self._target.folded else candidate)
                if self._target.taken.setdefault(claim, owner) != owner:
                    continue
            return candidate
        if self._permute(original, 0) == original and not original.isalnum():
            return value  # no letter, no digit: it says nothing
        if self._number and set(original) <= set("-0."):
            return value
        if self._target.nullable:
            return None
        message = f"{self._target.name}: no {self.mask.name} mask satisfies the constraints for one of its values"
        raise FindingsError(IMPOSSIBLE.diagnostic(message))

    def _candidates(self, original: str, same: str) -> Iterator[str]:
        if self._target.closed:
            yield from self._chosen(original)
        if self._first:
            yield self._permute(original, 0)
        text = same if self._folded else original
        name = self.mask.name
        for place, form in enumerate(self._forms):
            for draw in range(_DRAWS):
                number = self._drawer.number(f"{name} {place}.{draw}" if place or draw else name, text)
                written = form.write(number, original)
                if written == original:  # too short for this form
                    break
                yield (
                    _traced(written, self._drawer.number("case", original))
                    if (self.mask.folded and same != original)
                    else written
                )
        if self._mode == "form" and not self._bytes and (looks := all_masks().get(mask_by_looks(original) or "")):
            # An address that is permuted could be that of somebody.
            number = self._drawer.number(looks.name, same if looks.folded else original)
            yield from (form.write(number, original) for form in looks.forms)
        for tweak in range(1 if self._first else 0, _TWEAKS):
            yield self._permute(original, tweak)
            if not self._bytes and self._mode == "form" and self._rules:
                yield self._permuter(tweak).permute(original, "hex")
        yield from self._within(original)
        yield from self._chosen(original)

    def _within(self, original: str) -> Iterator[str]:
        """Numbers between the bounds of the CHECKs, with as many decimals as the original has."""
        if self._span is None or not _NUMBER.fullmatch(original):
            return
        low, high = self._span
        unit = Decimal(1).scaleb(min(0, int(Decimal(original).as_tuple().exponent)))
        for draw in range(_DRAWS):
            number = self._drawer.number(f"{self.mask.name} within {draw}", original)
            yield str((low + (high - low) * (number % _STEPS) / _STEPS).quantize(unit))

    def _chosen(self, original: str) -> Iterator[str]:
        if self._choices:
            start = self._drawer.number(f"{self.mask.name} choice", original) % len(self._choices)
            yield from self._choices[start:]
            yield from self._choices[:start]
        for attempt in range(_ATTEMPTS if self._patterns else 0):
            number = self._drawer.number(f"{self.mask.name} pattern {attempt}", original)
            for tree in self._patterns:
                yield text_like(tree, number, attempt)

    def _examples(self) -> list[str]:
        """Originals as they could be: a few that the CHECKs accept."""
        return list(islice(filter(self.accepts, self._chosen("example")), _PROBES))

    def _permute(self, original: str, tweak: int) -> str:
        if self._bytes:
            return original[:2] + self._permuter(tweak).permute(original[2:], "hex")
        return self._permuter(tweak).permute(original, self._mode)

    def _permuter(self, tweak: int) -> Permuter:
        if tweak not in self._permuters:
            self._permuters[tweak] = Permuter(self._drawer, f"{self.mask.name} {tweak}")
        return self._permuters[tweak]

    def accepts(self, text: str) -> bool:
        """Whether the type and the CHECKs that are understood let this in."""
        if self._longest is not None and len(text) > self._longest:
            return False
        if self._number and (not _NUMBER.fullmatch(text) or (self._high is not None and abs(float(text)) > self._high)):
            return False
        if self._rules:
            value = self._value(text)
            return all(holds({column: value}) is not False for column, holds in self._rules)
        return True

    def _value(self, text: str) -> Any:
        if self._bytes:
            return bytes.fromhex(text.removeprefix("\\x"))
        if not self._number:
            return text
        try:
            return Decimal(text) if "." in text or "e" in text else int(text)
        except (InvalidOperation, ValueError):
            return text

    def _probe(self, form: Form) -> bool:
        """Whether a form is accepted for originals of some length."""
        if self._longest is None and not self._rules and not self._number:
            return True
        originals = self._examples() or ["4155550123" if self._number else "A sample of 24 characters"]
        for original in originals:
            for number in range(_PROBES):
                written = form.write(self._drawer.number("probe", f"{number} {original}"), original)
                if written != original and self.accepts(written):
                    return True
        return False


def _traced(mask: str, number: int) -> str:
    """Let the capitals of an original show in its mask, so that originals that differ in case alone differ still."""
    start = mask.rfind("/") + 1
    end = mask.find("@") if "@" in mask else len(mask)
    chars = list(mask)
    for i in range(start, end):
        number, capital = divmod(number, 2)
        if capital:
            chars[i] = chars[i].upper()
    return "".join(chars)


def _named(target: Target) -> tuple[list[str], list[Node]]:
    """Values that CHECKs name, and the patterns that they ask for."""
    choices: dict[str, None] = {}
    patterns: list[Node] = []
    for column, rule in target.rules:
        for case in rule.cases:
            domain = case.domains.get(column)
            if domain is not None:
                choices.update(dict.fromkeys(str(choice) for choice in domain.choices or () if choice is not None))
                patterns += readable(domain.patterns)
    return list(choices), patterns[:_PATTERNS]


def _span(target: Target) -> tuple[Decimal, Decimal] | None:
    """The closest bounds that CHECKs with one case name, if there is one on each side."""
    domains = [
        rule.cases[0].domains[column]
        for column, rule in target.rules
        if len(rule.cases) == 1 and column in rule.cases[0].domains
    ]
    lows = [Decimal(domain.low.value) for domain in domains if domain.low is not None]
    highs = [Decimal(domain.high.value) for domain in domains if domain.high is not None]
    return (max(lows), min(highs)) if lows and highs and max(lows) < min(highs) else None
