"""Values of the rarer types: identifiers, addresses in networks, bytes, bits, shapes, words of a search."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING

from alembic_vibe.data.meanings import Meaning
from alembic_vibe.data.values import vocabulary as v
from alembic_vibe.data.values.model import Drawn, Numbered, Pool
from alembic_vibe.data.values.wordings import TEXTS, Codes

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from alembic_vibe.data.model import Value
    from alembic_vibe.data.values.model import Generator
    from alembic_vibe.data.values.wanted import Wanted

M = Meaning
_SIZE = 500
_MANY = 10**6
_ADDRESSES = 762  # of the networks for documentation (RFC 5737)


def make(wanted: Wanted) -> Generator | None:
    """Return values for a column of one of these types."""
    name, domain = wanted.fact.name, wanted.domain
    if name == "uuid" and not domain.patterns and not domain.excluded and domain.low is None and domain.high is None:
        return Drawn(uuids)
    if name == "bytea":
        return _bytes(wanted)
    if name in {"bit", "varbit"}:
        return _bits(wanted)
    if name in {"vector", "halfvec"}:
        return _vectors(wanted)
    found = _MAKERS.get(name)
    if found is None:
        return None
    write, capacity = found
    if wanted.unique:
        return Numbered(write, capacity)
    size = _SIZE if capacity is None else min(_SIZE, capacity)
    most = _ADDRESSES if name in {"inet", "cidr"} else capacity or _MANY
    values = wanted.fitting([write(number * 7919 % most) for number in range(size)])
    return Pool(values) if values else None


def uuids(random: Random, count: int) -> list[Value]:
    """Return random UUIDs of version 4 (RFC 9562, section 5.4) as texts; the seed decides them."""
    data = f"{random.getrandbits(128 * count):0{32 * count}x}" if count else ""
    return [
        f"{data[at : at + 8]}-{data[at + 8 : at + 12]}-4{data[at + 13 : at + 16]}-"
        f"{'89ab'[int(data[at + 16], 16) & 3]}{data[at + 17 : at + 20]}-{data[at + 20 : at + 32]}"
        for at in range(0, 32 * count, 32)
    ]


def _bytes(wanted: Wanted) -> Generator | None:
    domain = wanted.domain
    usual = 32 if wanted.meaning in {M.HASH, M.TOKEN, M.PASSWORD_HASH} else 16
    size = min(max(domain.shortest or 0, usual), domain.longest if domain.longest is not None else 1 << 16)
    if size < (domain.shortest or 0) or size > 1 << 16:
        return None

    key = f"{wanted.table}.{wanted.name}".encode()[:64]  # no two columns have the same bytes

    def octets(number: int) -> bytes:
        if size <= 4:
            return (number * 40_503 % 256**size).to_bytes(size, "big") if size else b""
        digest = blake2b(number.to_bytes(8, "big"), digest_size=min(64, size), key=key).digest()
        head = number.to_bytes(8, "big")[-5:] if size < 16 else b""  # so short that two might be alike by chance
        return (head + digest * (size // len(digest) + 1))[:size]

    capacity = 256**size if size <= 4 else None
    if wanted.unique:
        return Numbered(octets, capacity)
    values = wanted.fitting([octets(number) for number in range(_SIZE)])
    return Pool(values) if values else None


def _bits(wanted: Wanted) -> Generator:
    size = wanted.modifier if wanted.modifier > 0 else (1 if wanted.fact.name == "bit" else 8)
    capacity = 2 ** min(size, 62)
    numbers = range(min(capacity, _SIZE))
    if wanted.unique:
        return Numbered(lambda number: format(number % capacity, f"0{size}b"), capacity)
    return Pool([format(number * 37 % capacity, f"0{size}b") for number in numbers])


def _vectors(wanted: Wanted) -> Generator:
    size = wanted.modifier if wanted.modifier > 0 else 3
    random = wanted.chance()
    pool = ["[" + ",".join(f"{random.uniform(-1, 1):.3f}" for _ in range(size)) + "]" for _ in range(64)]
    if wanted.unique:
        rest = ",".join(["0"] * (size - 1))
        return Numbered(lambda number: f"[{number + 1}{',' if rest else ''}{rest}]", 2**11)
    return Pool(pool)


def _inet(number: int) -> str:
    codes = TEXTS[M.IP]
    return codes.spellings[0](number) if isinstance(codes, Codes) else ""


def _cidr(number: int) -> str:
    address = _inet(number)
    return f"{address}/128" if ":" in address else f"{address}/32"


def _mac(number: int) -> str:
    codes = TEXTS[M.MAC]
    return codes.spellings[0](number) if isinstance(codes, Codes) else ""


def _place(number: int) -> tuple[float, float]:
    return round((number * 37 % 36_000) / 100 - 180, 2), round((number // 36_000 * 7 % 16_000) / 100 - 80, 2)


def _point(number: int) -> str:
    x, y = _place(number)
    return f"({x},{y})"


def _vocabulary(number: int) -> str:
    words = v.words()
    turn, place = divmod(number, len(words))
    more = f" '{words[turn * 7 % len(words)]}':2" if turn * 7 % len(words) != place and turn else ""
    return f"'{words[place]}':1{more}" + (f" '{turn}':3" if turn else "")


def _query(number: int) -> str:
    return " & ".join(part.partition(":")[0] for part in _vocabulary(number).split(" "))


def _tree(number: int) -> str:
    words = v.words()
    turn, place = divmod(number, len(words))
    return f"top.{words[place]}" + (f".n{turn}" if turn else "")


def _corner(write: Callable[[float, float], str]) -> Callable[[int], str]:
    return lambda number: write(*_place(number))


_MAKERS: dict[str, tuple[Callable[[int], str], int | None]] = {
    "inet": (_inet, None),
    "cidr": (_cidr, None),
    "macaddr": (_mac, None),
    "macaddr8": (lambda number: f"02:00:00:{_mac(number)[3:]}"[:23], None),
    "tsvector": (_vocabulary, None),
    "tsquery": (_query, None),
    "ltree": (_tree, None),
    "point": (_point, 10**6),
    "box": (_corner(lambda x, y: f"({x + 2:.2f},{y + 1:.2f}),({x},{y})"), None),
    "circle": (_corner(lambda x, y: f"<({x},{y}),5>"), None),
    "lseg": (_corner(lambda x, y: f"[({x},{y}),({x + 3:.2f},{y + 1:.2f})]"), None),
    "line": (lambda number: f"{{1,-1,{number}}}", None),
    "path": (_corner(lambda x, y: f"[({x},{y}),({x + 1:.2f},{y}),({x + 1:.2f},{y + 1:.2f})]"), None),
    "polygon": (_corner(lambda x, y: f"(({x},{y}),({x + 1:.2f},{y}),({x + 1:.2f},{y + 1:.2f}))"), None),
    "cube": (lambda number: f"({number},{number % 10},1)", None),
    "pg_lsn": (lambda number: f"0/{number + 1:X}", 2**32 - 1),
}
TYPES = frozenset({"uuid", "bytea", "bit", "varbit", "vector", "halfvec", *_MAKERS})
