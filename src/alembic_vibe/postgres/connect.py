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
    with _connect(url) as connection:
        yield connection


@contextlib.contextmanager
def open_read_only(url: str) -> Iterator[psycopg.Connection[Any]]:
    """Connect to a database that must not be changed: one transaction, REPEATABLE READ and READ ONLY, rolled back.

    The session is told to be read-only as well, unless a pooler refuses such an option. It could not be told by SET:
    behind a pooler the session may be somebody else's next.

    Args:
        url: As for ``open_database``.

    Raises:
        EnvironmentFailureError: As for ``open_database``.
    """
    import psycopg
    from psycopg.conninfo import conninfo_to_dict

    read_only = ""
    with contextlib.suppress(psycopg.Error):  # what is wrong with the URL is said by whoever connects
        given = conninfo_to_dict(_DRIVER.sub("postgresql://", url, count=1)).get("options") or ""
        read_only = f"{given} -c default_transaction_read_only=on".strip()
    try:
        connection = _connect(url, options=read_only)
    except EnvironmentFailureError as error:
        if "unsupported startup parameter" not in str(error):
            raise
        connection = _connect(url)
    try:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        connection.execute("SELECT 1")  # from the first query on, a transaction stays as it was begun
        yield connection
    finally:
        connection.rollback()
        connection.close()


def _connect(url: str, **more: str) -> psycopg.Connection[Any]:
    import psycopg

    plain = _DRIVER.sub("postgresql://", url, count=1)
    shown = _PASSWORD.sub(r"://\1:***@", url)
    try:
        return psycopg.connect(plain, **more)  # type: ignore[arg-type]
    except psycopg.Error as error:
        reason = " ".join(str(error).split())
        for secret in re.findall(r"://[^:/@]*:([^@]*)@", url):
            reason = reason.replace(secret, "***") if secret else reason
        raise EnvironmentFailureError(UNREACHABLE.diagnostic(f"{shown} cannot be reached: {reason}")) from None
