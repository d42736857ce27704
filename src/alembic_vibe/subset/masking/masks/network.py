"""Addresses of machines, out of the ranges that are reserved for documentation."""

from __future__ import annotations

from alembic_vibe.subset.masking.drawing import tail
from alembic_vibe.subset.masking.model import Form, Mask

_TEXT = frozenset({"text"})
_NETS = ("192.0.2", "198.51.100", "203.0.113")  # RFC 5737
_HOSTS = ("www.example.com", "www.example.org", "www.example.net")  # RFC 2606
_V6, _V4 = 128, 32


def _ip(number: int, original: str) -> str:
    if ":" in original:
        return _ip6(number, original)
    address, slash, bits = original.partition("/")
    number, host = divmod(number, 256)
    length = int(bits) if bits.isdecimal() else _V4
    _ = address
    return f"{_NETS[number % 3]}.{host}{slash}{max(length, 24) if slash else ''}"


def _ip6(number: int, original: str) -> str:
    """RFC 3849: 2001:db8::/32."""
    _, slash, bits = original.partition("/")
    groups = ":".join(f"{1 + (number >> 16 * i) % 65535:x}" for i in range(6))
    if slash and ":" not in original:
        bits = str(_V6)
    return f"2001:db8:{groups}{slash}{bits}"


def _network(number: int, original: str) -> str:
    """Of a cidr nothing may be set to the right of its mask."""
    _, _, bits = original.partition("/")
    length = int(bits) if bits.isdecimal() else None
    if ":" in original:
        length = min(max(length or _V6, 64), _V6)
        whole = (0x20010DB8 << 96) | number % (1 << 96)
        whole = whole >> _V6 - length << _V6 - length
        return ":".join(f"{whole >> 112 - 16 * i & 0xFFFF:x}" for i in range(8)) + f"/{length}"
    length = min(max(_V4 if length is None else length, 24), _V4)
    number, net = divmod(number, 3)
    host = number % 256 >> _V4 - length << _V4 - length
    return f"{_NETS[net]}.{host}/{length}"


def _network6(number: int, original: str) -> str:
    _ = original
    return _network(number, "::/128")


def _mac(number: int, original: str) -> str:
    """The second lowest bit of the first byte: administered locally, so no maker's."""
    size = 8 if len(original) > 20 else 6
    separator = "-" if "-" in original else ":"
    return separator.join(["02", *(f"{number >> 8 * i & 255:02x}" for i in range(size - 1))])


def _url(number: int, original: str) -> str:
    scheme = "http" if original.startswith("http:") else "https"
    return f"{scheme}://{_HOSTS[(number >> 60) % 3]}/{tail(number)}"


def _short_url(number: int, original: str) -> str:
    _ = original
    return f"https://example.com/{tail(number, 3)}"


def _bare_host(number: int, original: str) -> str:
    _ = original
    return f"{tail(number)}.example.com"


MASKS = (
    Mask("ip", _TEXT | {"inet"}, (Form(_ip, 9), Form(_ip6, 90)), joined=True, distinctive=True),
    Mask("network", _TEXT | {"cidr"}, (Form(_network, 1), Form(_network6, 90)), distinctive=True),
    Mask("mac", _TEXT | {"macaddr", "macaddr8"}, (Form(_mac, 40),), folded=True, joined=True, distinctive=True),
    Mask(
        "url",
        _TEXT,
        (Form(_url, 60), Form(_short_url, 30), Form(_bare_host, 60)),
        folded=True,
        joined=True,
        distinctive=True,
    ),
)
