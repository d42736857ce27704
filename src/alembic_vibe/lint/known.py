"""What the sources of revisions tell, as earlier runs have read it: most of a chain is the same as it was yesterday."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Self

from alembic_vibe.lint.facts import find_revision
from alembic_vibe.lint.model import Direction, Facts, Function, Gap, Place, Revision, Suppression
from alembic_vibe.lint.renderer import key_of_text
from alembic_vibe.lint.watch import stamp
from alembic_vibe.shelf import Shelf

if TYPE_CHECKING:
    from pathlib import Path

    from alembic_vibe.source import Source

SHELF = Shelf("lint-sources", 20, stamp)
MOST_OTHERS = 500  # of other states of the chain, such as those of another branch


class Known:
    """Reads revisions as ``facts.find_revision`` does; a context, after which what is new has been written down."""

    def __init__(self, place: str) -> None:
        """Take what tells one chain from another."""
        self._place = place
        self._known: dict[str, Any] = {}
        self._used: dict[str, Any] = {}
        self._is_new = False

    def __enter__(self) -> Self:
        """Load what earlier runs remember."""
        try:
            self._known = dict(json.loads(SHELF.read(self._place) or "{}"))
        except (ValueError, TypeError):
            self._known = {}  # damaged: as if it had not been there
        return self

    def __exit__(self, *details: object) -> None:
        """Keep what is new."""
        if self._is_new and details[0] is None:
            others = [key for key in self._known if key not in self._used][:MOST_OTHERS]
            kept = {**self._used, **{key: self._known[key] for key in others}}
            SHELF.keep(self._place, json.dumps(kept, separators=(",", ":")))

    def __call__(self, path: Path, source: Source) -> Revision | None:
        """Read a file that lies among revisions; ``None`` where it is none."""
        key = key_of_text(path, source.text)
        if key in self._known:
            try:
                found = _load(self._known[key], path, source)
            except (ValueError, TypeError, KeyError, IndexError, AttributeError):
                pass
            else:
                self._used[key] = self._known[key]
                return found
        revision = find_revision(path, source)
        if revision is None or revision.facts.syntax_error is None:
            self._used[key] = _dump(revision) if revision is not None else None
            self._is_new = True
        return revision


def _dump(revision: Revision) -> list[Any]:
    facts = revision.facts
    functions = [
        [kind, one.place, one.first_line, one.last_line, one.is_empty, one.raises, one.comments, one.parameters]
        for kind, one in facts.functions.items()
    ]
    suppressions = [
        [one.place, one.rules, one.reason, one.until, one.first_line, one.last_line, one.problem]
        for one in facts.suppressions
    ]
    return [
        [revision.id, revision.down, revision.depends_on, revision.branch_labels, revision.is_placed],
        [revision.id_place, revision.down_place, revision.depends_place],
        [facts.docstring, facts.header, functions, suppressions, facts.dynamic, facts.imports],
    ]


def _load(data: list[Any] | None, path: Path, source: Source) -> Revision | None:
    if data is None:
        return None
    (id_, down, depends_on, labels, is_placed), places, told = data
    docstring, header, functions, suppressions, dynamic, imports = told
    id_place, down_place, depends_place = (Place(*place) for place in places)
    return Revision(
        id_,
        tuple(down),
        path,
        source,
        Facts(
            docstring=docstring,
            header=header,
            functions={Direction(kind): _function(*one) for kind, *one in functions},
            suppressions=tuple(Suppression(Place(*place), tuple(of), *rest) for place, of, *rest in suppressions),
            dynamic=tuple(Gap(Place(*place), reason) for place, reason in dynamic),
            imports=tuple(imports),
        ),
        tuple(depends_on),
        tuple(labels),
        id_place,
        down_place,
        depends_place,
        is_placed,
    )


def _function(
    place: list[int], first: int, last: int, is_empty: bool, raises: bool, comments: list[str], parameters: int
) -> Function:
    return Function(Place(*place), first, last, is_empty, raises, tuple(comments), parameters)
