"""Search the output for originals."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import Severity
from alembic_vibe.subset.masking.looks import EMAIL, IPV4, IPV6, PHONE
from alembic_vibe.subset.masking.model import Place
from alembic_vibe.subset.masking.originals import normal
from alembic_vibe.subset.masking.rules import LEAK

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from alembic_vibe.catalog.keys import Key
    from alembic_vibe.diagnostics import Diagnostic
    from alembic_vibe.subset.masking.masker import Masker, Row

_TEXT = re.compile(r'"((?:[^"\\]|\\.)*)"')
_PARTS = (EMAIL, IPV4, IPV6, PHONE)
_LONG = 200  # a longer text is searched for its parts only


def leaks(masker: Masker, tables: Iterable[tuple[Key, Sequence[str], Iterable[Sequence[Row]]]]) -> list[Diagnostic]:
    """Return a finding for each column of the output that holds an original of a masked column.

    Looked for are originals that the masks have met. An error: e-mail addresses, phone numbers, names of persons and
    logins, links, network addresses, numbers of documents and tokens, of five characters and more. A warning: other
    texts of twelve characters and more, or of six with a digit, as these may be in two columns by right. So are shorter
    words and codes (``active``, ``DE``), which are not looked for. Case and the space around do not matter. Places:

    - the whole value of every column that can hold text, and every text within its json, arrays and composites;
    - within longer texts, what looks like an e-mail address, an IP address or a phone number.

    In a masked column, an original that is also the mask of another value is taken for that mask.

    Args:
        masker: That of the run, after all rows went through it.
        tables: What was written, as it is read again: table, columns and rows, as texts.
    """
    found: list[Diagnostic] = []
    for key, columns, batches in tables:
        searched = [(i, Place(key, c)) for i, c in enumerate(columns) if not masker.closed(Place(key, c))]
        counts: dict[tuple[Place, bool], int] = {}
        for batch in batches:
            for i, place in searched:
                for text in {row[i] for row in batch}:
                    if text and (certain := _leaks(masker, text, masked=masker.masked(place))) is not None:
                        counts[place, certain] = counts.get((place, certain), 0) + 1
        for (place, certain), count in sorted(counts.items()):
            values = "value holds" if count == 1 else "values hold"
            message = f"{place}: {count:,} {values} an original of a masked column"
            found.append(LEAK.diagnostic(message, severity=None if certain else Severity.WARNING))
    return found


def _leaks(masker: Masker, text: str, *, masked: bool) -> bool | None:
    """Whether a text certainly (``True``) or probably holds an original; ``None`` if it holds none."""
    originals = masker.originals
    found = None
    for part in map(normal, _parts(text)):
        if masked and part in originals.masks:
            continue
        if part in originals.certain:
            return True
        if part in originals.likely:
            found = False
    return found


def _parts(text: str) -> Iterator[str]:
    yield text
    if text[0] in '{["(':
        for found in _TEXT.finditer(text):
            yield found[1]
        if len(text) <= _LONG:
            yield from text.strip("{}()").split(",")
    if len(text) > 5:
        if "@" in text:
            yield from EMAIL.findall(text)
        if any(map(str.isdigit, text)):
            for pattern in _PARTS[1:]:
                yield from pattern.findall(text)
