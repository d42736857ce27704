"""Comments of a database as paragraphs of Markdown, whatever stands in them."""

from __future__ import annotations

import re

_SPECIAL = re.compile(r"([\\`*<>\[\]{}|~]|(?<!\w)_|_(?!\w))")
_AT_START = re.compile(r"^(\d+)([.)])|^([#+\-=:])")


def as_prose(comment: str | None) -> str:
    """Return a comment as one paragraph that Markdown shows as it is; empty for none."""
    text = " ".join((comment or "").split())
    text = _SPECIAL.sub(r"\\\1", text)
    return _AT_START.sub(lambda match: f"{match[1]}\\{match[2]}" if match[1] else f"\\{match[3]}", text)
