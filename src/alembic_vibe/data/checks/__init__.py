"""CHECK constraints as something that rows can be made from: domains, relations, and an answer for a row.

``compile_checks`` is the door: a table's CHECKs, those of the domain types of its columns and the bound of a partition.
"""

from alembic_vibe.data.checks.edges import edges, violations
from alembic_vibe.data.checks.relations import fixer
from alembic_vibe.data.checks.table import TableChecks, compile_checks
from alembic_vibe.data.checks.types import type_domain

__all__ = ["TableChecks", "compile_checks", "edges", "fixer", "type_domain", "violations"]
