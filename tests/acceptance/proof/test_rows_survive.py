"""The proof refuses a downgrade that loses rows of a table that it leaves standing."""

from __future__ import annotations

from pathlib import Path

import pytest

from alembic_vibe.catalog.bookkeeping import without_version_table
from alembic_vibe.cli.scaffold import plan_project, write_project
from alembic_vibe.diagnostics import FindingsError
from alembic_vibe.history.chain import Chain
from alembic_vibe.postgres.introspect import read_catalog
from alembic_vibe.postgres.server import ScratchServer
from alembic_vibe.prove.proof import Proof, prove

pytestmark = pytest.mark.server

REVISION = '''"""A revision."""
from alembic import op

revision = "{id}"
down_revision = {down!r}


def upgrade() -> None:
    op.execute("CREATE TABLE {table} (id integer PRIMARY KEY)")


def downgrade() -> None:
    {loss}
    op.execute("DROP TABLE {table}")
'''


def prove_chain(server: ScratchServer, folder: Path, losses: dict[str, str]) -> Proof:
    write_project(plan_project(folder, "shop", asynchronous=False))
    tables = {"0001": "parts", "0002": "orders", "0003": "bills"}
    down = None
    for name, table in tables.items():
        text = REVISION.format(id=name, down=down, table=table, loss=losses.get(name, "pass"))
        (folder / "migrations" / "versions" / f"{name}_{table}.py").write_text(text)
        down = name
    database = server.create_database()
    with Chain(folder) as chain:
        chain.open(folder / "alembic.ini", folder / "pyproject.toml", None)
        chain.upgrade("head", server.sqlalchemy_url(database))
        with server.connect(database, autocommit=True) as connection:
            target = without_version_table(read_catalog(connection).catalog)
        server.drop_database(database)
        return prove(chain, server, target, list(tables), "base", lambda _what: None)


def test_a_good_chain_is_proven(server: ScratchServer, tmp_path: Path) -> None:
    assert "3 downgrades" in prove_chain(server, tmp_path, {}).lines[1]


@pytest.mark.parametrize(
    ("losses", "message"),
    [
        ({"0003": 'op.execute("DELETE FROM orders")'}, "the downgrade of 0003 loses rows of orders"),
        ({"0003": 'op.execute("TRUNCATE parts")'}, "the downgrades from 0003 to 0002 lose rows of parts"),
        ({"0002": 'op.execute("DELETE FROM parts")'}, "the downgrades from 0003 to 0002 lose rows of parts"),
    ],
)
def test_lost_rows_are_found(server: ScratchServer, tmp_path: Path, losses: dict[str, str], message: str) -> None:
    with pytest.raises(FindingsError) as caught:
        prove_chain(server, tmp_path, losses)
    assert caught.value.diagnostics[0].message.replace("public.", "") == message


def test_traces_are_found(server: ScratchServer, tmp_path: Path) -> None:
    with pytest.raises(FindingsError) as caught:
        prove_chain(server, tmp_path, {"0002": "op.execute(\"COMMENT ON TABLE parts IS 'seen'\")"})
    assert caught.value.diagnostics[0].message == "the downgrade of 0002 leaves traces in comments"
