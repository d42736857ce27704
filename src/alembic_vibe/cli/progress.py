"""What is being done right now, on one line of a terminal; nothing anywhere else, and nothing in the first second."""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from alembic_vibe.cli.state import State

PATIENCE = 1.0  # seconds before anything is shown


@contextmanager
def progress(state: State) -> Iterator[Callable[[str], None]]:
    """Give a function that shows what it is told, and clear the line at the end."""
    shown = state.format == "text" and not state.quiet and sys.stderr.isatty()
    begun = time.monotonic()
    width = 0

    def tell(text: str) -> None:
        nonlocal width
        if not shown or time.monotonic() - begun < PATIENCE:
            return
        line = f"{text}…"[:79]
        sys.stderr.write("\r" + line.ljust(width))
        sys.stderr.flush()
        width = len(line)

    try:
        yield tell
    finally:
        if width:
            sys.stderr.write("\r" + " " * width + "\r")
            sys.stderr.flush()
