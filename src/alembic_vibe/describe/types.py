"""Types in the spelling that people use: ``varchar(20)`` for ``character varying(20)``, and so on."""

from __future__ import annotations

import re

_SPELLINGS = (
    (re.compile(r"\Acharacter varying\b"), "varchar"),
    (re.compile(r"\Acharacter\("), "char("),
    (re.compile(r"\Abit varying\b"), "varbit"),
    (re.compile(r"\A(timestamp|time)(\(\d\))? with time zone"), r"\1tz\2"),
    (re.compile(r"\A(timestamp|time)(\(\d\))? without time zone"), r"\1\2"),
)


def spelt(text: str) -> str:
    """Return a type that ``format_type`` printed, in its short spelling (PostgreSQL manual, table 8.1)."""
    for pattern, short in _SPELLINGS:
        text, count = pattern.subn(short, text, count=1)
        if count:
            return text
    return text
