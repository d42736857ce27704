"""Names as people write them in instructions and options, read the way PostgreSQL reads them."""

from __future__ import annotations

import re
import string

_PART = re.compile(r'\s*(?:"(?P<quoted>(?:[^"]|"")+)"|(?P<plain>[^\W\d][\w$]*))\s*')
_FOLDED = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)
_LONGEST_NAME = 63  # bytes, NAMEDATALEN - 1


def read_name(text: str, *, fold: bool = True) -> tuple[str, ...]:
    """Return the parts of a dotted name, such as ``("billing", "invoices")``; empty where the text is no name.

    As in PostgreSQL (manual, "Identifiers and Key Words"): ASCII letters outside double quotes become lower case (with
    ``fold``), and what is longer than 63 bytes is cut.
    """
    parts = []
    position = 0
    while match := _PART.match(text, position):
        quoted = match["quoted"]
        plain = match["plain"] or ""
        name = (plain.translate(_FOLDED) if fold else plain) if quoted is None else quoted.replace('""', '"')
        parts.append(name.encode()[:_LONGEST_NAME].decode(errors="ignore"))
        position = match.end()
        if position == len(text):
            return tuple(parts)
        if text[position] != ".":
            return ()
        position += 1
    return ()


def read_label(text: str) -> str:
    """Return the label that a text means: what stands between single quotes, or the text itself."""
    if len(text) > 1 and text.startswith("'") and text.endswith("'"):
        return text[1:-1].replace("''", "'")
    return text
