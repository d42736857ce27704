"""The state that a plan starts from, where it is no replay of the chain: from a staging copy, or from the snapshot.

Either is made again on the scratch server and stamped with its revision; from there on everything is as after a replay.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from alembic_vibe.catalog.catalog import Catalog
from alembic_vibe.catalog.serialize import dump_catalog
from alembic_vibe.diagnostics import Diagnostic, EnvironmentFailureError, Rule, Severity
from alembic_vibe.diff.ownership import shown
from alembic_vibe.history.chain import ChainError
from alembic_vibe.history.chain_rules import WAYS_OUT
from alembic_vibe.prove.copies import cut_off
from alembic_vibe.restoring import as_migrated, restore

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from alembic_vibe.catalog.keys import Key
    from alembic_vibe.history.chain import Chain
    from alembic_vibe.history.snapshot import Snapshot
    from alembic_vibe.plan.model import PlannedRevision
    from alembic_vibe.postgres.server import ScratchServer
    from alembic_vibe.recall import Recall
    from alembic_vibe.restoring import Restored

FROM_SNAPSHOT = Rule(
    code="AV813",
    slug="state-from-snapshot",
    severity=Severity.WARNING,
    summary="The chain cannot be replayed; what the last run wrote down is used instead.",
    why="vibe_snapshot.json has every object of the specification as it was at its revision. What else the chain has "
    "made is not in it: that is neither compared nor proven with.",
    fix="Mend what is said about the chain, or give a staging copy with `--database-url`.",
    bad="def upgrade() -> None:  # of an old revision\n    op.execute('ALTER TABLE made_by_hand ...')",
    good="$ alembic-vibe generate --database-url postgresql://reader@staging/shop",
)
NOT_AT_HEAD = Rule(
    code="AV814",
    slug="copy-not-at-head",
    severity=Severity.ERROR,
    summary="The staging copy is not at the head of the chain.",
    why="New revisions go on top of the head. A database that is at another revision says what another state is.",
    fix="Run `alembic upgrade head` on the copy, or take a copy of a database where it has been run.",
    bad="$ alembic current\n0006",
    good="$ alembic current\n0007 (head)",
)
FROM_DATABASE = Rule(
    code="AV815",
    slug="state-from-database",
    severity=Severity.INFO,
    summary="The state that the plan starts from was read from a database, not made by the chain.",
    why="What somebody changed there by hand is taken for the chain's. The database was read only.",
    fix="Nothing needs to be done. Without `--database-url` the chain is replayed.",
    bad="-- on staging only\nCREATE INDEX by_hand ON orders (status);",
    good="$ alembic-vibe generate",
)
NOT_RESTORED = Rule(
    code="AV816",
    slug="object-not-restored",
    severity=Severity.WARNING,
    summary="Objects of the database cannot be made on the scratch server.",
    why="The plan is proven on the scratch server, which may lack an extension, or a kind of object may be known by "
    "name only. What the specification does not have is left out and left alone; what it has must be there.",
    fix="Use a scratch server that has what is missing: `--scratch-url URL`.",
    bad="CREATE EXTENSION timescaledb;  -- the embedded PostgreSQL does not have it",
    good="$ alembic-vibe generate --database-url … --scratch-url postgresql://postgres@localhost:5433/postgres",
)
WITHOUT_ENVIRONMENT = Rule(
    code="AV817",
    slug="environment-not-run",
    severity=Severity.WARNING,
    summary="env.py cannot be run, so the new revisions are proven without it.",
    why="The revisions themselves run through Alembic as always. What env.py adds (hooks, its transactions, a role) is "
    "not part of the proof.",
    fix="Mend what is said about env.py.",
    bad="from shop.settings import DATABASE_URL  # ModuleNotFoundError",
    good="[alembic]\nprepend_sys_path = %(here)s",
)
RULES = (FROM_SNAPSHOT, NOT_AT_HEAD, FROM_DATABASE, NOT_RESTORED, WITHOUT_ENVIRONMENT)

_SHOWN = 8


@dataclass(frozen=True)
class Basis:
    """A database at a revision, to copy from: its name, a digest of what it was made of, and what is worth knowing."""

    database: str
    digest: str
    notes: tuple[Diagnostic, ...] = ()


def from_database(url: str, recall: Recall, server: ScratchServer, wanted: Collection[Key]) -> Basis:
    """Make the state of a staging copy again, at the head of the chain.

    Args:
        url: Of the copy; it is read only.
        recall: The chain.
        server: Where to make it.
        wanted: What the specification has: it must be made as it is there.

    Raises:
        EnvironmentFailureError: The copy cannot be reached or is not at the head, or something of the specification's
            cannot be made.
    """
    from alembic_vibe.postgres.copies import read_copy

    copy = read_copy(url)
    head = recall.head
    if (head,) not in copy.versions.values():
        raise EnvironmentFailureError(NOT_AT_HEAD.diagnostic(_where_it_is(copy.versions, head)))
    table = next(table for table, found in copy.versions.items() if found == (head,))
    catalog = as_migrated(copy.catalog, copy.owners[table], copy.role)
    restored = restore(catalog, server, schemas=[table[0]])
    notes = [FROM_DATABASE.diagnostic(f"{len(catalog.facts)} objects were read from the database, at revision {head}")]
    notes += _about_lost(restored, wanted)
    notes += _stamp(recall, server, restored.database, head, table)
    return Basis(restored.database, _digest(catalog), tuple(notes))


def _where_it_is(versions: Mapping[tuple[str, str], tuple[str, ...]], head: str) -> str:
    if not versions:
        return "the database has no table of Alembic's, so it is at no revision"
    found = "; ".join(f"{'.'.join(table)} says {', '.join(ids) or 'nothing'}" for table, ids in versions.items())
    return f"the head of the chain is {head or 'nothing yet'}, but the database is not there: {found}"


def from_snapshot(
    snapshot: Snapshot, pending: Sequence[PlannedRevision], recall: Recall, server: ScratchServer, error: ChainError
) -> Basis | None:
    """Make the state of the snapshot again, and run what the chain has had since.

    Args:
        snapshot: What the last run left: its facts hold what is pending as well.
        pending: What is pending: it is undone again.
        recall: The chain.
        server: Where to make it.
        error: Why the chain cannot be replayed.

    Returns:
        The state at the head; ``None`` if the snapshot does not cover it.
    """
    ids = [script.revision for script in recall.scripts.scripts]
    if not snapshot.facts or snapshot.head not in ids:
        return None
    catalog = Catalog(snapshot.facts, server_version=snapshot.server_version)
    later = ids[ids.index(snapshot.head) + 1 :]
    what = f"What vibe_snapshot.json says of revision {snapshot.head} is used instead"
    if later:
        what += f", and the {len(later)} revisions after it"
    what += "; what else the chain has made is not known"
    return _from_facts(catalog, snapshot.head, what, pending, recall, server, error, snapshot.sources)


def from_state(
    state: Catalog, pending: Sequence[PlannedRevision], recall: Recall, server: ScratchServer, error: ChainError
) -> Basis | None:
    """Make a state of the head again that an earlier run has found out.

    Args:
        state: It holds what is pending as well.
        pending: What is pending: it is undone again.
        recall: The chain.
        server: Where to make it.
        error: Why the chain cannot be replayed any more.

    Returns:
        The state at the head; ``None`` if the server cannot make it.
    """
    what = f"What an earlier run found at revision {recall.head} is used instead"
    return _from_facts(state, recall.head, what, pending, recall, server, error)


def _from_facts(
    catalog: Catalog,
    revision: str,
    what: str,
    pending: Sequence[PlannedRevision],
    recall: Recall,
    server: ScratchServer,
    error: ChainError,
    sources: Mapping[Key, str] | None = None,
) -> Basis | None:
    restored = restore(catalog, server, sources=sources, undo=pending)
    if restored.lost:
        return None
    notes = _stamp(recall, server, restored.database, revision, recall.chain.version_table)
    if revision != recall.head:
        try:
            recall.chain.upgrade(recall.head, server.sqlalchemy_url(restored.database))
        except ChainError:
            return None
    cause = error.as_failure("the chain cannot be replayed", recall.root).diagnostics[0]
    place = f" ({cause.shown_path}:{cause.line})" if cause.shown_path else ""
    notes.insert(0, FROM_SNAPSHOT.diagnostic(f"{cause.message}{place}. {what}"))
    return Basis(restored.database, _digest(catalog), tuple(notes))


def _stamp(
    recall: Recall, server: ScratchServer, database: str, revision: str, table: tuple[str, str]
) -> list[Diagnostic]:
    """Let the database say its revision, through env.py or, where that cannot be run, without it."""
    chain: Chain = recall.chain
    notes = []
    url = server.sqlalchemy_url(database)
    try:
        chain.stamp(revision, url)
    except ChainError as error:
        cause = error.as_failure("env.py cannot be run", recall.root).diagnostics[0]
        schema, name = table
        chain.run_plainly(("" if schema == "public" else schema, name))
        try:
            chain.stamp(revision, url)
        except ChainError:  # it was not env.py then
            raise error.as_failure("the state cannot be stamped", recall.root) from error
        notes.append(
            WITHOUT_ENVIRONMENT.diagnostic(
                f"{cause.message}; the new revisions are proven without env.py",
                source=cause.source,
                span=cause.span,
                help=cause.help.removesuffix(WAYS_OUT).strip(),
            )
        )
    cut_off(server, database)
    return notes


def _about_lost(restored: Restored, wanted: Collection[Key]) -> list[Diagnostic]:
    owned = {key: why for key, why in restored.lost.items() if key in wanted}
    if owned:
        raise EnvironmentFailureError(
            replace(_lost(owned, "the specification has, but the scratch server cannot make"), severity=Severity.ERROR)
        )
    left = {key: why for key, why in restored.lost.items() if key.name != "public"}
    return [_lost(left, "left out, because the scratch server cannot make")] if left else []


def _lost(found: Mapping[Key, str], what: str) -> Diagnostic:
    named = ", ".join(shown(key) for key in list(found)[:_SHOWN])
    more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
    reasons = tuple(f"{shown(key)}: {why}" for key, why in list(found.items())[:_SHOWN])
    return NOT_RESTORED.diagnostic(f"{what}: {named}{more}", notes=reasons)


def _digest(catalog: Catalog) -> str:
    return hashlib.sha256(dump_catalog(catalog).encode()).hexdigest()
