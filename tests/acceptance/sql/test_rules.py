"""What the offline rules call an error PostgreSQL rejects; what they call a warning or a hint it accepts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import psycopg
import pytest

from alembic_vibe.diagnostics import Rule, Severity
from alembic_vibe.sql import rules

if TYPE_CHECKING:
    from alembic_vibe.postgres.server import ScratchServer

pytestmark = pytest.mark.server

RULES = [rule for module in rules.modules() for rule in module.RULES]

# What PostgreSQL runs, and a specification must not say all the same.
REFUSED_ON_PURPOSE = {
    "AV221": "the order of statements would decide",
    "AV222": "the rows are copied",
    "AV248": "everybody who reads the document knows the password",
}
# What needs more than an empty database, or does not go through a transaction.
NOT_RUN = {"AV220", "AV223"}


def _run(server: ScratchServer, database: str, sql: str) -> None:
    with server.connect(database, autocommit=True) as connection:
        connection.execute("CREATE EXTENSION IF NOT EXISTS citext")
        server.forget_roles(re.findall(r"CREATE ROLE (\w+)", sql))
        connection.execute(sql.replace("CREATE EXTENSION", "CREATE EXTENSION IF NOT EXISTS").encode())


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.code}-{rule.slug}")
def test_examples(server: ScratchServer, database: str, rule: Rule) -> None:
    if rule.code in NOT_RUN:
        pytest.skip("is no statement of a schema")
    _run(server, database, rule.good)
    other = server.create_database()
    try:
        if rule.severity is Severity.ERROR and rule.code not in REFUSED_ON_PURPOSE:
            with pytest.raises(psycopg.Error):
                _run(server, other, rule.bad)
        else:
            _run(server, other, rule.bad)
    finally:
        server.drop_database(other)
