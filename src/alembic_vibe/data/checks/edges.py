"""Rows at the edges of a rule, and rows just outside."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from alembic_vibe.data.checks.table import TableChecks
    from alembic_vibe.data.model import CheckRule, Value


def edges(rule: CheckRule, checks: TableChecks) -> list[dict[str, Value]]:
    """Return partial rows at each boundary of a rule, on the accepted side.

    Args:
        rule: One of ``checks.rules``.
        checks: All of the table: no row breaks any of them, as far as can be told from the columns it has.
    """
    _ = rule, checks
    return []


def violations(rule: CheckRule, checks: TableChecks) -> list[dict[str, Value]]:
    """Return partial rows just outside a rule, which break it and, as far as can be told, no other.

    Args:
        rule: One of ``checks.rules``.
        checks: All of the table.
    """
    _ = rule, checks
    return []
