"""A project whose table is split and merged again: written, proven and run to the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.acceptance.generate.test_evolution import SPEC, Life
from tests.acceptance.generate.test_generate import start, write

if TYPE_CHECKING:
    from pathlib import Path

    from alembic_vibe.postgres.server import ScratchServer

pytestmark = pytest.mark.server

_NICKNAMES = "INSERT INTO users (email, nickname) SELECT 'user ' || n, 'nick ' || n FROM generate_series(1, 20) AS n"
_SPLIT = SPEC.replace(
    "    email text NOT NULL UNIQUE,\n    nickname text\n);",
    "    email text NOT NULL UNIQUE\n);\n"
    "CREATE TABLE profiles (\n"
    "    user_id bigint PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,\n"
    "    nickname text -- moved from: users.nickname\n"
    ");",
)
_MERGED = SPEC.replace("    nickname text\n", "    nickname text -- moved from: profiles.nickname\n")


def _through(life: Life, accept: tuple[str, ...] = ()) -> None:
    """Write, prove and run every phase."""
    life.vibe("generate")
    life.alembic("upgrade", "head")
    life.vibe("generate", "--phase", "contract")
    life.alembic("upgrade", "head")
    life.vibe("generate", "--phase", "purge", *accept)
    life.alembic("upgrade", "head")
    assert life.left() == []


def test_a_split_and_a_merge_are_proven_and_carried_out(server: ScratchServer, database: str, tmp_path: Path) -> None:
    project = start(tmp_path / "project", server, SPEC)
    life = Life(project, database)
    life.generate()
    life.alembic("upgrade", "head")
    life.query(_NICKNAMES)
    write(project, _SPLIT)
    _through(life)
    assert life.query("SELECT count(*) FROM users JOIN profiles ON id = user_id AND nickname = 'nick ' || id") == [20]
    write(project, _MERGED)
    _through(life, ("--accept", "data-loss:profiles"))
    assert life.query("SELECT count(*) FROM users WHERE nickname = 'nick ' || id") == [20]
    life.alembic("downgrade", "0001")
    assert life.query("SELECT count(*) FROM users WHERE nickname = 'nick ' || id") == [20]
