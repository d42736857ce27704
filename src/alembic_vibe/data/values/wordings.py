"""Which texts a meaning has: words, to which a number is added where no two may be alike; or codes of a number."""

from __future__ import annotations

from functools import cache, partial
from hashlib import blake2b
from typing import TYPE_CHECKING, NamedTuple

from alembic_vibe.data.meanings import Meaning
from alembic_vibe.data.values import vocabulary as v

if TYPE_CHECKING:
    from collections.abc import Callable

M = Meaning

_DOMAINS = ("example.com", "example.com", "example.org", "example.net")  # RFC 2606
_ENDLESS = 10**9
_PHONES = 80_000  # 800 area codes with 100 numbers each, 555-0100 to 555-0199: nobody's


class Words(NamedTuple):
    """Texts ``before + word + number + after``; ``between`` are the signs before the number, the best first.

    ``styles`` are other lists of words for columns that the first does not fit.
    """

    pool: Callable[[], tuple[str, ...]]
    between: tuple[str, ...] = (" ", "-", "_", "")
    before: str = ""
    after: tuple[str, ...] = ("",)
    styles: tuple[tuple[str, ...], ...] = ()


class Codes(NamedTuple):
    """A text for each number below ``capacity``; the first spelling that fits is taken."""

    spellings: tuple[Callable[[int], str], ...]
    capacity: int = _ENDLESS


def _some(*styles: str) -> Words:
    """Return a short list, and other spellings of it."""
    lists = tuple(tuple(style.split(" ")) for style in styles)
    return Words(lambda: lists[0], ("-", "_", " ", ""), styles=lists[1:])


@cache
def _locals() -> tuple[str, ...]:
    return v.mapped(v.people, lambda name: v.ascii_words(name, "."))


@cache
def _logins() -> tuple[str, ...]:
    return v.mapped(v.people, lambda name: name[0].lower() + v.ascii_words(name.split(" ", 1)[1], ""))


@cache
def _slugs() -> tuple[str, ...]:
    return v.mapped(v.titles, v.ascii_words)


@cache
def _labels() -> tuple[str, ...]:
    return v.mapped(v.words, str.capitalize)


@cache
def _addresses() -> tuple[str, ...]:
    cities = v.listed("address", "city")
    return tuple(f"{street}, {cities[at * 7 % len(cities)]}" for at, street in enumerate(v.streets()))


@cache
def _keys() -> tuple[str, ...]:
    return v.mapped(v.titles, partial(v.ascii_words, between="_"))


@cache
def _agents() -> tuple[str, ...]:
    return tuple(
        f"Mozilla/5.0 ({system}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{number}.0.0.0 Safari/537.36"
        for number in range(120, 145)
        for system in (
            "Windows NT 10.0; Win64; x64",
            "Macintosh; Intel Mac OS X 10_15_7",
            "X11; Linux x86_64",
            "Linux; Android 10; K",
        )
    )


def _digest(number: int, size: int = 64) -> str:
    return blake2b(number.to_bytes(8, "big"), digest_size=32).hexdigest()[:size]


def _phone(number: int) -> tuple[str, str, str]:
    number = number * 30_011 % _PHONES
    return str(200 + number // 100), "555", f"01{number % 100:02d}"


def _bad_luhn(number: int) -> str:
    """Return sixteen digits that are no card: no issuer begins with 00, and the check digit is wrong (ISO/IEC 7812)."""
    digits = f"000000{number % 10**9:09d}"
    total = sum(sum(divmod(int(digit) * (2 - place % 2), 10)) for place, digit in enumerate(digits))
    return digits + str((10 - total % 10 + 3) % 10)


TEXTS: dict[M, Words | Codes] = {
    M.EMAIL: Words(_locals, (".", "+", "_", ""), after=tuple(f"@{domain}" for domain in _DOMAINS)),
    M.PHONE: Codes(
        (
            lambda n: "+1" + "".join(_phone(n)),
            lambda n: "+1-" + "-".join(_phone(n)),
            lambda n: "-".join(_phone(n)),
            lambda n: "".join(_phone(n)),
            lambda n: "1" + "".join(_phone(n)),
            lambda n: "({}) {}-{}".format(*_phone(n)),
            lambda n: "+1 {} {} {}".format(*_phone(n)),
            lambda n: "+1 ({}) {}-{}".format(*_phone(n)),
        ),
        _PHONES,
    ),
    M.PERSON_NAME: Words(v.people),
    M.FIRST_NAME: Words(partial(v.listed, "person", "first_name")),
    M.MIDDLE_NAME: Words(partial(v.listed, "person", "first_name")),
    M.LAST_NAME: Words(partial(v.listed, "person", "last_name")),
    M.NAME_PREFIX: _some("Ms Mr Mrs Dr Prof"),
    M.USERNAME: Words(_logins, ("", "_", ".", "-")),
    M.GENDER: _some("female male other", "Female Male", "f m", "F M"),
    M.NATIONAL_ID: Codes((lambda n: f"000-{n // 10_000 % 100:02d}-{n % 10_000:04d}", lambda n: f"X0{n:08d}"), 10**6),
    M.TAX_ID: Codes((lambda n: f"XX{n:09d}", lambda n: f"00-{n % 10**7:07d}", lambda n: f"{n:09d}"), 10**7),
    M.COMPANY: Words(v.companies),
    M.DEPARTMENT: _some("Sales Finance Operations Support Purchasing Marketing Research Logistics"),
    M.JOB_TITLE: Words(partial(v.listed, "person", "occupation")),
    M.ADDRESS: Words(_addresses),
    M.STREET: Words(v.streets),
    M.ADDRESS_LINE_2: Words(lambda: tuple(f"Apt {number}" for number in range(1, 120))),
    M.CITY: Words(partial(v.listed, "address", "city")),
    M.STATE: Words(lambda: (*v.listed("address", "state"), "CA", "NY", "TX", "WA", "OR", "FL", "IL", "MA", "OH", "CO")),
    M.POSTAL_CODE: Codes((lambda n: f"{10_000 + n * 37 % 89_999}", lambda n: f"{1000 + n % 9000}"), 89_999),
    M.COUNTRY_CODE: _some("US DE GB FR NL ES IT JP CA SE BR IN", "USA DEU GBR FRA NLD ESP ITA", "us de gb fr"),
    M.COUNTRY: Words(partial(v.listed, "address", "country")),
    M.CURRENCY: _some("USD EUR GBP JPY CHF SEK CAD AUD", "usd eur gbp"),
    M.IP: Codes((lambda n: _ip(n),), 762),
    M.MAC: Codes((lambda n: _mac(n), lambda n: _mac(n).upper())),
    M.URL: Words(_slugs, ("-", "_", ""), "https://example.com/"),
    M.IMAGE_URL: Words(_slugs, ("-", "_", ""), "https://example.com/images/", (".png", ".jpg")),
    M.DOMAIN_NAME: Words(v.words, ("-", ""), after=tuple(f".{domain}" for domain in dict.fromkeys(_DOMAINS))),
    M.USER_AGENT: Words(_agents),
    M.LOCALE: _some("en de fr es nl pt", "en-US de-DE fr-FR es-ES", "en_US de_DE fr_FR es_ES", "EN DE FR"),
    M.TIME_ZONE: _some("Europe/Berlin America/New_York Europe/London Asia/Tokyo America/Sao_Paulo", "UTC"),
    M.COLOUR: Codes((lambda n: f"#{n * 7919 % 0xFFFFFF:06x}", lambda n: f"#{n * 7919 % 0xFFFFFF:06X}"), 0xFFFFFF),
    M.SLUG: Words(_slugs, ("-", "_", "")),
    M.TITLE: Words(v.titles),
    M.DESCRIPTION: Words(v.paragraphs),
    M.COMMENT: Words(v.paragraphs),
    M.REASON: Words(v.sentences),
    M.PRODUCT: Words(v.things),
    M.SKU: Codes((lambda n: f"SKU-{n + 1:06d}", lambda n: f"AB-{n + 1:04d}", lambda n: f"SKU{n + 1:06d}")),
    M.REFERENCE: Codes((lambda n: f"REF-{n + 1:07d}", lambda n: f"R{n + 1:07d}", lambda n: f"{n + 1:08d}")),
    M.CODE: Codes((lambda n: _letters(n, 6), lambda n: _letters(n, 3), lambda n: f"A{n:03d}"), 26**6),
    M.BARCODE: Codes((lambda n: f"20{n % 10**10:010d}0",)),  # 20 is for use inside a shop
    M.IBAN: Codes((lambda n: f"XX00TEST{n:014d}", lambda n: f"00{n:010d}")),  # there is no country XX
    M.BANK: Words(lambda: tuple(f"{name} Bank" for name in v.listed("person", "last_name"))),
    M.CARD_NUMBER: Codes((_bad_luhn, lambda n: f"000000******{n % 10_000:04d}"), 10**9),
    M.LAST_FOUR: Codes((lambda n: f"{n * 7919 % 10_000:04d}",), 10_000),
    M.PASSWORD_HASH: Codes((lambda n: f"$2b$12${_digest(n)[:53]}", _digest)),
    M.TOKEN: Codes(tuple(partial(_digest, size=size) for size in (48, 64, 32, 40, 20, 16, 24, 12, 10, 8))),
    M.HASH: Codes(tuple(partial(_digest, size=size) for size in (64, 40, 32, 20, 16, 12, 10, 8))),
    M.FILE_NAME: Words(_slugs, ("-", "_", ""), after=(".pdf", ".png", ".csv", ".txt")),
    M.PATH: Words(_slugs, ("-", "_", ""), "/files/"),
    M.MIME_TYPE: _some("image/png application/pdf image/jpeg text/plain text/csv application/json"),
    M.FILE_EXTENSION: _some("pdf png jpg txt csv", ".pdf .png .jpg"),
    M.VERSION: Codes((lambda n: f"{n // 240 + 1}.{n // 20 % 12}.{n % 20}", lambda n: f"{n // 20 + 1}.{n % 20}"), 2400),
    M.HTTP_METHOD: _some("GET POST PUT PATCH DELETE", "get post put"),
    M.STATUS: _some("active pending inactive closed", "A P I C"),
    M.KIND: _some("standard basic premium internal", "S B P I"),
    M.ROLE: _some("member viewer editor manager admin"),
    M.PRIORITY: _some("normal high low urgent"),
    M.PERMISSION: Words(lambda: tuple(f"{n}:{a}" for n in v.words()[:60] for a in ("read", "write", "delete"))),
    M.CATEGORY: Words(lambda: tuple(f"{word}s" for word in _labels()[:90])),
    M.TAG: Words(v.words, ("-", "_", "", " ")),
    M.LABEL: Words(v.titles),
    M.UNIT: _some("piece kg m l box hour g cm"),
    M.DEVICE: Words(partial(v.listed, "hardware", "phone_model")),
    M.EVENT: Words(lambda: tuple(f"{n}.{a}" for n in v.words()[:40] for a in ("created", "updated", "deleted"))),
    M.KEY: Words(_keys, ("_", "-", ".", "")),
    M.IDENTIFIER: Codes((lambda n: f"id-{_digest(n, 16)}", lambda n: f"{n + 1}")),
    M.OTHER: Words(v.titles),
}


def _ip(number: int) -> str:
    """Return an address of those for documentation (RFC 5737; RFC 3849 where these are not enough)."""
    net, host = divmod(number, 254)
    if net < 3:
        return f"{('203.0.113', '198.51.100', '192.0.2')[net]}.{host + 1}"
    return f"2001:db8::{number >> 16:x}:{number & 0xFFFF:x}"


def _mac(number: int) -> str:
    """Return an address of 00-00-5E-00-53, for documentation (RFC 9542), then ones that are locally administered."""
    if number < 256:
        return f"00:00:5e:00:53:{number:02x}"
    digits = f"{number:010x}"
    return "02:" + ":".join(digits[at : at + 2] for at in range(0, 10, 2))


def _letters(number: int, size: int) -> str:
    """Return capital letters, all of them in use from the first number on."""
    number = number * 10_007 % 26**size
    text = ""
    for _ in range(size):
        number, rest = divmod(number, 26)
        text = chr(65 + rest) + text
    return text
