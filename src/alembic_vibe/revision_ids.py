"""The ids of new revisions, in the way in which a project has named its own."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

_RECENT = 6  # what the last ones are like counts: a project may have changed its mind
_LONGEST = 32  # alembic_version.version_num is varchar(32) unless a project has widened it
_DIGITS = 4
_HASH = re.compile(r"[0-9a-f]{10,40}")
_NUMBER = re.compile(r"\d+")
_COUNTED = re.compile(r"(?P<before>(?:[\w.-]*?[^\d])?)(?P<number>\d+)(?P<slug>[_-][A-Za-z]\w*)?", re.ASCII)
_DATED = re.compile(
    r"(?P<before>[A-Za-z_-]*)(?P<year>20\d\d)(?P<a>[_.-]?)(?P<month>0[1-9]|1[0-2])(?P=a)(?P<day>0[1-9]|[12]\d|3[01])"
    r"(?:(?P<b>[_.T-]?)(?P<time>(?:[01]\d|2[0-3])[0-5]\d(?:[0-5]\d)?))?(?P<tail>[_-]\w+)?"
)


@dataclass(frozen=True)
class _New:
    """What a new id is made of: which one of the run it is, the revision's title, and its text."""

    number: int
    title: str
    text: str


def new_ids(
    existing: Sequence[str], titles: Sequence[str], texts: Sequence[str], now: datetime | None = None
) -> list[str]:
    """Return ids for new revisions.

    Args:
        existing: The ids of the project, from the first revision to the last.
        titles: The titles of the new revisions, in order.
        texts: Their texts, which hashes are made of.
        now: For projects that write the date into the id.

    Returns:
        The next number where the project counts, a date where it writes dates, with the rest of such a name made
        likewise; else a hash, as Alembic makes them. None that is there already, and none longer than the version
        table bears.
    """
    make = _style(existing[-_RECENT:], existing, now or datetime.now().astimezone())
    longest = max([_LONGEST, *map(len, existing)])
    taken = set(existing)
    found = []
    for number, (title, text) in enumerate(zip(titles, texts, strict=True), start=1):
        new = _cut(make(_New(number, title, text)), longest)
        if new in taken:
            new = _hash(_New(number, title, text))
        taken.add(new)
        found.append(new)
    return found


def _cut(text: str, longest: int) -> str:
    """Shorten an id, at the end of a word where there is one."""
    if len(text) <= longest:
        return text
    words, separator, _ = text[: longest + 1].rpartition("_")
    return words if separator and any(found.isalpha() for found in words) else text[:longest]


def _style(recent: Sequence[str], existing: Sequence[str], now: datetime) -> Callable[[_New], str]:
    if not recent:
        return lambda new: f"{new.number:0{_DIGITS}d}"
    dated = [match for found in recent if (match := _DATED.fullmatch(found))]
    if _most(dated, recent):
        return _by_date(dated[-1], now)
    if _most([found for found in recent if _NUMBER.fullmatch(found)], recent):
        return _by_number(existing)
    if _most([found for found in recent if _HASH.fullmatch(found)], recent):
        return _hash
    counted = [match for found in recent if (match := _COUNTED.fullmatch(found))]
    if _most(counted, recent) and len({match["before"] for match in counted}) == 1:
        numbers = [int(match["number"]) for match in counted]
        if numbers == sorted(set(numbers)):  # it does count
            return _by_counter(counted[-1], existing)
    return _hash


def _most(some: Sequence[object], every: Sequence[object]) -> bool:
    return len(some) * 2 > len(every)


def _hash(new: _New) -> str:
    return hashlib.sha256(f"{new.number}\0{new.text}".encode()).hexdigest()[:12]


def _by_number(existing: Iterable[str]) -> Callable[[_New], str]:
    numbers = [found for found in existing if _NUMBER.fullmatch(found)]
    last = max(map(int, numbers))
    width = len(numbers[-1])
    return lambda new: f"{last + new.number:0{width}d}"


def _by_counter(last: re.Match[str], existing: Iterable[str]) -> Callable[[_New], str]:
    before, width = last["before"], len(last["number"])
    matches = [match for found in existing if (match := _COUNTED.fullmatch(found)) and match["before"] == before]
    highest = max(int(match["number"]) for match in matches)
    slug = last["slug"]

    def make(new: _New) -> str:
        return f"{before}{highest + new.number:0{width}d}" + (f"{slug[0]}{_slug(new.title)}" if slug else "")

    return make


def _by_date(last: re.Match[str], now: datetime) -> Callable[[_New], str]:
    day = now.strftime(f"%Y{last['a']}%m{last['a']}%d")
    tail, time = last["tail"] or "", last["time"] or ""

    def make(new: _New) -> str:
        found = f"{last['before']}{day}"
        if time:
            # Those of one run follow each other: they would be alike to the minute.
            stamp = int(now.strftime("%H%M%S" if len(time) == len("000000") else "%H%M")) + new.number - 1
            found += f"{last['b']}{stamp:0{len(time)}d}"
        if not tail:
            return found if time or new.number == 1 else f"{found}_{new.number}"
        if _HASH.fullmatch(tail[1:]):
            return f"{found}{tail[0]}{_hash(new)[: len(tail) - 1]}"
        if _NUMBER.fullmatch(tail[1:]):
            return f"{found}{tail[0]}{new.number:0{len(tail) - 1}d}"
        return f"{found}{tail[0]}{_slug(new.title)}"

    return make


def _slug(title: str) -> str:
    return "_".join(re.findall(r"[a-z0-9]+", title.lower()))
