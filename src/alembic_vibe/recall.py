"""The states of a project's chain, as catalogs: at its head, after what is pending, and under new names.

The chain is replayed on the scratch server in the project's own environment; each state is remembered by a digest of
all that it depends on, so that a replay is rare.
"""

from __future__ import annotations

import hashlib
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from alembic_vibe.catalog.bookkeeping import without_version_table
from alembic_vibe.catalog.catalog import Catalog
from alembic_vibe.diagnostics import DecisionNeededError, Rule, Severity
from alembic_vibe.history.cache import cached, remember
from alembic_vibe.history.chain import ChainError, Scripts
from alembic_vibe.plan.model import Mode
from alembic_vibe.postgres.introspect import read_catalog
from alembic_vibe.prove.copies import cut_off

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    import psycopg

    from alembic_vibe.basis import Basis
    from alembic_vibe.config import Project
    from alembic_vibe.history.chain import Chain
    from alembic_vibe.plan.model import PlannedRevision
    from alembic_vibe.postgres.server import ScratchServer

HEADS = Rule(
    code="AV821",
    slug="generate-on-multiple-heads",
    severity=Severity.ERROR,
    summary="The chain of revisions has several heads.",
    why="New revisions go on top of one head; `alembic upgrade head` would refuse the others.",
    fix="Run `alembic merge heads` first. Branches that shall stay apart are environments of their own: give each a "
    "section of alembic.ini with its version_locations, and name one with the setting `section`.",
    bad="$ alembic heads\n0007 (head)\n0008 (head)",
    good="$ alembic heads\n0009 (head)",
)
RULES = (HEADS,)


class Recall:
    """The chain of a project on a scratch server."""

    def __init__(self, project: Project, chain: Chain, server: ScratchServer) -> None:
        """Read the chain.

        Raises:
            DecisionNeededError: There are several heads.
            EnvironmentFailureError: The chain cannot be read.
        """
        self._project = project
        self._chain = chain
        self._server = server
        self._basis: Basis | None = None
        try:
            chain.open(project.ini, project.pyproject)
            self.scripts: Scripts = chain.describe()
        except ChainError as error:
            raise error.as_failure("the project's revisions cannot be read", project.root) from error
        if len(self.scripts.heads) > 1:
            names = ", ".join(self.scripts.heads)
            raise DecisionNeededError(HEADS.diagnostic(f"the chain has {len(self.scripts.heads)} heads: {names}"))

    @property
    def chain(self) -> Chain:
        """The worker that runs it."""
        return self._chain

    @property
    def root(self) -> Path:
        """The project's."""
        return self._project.root

    @property
    def template(self) -> str | None:
        """A database at the head to copy, with nobody connected to it; ``None``: the chain is to be run."""
        if self._basis is not None:
            cut_off(self._server, self._basis.database)
        return self._basis.database if self._basis is not None else None

    def start_from(self, basis: Basis) -> None:
        """Take the state at the head from a database that was made otherwise than by the chain."""
        self._basis = basis

    @property
    def head(self) -> str:
        """The id of the last revision; empty for an empty chain."""
        return self.scripts.heads[0] if self.scripts.heads else ""

    def digest(self, new: Sequence[Path] = (), pending: Sequence[PlannedRevision] = ()) -> str:
        """Return what a state depends on: revisions, env.py, what is pending, and the server.

        Args:
            new: Staged revisions that come after the project's own.
            pending: Planned revisions that come after those.
        """
        return self._digest([*(Path(script.path) for script in self.scripts.scripts), *new], pending)

    def _digest(self, paths: Sequence[Path], pending: Sequence[PlannedRevision] = ()) -> str:
        digest = hashlib.sha256(str(self._server.version_num).encode())
        if self._basis is not None:
            digest.update(self._basis.digest.encode())
        for path in [self._project.script_location / "env.py", *paths]:
            digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
        for revision in pending:
            for operation in revision.up:
                digest.update(b"\0".join(sql.encode() for sql in operation.statements) + b"\0\0")
        return digest.hexdigest()

    def state(self, pending: Sequence[PlannedRevision] = ()) -> Catalog:
        """Return the catalog at the head of the chain, or after what is pending.

        Raises:
            EnvironmentFailureError: The chain cannot be run.
        """
        if not self.head:
            return Catalog()
        key = self.digest(pending=pending)
        found = cached(key)
        if found is None:
            with self.database(pending) as connection:
                found = without_version_table(read_catalog(connection).catalog)
            remember(key, found)
        return found

    def at(self, revision: str) -> Catalog:
        """Return the catalog at a revision of the chain.

        Raises:
            EnvironmentFailureError: The chain cannot be run.
        """
        ids = [script.revision for script in self.scripts.scripts]
        until = [Path(script.path) for script in self.scripts.scripts[: ids.index(revision) + 1]]
        key = self._digest(until)
        found = cached(key)
        if found is None:
            with self.database(revision=revision) as connection:
                found = without_version_table(read_catalog(connection).catalog)
            remember(key, found)
        return found

    def after(self, statements: Sequence[str], pending: Sequence[PlannedRevision] = ()) -> Catalog:
        """Return the catalog as it would be after some statements, such as renamings.

        Raises:
            psycopg.Error: One of them fails.
        """
        with self.database(pending) as connection:
            for sql in statements:
                connection.execute(sql.encode())
            return without_version_table(read_catalog(connection).catalog)

    @contextmanager
    def database(
        self, pending: Sequence[PlannedRevision] = (), revision: str = ""
    ) -> Iterator[psycopg.Connection[Any]]:
        """Give a connection, in autocommit mode, to a database of its own at the head, or at another revision.

        Raises:
            EnvironmentFailureError: The chain cannot be run.
        """
        server = self._server
        template = None if revision else self.template
        name = server.create_database(template=template)
        try:
            if template is None and (revision or self.head):
                self._chain.upgrade(revision or self.head, server.sqlalchemy_url(name))
            with server.connect(name, autocommit=True) as connection:
                for planned in pending:
                    run_planned(connection, planned)
                yield connection
        except ChainError as error:
            raise error.as_failure(
                "the project's chain cannot be run on an empty database", self._project.root
            ) from error
        finally:
            server.drop_database(name)
            server.reset_roles()


def run_planned(connection: psycopg.Connection[Any], revision: PlannedRevision) -> None:
    """Run the upgrade of a planned revision as Alembic would: in a transaction, or each statement by itself."""
    statements = [sql.encode() for operation in revision.up for sql in operation.statements]
    if revision.mode is not Mode.TRANSACTION:
        for sql in statements:
            connection.execute(sql)
        return
    with connection.transaction():
        for sql in statements:
            connection.execute(sql)
