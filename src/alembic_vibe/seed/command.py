"""``seed``: open the database, bring the rows in, and say what was done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import EnvironmentFailureError, ExitCode
from alembic_vibe.results import SeedResult
from alembic_vibe.seed.runner import SeedReport, run_seeds

if TYPE_CHECKING:
    from pathlib import Path
