"""The texts of a project's files, with the line ends and the mark that they have on the disk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"


@dataclass(frozen=True)
class Text:
    """A file's text with plain line ends; ``restore`` gives another text the form of the file."""

    text: str
    mark: str = ""
    newline: str = "\n"

    @property
    def whole(self) -> str:
        """The text as it is on the disk."""
        return self.restore(self.text)

    def restore(self, text: str) -> str:
        """Return a changed text in the form that the file had."""
        return self.mark + text.replace("\n", self.newline)


def read_text(path: Path) -> Text | None:
    """Read a file; ``None`` where it is no UTF-8, cannot be read, or has line ends of several kinds."""
    try:
        raw = path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError):
        return None
    mark = _MARK if raw.startswith(_MARK) else ""
    text = raw.removeprefix(mark)
    newline = "\r\n" if "\r\n" in text else "\n"
    found = Text(text.replace("\r\n", "\n"), mark, newline)
    return found if found.whole == raw else None
