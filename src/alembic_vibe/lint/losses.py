"""What a downgrade may say of the data that it does not bring back, and which changes of type lose something."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from alembic_vibe.lint.model import Direction
from alembic_vibe.lint.types import type_change

if TYPE_CHECKING:
    from alembic_vibe.lint.actions import Type
    from alembic_vibe.lint.model import Function, Rendering, Revision

_NOTHING = re.compile(r"^\s*downgrade loses\s*:\s*(nothing|none|no\b).*$", re.IGNORECASE | re.MULTILINE)
_SAID = re.compile(
    r"\b(lose|loses|losing|lost|data[ -]?loss|loss of|(ir|un|not |non-)reversible|unrecoverable|irrecoverable"
    r"|(cannot|can't|can not|not) be (restored|recovered|undone|reversed|brought back))\b",
    re.IGNORECASE,
)
_EMPTY = re.compile(r"\b(empty|without (its|their|the) (values|rows|data))\b", re.IGNORECASE)
_COMMENT = re.compile(r"\s*comment\s+on\b", re.IGNORECASE)
# From the narrowest: each fits into those that come after it.
_LADDERS = (
    ("int2", "int4", "int8", "numeric"),
    ("int2", "int4", "float8"),
    ("int2", "float4", "float8"),
    ("float4", "float8", "numeric"),
    ("date", "timestamp"),
    ("date", "timestamptz"),
    ("time", "timestamp"),
    ("time", "timestamptz"),
)

_INTEGERS = frozenset({"int2", "int4", "int8"})


def is_said(revision: Revision, downgrade: Rendering | None = None, *, of: str = "") -> bool:
    """Whether a revision says that undoing it loses data.

    The line ``Downgrade loses: …`` of its docstring says so, and so do the usual words in the docstring of the module,
    in a comment or the docstring of ``downgrade``, or in a COMMENT that it emits.

    Args:
        revision: The revision.
        downgrade: What its ``downgrade`` emits.
        of: A name that must be named as well.
    """
    facts = revision.facts
    down = facts.functions.get(Direction.DOWNGRADE)
    emitted = [one.sql for one in downgrade.statements if _COMMENT.match(one.sql)] if downgrade is not None else []
    beside = [*(comments_of(down, revision) if down is not None else ()), *emitted]
    said = any(_SAID.search(_NOTHING.sub("", text)) for text in (facts.docstring, *beside))
    said = said or any(_EMPTY.search(text) for text in beside)
    if "downgrade loses" in facts.header and not _NOTHING.search(f"downgrade loses: {facts.header['downgrade loses']}"):
        said = True
    return said and any(of in text for text in (facts.docstring, *beside))


def comments_of(function: Function, revision: Revision) -> tuple[str, ...]:
    """Return the docstring and the comments of a function, with the indented ones that follow its last statement."""
    found = list(function.comments)
    for line in revision.source.text.split("\n")[function.last_line :]:
        text = line.strip()
        if text and not (line[:1].isspace() and text.startswith("#")):
            break
        found.append(text.lstrip("#").strip())
    return tuple(text for text in found if text)


def narrows(old: Type, new: Type) -> bool:
    """Whether there are values of one type that do not fit into the other, which is of the same kind."""
    if not (old.is_known and new.is_known) or old.is_array or new.is_array:
        return False
    if type_change(old, new, using=False).keeps_rows:
        return False
    if type_change(new, old, using=False).keeps_rows:
        return True
    if old.name == new.name:
        return _is_smaller(old.modifiers, new.modifiers)
    if {old.name.name, new.name.name} <= _INTEGERS:
        return False  # a number that is too large is an error, never another number
    for ladder in _LADDERS:
        if old.name.name in ladder and new.name.name in ladder:
            return ladder.index(new.name.name) < ladder.index(old.name.name)
    return False


def _is_smaller(old: tuple[int, ...], new: tuple[int, ...]) -> bool:
    return any(theirs < ours for ours, theirs in zip(old, new, strict=False))
