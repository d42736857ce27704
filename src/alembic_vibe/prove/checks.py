"""What all proofs share: their rules, running a step of the chain, and comparing a database with a catalog."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from alembic_vibe.catalog.bookkeeping import without_version_table
from alembic_vibe.catalog.keys import Kind
from alembic_vibe.diagnostics import FindingsError, Rule, Severity
from alembic_vibe.diff.compare import compare, is_validation
from alembic_vibe.history.chain import ChainError
from alembic_vibe.postgres.introspect import read_catalog

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from psycopg import Connection

    from alembic_vibe.catalog.catalog import Catalog
    from alembic_vibe.catalog.keys import Key
    from alembic_vibe.history.chain import Chain

FAILS = Rule(
    code="AV901",
    slug="revision-fails",
    severity=Severity.ERROR,
    summary="A revision fails on the scratch database.",
    why="What fails there would fail in production. Nothing was written.",
    fix="The message says which statement failed. If the spec is right, this is a defect of alembic-vibe: report it.",
    bad="-- an extension that may only be made by a superuser\nCREATE EXTENSION adminpack;",
    good="-- an extension that the server has\nCREATE EXTENSION citext;",
)
DIVERGES = Rule(
    code="AV902",
    slug="revision-diverges",
    severity=Severity.ERROR,
    summary="The migrated database is not what the spec says.",
    why="Every plan must lead to exactly the schema that the spec's own SQL makes. Nothing was written.",
    fix="The spec's objects that differ are named. Report it, with the spec's statement.",
    bad="-- the chain has users.email as text, edited by hand\nCREATE TABLE users (email citext);",
    good="CREATE TABLE users (email citext);",
)
LEAKS = Rule(
    code="AV903",
    slug="downgrade-leaves-traces",
    severity=Severity.ERROR,
    summary="A downgrade does not restore the state before its upgrade.",
    why="Every revision must be reversible, with rows in the tables. Nothing was written.",
    fix="The objects that are left, or lost, are named. Report it, with the spec's statement.",
    bad="def downgrade() -> None:\n    pass",
    good="def downgrade() -> None:\n    op.drop_table('users')",
)
RULES = (FAILS, DIVERGES, LEAKS)

CLUSTER_WIDE = (Kind.ROLE,)  # roles outlive databases and downgrades


@dataclass(frozen=True)
class Proof:
    """What was proven, in lines for people, and which tables stayed empty while it was."""

    lines: tuple[str, ...]
    catalog: Catalog  # what the revisions made
    unfilled: tuple[str, ...] = ()


def count_of(number: int, noun: str) -> str:
    """Say how many there are of something: ``1 row``, ``2,000 rows``."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def run_step(run: Callable[[str, str], None], target: str, url: str, revision: str) -> None:
    """Run an upgrade or downgrade of the chain; raises ``FindingsError`` where it fails."""
    try:
        run(target, url)
    except ChainError as error:
        diagnostic = FAILS.diagnostic(f"revision {revision} fails: {_first_lines(error.message)}")
        raise FindingsError(diagnostic) from error


def run_base(chain: Chain, base: str, url: str) -> None:
    """Run the revisions before the new ones; raises ``EnvironmentFailureError`` where that is impossible."""
    try:
        chain.upgrade(base, url)
    except ChainError as error:
        raise error.as_failure("the revisions before the new ones cannot be run") from error


def _first_lines(message: str) -> str:
    """Leave out SQLAlchemy's pointer to its documentation."""
    return "\n".join(line for line in message.splitlines() if not line.startswith("(Background on this error"))


def must_equal(
    wanted: Catalog,
    connection: Connection[tuple[object, ...]],
    rule: Rule,
    when: str,
    ignore: tuple[Kind, ...] = (),
    keeps: Collection[Key] = (),
) -> Catalog:
    """Compare a database with a catalog.

    Args:
        wanted: What it must have.
        connection: To the database.
        rule: What a difference breaks.
        when: Where one is, for the message: ``after revision 0007``.
        ignore: Kinds of object that may differ.
        keeps: Objects that may differ.

    Returns:
        What the database has.

    Raises:
        FindingsError: It is something else.
    """
    found = without_version_table(read_catalog(connection).catalog)
    changes = [change for change in compare(wanted, found, ignore) if change.key not in keeps]
    if rule is LEAKS:  # that a constraint has been validated does no harm, and nothing takes it back
        changes = [change for change in changes if not is_validation(change)]
    if changes:
        names = [change.describe() for change in changes]
        message = f"{when} the database differs: {names[0]}"
        raise FindingsError(rule.diagnostic(message, notes=tuple(names[1:10])))
    return found
