"""Walk along the values of a column and find the edges of what is accepted, exactly."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from alembic_vibe.data.edges.shape import TEXTS, WHOLE

if TYPE_CHECKING:
    from alembic_vibe.data.edges.bench import Bench, Change
    from alembic_vibe.data.edges.scales import Scale
    from alembic_vibe.data.edges.shape import Shape
    from alembic_vibe.data.edges.trial import Answer

_HALVINGS = 80  # the widest scale is that of bigint


_BEYOND = {
    "lowest": "below its lowest",
    "highest": "above its highest",
    "earliest": "before its earliest",
    "latest": "after its latest",
    "shortest": "shorter than its shortest",
    "longest": "longer than its longest",
}


@dataclass(frozen=True, slots=True)
class _Found:
    """What became of one place on a scale."""

    text: str
    answer: Answer


@dataclass
class Walk:
    """A column's scale, walked while other columns have the values of ``context``.

    ``only`` keeps the edges of one constraint alone; ``told`` is what the names of its rows say of the context.
    """

    bench: Bench
    shape: Shape
    scale: Scale
    context: Change = field(default_factory=dict)
    only: str = ""
    told: str = ""

    def run(self) -> None:
        """Find the edges, and keep the rows on either side of each."""
        found = self._look(self.scale.places)
        places = sorted(found)
        for low, high in pairwise(places):
            if found[low].answer.accepted != found[high].answer.accepted:
                self._edge(found, low, high)
        if self.only:
            return
        self._ends(found, places)
        accepted = [place for place in places if found[place].answer.accepted]
        for low, high in pairwise(places):
            if low >= max(accepted, default=0):
                self._beyond(found, low, high)
            elif high <= min(accepted, default=0):
                self._beyond(found, high, low)

    def _beyond(self, found: dict[int, _Found], near: int, far: int) -> None:
        """Keep the first row that another constraint refuses than the one at the edge."""
        name = found[far].answer.constraint
        if not name or name == found[near].answer.constraint or self.bench.refuses(name) or self.bench.tells_time(name):
            return
        if found[near].answer.accepted or not self.bench.refusal(found[far].answer):
            return
        for _ in range(_HALVINGS):
            if abs(far - near) <= 1:
                break
            middle = (near + far) // 2
            found.update(self._look((middle,)))
            if found[middle].answer.constraint == name:
                far = middle
            else:
                near = middle
        self._refuse(far, found[far], above=far > near)

    def _edge(self, found: dict[int, _Found], low: int, high: int) -> None:
        refused = low if found[high].answer.accepted else high
        if found[refused].answer.state in {"23505", "23P01"}:  # another row is in the way, not the value wrong
            return
        halved = high - low > 1  # neighbours were constants of the constraint: those stay when the time does not
        if halved and self.bench.tells_time(found[refused].answer.constraint):
            self._refuse(refused, found[refused], above=refused == high)
            return
        for _ in range(_HALVINGS):
            if high - low <= 1:
                break
            middle = (low + high) // 2
            found.update(self._look((middle,)))
            if found[middle].answer.accepted == found[low].answer.accepted:
                low = middle
            else:
                high = middle
        inside, outside = (low, high) if found[low].answer.accepted else (high, low)
        constraint = found[outside].answer.constraint
        duplicate = found[outside].answer.state in {"23505", "23P01"}
        if duplicate or (halved and self.bench.tells_time(constraint)) or (self.only and constraint != self.only):
            return
        self._refuse(outside, found[outside], above=outside > inside)
        self._accept(inside, found[inside], highest=outside > inside)
        self.bench.edged.add(constraint)

    def _ends(self, found: dict[int, _Found], places: list[int]) -> None:
        """Keep the ends of the type where no constraint narrows it, and an array with and without an element."""
        shape, scale = self.shape, self.scale
        accepted = [place for place in places if found[place].answer.accepted]
        if shape.is_array:
            for place in accepted[:2]:
                self._accept(place, found[place], highest=None)
        elif shape.base in TEXTS or shape.base in WHOLE or shape.precision is not None:
            endless = shape.base in TEXTS and shape.length is None
            for place, highest in ((places[0], False), (places[-1], True)):
                if place in accepted and not (highest and endless and place == scale.places[-1]):
                    self._accept(place, found[place], highest=highest)

    def _look(self, places: tuple[int, ...]) -> dict[int, _Found]:
        """Ask about places: one is accepted if any of its texts is."""
        asked = [(place, text) for place in places for text in self.scale.texts(place)]
        answers = self.bench.ask([{**self.context, self.shape.name: text} for _, text in asked])
        found: dict[int, _Found] = {}
        for (place, text), answer in zip(asked, answers, strict=True):
            if place not in found or (answer.accepted and not found[place].answer.accepted):
                found[place] = _Found(text, answer)
        return found

    def _accept(self, place: int, found: _Found, *, highest: bool | None) -> None:
        end = f" at its {self.scale.highest if highest else self.scale.lowest}" if highest is not None else ""
        name = f"{self.shape.name}{end}: {self.scale.shown(place, found.text)}{self.told}"
        self.bench.accept(name, {**self.context, self.shape.name: found.text})

    def _refuse(self, place: int, found: _Found, *, above: bool) -> None:
        refusal = self.bench.refusal(found.answer)
        routed = self.bench.table.key != self.bench.table.target  # no partition takes it: that has no name
        if refusal is None or not (refusal.constraint or (routed and refusal.sqlstate == "23514")):
            return
        end = _BEYOND[self.scale.highest if above else self.scale.lowest]
        name = f"{self.shape.name} {end}: {self.scale.shown(place, found.text)}{self.told}"
        change = {**self.context, self.shape.name: found.text}
        self.bench.reject(name, change, refusal, aspect=f"{'above' if above else 'below'} {place}")
