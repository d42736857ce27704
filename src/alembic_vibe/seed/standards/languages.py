"""Names and symbols from babel (CLDR): the optional extra ``names``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from alembic_vibe.seed.standards.subject import version_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from babel import Locale

_FACT = re.compile(r"(?:localized_|local_)?name_(?P<after>[a-z]{2}(?:_[a-z]{2,4})?)|(?P<before>[a-z]{2})_name")


def language_of(column: str) -> str | None:
    """Return the language in the name of a column, such as ``de`` in ``name_de``; any two letters are taken for one."""
    match = _FACT.fullmatch(column)
    return (match["after"] or match["before"]) if match is not None else None


def has_babel() -> bool:
    """Whether the extra ``names`` is installed."""
    from importlib.util import find_spec

    return find_spec("babel") is not None


def names_in(fact: str, kind: str) -> tuple[str, Mapping[str, str]] | None:
    """Return names by code.

    Args:
        fact: A fact such as ``name_de``; of others nothing is known here.
        kind: ``territories`` or ``currencies``.

    Returns:
        Their source and the names; ``None`` where babel is not installed, or does not know the language.
    """
    language = language_of(fact)
    locale = _locale(language) if language else None
    if locale is None:
        return None
    names = locale.territories if kind == "territories" else locale.currencies
    return version_of("babel"), dict(names)


def symbols() -> tuple[str, Mapping[str, str]] | None:
    """Return the symbols of currencies as English texts have them. What has none stands with its code, as CLDR says."""
    locale = _locale("en")
    if locale is None:
        return None
    from alembic_vibe.seed.standards.subject import standard_of

    codes = [row["code"] or "" for row in standard_of("currencies").rows]
    return version_of("babel"), {code: locale.currency_symbols.get(code, code) for code in codes}


def _locale(language: str) -> Locale | None:
    try:
        from babel import Locale, UnknownLocaleError
    except ImportError:
        return None
    try:
        return Locale.parse(language)
    except (UnknownLocaleError, ValueError):
        return None
