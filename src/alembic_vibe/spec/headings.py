"""What a heading says: its number, its title, what kind of section it opens, and a name for it in Python."""

from __future__ import annotations

import keyword
import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from alembic_vibe.spec.model import SectionKind

if TYPE_CHECKING:
    from alembic_vibe.source import Span
    from alembic_vibe.spec.markdown import Block

_MARKUP = re.compile(r"\*\*|__|`|\\(?=\W)|<[^>]*>|\s*\{#[^}]*\}\s*$")
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_NUMBERED = re.compile(
    r"[^\w\[{(]*(?:(?:section|chapter|part|step)\s+|§\s*)?"
    r"(?P<number>\d+(?:\.(?:\d+|[A-Za-z]))*)(?![\w])(?:\.(?!\w)|\))?"
    r"\s*[:.–—-]*\s*(?P<title>.*)",  # noqa: RUF001  (the dashes that people write)
    re.IGNORECASE,
)
_LETTERS = {"P": SectionKind.PERFORMANCE, "M": SectionKind.MIGRATION, "S": SectionKind.SECURITY}
_DEFINES_TABLES = re.compile(r"\b(?:schemas?|tables?|entit(?:y|ies)|models?)\b", re.IGNORECASE)
_KIND_WORDS: tuple[tuple[SectionKind, re.Pattern[str]], ...] = (
    (SectionKind.OVERVIEW, re.compile(r"\b(?:overview|introduction|database architecture)\b", re.IGNORECASE)),
    (SectionKind.PERFORMANCE, re.compile(r"\b(?:optimi[sz]ations?|indexing strategy|caching)\b", re.IGNORECASE)),
    (SectionKind.CONFIGURATION, re.compile(r"\b(?:configuration|connections?|settings)\b", re.IGNORECASE)),
    (SectionKind.MIGRATION, re.compile(r"\b(?:migrations?|versioning|seeding|schema evolution)\b", re.IGNORECASE)),
    (SectionKind.SECURITY, re.compile(r"\b(?:security|compliance|encryption|access control|privacy)\b", re.IGNORECASE)),
    (SectionKind.PERFORMANCE, re.compile(r"\bperformance\b", re.IGNORECASE)),
)
# Words that say nothing in a list of database sections, or join two that do.
_NOISE = frozenset({"schema", "schemas", "table", "tables", "database", "db", "and", "the", "a", "of", "for"})
_SLUG_LENGTH = 40


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading, taken apart: ``### 5.3 Core System Tables`` has the parts ``("5", "3")``."""

    block: Block
    parts: tuple[str, ...]  # empty without a number; letters in upper case
    title: str

    @property
    def number(self) -> str:
        """The number as it is written, such as ``5.3.1``; empty without one."""
        return ".".join(self.parts)

    @property
    def level(self) -> int:
        """1 for ``#`` to 6 for ``######``."""
        return self.block.level

    @property
    def span(self) -> Span:
        """The place of the heading's text."""
        return self.block.lines[0].span

    def belongs_to(self, chapters: frozenset[str]) -> bool:
        """Whether it is numbered as a part of one of these chapters: 5.3 belongs to 5."""
        return len(self.parts) > 1 and self.parts[0] in chapters


def read_heading(block: Block) -> Heading:
    """Take a heading block apart."""
    text = _LINK.sub(r"\1", _MARKUP.sub("", block.text)).strip()
    match = _NUMBERED.fullmatch(text)
    if match is None:
        return Heading(block, (), text)
    return Heading(block, tuple(match["number"].upper().split(".")), match["title"].strip())


def title_score(title: str) -> int:
    """How much a title sounds like Section 5: 3 for database, architecture and schema, 2 for two of them, else 0."""
    words = set(re.findall(r"\w+", title.lower()))
    database = bool(words & {"database", "databases", "db"})
    others = bool(words & {"architecture"}) + bool(words & {"schema", "schemas"})
    if database:
        return 1 + others if others else 0
    return 2 if others == 2 and "data" in words else 0


def sounds_like_data(title: str) -> bool:
    """Whether a title is about data at all: what a chapter numbered 5 may be called instead."""
    return bool(
        re.search(
            r"\b(?:data(?:base)?s?|schemas?|tables?|persistence|storage|models?|postgres\w*)\b",
            title,
            re.IGNORECASE,
        )
    )


def kind_of(parts: tuple[str, ...], title: str, *, makes_tables: bool) -> SectionKind:
    """Tell what a subsection is for: by its letter, else its title, else its number.

    A section that makes tables is a feature, whatever its title sounds like ("5.7 Security Events").
    """
    last = parts[-1] if len(parts) > 1 else ""
    if last in _LETTERS:
        return _LETTERS[last]
    if makes_tables or (_DEFINES_TABLES.search(title) and last not in {"1", "2"}):
        return SectionKind.FEATURE
    if last == "1":
        return SectionKind.OVERVIEW
    if last == "2":
        return SectionKind.CONFIGURATION
    for kind, words in _KIND_WORDS:
        if words.search(title):
            return kind
    return SectionKind.FEATURE


def slug_of(title: str, number: str, taken: set[str]) -> str:
    """Make a Python identifier of a title, unlike those in ``taken``, and add it to them.

    "Core System Tables" gives ``core_system``; a title without a usable word is named after its number.
    """
    plain = (
        unicodedata.normalize("NFKD", re.sub(r"\{[^}]*\}|\[[^\]]*\]", " ", title)).encode("ascii", "ignore").decode()
    )
    words = re.findall(r"[a-z0-9]+", re.sub(r"(?<=\w)['’](?=\w)", "", plain.lower()))  # noqa: RUF001
    kept = [word for word in words if word not in _NOISE]
    fallback = "section_" + "_".join(re.findall(r"\w+", number.lower()))
    slug = ""
    for word in kept:
        if slug and len(slug) + 1 + len(word) > _SLUG_LENGTH:
            break
        slug = f"{slug}_{word}" if slug else word[:_SLUG_LENGTH]
    if not slug:
        slug = fallback
    if slug[0].isdigit():
        slug = f"section_{slug}"
    if keyword.iskeyword(slug):
        slug += "_"
    unique, count = slug, 1
    while unique in taken:
        count += 1
        unique = f"{slug}_{count}"
    taken.add(unique)
    return unique
