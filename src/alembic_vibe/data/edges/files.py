"""Test data ↔ the files in ``seeds/test``: one file a table, one row a line, stable in every detail."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from alembic_vibe.data.edges.model import TestData


def render_test_data(data: TestData) -> dict[str, str]:
    """Return the text of each file by its path below the seeds folder, such as ``test/users.json``."""
    _ = data
    return {}
