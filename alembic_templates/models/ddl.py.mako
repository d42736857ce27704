"""What the tables need before ``Base.metadata.create_all()`` can make them.

Migrations create these objects themselves; this is for databases made from the
models alone, such as those of a test suite.
"""

% if dedent:
from textwrap import dedent
% endif
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

from .base import Base

PREREQUISITES = ${statements}


@event.listens_for(Base.metadata, "before_create", insert=True)
def create_prerequisites(
    target: sa.MetaData, connection: sa.Connection, **options: Any
) -> None:
    """Run the statements above, before anything else."""
    ddl: Any = sa.DDL  # SQLAlchemy does not type its constructor
    for statement in PREREQUISITES:
        connection.execute(ddl(statement))
