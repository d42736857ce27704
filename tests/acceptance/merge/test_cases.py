"""Every case of merging: the diff, the findings, and that Alembic finds nothing different afterwards."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from tests.acceptance.merge.merging import CASES, compared, diagnostics, difference, loaded, merge, read_case

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from alembic_vibe.postgres.server import ScratchServer

pytestmark = pytest.mark.server


@pytest.fixture(scope="module")
def connection(server: ScratchServer) -> Iterator[sa.Connection]:
    """One database for all cases: each is undone at its end."""
    name = server.create_database()
    engine = sa.create_engine(server.sqlalchemy_url(name))
    with engine.connect() as opened:
        yield opened
    engine.dispose()
    server.drop_database(name)


@pytest.mark.parametrize("path", sorted(CASES.glob("*.md")), ids=lambda path: path.stem)
def test_a_case(path: Path, connection: sa.Connection, tmp_path: Path) -> None:
    case = read_case(path)
    judged = case.options.get("import") != "no"
    with loaded(connection, case.sql["before"]) as before:
        known = compared(case.files, tmp_path, connection) if judged else []
    with loaded(connection, case.sql["after"]) as after:
        merged = merge(case, before, after)
        found, said = difference(case, merged), diagnostics(merged)
        if os.environ.get("UPDATE_CASES"):
            _update(path, found, said)
        else:
            assert (found, said) == (case.diff, case.diagnostics)
        assert merge(case, after, after).files == {}
        left = compared({**case.files, **merged.files}, tmp_path, connection) if judged else []
    assert [line for line in map(_plain, left) if line not in set(map(_plain, known))] == []


def _plain(line: str) -> str:
    """Leave out what differs between two imports of the same models."""
    return re.sub(r"0x[0-9a-f]+", "", line)


def _update(path: Path, found: str, said: str) -> None:
    text = path.read_text()
    for kind, body in (("diff", found), ("diagnostics", said)):
        text = re.sub(rf"^```{kind}\n.*?^```\n", "", text, flags=re.MULTILINE | re.DOTALL).rstrip("\n") + "\n"
        if body:
            text += f"\n```{kind}\n{body}```\n"
    path.write_text(text)
