"""``--since REVISION``: where in the chain that is, in the words that Alembic takes for a revision."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import ConfigurationError, Rule, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from alembic_vibe.lint.chain import Chain
    from alembic_vibe.lint.model import Revision

SHOWN = 5

UNKNOWN_SINCE = Rule(
    code="AV020",
    slug="unknown-since",
    severity=Severity.ERROR,
    summary="`--since` names neither one revision of the chain nor a commit.",
    why="What is not found would be linted as nothing, or as everything, and either looks like an answer.",
    fix="Give a revision id (or its beginning), a branch label, `head-1`, or a branch, tag or commit of git.",
    bad="alembic-vibe lint --since mian",
    good="alembic-vibe lint --since origin/main",
)
RULES = (UNKNOWN_SINCE,)

_RELATIVE = re.compile(r"(?P<start>.+)-(?P<steps>\d+)", re.DOTALL)


def passed_by(chain: Chain, since: str, *, is_commit: bool) -> frozenset[str] | None:
    """Return the revisions that lie behind a point of the chain, that point included; None where it names no revision.

    Known are ids and the beginnings of ids, branch labels, ``head``, ``heads``, ``base``, ``LABEL@head``, and any of
    them with steps down (``head-2``), as Alembic has them.

    Args:
        chain: All revisions.
        since: What the user wrote.
        is_commit: Whether git knows it as a commit: then the beginning of an id is not enough to tell.

    Raises:
        ConfigurationError: It means more than one thing.
    """
    start = _named(chain, since)
    if start is None:
        starting = _starting_with(chain, since)
        shown = ", ".join(revision.id for revision in starting[:SHOWN]) + (" …" if len(starting) > SHOWN else "")
        if starting and is_commit:
            message = f"`--since {since}` is a commit of git and the beginning of {shown}"
            raise _unknown(message, "Write either out whole.")
        if len(starting) > 1:
            message = f"`--since {since}` is the beginning of {len(starting)} revisions: {shown}"
            raise _unknown(message, "Write more of it.")
        start = starting or None
    return None if start is None else frozenset(revision.id for revision in _history(chain, start))


def unknown_since(chain: Chain, since: str, trouble: str = "") -> ConfigurationError:
    """Return the error for what is neither a revision nor a commit; ``trouble`` is why git could not help."""
    from difflib import get_close_matches

    names = [revision.id for revision in chain.revisions if revision.id]
    names += [label for revision in chain.revisions for label in revision.branch_labels]
    near = get_close_matches(since, names, 1)
    hint = f"Did you mean `{near[0]}`? " if near else ""
    if trouble:
        return _unknown(f"`--since {since}` is no revision, and git does not help: {trouble}", hint + UNKNOWN_SINCE.fix)
    return _unknown(f"`--since {since}` is neither a revision nor a commit", hint + UNKNOWN_SINCE.fix)


def _named(chain: Chain, name: str) -> list[Revision] | None:
    """Return the revisions that a name means; for the beginning of an id see ``_starting_with``."""
    if name == "base":
        return []
    if name in {"head", "heads"}:
        return _only(chain.heads, name) if name == "head" else list(chain.heads)
    if name in chain.by_id:
        return [chain.by_id[name]]
    if labelled := [revision for revision in chain.revisions if name in revision.branch_labels]:
        return labelled
    if name.endswith("@head"):
        label = _named(chain, name.removesuffix("@head"))
        above = [head for head in chain.heads if label and set(map(id, label)) <= set(map(id, _history(chain, [head])))]
        return _only(above, name) if above else None
    if match := _RELATIVE.fullmatch(name):
        start = _named(chain, match["start"]) or _starting_with(chain, match["start"])
        return _below(chain, start, int(match["steps"]), name) if len(start) == 1 else None
    return None


def _starting_with(chain: Chain, name: str) -> list[Revision]:
    return [chain.by_id[id_] for id_ in sorted(chain.by_id) if name and id_.startswith(name)]


def _below(chain: Chain, start: list[Revision], steps: int, name: str) -> list[Revision]:
    """Go that many revisions down from one; below the first one is the base."""
    for _ in range(steps):
        names = {parent for revision in start for parent in revision.down}
        parents = (parent for revision in start for parent in chain.parents(revision))
        start = _only([one for one in parents if names.intersection({one.id, *one.branch_labels})], name)
    return start


def _only(revisions: Sequence[Revision], name: str) -> list[Revision]:
    if len(revisions) > 1:
        shown = ", ".join(revision.id for revision in revisions)
        raise _unknown(f"`--since {name}` leads to {len(revisions)} revisions: {shown}", "Name one of them.")
    return list(revisions)


def _history(chain: Chain, start: Iterable[Revision]) -> Iterator[Revision]:
    """Yield revisions with all that comes before them, dependencies as well."""
    for revision in start:
        yield revision
        yield from chain.ancestors(revision)


def _unknown(message: str, help_: str) -> ConfigurationError:
    return ConfigurationError(UNKNOWN_SINCE.diagnostic(message, help=help_))
