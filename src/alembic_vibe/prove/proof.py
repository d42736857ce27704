"""Run new revisions on a scratch database: up, compare, fill, down, compare, up again.

What is proven is what will be written: the staged files, through the project's own environment.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.diagnostics import FindingsError, Rule, Severity
from alembic_vibe.diff.compare import compare
from alembic_vibe.history.chain import ChainError
from alembic_vibe.postgres.fingerprint import changed_catalogs, fingerprint
from alembic_vibe.postgres.introspect import read_catalog

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from psycopg import Connection

    from alembic_vibe.catalog.catalog import Catalog
    from alembic_vibe.history.chain import Chain
    from alembic_vibe.postgres.server import ScratchServer

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

_POINTS = 25  # prefixes of the chain whose fingerprints are compared, at least
_CLUSTER_WIDE = (Kind.ROLE,)  # roles outlive databases and downgrades


@dataclass(frozen=True)
class Proof:
    """What was proven, in lines for people, and which tables stayed empty while it was."""

    lines: tuple[str, ...]
    catalog: Catalog  # what the revisions made
    unfilled: tuple[str, ...] = ()


def without_version_table(catalog: Catalog) -> Catalog:
    """Return the catalog without Alembic's own bookkeeping."""
    facts = {key: fact for key, fact in catalog.facts.items() if key.name != "alembic_version"}
    return replace(catalog, facts=facts)


def prove(
    chain: Chain,
    server: ScratchServer,
    target: Catalog,
    revisions: Sequence[str],
    base: str,
    progress: Callable[[str], None],
    template: str | None = None,
    twice: Collection[str] = (),
) -> Proof:
    """Run the new revisions and their downgrades on a database of their own.

    Args:
        chain: The staged chain, which has the new revisions.
        server: Where to run it.
        target: What the result must equal.
        revisions: The ids of the new revisions, in order.
        base: The revision before them, or ``base``.
        progress: Told what is being done.
        template: A database at ``base``; without it the chain is run from its beginning.
        twice: Revisions that add to tables of earlier ones: they go up and down once more, on the rows that are left.

    Raises:
        FindingsError: A revision fails, the result differs from the target, or a downgrade leaves something.
    """
    from alembic_vibe.prove.rows import fill_tables

    roles = server.existing_roles()
    database = server.create_database(template=template)
    url = server.sqlalchemy_url(database)
    try:
        with server.connect(database, autocommit=True) as connection:
            if base != "base" and template is None:
                _step(chain.upgrade, base, url, "the revisions before it")
            before = without_version_table(read_catalog(connection).catalog)
            stages = _stages(revisions, twice)
            prints: list[dict[str, str | None] | None] = []
            present = []
            for stage in stages:
                progress(f"upgrade to {stage[-1]}")
                prints.append(fingerprint(connection) if prints else None)
                present.append(_tables(connection))
                _step(chain.upgrade, stage[-1], url, stage[-1])
            _must_equal(target, connection, DIVERGES, f"after revision {revisions[-1]}")
            progress("rows")
            filled = fill_tables(connection, target)
            kept = _count_rows(connection, filled.filled)
            for i in range(len(stages) - 1, -1, -1):
                stage, below = stages[i], stages[i - 1][-1] if i else base
                progress(f"downgrade {stage[-1]}")
                # Rows that were lost do not come back, so it is enough to count a table's when it is about to go.
                gone = [revision for later in stages[i + 1 :] for revision in later]
                _rows_survive(connection, kept, _tables(connection) - present[i], gone)
                _step(chain.downgrade, below, url, stage[-1])
                _must_be_as_before(prints[i], connection, _range(stage))
                if stage[0] in twice:
                    _step(chain.upgrade, stage[-1], url, stage[-1])
                    _step(chain.downgrade, below, url, stage[-1])
            _rows_survive(connection, kept, _tables(connection), revisions)
            _must_equal(before, connection, LEAKS, f"after the downgrade of {revisions[0]}", _CLUSTER_WIDE)
            progress("upgrade again")
            _step(chain.upgrade, revisions[-1], url, revisions[-1])
            made = _must_equal(target, connection, DIVERGES, "after upgrade, downgrade and upgrade")
    finally:
        server.drop_database(database)
        server.forget_roles(server.existing_roles() - roles)
        server.reset_roles()
    rows = sum(filled.filled.values())
    tables = len(filled.filled)
    ways = _count(len(revisions), "downgrade")
    if len(stages) < len(revisions):
        ways = f"{ways}, compared at {len(stages)} points,"
    content = f"{_count(rows, 'row')} in {_count(tables, 'table')}"
    lines = (
        f"upgrade head gives the spec's schema: {len(target.facts)} objects compared",
        f"{ways} without a trace, with {content}; upgrade again gives the same",
    )
    return Proof(lines, made, tuple(f"{key.qualified}: {reason}" for key, reason in filled.unfilled.items()))


def _stages(revisions: Sequence[str], alone: Collection[str]) -> list[list[str]]:
    """Divide the revisions into those that go up and down together, and are compared where they begin.

    Up to ``_POINTS`` revisions each one is compared. Longer chains are compared at about that many points, and at
    every revision of ``alone``: reading the whole schema at each of n revisions would cost the square of n.
    """
    size = -(-len(revisions) // _POINTS)
    stages: list[list[str]] = []
    for revision in revisions:
        if not stages or len(stages[-1]) >= size or revision in alone or stages[-1][0] in alone:
            stages.append([])
        stages[-1].append(revision)
    return stages


def _range(revisions: Sequence[str]) -> str:
    return revisions[0] if len(revisions) == 1 else f"{revisions[0]} to {revisions[-1]}"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _step(run: Callable[[str, str], None], target: str, url: str, revision: str) -> None:
    try:
        run(target, url)
    except ChainError as error:
        diagnostic = FAILS.diagnostic(f"revision {revision} fails: {_first_lines(error.message)}")
        raise FindingsError(diagnostic) from error


def _first_lines(message: str) -> str:
    """Leave out SQLAlchemy's pointer to its documentation."""
    return "\n".join(line for line in message.splitlines() if not line.startswith("(Background on this error"))


def _must_equal(
    wanted: Catalog, connection: Connection[tuple[object, ...]], rule: Rule, when: str, ignore: tuple[Kind, ...] = ()
) -> Catalog:
    found = without_version_table(read_catalog(connection).catalog)
    changes = compare(wanted, found, ignore)
    if changes:
        names = [change.describe() for change in changes]
        message = f"{when} the database differs: {names[0]}"
        raise FindingsError(rule.diagnostic(message, notes=tuple(names[1:10])))
    return found


def _must_be_as_before(
    before: dict[str, str | None] | None, connection: Connection[tuple[object, ...]], revision: str
) -> None:
    if before is None:  # the first one is compared by its facts: Alembic's own table has come in between
        return
    changed = changed_catalogs(before, fingerprint(connection))
    if changed:
        message = f"the downgrade of {revision} leaves traces in {', '.join(changed)}"
        raise FindingsError(LEAKS.diagnostic(message))


def _count_rows(connection: Connection[tuple[object, ...]], tables: dict[Key, int]) -> dict[Key, int]:
    from psycopg import sql

    if not tables:
        return {}
    parts = [
        sql.SQL("SELECT {}, count(*) FROM {}").format(i, sql.Identifier(key.schema, key.name))
        for i, key in enumerate(tables)
    ]
    # Numbered, because UNION ALL keeps no order: its parts may be read in parallel.
    counts = {int(str(i)): int(str(n)) for i, n in connection.execute(sql.SQL(" UNION ALL ").join(parts)).fetchall()}
    return {key: counts[i] for i, key in enumerate(tables)}


def _tables(connection: Connection[tuple[object, ...]]) -> set[tuple[str, str]]:
    rows = connection.execute(
        "SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
        "WHERE c.relkind IN ('r', 'p') AND c.oid >= 16384"
    ).fetchall()
    return {(str(schema), str(name)) for schema, name in rows}


def _rows_survive(
    connection: Connection[tuple[object, ...]],
    kept: dict[Key, int],
    tables: set[tuple[str, str]],
    undone: Sequence[str],
) -> None:
    """Some tables must have kept their rows while revisions were undone."""
    wanted = {key: count for key, count in kept.items() if (key.schema, key.name) in tables}
    now = _count_rows(connection, wanted)
    lost = [key.qualified for key, count in wanted.items() if now[key] < count]
    if lost:
        which = (
            f"the downgrade of {undone[0]} loses"
            if len(undone) == 1
            else f"the downgrades from {undone[-1]} to {undone[0]} lose"
        )
        raise FindingsError(LEAKS.diagnostic(f"{which} rows of {', '.join(lost)}"))
