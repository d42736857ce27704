"""Comments of a database as paragraphs of Markdown, whatever stands in them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from alembic_vibe.spec.placeholders import find_placeholders

if TYPE_CHECKING:
    from collections.abc import Sequence

_SPECIAL = re.compile(r"([\\`*<>{}|~]|(?<!\w)_|_(?!\w)|&(?=#?\w+;))")
_AT_START = re.compile(r"^(\d+)([.)])|^([#+\-=:])")
_LIKE_A_LABEL = re.compile(r"^([A-Za-z][\w /()-]*?\s*)(:\s)")


def as_prose(comment: str | None) -> str:
    """Return a comment as one paragraph that Markdown shows as it is, and that is read as no setting.

    Empty for none, and for one that would be taken for a blank to fill in.
    """
    text = " ".join((comment or "").split())
    if find_placeholders(text):
        return ""
    text = _SPECIAL.sub(r"\\\1", text).replace("[", "&#91;")
    text = _AT_START.sub(lambda match: f"{match[1]}\\{match[2]}" if match[1] else f"\\{match[3]}", text)
    return _LIKE_A_LABEL.sub(r"\1\\\2", text)


def as_title(title: str) -> str:
    """Return the heading of the document; a number at its start would be read as that of a section."""
    text = as_prose(title) or "Product"
    return f"Technical Specification of {text}" if text[0].isdigit() else f"{text}: Technical Specification"


def listed(items: Sequence[str]) -> str:
    """Return ``a``, ``a and b`` or ``a, b and c``."""
    return " and ".join([", ".join(items[:-1]), items[-1]] if len(items) > 1 else items)


def as_cell(text: str) -> str:
    """Return a text as a cell of a table."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split())).replace("[", "&#91;")


def as_code(text: str) -> str:
    """Return SQL as a cell of a table: code where it has no backtick of its own."""
    flat = " ".join(text.split())
    return as_cell(flat) if "`" in flat else f"`{flat.replace('|', chr(92) + '|')}`"
