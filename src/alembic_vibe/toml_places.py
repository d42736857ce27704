"""Where a key stands in a TOML document: ``tomllib`` gives values without places."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from alembic_vibe.source import Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from alembic_vibe.source import Source

_PART = r"""(?:"[^"\n]*"|'[^'\n]*'|[\w-]+)"""
_KEY = rf"{_PART}(?:[ \t]*\.[ \t]*{_PART})*"
# Texts and comments are stepped over, so that what they hold is not taken for a key.
_TOKEN = re.compile(
    rf'''"""(?:[^\\]|\\.)*?"""|\'\'\'.*?\'\'\'
    |(?P<line>^[ \t]*)(?:\[\[?[ \t]*(?P<header>{_KEY})[ \t]*\]|(?P<key>{_KEY})[ \t]*=)
    |(?P<inner>(?<=[{{,])\s*(?P<name>{_KEY})[ \t]*=)
    |"(?:[^"\\\n]|\\.)*"|'[^'\n]*'|\#[^\n]*|[{{}}]''',
    re.MULTILINE | re.DOTALL | re.VERBOSE,
)


def key_span(source: Source, keys: Sequence[str]) -> Span | None:
    """Return where a key and its value stand, up to the end of the line.

    Where the key itself is not found, it is the place of the nearest table around it.

    Args:
        source: The document.
        keys: The whole path, such as ``("tool", "alembic-vibe", "spec")``.
    """
    text = source.text
    wanted = tuple(keys)
    table: tuple[str, ...] = ()
    inline: list[tuple[str, ...]] = []  # the paths of the inline tables that are open
    last: tuple[str, ...] = ()
    best: tuple[int, Span] | None = None
    for match in _TOKEN.finditer(text):
        found = match["header"] or match["key"] or match["name"]
        if found is None:
            if match[0] == "{":
                inline.append(last)
            elif match[0] == "}" and inline:
                inline.pop()
            continue
        parts = _parts(found)
        if match["header"]:
            table, inline = parts, []
            last = parts
        else:
            last = (inline[-1] if inline and match["name"] else table) + parts
        if last == wanted[: len(last)] and (best is None or len(last) > best[0]):
            start = match.start("header" if match["header"] else "key" if match["key"] else "name")
            best = (len(last), Span(start, start + len(_value_line(text, start))))
    return best[1] if best is not None and (best[0] > 1 or len(wanted) == 1) else None


def _parts(key: str) -> tuple[str, ...]:
    return tuple(part.strip("\"'") for part in re.findall(_PART, key))


def _value_line(text: str, start: int) -> str:
    end = text.find("\n", start)
    return text[start : end if end >= 0 else len(text)].rstrip()
