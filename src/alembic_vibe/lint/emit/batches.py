"""``batch_alter_table`` carries its operations out when its block ends; here each keeps the place where it stands."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from alembic.operations import batch

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.lint.emit.recorder import Recorder


class _Operations(list[Any]):
    """The operations of a block; while one of them is carried out, its own place counts."""

    def __init__(self, recorder: Recorder) -> None:
        super().__init__()
        self._recorder = recorder
        self._places: list[Any] = []

    def append(self, item: Any) -> None:
        self._places.append(self._recorder.here())
        super().append(item)

    def __iter__(self) -> Iterator[Any]:
        try:
            for item, place in zip(list(super().__iter__()), self._places, strict=True):
                self._recorder.fixed = place
                yield item
        finally:
            self._recorder.fixed = None


@contextmanager
def batches_placed(recorder: Recorder) -> Iterator[None]:
    """Make every batch of operations remember where its operations stand, for the time of the block."""
    original = batch.BatchOperationsImpl.__init__

    def initialise(self: Any, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)  # type: ignore[no-untyped-call]
        self.batch = _Operations(recorder)

    batch.BatchOperationsImpl.__init__ = initialise  # type: ignore[method-assign]
    try:
        yield
    finally:
        batch.BatchOperationsImpl.__init__ = original  # type: ignore[method-assign]
