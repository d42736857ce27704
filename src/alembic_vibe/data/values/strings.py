"""Texts: of the column's meaning where these are in the domain, else in the language of its pattern, else letters."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from zlib import crc32

from alembic_vibe.data.checks.domains import fits
from alembic_vibe.data.meanings import Meaning
from alembic_vibe.data.values.model import InTurn, Numbered, Pool, weighted
from alembic_vibe.data.values.vocabulary import ascii_words
from alembic_vibe.data.values.wordings import TEXTS, Codes, Words
from alembic_vibe.prove.rows_regex import samples

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from alembic_vibe.data.values.model import Generator
    from alembic_vibe.data.values.wanted import Wanted

M = Meaning
TYPES = frozenset({"text", "varchar", "bpchar", "citext", "name", "char"})
_POOL = 800
_FEW = 20
_PROBED = 60  # words that tell whether a style is worth a closer look
_DIGITS = 7  # of the largest number that is added to a word
_PROSE = {M.DESCRIPTION, M.COMMENT, M.REASON, M.TITLE, M.LABEL, M.OTHER}
_SECRETS = {M.TOKEN, M.HASH, M.PASSWORD_HASH}
_LONG = 4000  # a text is not made longer than this to fill a domain
_FAR = (0, 1, 7, 99, 1234, 50_003, 765_432)

_CHANGES: tuple[Callable[[str], str], ...] = (
    str, str.lower, str.upper, ascii_words, lambda text: ascii_words(text, "_"), lambda text: ascii_words(text, ""),
    lambda text: ascii_words(text, "_").upper(), lambda text: ascii_words(text, "").upper(),
)  # fmt: skip


def make(wanted: Wanted) -> Generator | None:
    """Return texts for a column."""
    wording = TEXTS.get(wanted.meaning)
    found: Generator | None = None
    if isinstance(wording, Words):
        found = _distinct_words(wanted, wording) if wanted.unique else _words(wanted, wording)
    elif wording is not None:
        found = _codes(wanted, wording)
    return found or _of_pattern(wanted) or _letters(wanted) or _cut(wanted)


def _words(wanted: Wanted, words: Words) -> Generator | None:
    after = words.after
    for pool in (words.pool(), *words.styles):
        usual = [f"{words.before}{word}{after[at % len(after)]}" for at, word in enumerate(pool[:_POOL])]
        least = min(_FEW, max(1, len(usual) // 20), 2)
        for text_of in (_same, _filled(wanted)):
            values = wanted.fitting([text_of(text) for text in usual])
            if len(values) >= least:
                return weighted(values) if len(usual) < _FEW else Pool(values)
    for change in _CHANGES[1:]:
        usual = [f"{words.before}{word}{after[0]}" for word in words.pool()[:_POOL]]
        values = list(dict.fromkeys(wanted.fitting([change(text) for text in usual])))
        if len(values) >= min(_FEW, len(usual)):
            return Pool(values)
    return None


def _same(text: str) -> str:
    return text


def _filled(wanted: Wanted) -> Callable[[str], str]:
    """Return what says a text again until it is as long as a domain wants it."""
    shortest, longest = wanted.domain.shortest or 0, wanted.domain.longest or _LONG

    def filled(text: str) -> str:
        while text and len(text) < shortest <= _LONG:
            text = f"{text} {text}"
        return text if len(text) <= longest else text[:longest].rstrip().ljust(shortest, ".")

    return filled if wanted.meaning in _PROSE else _same


def _distinct_words(wanted: Wanted, words: Words) -> Generator | None:
    """Return words that nobody else has: each by itself at first, then with a number."""
    before, after, count = words.before, words.after, len(words.after)
    for change in _CHANGES:
        for between in words.between:
            every = words.pool()[:_POOL]
            some = [change(word) for word in every[:: len(every) // _PROBED + 1]]
            if not wanted.fitting([f"{before}{word}{between}{'9' * _DIGITS}{after[0]}" for word in some]):
                continue  # most styles are none for most patterns
            pool = list(dict.fromkeys(change(word) for word in every))
            ambiguous = re.compile(f"{re.escape(between)}[0-9]+$")
            pool = list({word.lower(): word for word in pool if word and not ambiguous.search(word)}.values())
            least = min(_FEW, len(pool) // 3 + 1)
            ends = [after[at % count] for at in range(len(pool))]
            longest = wanted.fitting(
                [f"{before}{w}{between}{'9' * _DIGITS}{e}" for w, e in zip(pool, ends, strict=True)]
            )
            if len(longest) < least:
                continue
            kept = set(longest)
            chosen = [
                (before + w, e)
                for w, e in zip(pool, ends, strict=True)
                if f"{before}{w}{between}{'9' * _DIGITS}{e}" in kept and fits(wanted.domain, f"{before}{w}{e}") is True
            ]
            if len(chosen) >= least:
                return Numbered(_numbering(chosen, between), None)
    return None


def _numbering(chosen: list[tuple[str, str]], between: str) -> Callable[[int], str]:
    size = len(chosen)

    def text(number: int) -> str:
        turn, place = divmod(number, size)
        word, end = chosen[place]
        return f"{word}{between}{turn + 1}{end}" if turn else f"{word}{end}"

    return text


def _codes(wanted: Wanted, codes: Codes) -> Generator | None:
    for spelling in _of_column(wanted, codes):
        numbers = [number for number in _FAR if number < codes.capacity]
        if all(fits(wanted.domain, spelling(number)) is True for number in numbers):
            if wanted.unique:
                return Numbered(spelling, codes.capacity if codes.capacity < 10**9 else None)
            size = min(codes.capacity, _POOL)
            return Pool(wanted.fitting([spelling(number * 7919 % codes.capacity) for number in range(size)]))
    return None


def _of_column(wanted: Wanted, codes: Codes) -> Iterator[Callable[[int], str]]:
    """Yield the spellings; of secrets those that no other column has."""
    if wanted.meaning not in _SECRETS:
        yield from codes.spellings
        return
    start = crc32(f"{wanted.table}.{wanted.name}".encode()) << 28
    for spelling in codes.spellings:
        yield lambda number, spelling=spelling: spelling(start + number)  # type: ignore[misc]  # a default is no argument


def _of_pattern(wanted: Wanted) -> Generator | None:
    domain = wanted.domain
    shown = [pattern for pattern in domain.patterns if not pattern.negated]
    if not shown:
        return None
    from alembic_vibe.data.engine.patterned import patterned

    made = patterned(domain, unique=wanted.unique)
    if made is not None:
        if wanted.unique:
            return made
        values = wanted.fitting(made.batch(wanted.chance("pattern"), 0, 300))
        if values:
            return Pool(values)
    for pattern in shown:  # what only Python's engine reads
        texts = [
            text
            for text in samples(pattern.regex, ignore_case=pattern.ignore_case, count=200)
            if fits(domain, text) is not False
        ]
        if texts:
            return InTurn(list({text.lower(): text for text in texts}.values())) if wanted.unique else Pool(texts)
    return None


def _letters(wanted: Wanted) -> Generator | None:
    """Return codes of letters and digits of a length that is allowed."""
    domain = wanted.domain
    longest = min(domain.longest or _LONG, max(domain.shortest or 0, 8))
    if longest < 1 or (domain.shortest or 0) > _LONG:
        return None
    for letters in _alphabets(wanted):
        capacity = len(letters) ** min(longest, 12)
        step = next(prime for prime in (30_011, 10_007, 101, 1) if capacity % prime)

        def code(number: int, letters: str = letters, capacity: int = capacity, step: int = step) -> str:
            number, text = number * step % capacity, ""
            for _ in range(min(longest, 12)):
                number, rest = divmod(number, len(letters))
                text = letters[rest] + text
            return text.rjust(longest, letters[0])

        if all(fits(domain, code(number % capacity)) is True for number in _FAR):
            if wanted.unique:
                return Numbered(code, capacity)
            return Pool([code(number) for number in range(min(capacity, 500))])
    return None


def _alphabets(wanted: Wanted) -> Iterator[str]:
    if wanted.domain.letters != "lower":
        yield "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    if wanted.domain.letters != "upper":
        yield "abcdefghijklmnopqrstuvwxyz"
    yield "0123456789"


def _cut(wanted: Wanted) -> Generator | None:
    """Return the empty text if nothing else is allowed."""
    return Pool([""]) if not wanted.unique and fits(wanted.domain, "") is True else None
