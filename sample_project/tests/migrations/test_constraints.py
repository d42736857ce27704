"""Constraint tests of harbourdesk's tables.

The rows are in ``seeds/test``: those at the edges of what the constraints allow go in, and those just beyond are
refused, each by the constraint that it names. Every row is inserted by itself, with what it refers to, and taken back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from alembic_vibe.testing import ConstraintRunner, TestRow


def test_accepted(constraints: ConstraintRunner, accepted_row: TestRow) -> None:
    """The database takes the row."""
    assert constraints.refusal(accepted_row) is None


def test_rejected(constraints: ConstraintRunner, rejected_row: TestRow) -> None:
    """The database refuses the row, by exactly the constraint that it is about."""
    assert constraints.refusal(rejected_row) == rejected_row.refusal
