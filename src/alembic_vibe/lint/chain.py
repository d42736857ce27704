"""The chain that revision files make: who follows whom, what is missing, what is there twice. Without Alembic.

Which files count is Alembic's choice (``ScriptDirectory._list_py_dir`` and ``Script._from_path`` in 1.20): every
``*.py`` of a version location but ``__init__….py`` and ``.#….py``; those of folders below only with
``recursive_version_locations``. A parent is named by its whole id or by a branch label (``RevisionMap``).
"""

from __future__ import annotations

import heapq
import os
import re
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from alembic_vibe.lint.facts import find_revision, unreadable
from alembic_vibe.lint.model import START, Gap, Revision
from alembic_vibe.source import Source

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

_REVISION_FILE = re.compile(r"(?!\.\#|__init__)(.*\.py)$")
_Key = tuple[str, Path]


class Missing(NamedTuple):
    """A revision, and a parent that it names and that no file has. ``nearest``: the ids that begin so."""

    revision: Revision
    parent: str
    nearest: tuple[str, ...] = ()


@dataclass(frozen=True)
class Chain:
    """All revisions of a project.

    ``revisions`` are in an order in which they can run: parents and dependencies first, by id where that leaves a
    choice. ``heads`` are no parent of any other (a dependency does not count, as in Alembic). ``by_id`` has the last
    one of several with one id, as Alembic does. ``cycles`` are revisions that come before themselves.
    """

    revisions: tuple[Revision, ...] = ()
    heads: tuple[Revision, ...] = ()
    by_id: Mapping[str, Revision] = field(default_factory=dict)
    duplicates: tuple[tuple[Revision, ...], ...] = ()
    unknown: tuple[Missing, ...] = ()
    cycles: tuple[tuple[Revision, ...], ...] = ()
    _before: Mapping[_Key, tuple[Revision, ...]] = field(default_factory=dict, repr=False)
    _down: Mapping[_Key, tuple[Revision, ...]] = field(default_factory=dict, repr=False)

    def parents(self, revision: Revision) -> tuple[Revision, ...]:
        """Return the revisions that must have run directly before one: its parents, then its dependencies."""
        return self._before.get(_key(revision), ())

    def ancestors(self, revision: Revision) -> tuple[Revision, ...]:
        """Return all revisions that have run before one, in their order; without itself."""
        found = self._reach(revision, self._before) - {_key(revision)}
        return tuple(other for other in self.revisions if _key(other) in found)

    def lineage(self, revision: Revision) -> tuple[Revision, ...]:
        """Return the revisions that one builds upon, itself the last; what it only depends on is left out."""
        found = self._reach(revision, self._down) | {_key(revision)}
        return tuple(other for other in self.revisions if _key(other) in found)

    @property
    def is_whole(self) -> bool:
        """Whether every id and every parent could be read from the source."""
        return all(revision.is_placed for revision in self.revisions)

    def _reach(self, revision: Revision, edges: Mapping[_Key, tuple[Revision, ...]]) -> set[_Key]:
        found: set[_Key] = set()
        waiting = [*edges.get(_key(revision), ())]
        while waiting:
            other = waiting.pop()
            if _key(other) not in found:
                found.add(_key(other))
                waiting += edges.get(_key(other), ())
        return found


def read_chain(
    folders: Sequence[Path],
    root: Path,
    *,
    recursive: bool = False,
    find: Callable[[Path, Source], Revision | None] = find_revision,
) -> Chain:
    """Read all revisions of the version locations.

    Args:
        folders: The version locations; one that does not exist holds none.
        root: Files are shown by their path from here.
        recursive: ``recursive_version_locations`` of the configuration.
        find: Reads one file, as ``find_revision`` does.
    """
    read = (_read(path, root, find) for path in _files(folders, recursive))
    return make_chain(revision for revision in read if revision is not None)


def make_chain(revisions: Iterable[Revision]) -> Chain:
    """Return the chain that some revisions make."""
    every = tuple(revisions)
    by_id = {revision.id: revision for revision in every if revision.id}
    names = {label: revision for revision in every for label in revision.branch_labels} | by_id
    before: dict[_Key, tuple[Revision, ...]] = {}
    down: dict[_Key, tuple[Revision, ...]] = {}
    unknown = []

    def resolved(revision: Revision, parents: Iterable[str]) -> Iterator[Revision]:
        for name in parents:
            parent = names.get(name)
            if parent is None:
                near = tuple(sorted(id_ for id_ in by_id if name and id_.startswith(name)))
                unknown.append(Missing(revision, name, near))
                parent = by_id[near[0]] if len(near) == 1 else None  # Alembic refuses it; the order is clear
            if parent is not None:
                yield parent

    for revision in every:
        down[_key(revision)] = tuple(resolved(revision, revision.down))
        both = (*down[_key(revision)], *resolved(revision, revision.depends_on))
        before[_key(revision)] = tuple({_key(parent): parent for parent in both}.values())
    below = {_key(parent) for parents in down.values() for parent in parents}
    ordered, circular = _order(every, before)
    same: dict[str, list[Revision]] = {}
    for revision in ordered:
        same.setdefault(revision.id, []).append(revision)
    chain = Chain(
        revisions=ordered,
        # Of several with one id only the last one can be a head: Alembic does not see the others.
        heads=tuple(r for r in ordered if by_id.get(r.id, r) is r and _key(r) not in below),
        by_id=by_id,
        duplicates=tuple(tuple(group) for id_, group in same.items() if id_ and len(group) > 1),
        unknown=tuple(unknown),
        _before=before,
        _down=down,
    )
    return _with_cycles(chain) if circular else chain


def _key(revision: Revision) -> _Key:
    return revision.id, revision.path


def _order(
    revisions: Sequence[Revision], before: Mapping[_Key, tuple[Revision, ...]]
) -> tuple[tuple[Revision, ...], bool]:
    """Return the revisions with what comes before them first, and whether some come before themselves."""
    after: dict[_Key, list[_Key]] = {}
    waits = {}
    by_key = {_key(revision): revision for revision in revisions}
    for key in by_key:
        waits[key] = len(before[key])
        for parent in before[key]:
            after.setdefault(_key(parent), []).append(key)
    ready = [key for key, count in waits.items() if count == 0]
    heapq.heapify(ready)
    ordered: dict[_Key, Revision] = {}
    circular = False
    while len(ordered) < len(by_key):
        if not ready:  # only circles are left: begin somewhere
            circular = True
            heapq.heappush(ready, min(key for key in by_key if key not in ordered))
        key = heapq.heappop(ready)
        if key in ordered:
            continue
        ordered[key] = by_key[key]
        for child in after.get(key, ()):
            waits[child] -= 1
            if waits[child] == 0:
                heapq.heappush(ready, child)
    return tuple(ordered.values()), circular


def _with_cycles(chain: Chain) -> Chain:
    reach = {_key(revision): chain._reach(revision, chain._before) for revision in chain.revisions}
    groups: dict[frozenset[_Key], list[Revision]] = {}
    for revision in chain.revisions:
        key = _key(revision)
        if key in reach[key]:
            circle = frozenset(other for other in reach[key] if key in reach[other])
            groups.setdefault(circle, []).append(revision)
    cycles = tuple(tuple(group) for group in groups.values())
    return replace(chain, cycles=cycles)


# --- files ------------------------------------------------------------------------------------------------------------


def _files(folders: Iterable[Path], recursive: bool) -> Iterator[Path]:
    """Yield the files that Alembic would import, each once."""
    seen: set[Path] = set()
    for folder in folders:
        for base, inner, names in os.walk(folder):
            inner[:] = sorted(name for name in inner if name != "__pycache__") if recursive else []
            real = Path(base).resolve()
            if real in seen:
                continue
            seen.add(real)
            yield from (Path(base, name) for name in sorted(names) if _REVISION_FILE.match(name))


def _read(path: Path, root: Path, find: Callable[[Path, Source], Revision | None]) -> Revision | None:
    shown = path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)
    try:
        data = path.read_bytes()
    except OSError as error:
        return unreadable(path, Source(shown, ""), Gap(START, f"the file cannot be read: {error.strerror or error}"))
    text, problem = decode(data)
    source = Source(shown, text)
    if problem is not None:
        return unreadable(path, source, problem)
    return find(path, source)


def decode(data: bytes) -> tuple[str, Gap | None]:
    """Return the text of a Python file, and what is wrong with its encoding.

    A file is UTF-8 unless its first two lines name another encoding (Python reference, 2.1.4). Line ends stay as they
    are, except that a lone carriage return, which ends a line too, becomes a line feed.
    """
    problem = None
    try:
        if b"coding" in b"\n".join(data.split(b"\n", 2)[:2]):
            import io
            import tokenize

            encoding = tokenize.detect_encoding(io.BytesIO(data).readline)[0]
        else:
            encoding = "utf-8-sig"
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        text = data.decode(error.encoding, errors="replace")
        before = data[: error.start].decode(error.encoding, errors="replace")
        place = START._replace(line=before.count("\n") + 1, column=len(before) - before.rfind("\n"))
        place = place._replace(end_line=place.line, end_column=place.column + 1)
        problem = Gap(place, f"the file is not {error.encoding.upper()}: byte 0x{data[error.start]:02x} {error.reason}")
    except (SyntaxError, LookupError) as error:
        text = data.decode("utf-8", errors="replace")
        problem = Gap(START, str(error))
    text = text.removeprefix("\ufeff")
    if "\r" in text and "\r" in text.replace("\r\n", ""):
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text, problem
