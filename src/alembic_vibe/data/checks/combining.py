"""The cases of all CHECKs of a table together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.data.checks.drafts import MOST_CASES, Draft, every

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from alembic_vibe.data.model import Case, CheckRule, Domain


def combined(types: Mapping[str, Domain], rules: Sequence[CheckRule]) -> tuple[Case, ...]:
    """Return the ways to satisfy every rule within what the types allow, the likeliest first.

    Each way is one case of each rule; those that contradict each other are dropped. Rules without a choice come first,
    so that they narrow the others.
    """
    known = [rule for rule in sorted(rules, key=lambda rule: len(rule.cases)) if rule.cases or rule.whole]
    groups = [[Draft(case.domains, case.relations, case.computed) for case in rule.cases] for rule in known]
    return tuple(draft.case() for draft in every([[Draft(dict(types))], *groups])[:MOST_CASES])
