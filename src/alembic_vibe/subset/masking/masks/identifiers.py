"""Numbers and codes that stand for somebody or give access to something."""

from __future__ import annotations

import re
from uuid import UUID

from alembic_vibe.subset.masking.drawing import stream
from alembic_vibe.subset.masking.model import Form, Mask

_TEXT = frozenset({"text"})
_SHORT = 16  # hexadecimal digits with sixty bits
_BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
_KNOWN = re.compile(r"\$[\w-]+\$(?:[\w=,]+\$)*")  # $2b$12$, $argon2id$v=19$m=65536,t=3,p=4$
_HEX = re.compile(r"[0-9a-f]+|[0-9A-F]+")


def _token(number: int, original: str) -> str:
    """As long as the original, of the same characters; what names the algorithm of a hash stays.

    What is too short for sixty bits is left to the permutation within its form, and so are numbers.
    """
    known = _KNOWN.match(original)
    kept = known[0] if known is not None else ""
    rest = original[len(kept) :]
    if sum(map(str.isalnum, rest)) < _SHORT or rest.isdecimal():
        return original
    if _HEX.fullmatch(rest):
        digits = stream(number, (len(rest) + 1) // 2).hex()[: len(rest)]
        return kept + (digits.upper() if rest.isupper() else digits)
    letters = [
        _BASE64[byte % 62] if char.isalnum() else char
        for byte, char in zip(stream(number, len(rest)), rest, strict=True)
    ]
    return kept + "".join(letters)


def _uuid(number: int, original: str) -> str:
    text = str(UUID(int=number >> 128, version=4))
    return text.upper() if original.isupper() else text


def _iban(number: int, original: str) -> str:
    """An IBAN of a country that does not exist (XX is left to users by ISO 3166), with a checksum (ISO 13616)."""
    length = len(original.replace(" ", ""))
    body = f"{number % 10**30:030}"[: max(min(length, 34) - 4, 11)]
    check = 98 - int(f"{body}333300") % 97
    text = f"XX{check:02}{body}"
    return " ".join(text[i : i + 4] for i in range(0, len(text), 4)) if " " in original.strip() else text


def _card(number: int, original: str) -> str:
    """A number that no bank gives out (they begin with 9 for national use), with its check digit (ISO 7812)."""
    length = max(sum(char.isdecimal() for char in original), 12)
    digits = [9, 9, 9, *(int(d) for d in f"{number % 10**30:030}"[: length - 4])]
    doubled = [sum(divmod(d * 2, 10)) if i % 2 == 0 else d for i, d in enumerate(reversed(digits))]
    text = "".join(map(str, digits)) + str(-sum(doubled) % 10)
    found = re.search(r"\d([ -])\d", original)
    return found[1].join(text[i : i + 4] for i in range(0, len(text), 4)) if found else text


MASKS = (
    Mask("token", _TEXT, (Form(_token, 60),), joined=True, distinctive=True),
    Mask("hash", _TEXT, (Form(_token, 60),), joined=True, distinctive=True),
    Mask("uuid", _TEXT | {"uuid"}, (Form(_uuid, 122),), folded=True, joined=True, distinctive=True),
    Mask("digits", _TEXT | {"number", "money"}, joined=True, permuted=True, distinctive=True),
    Mask("number", frozenset({"number", "money"}), permuted=True),
    Mask("iban", _TEXT, (Form(_iban, 36),), joined=True, distinctive=True),
    Mask("card", _TEXT | {"number"}, (Form(_card, 28),), joined=True, distinctive=True),
)
