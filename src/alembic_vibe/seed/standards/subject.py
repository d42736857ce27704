"""What a subject of reference data is: how people ask for it, the tables and columns that hold it, and its rows."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Facts = dict[str, str | None]
"""What is known of one country, currency or zone, by the name of the fact; ``None``: there is none."""


@dataclass(frozen=True)
class Standard:
    """The rows of a subject as the installed libraries have them. ``sources`` has those of facts from elsewhere."""

    source: str
    rows: tuple[Facts, ...]
    sources: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Subject:
    """One kind of reference data.

    Attributes:
        name: Its plural, as people call it.
        asked: The words that ask for it.
        table: The name of a table that holds it, in lower-case words joined by ``_``.
        prefixes: Words that people put before the names of its columns.
        columns: The names that columns of each fact have, without those words.
        codes: The fact that a column named ``code`` holds, by its width; under ``None`` that of any other width.
        code_names: The names of such columns.
        identity: The facts that tell its rows apart, best first.
        numbers: The facts that are numbers.
        urn: What goes before the first of those facts in the name that a UUID is made of.
        parents: The subjects that its rows refer to, with the fact that names the other's row.
        example: A table for it.
        read: Reads its rows from a library.
        named: Reads its names in a language, by identity, with their source; ``None`` where nobody has them.
    """

    name: str
    asked: re.Pattern[str]
    table: re.Pattern[str]
    prefixes: tuple[str, ...]
    columns: Mapping[str, frozenset[str]]
    codes: Mapping[int | None, str]
    code_names: frozenset[str]
    identity: tuple[str, ...]
    numbers: frozenset[str]
    urn: str
    parents: Mapping[str, str]
    example: str
    read: Callable[[], Standard]
    named: Callable[[str], tuple[str, Mapping[str, str]] | None] = lambda _fact: None

    @property
    def singular(self) -> str:
        """The name for one of them."""
        return re.sub(r"s$", "", re.sub(r"ies$", "y", self.name))

    def fact(self, name: str) -> str | None:
        """Return the fact that a column of this name holds, whatever its width; ``None`` where it is none."""
        return next((fact for fact, names in self.columns.items() if name in names), None)


def words(text: str) -> frozenset[str]:
    """Return the words of a text as a set."""
    return frozenset(text.split())


def prefixed_table(names: str) -> re.Pattern[str]:
    """Return the pattern of table names: one of the alternatives, with the words that people put around it."""
    before = (
        r"(?:(?:iso|iso_?\d+|ref|reference|lookup|lkp|lu|lk|dim|master|mst|static|core|common|app|tbl|t|m|geo|res)_)*"
    )
    return re.compile(rf"{before}(?:{names})(?:_(?:codes?|ref|reference|lookup|list|master|data|table|types?|t))?")


def version_of(package: str) -> str:
    """Return a package with its version, such as ``iso3166 3.0.0``."""
    from importlib.metadata import version

    return f"{package} {version(package)}"


@cache
def subjects() -> tuple[Subject, ...]:
    """Return every subject, those referred to first; each module of the package that has a ``SUBJECT`` is one."""
    package = __name__.rpartition(".")[0]
    path = list(import_module(package).__path__)
    found: list[Subject] = []
    for info in iter_modules(path):
        subject = getattr(import_module(f"{package}.{info.name}"), "SUBJECT", None)
        if isinstance(subject, Subject):
            found.append(subject)
    ordered: list[Subject] = []
    while found:
        names = {subject.name for subject in found}
        ready = next((subject for subject in found if names.isdisjoint(subject.parents)), found[0])
        ordered.append(ready)
        found.remove(ready)
    return tuple(ordered)


@cache
def standard_of(name: str) -> Standard:
    """Return the rows of the subject of that name."""
    return next(subject for subject in subjects() if subject.name == name).read()
