"""The comments of a Python text, found without a tokenizer: the standard one takes longer than parsing the file."""

from __future__ import annotations

import re
from typing import NamedTuple

# Strings are passed over whole, so that a # in them is none of ours (Python reference, 2.4.1 and 2.1.3).
STRING = (  # for re.DOTALL; atomic, since three quotes could be read as two strings as well
    r'(?>"""(?:[^\\"]|\\.|"(?!""))*+"""'
    r"|'''(?:[^\\']|\\.|'(?!''))*+'''"
    r'|"(?:[^\\"\n]|\\.)*+"'
    r"|'(?:[^\\'\n]|\\.)*+')"
)
_STRING_OR_COMMENT = re.compile(STRING + r"|(?P<comment>\#[^\n]*)", re.DOTALL)


class Comment(NamedTuple):
    """One comment, from its ``#`` to the end of the line; ``column`` from 1. ``alone``: no code stands before it."""

    line: int
    column: int
    text: str
    alone: bool


def comments(text: str) -> list[Comment]:
    """Return all comments of a text that Python can parse, in order."""
    if "#" not in text:
        return []
    found = []
    line, counted = 1, 0
    for match in _STRING_OR_COMMENT.finditer(text):
        comment = match["comment"]
        if comment is None:
            continue
        start = match.start()
        line += text.count("\n", counted, start)
        counted = start
        begin = text.rfind("\n", 0, start) + 1
        found.append(Comment(line, start - begin + 1, comment.rstrip(), not text[begin:start].strip()))
    return found
