"""What the author of a revision has judged and accepted: findings that a ``# vibe: ignore[…]`` comment covers."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from alembic_vibe.lint import rules
from alembic_vibe.lint.model import Finding, Settings
from alembic_vibe.lint.report import diagnostic

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from datetime import date

    from alembic_vibe.diagnostics import Diagnostic, Rule
    from alembic_vibe.lint.model import Revision, Suppression

UNUSED, EXPIRED, UNKNOWN = "unused-suppression", "expired-suppression", "unknown-suppression"
NO_REASON, MALFORMED = "suppression-without-reason", "malformed-suppression"
_OWN = frozenset({UNUSED, EXPIRED, UNKNOWN, NO_REASON, MALFORMED})
_NOT_FOLLOWED = "partially-analyzed"  # where a revision was not followed to the end, more may be there to suppress


def suppress(
    found: Sequence[Diagnostic],
    revision: Revision,
    *,
    today: date,
    strict: bool,
    judged: Collection[str],
    settings: Settings | None = None,
) -> list[Diagnostic]:
    """Drop the findings in one revision that a comment covers, and report comments that do nothing.

    A comment covers a finding that it names by rule or code, and that has a line in common with what it holds for.

    Args:
        found: What the rules found in this revision.
        revision: The revision, with its suppressions.
        today: The day that ``until`` is compared with; it is the last day on which a suppression holds.
        strict: Whether every suppression must have a reason.
        judged: The names of the rules that ran: only of these a suppression can be called unused.
        settings: Severities that the user chose for the findings about suppressions; the directions that were judged.
    """
    suppressions = revision.facts.suppressions
    if not suppressions:
        return list(found)
    settings = settings or Settings()
    known = {module.RULE.slug: module.RULE for module in rules.modules()}
    by_code = {rule.code: slug for slug, rule in known.items()}
    named = [{name: _rule_name(name, known, by_code) for name in one.rules} for one in suppressions]
    used: set[tuple[int, str]] = set()

    def keep(one: Diagnostic) -> bool:
        covering = [
            (index, slug)
            for index, suppression in enumerate(suppressions)
            for slug in named[index].values()
            if slug == one.rule and _covers(suppression, one) and not _is_over(suppression, today)
        ]
        used.update(covering)
        return not covering

    kept = [one for one in found if keep(one)]
    followed = all(one.rule != _NOT_FOLLOWED for one in found)
    ran = {
        slug
        for slug in judged
        if slug not in _OWN and followed and settings.severities.get(slug, "") is not None  # None: switched off
    }
    about = []
    for index, suppression in enumerate(suppressions):
        possible = ran if _was_judged(suppression, revision, settings) else set()
        unused = [name for name, slug in named[index].items() if slug in possible and (index, slug) not in used]
        unknown = [name for name, slug in named[index].items() if slug is None]
        for slug, finding in _about(suppression, today, strict, unused, unknown, known):
            one = diagnostic(known[slug], finding, revision.source, settings, usual=suppression.place)
            if one is not None:
                about.append(one)
    return kept + [one for one in about if keep(one)]


def _rule_name(name: str, known: Mapping[str, Rule], by_code: Mapping[str, str]) -> str | None:
    return name.lower() if name.lower() in known else by_code.get(name.upper())


def _covers(suppression: Suppression, found: Diagnostic) -> bool:
    if suppression.problem or found.source is None or found.span is None:
        return False
    last = found.source.position(max(found.span.start, found.span.end - 1)).line
    return found.line <= suppression.last_line and suppression.first_line <= last


def _is_over(suppression: Suppression, today: date) -> bool:
    return bool(suppression.until) and suppression.until < today.isoformat()


def _was_judged(suppression: Suppression, revision: Revision, settings: Settings) -> bool:
    """Whether all that a suppression holds for was looked at: ``--direction`` may leave out a function."""
    return not any(
        suppression.first_line <= function.last_line and function.first_line <= suppression.last_line
        for direction, function in revision.facts.functions.items()
        if direction not in settings.directions
    )


def _about(
    suppression: Suppression,
    today: date,
    strict: bool,
    unused: Sequence[str],
    unknown: Sequence[str],
    known: Collection[str],
) -> Iterator[tuple[str, Finding]]:
    """Yield what is wrong with one suppression."""
    if suppression.problem:
        yield MALFORMED, Finding(f"this comment suppresses nothing: {suppression.problem}")
        return
    for name in unknown:
        near = difflib.get_close_matches(name.lower(), known, 1)
        hint = f"Did you mean `{near[0]}`?" if near else None
        yield UNKNOWN, Finding(f"`{name}` is not a rule of the linter", help=hint)
    if _is_over(suppression, today):
        yield EXPIRED, Finding(f"this suppression held until {suppression.until}")
    else:
        for name in unused:
            yield UNUSED, Finding(f"`{name}` finds nothing here to suppress")
    if strict and not suppression.reason:
        yield NO_REASON, Finding("this suppression gives no reason")
