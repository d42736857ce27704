"""Connections to databases of the user's, by the URL that Alembic and the application have too."""

from __future__ import annotations

import contextlib
import re
from typing import TYPE_CHECKING, Any

from alembic_vibe.diagnostics import EnvironmentFailureError, Rule, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    import psycopg

UNREACHABLE = Rule(
    code="AV521",
    slug="database-unreachable",
    severity=Severity.ERROR,
    summary="The database cannot be reached.",
    why="The command works on a database of yours, which must be running and let you in.",
    fix="Check host, port, database, user and password in the URL.",
    bad="DATABASE_URL=postgresql://app@localhost:5431/shop  # nothing listens there",
    good="DATABASE_URL=postgresql://app@localhost:5432/shop",
)
RULES = (UNREACHABLE,)

_DRIVER = re.compile(r"\Apostgres(?:ql)?(?:\+\w+)?://")
_PASSWORD = re.compile(r"://([^:/@]*):[^@]*@")


@contextlib.contextmanager
def open_database(url: str) -> Iterator[psycopg.Connection[Any]]:
    """Connect to a database; at the end of the ``with`` block, commit, or roll back on an exception.

    Args:
        url: ``postgresql://…``; a SQLAlchemy driver such as ``postgresql+asyncpg`` is left out.

    Raises:
        EnvironmentFailureError: It cannot be reached, or the URL is not one. The password is never shown.
    """
    import psycopg

    plain = _DRIVER.sub("postgresql://", url, count=1)
    shown = _PASSWORD.sub(r"://\1:***@", url)
    try:
        connection = psycopg.connect(plain)
    except psycopg.Error as error:
        reason = " ".join(str(error).split())
        for secret in re.findall(r"://[^:/@]*:([^@]*)@", url):
            reason = reason.replace(secret, "***") if secret else reason
        raise EnvironmentFailureError(UNREACHABLE.diagnostic(f"{shown} cannot be reached: {reason}")) from None
    with connection:
        yield connection
