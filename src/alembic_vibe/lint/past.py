"""What the revisions before those of a branch have made, as an earlier run has left it: they need not be read again.

A state holds while every revision up to it is the same and what the revisions emit can only be what it was
(``Renderer.rests_on``). One state for each chain is kept in the user's cache directory.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from alembic_vibe.lint.packing import pack, unpack
from alembic_vibe.lint.renderer import key_of
from alembic_vibe.lint.schema import Schema
from alembic_vibe.lint.watch import stamp
from alembic_vibe.shelf import Shelf

if TYPE_CHECKING:
    from collections.abc import Sequence

    from alembic_vibe.lint.model import Revision
    from alembic_vibe.lint.renderer import Renderer

SHELF = Shelf("lint-schemas", 20, stamp)
FEWEST = 30  # revisions that are worth the file
BEHIND = 20  # where all are linted, the state so many revisions before the end is what a branch will start from


class Past:
    """The states of one chain's schema: one that is known, and one to keep."""

    def __init__(self, place: str, chain: Sequence[Revision], first: int) -> None:
        """Take the place of the chain, the revisions that are walked through, and the first that is judged."""
        self._place = place
        self._chain = chain
        self._wanted = first or len(chain) - BEHIND
        self._made: Schema | None = None
        self._known = -1

    def resume(self, first: int, renderer: Renderer) -> tuple[int, Schema]:
        """Return how many revisions of the first ones need not be walked through, and what they have made."""
        try:
            record = json.loads(SHELF.read(self._place) or "null")
            if record is None:
                return 0, Schema()
            self._known = record["count"]
            fits = 0 < self._known <= first and record["chain"] == self._digest(self._known)
            if fits and all(renderer.still_holds(on) for on in record["on"]):
                schema = unpack(record["schema"])
                assert isinstance(schema, Schema)
                for revision in self._chain[: self._known]:
                    renderer.go_past(revision)
                return self._known, schema
        except (ValueError, TypeError, KeyError, IndexError, AttributeError, AssertionError):
            pass  # damaged: as if it had not been there
        self._known = -1
        return 0, Schema()

    def note(self, count: int, schema: Schema) -> None:
        """Take in what so many revisions have made, if that is the state to keep."""
        if count == self._wanted >= FEWEST and count != self._known:
            self._made = schema.copy()

    def keep(self, renderer: Renderer) -> None:
        """Write down the state to keep, if there is a new one."""
        if self._made is None:
            return
        on = renderer.rests_on(self._chain[: self._wanted])
        if on is None:
            return
        try:
            record: dict[str, Any] = {"count": self._wanted, "chain": self._digest(self._wanted), "on": on}
            SHELF.keep(self._place, json.dumps({**record, "schema": pack(self._made)}, separators=(",", ":")))
        except TypeError:
            return  # it has what cannot be written down

    def _digest(self, count: int) -> str:
        keys = "".join(f"{key_of(revision)} {revision.id}\n" for revision in self._chain[:count])
        return hashlib.sha256(keys.encode("utf-8", "surrogatepass")).hexdigest()[:24]
