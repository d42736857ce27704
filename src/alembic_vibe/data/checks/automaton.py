"""Matching a regular expression in a time that grows with the text alone, whatever the pattern.

The pattern becomes a nondeterministic automaton, and that a deterministic one, state by state as texts need it: a CHECK
is untrusted input, and a backtracking engine such as Python's can be made to hang by one.
"""

from __future__ import annotations

from functools import lru_cache

from alembic_vibe.data.checks.regex import Chars, Edge, Either, Node, Regex, Repeat, Sequence, UnreadableError, read
from alembic_vibe.data.model import UndecidedError

_MOST_PLACES = 3000
_MOST_STATES = 2000
_LONGEST_TEXT = 20_000

_SPLIT, _START, _END, _DONE = "split", "start", "end", "done"
_Place = tuple[Chars | str, tuple[int, ...]]


class Matcher:
    """Says whether a text matches somewhere, as ``~`` does."""

    def __init__(self, regex: Regex) -> None:
        """Build the automaton; raises ``UnreadableError`` if it is too large."""
        self.ascii_only = regex.ascii_only
        self._places: list[_Place] = [(_DONE, ())]
        self._first = self._build(regex.tree, 0)
        self._reset()

    def _reset(self) -> None:
        self._steps: list[dict[str, int]] = []
        self._sets: list[frozenset[int]] = []
        self._numbers: dict[frozenset[int], int] = {}
        self._accepts: list[bool] = []  # whatever follows
        self._ends: list[bool] = []  # if the text ends here
        again = self._closure([self._first], at_start=False)
        self._again = again
        self._begin = self._state(self._closure([self._first], at_start=True) | again, at_start=True)

    def matches(self, text: str) -> bool:
        """Say whether the pattern is found in a text.

        Raises:
            UndecidedError: The answer depends on the locale, or the text is too long.
        """
        if len(text) > _LONGEST_TEXT or (self.ascii_only and not text.isascii()):
            raise UndecidedError
        if len(self._sets) > _MOST_STATES:
            self._reset()
        state = self._begin
        steps, accepts = self._steps, self._accepts
        for char in text:
            if accepts[state]:
                return True
            following = steps[state].get(char)
            state = self._step(state, char) if following is None else following
        return accepts[state] or self._ends[state]

    def _step(self, state: int, char: str) -> int:
        code = ord(char)
        reached: list[int] = []
        for place in self._sets[state]:
            what, following = self._places[place]
            if isinstance(what, Chars) and what.has(code):
                reached += following
        number = self._number(self._closure(reached, at_start=False) | self._again)
        self._steps[state][char] = number
        return number

    def _number(self, places: frozenset[int]) -> int:
        found = self._numbers.get(places)
        if found is None:
            found = self._numbers[places] = self._state(places, at_start=False)
        return found

    def _state(self, places: frozenset[int], *, at_start: bool) -> int:
        self._sets.append(places)
        self._steps.append({})
        self._accepts.append(0 in places)
        self._ends.append(0 in self._closure(list(places), at_start=at_start, at_end=True))
        return len(self._sets) - 1

    def _closure(self, places: list[int], *, at_start: bool, at_end: bool = False) -> frozenset[int]:
        """Return every place that is reached without a character."""
        seen: set[int] = set()
        stack = list(places)
        while stack:
            place = stack.pop()
            if place in seen:
                continue
            seen.add(place)
            what, following = self._places[place]
            if what == _SPLIT or (what == _START and at_start) or (what == _END and at_end):
                stack += following
        return frozenset(seen)

    def _add(self, what: Chars | str, *following: int) -> int:
        if len(self._places) >= _MOST_PLACES:
            raise UnreadableError
        self._places.append((what, following))
        return len(self._places) - 1

    def _build(self, node: Node, following: int) -> int:
        """Add the places of a node, from its end to its start; returns the first."""
        if isinstance(node, Chars):
            return self._add(node, following)
        if isinstance(node, Edge):
            return self._add(_END if node.end else _START, following)
        if isinstance(node, Sequence):
            for part in reversed(node.parts):
                following = self._build(part, following)
            return following
        if isinstance(node, Either):
            return self._add(_SPLIT, *(self._build(branch, following) for branch in node.branches))
        return self._repeat(node, following)

    def _repeat(self, node: Repeat, following: int) -> int:
        if node.most is None:
            loop = self._add(_SPLIT)
            self._places[loop] = (_SPLIT, (self._build(node.body, loop), following))
            following = loop
        else:
            for _ in range(node.most - node.least):
                following = self._add(_SPLIT, self._build(node.body, following), following)
        for _ in range(node.least):
            following = self._build(node.body, following)
        return following


@lru_cache(maxsize=1024)
def matcher(pattern: str, *, ignore_case: bool = False) -> Matcher | None:
    """Return what matches a pattern in PostgreSQL's spelling, ``None`` if it is not understood."""
    try:
        return Matcher(read(pattern, ignore_case=ignore_case))
    except (UnreadableError, RecursionError):
        return None
