"""Test data: rows at every edge of what a schema accepts, and rows beyond it.

``test_rows`` makes them on a scratch database that has the schema; ``render_test_data`` gives them as files, and
``checking`` runs them against a database.
"""

from alembic_vibe.data.edges.build import test_rows
from alembic_vibe.data.edges.files import render_test_data
from alembic_vibe.data.edges.model import Case, Coverage, Refusal, TableCases, TestData

__all__ = ["Case", "Coverage", "Refusal", "TableCases", "TestData", "render_test_data", "test_rows"]
