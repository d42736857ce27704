"""Texts by what a column's name means: names, addresses, titles, all of nobody and nowhere.

Addresses in networks are those that are reserved for documentation: RFC 2606 (example.com), RFC 5737 (203.0.113.0/24
and others), and telephone numbers with 555-01.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING

from alembic_vibe.data.engine.patterned import fits

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from alembic_vibe.data.model import Domain, Value

_SIZE = 600  # of each pool
_MOST = 10**6
_TRIED = 30


@dataclass(frozen=True, slots=True)
class Pools:
    """Words of people, places and things."""

    first: tuple[str, ...]
    last: tuple[str, ...]
    cities: tuple[str, ...]
    streets: tuple[str, ...]
    words: tuple[str, ...]
    sentences: tuple[str, ...]
    companies: tuple[str, ...]
    agents: tuple[str, ...]


@cache
def _pools() -> Pools:
    """Make the pools, the same each time."""
    from mimesis import Generic
    from mimesis.locales import Locale

    made = Generic(Locale.EN, seed=20260101)

    def some(make: Callable[[], str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(make() for _ in range(_SIZE)))

    return Pools(
        some(made.person.first_name),
        some(made.person.last_name),
        some(made.address.city),
        some(made.address.street_name),
        some(lambda: made.text.word().lower()),
        some(made.text.sentence),
        some(made.finance.company),
        some(made.internet.user_agent),
    )


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "", text.lower())


def _pick(pool: tuple[str, ...], number: int, factor: int = 1) -> str:
    return pool[number * factor % len(pool)]


def _name(number: int) -> tuple[str, str]:
    pools = _pools()
    return _pick(pools.first, number), _pick(pools.last, number // len(pools.first) + number, 7)


def _person(number: int) -> str:
    return " ".join(_name(number))


def _first(number: int) -> str:
    return _name(number)[0]


def _last(number: int) -> str:
    return _name(number)[1]


def _login(number: int) -> str:
    first, last = _name(number)
    return f"{_plain(first)}.{_plain(last)}{number}"


def _user(number: int) -> str:
    first, last = _name(number)
    return f"{_plain(first)}_{_plain(last)[:12]}{number}"


def _phrase(number: int) -> str:
    words = _pools().words
    return f"{_pick(words, number)} {_pick(words, number // len(words) + number, 11)}".capitalize()


def _slug(number: int) -> str:
    words = [_plain(word) for word in (_pick(_pools().words, number), _pick(_pools().words, number, 13))]
    return "-".join([*words, str(number)])


def _phone(number: int) -> str:
    return f"+1{200 + number // 100 % 790}55501{number % 100:02d}"


def _street(number: int) -> str:
    return f"{number % 180 + 1} {_pick(_pools().streets, number, 3)}"


# (name of a column, text of a number, whether no two numbers have the same text)
_MEANINGS: tuple[tuple[str, Callable[[int], str], bool], ...] = (
    (r"e_?mail", lambda n: f"{_login(n)}@example.com", True),
    (r"phone|mobile|telephone|(^|_)(tel|fax)($|_)", _phone, False),
    (r"user_?agent", lambda n: _pick(_pools().agents, n), False),
    (r"(^|_)ip($|_)|ip_?addr", lambda n: f"203.0.113.{n % 254 + 1}", False),
    (r"(url|uri|website|link|homepage|href)$", lambda n: f"https://example.com/{_slug(n)}", True),
    (r"domain|host_?name", lambda n: f"{_plain(_pick(_pools().words, n))}{n}.example.com", True),
    (r"hash|digest|checksum|token|secret|signature|fingerprint|api_?key", lambda n: _digest(n), True),
    (r"user_?name|login|nick|handle", _user, True),
    (r"first_?name|given_?name|forename", _first, False),
    (r"last_?name|family_?name|surname", _last, False),
    (r"full_?name|display_?name|person|author|contact|recipient|holder|owner|customer_?name", _person, False),
    (r"compan|organi[sz]ation|vendor|supplier|legal_?name|employer", lambda n: _pick(_pools().companies, n), False),
    (r"city|town|locality", lambda n: _pick(_pools().cities, n), False),
    (r"street|address|line_?[12]", _street, False),
    (r"post_?(al_?)?code|zip", lambda n: f"{10000 + n * 37 % 89999}", False),
    (r"time_?zone|(^|_)tz$", lambda n: _pick(("Europe/Berlin", "America/New_York", "Asia/Tokyo", "UTC"), n), False),
    (r"locale|language|lang$", lambda n: _pick(("en", "de", "fr", "es", "nl", "pt"), n), False),
    (r"country(_code)?$", lambda n: _pick(("DE", "FR", "NL", "ES", "IT", "GB", "US", "JP"), n), False),
    (r"currency", lambda n: _pick(("EUR", "USD", "GBP", "CHF", "JPY"), n), False),
    (r"colou?r", lambda n: f"#{n * 7919 % 0xFFFFFF:06x}", False),
    (r"slug|permalink", _slug, True),
    (r"file_?name", lambda n: f"{_slug(n)}.pdf", True),
    (r"(mime|media|content)_?type", lambda n: _pick(("image/png", "application/pdf", "text/plain"), n), False),
    (r"path|storage_key|object_key", lambda n: f"files/{_slug(n)}", True),
    (r"version", lambda n: f"{n // 100 % 10}.{n // 10 % 10}.{n % 10}", False),
    (r"desc|body|content|text|comment|note|message|bio|summary|remark|reason|detail|about",
     lambda n: _pick(_pools().sentences, n), False),
    (r"title|subject|headline|caption|name|label|topic", _phrase, False),
)  # fmt: skip
_OF_A_PERSON = (_first, _last, _person)  # they go with the address and the user name of the same row
_COMPILED = tuple((re.compile(pattern, re.IGNORECASE), make, distinct) for pattern, make, distinct in _MEANINGS)


def _digest(number: int) -> str:
    return sha256(number.to_bytes(8, "big")).hexdigest()


@dataclass(slots=True)
class Realistic:
    """Texts of numbers; those that must differ, and might not, get their number behind them."""

    make: Callable[[int], str]
    unique: bool
    marked: bool
    by_row: bool
    capacity: int | None = None

    def batch(self, random: Random, first: int, count: int) -> list[Value]:
        """Return texts for the rows from number ``first`` on."""
        make = self.make
        if not self.unique and not self.by_row:
            return [make(int(random.random() * _MOST)) for _ in range(count)]
        if self.marked:
            return [f"{make(number)} {number + 1}" for number in range(first, first + count)]
        return [make(number) for number in range(first, first + count)]


def realistic(name: str, domain: Domain, *, unique: bool) -> Realistic | None:
    """Return texts that a column's name asks for, if they are within its domain."""
    for pattern, make, distinct in _COMPILED:
        if pattern.search(name):
            made = Realistic(make, unique, unique and not distinct, make in _OF_A_PERSON)
            samples = [
                f"{make(number * 30011)} {_MOST}" if made.marked else make(number * 30011) for number in range(_TRIED)
            ]
            if all(fits(domain, text) for text in samples):
                return made
    return None
