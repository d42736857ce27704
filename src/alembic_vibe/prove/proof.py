"""Run new revisions on a scratch database: up, compare, fill, down, compare, up again.

What is proven is what will be written: the staged files, through the project's own environment.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.catalog.bookkeeping import without_version_table
from alembic_vibe.catalog.facts import Table
from alembic_vibe.diagnostics import FindingsError
from alembic_vibe.postgres.fingerprint import changed_catalogs, fingerprint
from alembic_vibe.postgres.introspect import read_catalog
from alembic_vibe.prove.checks import (
    CLUSTER_WIDE,
    DIVERGES,
    LEAKS,
    Proof,
    count_of,
    must_equal,
    run_base,
    run_step,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from psycopg import Connection

    from alembic_vibe.catalog.catalog import Catalog
    from alembic_vibe.catalog.keys import Key
    from alembic_vibe.history.chain import Chain
    from alembic_vibe.postgres.server import ScratchServer

__all__ = ["Proof", "prove"]

_POINTS = 25  # prefixes of the chain whose fingerprints are compared, at least


def prove(
    chain: Chain,
    server: ScratchServer,
    target: Catalog,
    revisions: Sequence[str],
    base: str,
    progress: Callable[[str], None],
    template: str | None = None,
    twice: Collection[str] = (),
    by_hand: Sequence[Sequence[str]] | None = None,
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
        by_hand: The revisions as they go up and down, where people wrote them: they may change what was there, so
            facts are compared instead of fingerprints.

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
                run_base(chain, base, url)
            before = without_version_table(read_catalog(connection).catalog)
            earlier = _rows_of(connection, before) if by_hand is not None else {}
            stages = _stages(revisions, twice) if by_hand is None else [list(stage) for stage in by_hand]
            prints: list[dict[str, str | None] | Catalog | None] = []
            present = []
            for stage in stages:
                progress(f"upgrade to {stage[-1]}")
                prints.append(_print(connection, facts=by_hand is not None) if prints else None)
                present.append(_tables(connection))
                run_step(chain.upgrade, stage[-1], url, stage[-1])
            must_equal(target, connection, DIVERGES, f"after revision {revisions[-1]}")
            progress("rows")
            present_rows = _rows_of(connection, target) if by_hand is not None else {}
            brought = {key: count - earlier.get(key, 0) for key, count in present_rows.items()}  # these may go again
            filled = fill_tables(connection, target)
            found = _count_rows(connection, filled.filled)
            kept = {key: count - max(0, brought.get(key, 0)) for key, count in found.items()}
            for i in range(len(stages) - 1, -1, -1):
                stage, below = stages[i], stages[i - 1][-1] if i else base
                progress(f"downgrade {stage[-1]}")
                # Rows that were lost do not come back, so it is enough to count a table's when it is about to go.
                gone = [revision for later in stages[i + 1 :] for revision in later]
                _rows_survive(connection, kept, _tables(connection) - present[i], gone)
                run_step(chain.downgrade, below, url, stage[-1])
                _must_be_as_before(prints[i], connection, _range(stage))
                if stage[0] in twice:
                    run_step(chain.upgrade, stage[-1], url, stage[-1])
                    run_step(chain.downgrade, below, url, stage[-1])
            _rows_survive(connection, kept, _tables(connection), revisions)
            must_equal(before, connection, LEAKS, f"after the downgrade of {revisions[0]}", CLUSTER_WIDE)
            progress("upgrade again")
            run_step(chain.upgrade, revisions[-1], url, revisions[-1])
            made = must_equal(target, connection, DIVERGES, "after upgrade, downgrade and upgrade")
    finally:
        server.drop_database(database)
        server.forget_roles(server.existing_roles() - roles)
        server.reset_roles()
    rows = sum(filled.filled.values())
    tables = len(filled.filled)
    ways = count_of(len(revisions), "downgrade")
    if len(stages) < len(revisions):
        ways = f"{ways}, compared at {len(stages)} points,"
    content = f"{count_of(rows, 'row')} in {count_of(tables, 'table')}"
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


def _print(connection: Connection[tuple[object, ...]], *, facts: bool) -> dict[str, str | None] | Catalog:
    return without_version_table(read_catalog(connection).catalog) if facts else fingerprint(connection)


def _must_be_as_before(
    before: dict[str, str | None] | Catalog | None, connection: Connection[tuple[object, ...]], revision: str
) -> None:
    if before is None:  # the first one is compared by its facts: Alembic's own table has come in between
        return
    if not isinstance(before, dict):
        must_equal(before, connection, LEAKS, f"after the downgrade of {revision}", CLUSTER_WIDE)
        return
    changed = changed_catalogs(before, fingerprint(connection))
    if changed:
        message = f"the downgrade of {revision} leaves traces in {', '.join(changed)}"
        raise FindingsError(LEAKS.diagnostic(message))


def _rows_of(connection: Connection, catalog: Catalog) -> dict[Key, int]:
    return _count_rows(connection, {table.key: 0 for table in catalog.of_type(Table)})


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
