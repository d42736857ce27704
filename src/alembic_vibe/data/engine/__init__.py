"""Development data: thousands of rows that satisfy every constraint of a live schema.

``fill_development`` is the door.
"""

from alembic_vibe.data.engine.report import FillReport, TableFill
from alembic_vibe.data.engine.run import fill_development

__all__ = ["FillReport", "TableFill", "fill_development"]
