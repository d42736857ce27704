"""Two versions of a schema as SQL, and what a run finds out about names and ownership between them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.diff.candidates import find_candidates, questions
from alembic_vibe.diff.ownership import Owned, States, sort_out, with_foreign
from alembic_vibe.diff.renamed import Renamed, column_statements, renamed_changes, table_statements
from alembic_vibe.diff.renames import Renames, resolve
from alembic_vibe.plan.intents import find_intents
from alembic_vibe.postgres.introspect import read_catalog
from alembic_vibe.results import Acceptance, Rename
from alembic_vibe.sql.parser import parse_spec
from alembic_vibe.sql.places import defined_by
from tests.unit.sql.conftest import spec_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from alembic_vibe.catalog.catalog import Catalog
    from alembic_vibe.diagnostics import Diagnostic
    from alembic_vibe.diff.compare import Change
    from alembic_vibe.postgres.server import ScratchServer

pytestmark = pytest.mark.server


@dataclass
class Looked:
    """What was found: the readings, the renamings, and what is left to plan."""

    before: Catalog
    named: Catalog
    after: Catalog
    renames: Renames
    renamed: Renamed
    owned: Owned
    asked: tuple[Diagnostic, ...]
    statements: list[str] = field(default_factory=list)

    @property
    def told(self) -> list[str]:
        """The changes as found by comparing, before anything is left alone."""
        return sorted(map(tell, self.renamed.changes))

    @property
    def left(self) -> list[str]:
        """The changes that are left for planning."""
        return sorted(map(tell, self.owned.changes))

    @property
    def questions(self) -> list[str]:
        """What must be decided."""
        return [d.message for d in (*self.renames.problems, *self.owned.undecided, *self.asked)]

    @property
    def target(self) -> Catalog:
        """What a plan must arrive at."""
        return with_foreign(self.after, self.owned.foreign)


def tell(change: Change) -> str:
    """Say a change in a line: kind, key, and the facts that differ."""
    return " ".join([change.kind, str(change.key), *change.altered_fields])


@pytest.fixture
def read(server: ScratchServer) -> Callable[..., Catalog]:
    """Run SQL on a database of its own, and read what it made."""

    def run(*texts: str) -> Catalog:
        name = server.create_database()
        try:
            with server.connect(name, autocommit=True) as connection:
                for text in filter(None, texts):
                    connection.execute(text.encode())
                return read_catalog(connection).catalog
        finally:
            server.drop_database(name)

    return run


@pytest.fixture
def look(read: Callable[..., Catalog]) -> Callable[..., Looked]:
    """Do as a run does, from the old schema (and what somebody did to it by hand) to the new one."""

    def run(
        old: str,
        new: str,
        *,
        renames: Sequence[tuple[str, str]] = (),
        accepted: Sequence[str] = (),
        by_hand: str = "",
        printed_by: int = 0,
    ) -> Looked:
        statements = parse_spec(spec_of(new)).statements
        keys = {key: s.index for s in reversed(statements) if (key := defined_by(s)) is not None}
        intents = find_intents(statements, keys)
        snapshot, after = read(old), read(new)
        before = read(old, by_hand) if by_hand else snapshot
        options = [Rename(one, other) for one, other in renames]
        found = resolve(intents.renamed, intents.renamed_labels, options, before, after, intents.places)
        first, then = table_statements(found, before), column_statements(found)
        tables = read(old, by_hand, *first) if first else before
        named = read(old, by_hand, *first, *then) if then else tables
        renamed = renamed_changes(before, tables, named, after, found)
        version = printed_by or snapshot.server_version
        acceptances = [Acceptance(*a.split(":", 1)) for a in accepted]
        states = States(snapshot.facts, before, named, after, version)
        owned = sort_out(renamed.changes, states, found, accepted=acceptances, statements=statements)
        candidates = find_candidates(owned.changes, renamed.before, after, acceptances)
        asked = questions(candidates, statements)
        return Looked(before, named, after, found, renamed, owned, asked, [*first, *then])

    return run


def table(name: str, schema: str = "public") -> Key:
    """Return the key of a table."""
    return Key(Kind.TABLE, schema, name)


def column(owner: str, name: str, schema: str = "public") -> Key:
    """Return the key of a column."""
    return Key(Kind.COLUMN, schema, owner, name)
