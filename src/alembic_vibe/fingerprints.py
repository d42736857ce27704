"""What makes a finding the same one in the next run, although lines have moved: the text that it points at."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from alembic_vibe.diagnostics import Diagnostic

# A formatter may change these without changing what is written.
_LAYOUT = re.compile(r"\s+|,(?=\s*[)\]}])")
_NUMBERED_LINE = re.compile(r"\blines? \d+(?:(?:-| to | and )\d+)?")


def excerpt(diagnostic: Diagnostic) -> str:
    """Return the text that a finding points at, without its layout; its message where it points at none."""
    if diagnostic.source is not None and diagnostic.span is not None:
        start, end = diagnostic.span
        text = _LAYOUT.sub("", diagnostic.source.text[start:end]).replace("'", '"')
        if text:
            return text
    return _NUMBERED_LINE.sub("line", " ".join(diagnostic.message.split()))


def digest(parts: Iterable[str]) -> str:
    """Return a digest of texts, short enough for a file that people review."""
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:24]


def fingerprints(diagnostics: Sequence[Diagnostic]) -> list[str]:
    """Return a fingerprint for each finding, by rule, file and excerpt; repeats are numbered in their order."""
    seen: Counter[tuple[str, ...]] = Counter()
    found = []
    for diagnostic in diagnostics:
        key = (diagnostic.code, diagnostic.shown_path, excerpt(diagnostic))
        found.append(digest((*key, str(seen[key]))))
        seen[key] += 1
    return found
