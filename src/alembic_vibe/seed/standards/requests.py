"""What the seeding strategy (5.M.3) asks for: ``**Reference Data:** Countries, currencies, time zones``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from alembic_vibe.seed.standards.lists import plain, split_outside
from alembic_vibe.seed.standards.subject import subjects, words
from alembic_vibe.source import Span
from alembic_vibe.spec.labels import normal_name
from alembic_vibe.spec.model import SectionKind
from alembic_vibe.spec.placeholders import find_placeholders

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.spec.model import Item, Label, Section, Spec

FLAGS = "feature flags"
_FLAGS = re.compile(r"\bfeature[ -]?(?:flags?|toggles?|switch(?:es)?)\b|\bflags\b")
_LABEL = re.compile(
    r"(?:(?:initial|base|basic|default|core|standard|static|required|production) )*"
    r"(?:(?:reference|lookup|look up|static|master|seed|standard|base|code) ?(?:data|tables?|values|lists?|rows)"
    r"|seeds?|seeding)(?: (?:seeding|seeds?|data|tables?|requirements|sets?))*"
)
_SEEDING = re.compile(r"\bseed(?:s|ing|ed)?\b|\breference data\b|\blookup (?:data|tables?)\b")
# Words that say how much or in which form, and leave the subject what it is.
_FILLERS = words(
    "iso 3166 1 3166-1 4217 6709 iana tzdata tzdb all every each full complete entire whole list lists of the"
    " a and with or codes code data names name standard standards tables table reference lookup world database"
    " official minor units unit symbols symbol numeric alpha 2 3 from for in to by per their static seed seeds"
    " load loaded insert default country currency initial current version e g eg etc such as including include"
    " area areas identifiers ids global"
)
_WHOLE = re.compile(r"\b(?:all|every|each|full|complete|entire|whole|249|178)\b")
_OTHERS = re.compile(
    r"\b(?:roles?|permissions?|users?|admins?|accounts?|passwords?|data|subset|tenants?|none|n/a|tbd)\b"
)
_MOST_WORDS = 4  # a longer phrase is a sentence, not the name of something


@dataclass(frozen=True, slots=True)
class Request:
    """One thing that is asked for. ``subject`` is "" where nobody knows its rows; ``whole``: all of a standard."""

    subject: str
    phrase: str
    whole: bool
    span: Span


def requests(spec: Spec) -> tuple[Request, ...]:
    """Return what the specification asks for, the first mention of each subject, in the order of the document."""
    found: dict[str, Request] = {}
    for section in spec.sections:
        if section.kind is SectionKind.MIGRATION:
            for request in _section(spec, section):
                found.setdefault(request.subject or request.phrase, request)
    return tuple(sorted(found.values(), key=lambda request: request.span.start))


def _section(spec: Spec, section: Section) -> Iterator[Request]:
    for label in section.labels:
        name = normal_name(label.name)
        if find_placeholders(label.name):
            continue
        if _LABEL.fullmatch(name):
            yield from _label(spec, label)
        elif _is_about(name) and len(name.split()) <= _MOST_WORDS:
            yield from _phrases(spec, label.name, Span(label.span.start, label.value_span.end), asked=False)
    for item in section.items:
        name, _, rest = plain(item.text).partition(":")
        if rest and _LABEL.fullmatch(normal_name(name)):
            yield from _phrases(spec, rest, item.span, asked=True)
        elif _SEEDING.search(_heading_above(section, item)):
            for request in _phrases(spec, _before_colon(plain(item.text)), item.span, asked=False):
                if request.subject:
                    yield request


def _label(spec: Spec, label: Label) -> Iterator[Request]:
    if not find_placeholders(label.value):
        yield from _phrases(spec, label.value, label.value_span, asked=True)
    columns = [spec.source.position(item.span.start).column for item in label.items]
    for item, column in zip(label.items, columns, strict=True):
        # What is further in belongs to an item: the flags below "Feature flags".
        if column <= columns[0] and not find_placeholders(item.text):
            yield from _phrases(spec, _before_colon(plain(item.text)), item.span, asked=True)


def _before_colon(text: str) -> str:
    """Leave out what is said of a thing: ``Feature flags: `a`, `b```, ``Countries - ISO 3166``."""
    return re.split(r"\s*[:：]\s|\s[–—-]\s", text, maxsplit=1)[0]  # noqa: RUF001


def _heading_above(section: Section, item: Item) -> str:
    above = [heading for heading in section.headings if heading.span.start < item.span.start]
    return normal_name(above[-1].text if above else section.title)


def _is_about(name: str) -> bool:
    return any(subject.asked.search(name) for subject in subjects()) or _FLAGS.search(name) is not None


def _phrases(spec: Spec, text: str, span: Span, *, asked: bool) -> Iterator[Request]:
    """Cut a list of things into requests. ``asked``: what is no known subject is asked for as well."""
    all_of_them = re.match(r"(?:all|full|complete)\b", text.lower()) is not None
    for part in split_outside(re.sub(r"\s+[/+]\s+|(?<=[a-z])/(?=[a-z]{2})", ", ", text)):
        phrase = " ".join(plain(part).strip(" .:;").split())
        if not phrase:
            continue
        subject = subject_of(phrase)
        place = _place(spec, phrase, span)
        whole = all_of_them or _WHOLE.search(phrase.lower()) is not None
        if subject is not None:
            yield Request(subject, phrase, whole, place)
        elif asked and _is_name(phrase):
            yield Request("", phrase, whole, place)


def subject_of(phrase: str) -> str | None:
    """Return the subject that a phrase names, and nothing else: not ``country tax rates``."""
    said = re.sub(r"\([^()]*\)|\[[^\[\]]*\]", " ", phrase.lower())
    for subject in subjects():
        rest = subject.asked.sub(" ", said)
        if rest != said and _FILLERS.issuperset(re.findall(r"[a-z0-9-]+", rest)):
            return subject.name
    rest = _FLAGS.sub(" ", said)
    return FLAGS if rest != said and _FILLERS.issuperset(re.findall(r"[a-z0-9-]+", rest)) else None


def _is_name(phrase: str) -> bool:
    said = re.sub(r"\([^()]*\)", " ", phrase)
    return 0 < len(said.split()) <= _MOST_WORDS and _OTHERS.search(said.lower()) is None


def _place(spec: Spec, phrase: str, span: Span) -> Span:
    start = spec.source.text.find(phrase, span.start, span.end)
    return Span(start, start + len(phrase)) if start >= 0 else span
