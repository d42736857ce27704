"""What hangs on the tables and has no model: code, policies, privileges, partitions.

Migrations make these objects themselves; this is for databases made from the models
alone, such as those of a test suite, and for whoever compares the models with a database.
"""

% if dedent:
from textwrap import dedent
% endif
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

from .base import Base

AFTERWARDS = ${statements}
% if gone:

GONE_FIRST = ${gone}
% endif


@event.listens_for(Base.metadata, "after_create")
def create_objects(
    target: sa.MetaData, connection: sa.Connection, **options: Any
) -> None:
    """Run the statements above once all tables are new: a part of them is not enough."""
    ddl: Any = sa.DDL  # SQLAlchemy does not type its constructor
    if len(options.get("tables") or ()) == len(target.tables):
        for statement in AFTERWARDS:
            connection.execute(ddl(statement))
% if gone:


@event.listens_for(Base.metadata, "before_drop")
def drop_objects(
    target: sa.MetaData, connection: sa.Connection, **options: Any
) -> None:
    """Drop views and policies, which hold other tables than their own, before all go."""
    ddl: Any = sa.DDL  # SQLAlchemy does not type its constructor
    if len(options.get("tables") or ()) == len(target.tables):
        for statement in GONE_FIRST:
            connection.execute(ddl(statement))
% endif
