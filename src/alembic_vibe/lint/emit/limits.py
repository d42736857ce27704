"""What stops a revision that computes without end, and one that waits."""

from __future__ import annotations

import signal
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from alembic_vibe.lint.emit.recorder import TooMuch

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST = 10.0  # seconds of the processor's time, for one function


class TooLong(TooMuch):
    """The revision computes for longer than any does."""


@contextmanager
def limited() -> Iterator[None]:
    """Stop what computes without end, where a signal can do that: in the main thread, and not on Windows.

    Raises:
        TooLong: In the midst of what runs.
    """
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "setitimer"):
        yield
        return

    def stop(*_: object) -> None:
        raise TooLong(f"more than {LONGEST:g} seconds of computing")

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, LONGEST)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


@contextmanager
def without_sleep() -> Iterator[None]:
    """Let ``time.sleep`` come back at once: nothing happens meanwhile that a revision could wait for."""
    sleep, time.sleep = time.sleep, lambda _: None
    try:
        yield
    finally:
        time.sleep = sleep
