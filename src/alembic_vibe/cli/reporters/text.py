"""``--format text``: findings for people, in the shape that rustc and ruff have made familiar."""

from __future__ import annotations

import unicodedata
from collections import Counter
from typing import TYPE_CHECKING, Any

from alembic_vibe.cli.state import use_colour
from alembic_vibe.diagnostics import Severity

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TextIO

    from alembic_vibe.diagnostics import Diagnostic

TAB = "    "
MAX_WIDTH = 140  # a longer source line is cut around the place that is meant
MAX_LINES = 14  # of one note, such as a statement

_COLOURS = {
    Severity.ERROR: "\x1b[1;31m",
    Severity.WARNING: "\x1b[1;33m",
    Severity.INFO: "\x1b[1;36m",
    "place": "\x1b[1;34m",
    "strong": "\x1b[1m",
    "help": "\x1b[1;32m",
}
_ORDER = (Severity.ERROR, Severity.WARNING, Severity.INFO)
_NOUNS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


def report(diagnostics: Sequence[Diagnostic], extra: dict[str, Any], stream: TextIO) -> None:
    """Write each finding with its source line, then how many there were.

    The account that a command adds in ``extra`` is data; people get it in prose from the command. A command that
    gives a ``summary`` counts by itself.
    """
    paint = _Paint(on=use_colour(stream))
    stream.writelines("\n".join(_lines(diagnostic, paint)) + "\n\n" for diagnostic in diagnostics)
    if diagnostics and "summary" not in extra:
        stream.write(footer(diagnostics) + "\n")


def footer(diagnostics: Sequence[Diagnostic]) -> str:
    """Return the closing line, such as ``Found 2 errors and 1 warning.``."""
    counts = Counter(d.severity for d in diagnostics)
    parts = [f"{counts[s]} {_NOUNS[s]}{'s' if counts[s] > 1 else ''}" for s in _ORDER if counts[s]]
    joined = parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
    return f"Found {joined}."


class _Paint:
    def __init__(self, *, on: bool) -> None:
        self.on = on

    def __call__(self, kind: str, text: str) -> str:
        return f"{_COLOURS[kind]}{text}\x1b[0m" if self.on and text else text


def _lines(diagnostic: Diagnostic, paint: _Paint) -> list[str]:
    head = paint(diagnostic.severity, f"{diagnostic.severity}[{diagnostic.code}]")
    message = _clean(diagnostic.message, lines=True).split("\n")
    lines = [f"{head} {diagnostic.rule}: {paint('strong', message[0])}"]
    gutter = " " * len(str(diagnostic.line))
    if diagnostic.shown_path:
        place = f":{diagnostic.line}:{diagnostic.column}" if diagnostic.line else ""
        lines.append(f"{gutter}{paint('place', '-->')} {_clean(diagnostic.shown_path)}{place}")
    bar = paint("place", "|")
    if diagnostic.line:
        lines += _excerpt(diagnostic, gutter, paint)
    for text in message[1:]:
        lines.append(f"{gutter} {bar} {text}")
    notes = list(diagnostic.notes)
    if diagnostic.consequences:
        many = diagnostic.consequences > 1
        notes.append(
            f"{diagnostic.consequences} more statement{'s follow' if many else ' follows'} from this; "
            f"{'they are' if many else 'it is'} not reported"
        )
    for title, kind, text in [("help", "help", diagnostic.help), *(("note", "strong", note) for note in notes)]:
        if text:
            first, *rest = _clean(text, lines=True).split("\n")
            lines.append(f"{gutter} {paint('place', '=')} {paint(kind, title + ':')} {first}")
            cut = [*rest[: MAX_LINES - 2], "…"] if len(rest) >= MAX_LINES else rest
            lines += [f"{gutter}         {line}" for line in cut]
    return lines


def _excerpt(diagnostic: Diagnostic, gutter: str, paint: _Paint) -> list[str]:
    source, span = diagnostic.source, diagnostic.span
    assert source is not None
    assert span is not None
    text = source.line_text(diagnostic.line)
    start = min(diagnostic.column - 1, len(text))
    end = max(start + 1, min(len(text), start + span.end - span.start))
    before, marked, after = _clean(text[:start]), _clean(text[start:end]), _clean(text[end:])
    before, marked, after = _fit(before, marked, after)
    carets = paint(diagnostic.severity, "^" * max(1, width(marked)))
    bar = paint("place", "|")
    lines = [
        f"{gutter} {bar}",
        f"{paint('place', str(diagnostic.line))} {bar} {before}{marked}{after}".rstrip(),
        f"{gutter} {bar} {' ' * width(before)}{carets}",
    ]
    last = source.position(max(span.start, span.end - 1)).line
    if last > diagnostic.line:
        lines[-1] += f" to line {last}"
    return lines


def _fit(before: str, marked: str, after: str) -> tuple[str, str, str]:
    """Cut a long line to the part around what is marked."""
    if width(before + marked + after) <= MAX_WIDTH:
        return before, marked, after
    if width(marked) > MAX_WIDTH - 40:
        marked, after = marked[: MAX_WIDTH - 41] + "…", ""
    room = MAX_WIDTH - width(marked)
    if width(before) > room * 2 // 3:
        before = "…" + before[len(before) - room // 3 :]
    rest = max(0, MAX_WIDTH - width(before) - width(marked))
    if width(after) > rest:
        after = after[: max(0, rest - 1)] + "…"
    return before, marked, after


def width(text: str) -> int:
    """Return how many columns of a terminal the text takes."""
    total = 0
    for char in text:
        if unicodedata.combining(char) or unicodedata.category(char) in {"Mn", "Me", "Cf"}:
            continue
        total += 2 if unicodedata.east_asian_width(char) in "WF" else 1
    return total


def _clean(text: str, *, lines: bool = False) -> str:
    """Make tabs spaces and control characters visible: a document must not drive the reader's terminal."""
    text = text.replace("\t", TAB)
    if lines:
        text = text.rstrip().replace("\r\n", "\n")
    return "".join(
        char
        if (lines and char == "\n") or unicodedata.category(char) not in {"Cc", "Zl", "Zp"}
        else "\N{REPLACEMENT CHARACTER}"
        for char in text
    )
