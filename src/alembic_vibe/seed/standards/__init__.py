"""Reference data that the specification asks for by name: countries, currencies, time zones, feature flags.

``requests`` reads what is asked for, ``subject`` and its subjects say what the libraries have, ``mapping`` finds out
what the columns of a table hold, ``rows`` puts the rows together. Nothing here runs in the user's project.
"""

from __future__ import annotations

from alembic_vibe.seed.standards.adding import add_standards, asked_for, frozen_tables

__all__ = ["add_standards", "asked_for", "frozen_tables"]
