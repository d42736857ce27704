"""Where people are, and for whom they work."""

from __future__ import annotations

from alembic_vibe.subset.masking.drawing import word
from alembic_vibe.subset.masking.model import Form, Mask
from alembic_vibe.subset.masking.pools import draw

_TEXT = frozenset({"text"})
_WAYS = ("Street", "Road", "Avenue", "Lane", "Court", "Square", "Way", "Close")
_TRADES = ("Trading", "Partners", "Works", "Services", "Labs", "Logistics", "Foods", "Press")


def _address(number: int, original: str) -> str:
    _ = original
    number, street = draw(number, "streets")
    number, house = divmod(number, 400)
    return f"{house + 1} {street} {_WAYS[number % len(_WAYS)]}"


def _unique_address(number: int, original: str) -> str:
    return f"{_address(number, original)}, {word(number >> 32).capitalize()}"


def _city(number: int, original: str) -> str:
    _ = original
    return draw(number, "cities")[1]


def _unique_city(number: int, original: str) -> str:
    return f"{_city(number, original)} {word(number >> 32).capitalize()}"


def _company(number: int, original: str) -> str:
    _ = original
    number, name = draw(number, "last_names")
    return f"{name} {_TRADES[number % len(_TRADES)]}"


def _unique_company(number: int, original: str) -> str:
    return f"{_company(number, original)} {word(number >> 32).capitalize()}"


MASKS = (
    Mask("address", _TEXT, (Form(_address, 19), Form(_unique_address, 60))),
    Mask("city", _TEXT, (Form(_city, 7), Form(_unique_city, 60))),
    Mask("postal_code", _TEXT | {"number"}, permuted=True),
    Mask("company", _TEXT, (Form(_company, 12), Form(_unique_company, 60))),
)
