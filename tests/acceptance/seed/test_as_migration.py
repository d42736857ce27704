"""``seed --as-migration``: rows as a revision that goes up, down and up again, and takes nothing of anybody's along."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from alembic_vibe.cli.main import run
from alembic_vibe.config import load_project
from alembic_vibe.diagnostics import ExitCode
from alembic_vibe.history.chain import Chain
from alembic_vibe.seed.command import chosen_seeds, seed_database
from alembic_vibe.seed_revision.run import write_revision

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from alembic_vibe.config import Project
    from alembic_vibe.postgres.server import ScratchServer

pytestmark = pytest.mark.server

REVISION = '''"""tables"""

from alembic import op

revision = "0001"
down_revision = None


def upgrade():
    op.execute("CREATE TABLE plans (code varchar(6) PRIMARY KEY, title text, \\"100%\\" int, extra jsonb)")
    op.execute("CREATE TABLE roles (id serial PRIMARY KEY, name text UNIQUE NOT NULL, boss int REFERENCES roles)")
    op.execute("CREATE TABLE users (email text PRIMARY KEY, plan text REFERENCES plans ON DELETE CASCADE)")
    op.execute("CREATE TABLE links (role int REFERENCES roles, plan text REFERENCES plans, PRIMARY KEY (role, plan))")


def downgrade():
    op.execute("DROP TABLE links, users, roles, plans")
'''
PLANS: list[dict[str, Any]] = [
    {"code": "free", "title": "Free:x :y: 'a' \\ %s", "100%": 1, "extra": {"a": [":b"]}},
    {"code": "team", "title": "Team", "100%": 2, "extra": None},
    {"code": "big", "title": "Big", "100%": None, "extra": []},
]
ROLES: list[dict[str, Any]] = [
    {"id": 7, "name": "admin", "boss": None},
    {"id": 8, "name": "user", "boss": {"sql": "(SELECT id FROM roles WHERE name = 'admin')"}},
]
LINKS = [{"role": {"sql": "(SELECT id FROM roles WHERE name = 'user')"}, "plan": "free"}]


def write(project: Project, **tables: tuple[list[str], Sequence[object]]) -> None:
    folder = project.seeds / "reference"
    folder.mkdir(parents=True, exist_ok=True)
    for at, (table, (key, rows)) in enumerate(tables.items()):
        content = {"schema": "public", "table": table, "key": key, "source": "", "rows": rows}
        (folder / f"{at}_{table}.json").write_text(json.dumps(content))


def test_rows_go_up_and_down(
    server: ScratchServer, database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["init", "shop", "-q"]) == 0
    project = load_project(None, tmp_path / "shop")
    write(project, plans=(["code"], PLANS), roles=(["name"], ROLES), links=(["role", "plan"], LINKS))
    project.version_locations[0].mkdir(exist_ok=True)
    (project.version_locations[0] / "0001_tables.py").write_text(REVISION)

    maintenance = server.url(server.maintenance_database)

    def revise(*, check: bool = False) -> Any:
        return write_revision(project, chosen_seeds(project.seeds, None), check=check, scratch_url=maintenance)

    assert revise().lines[:4] == (
        "plans: 3 insert", "roles: 2 insert", "links: 1 insert",
        "Wrote migrations/versions/0002_seed_plans_roles_links.py",
    )  # fmt: skip
    write(project, plans=(["code"], [*PLANS[:2], {**PLANS[2], "title": "Huge", "100%": 9}]))
    assert revise().lines[0] == "plans: 1 update"
    assert revise(check=True).exit_code is ExitCode.DONE  # the chain has all rows now
    (second,) = project.version_locations[0].glob("0002*.py")
    assert "alembic_vibe" not in second.read_text()
    monkeypatch.chdir(project.root)
    assert run(["lint", "--all"]) == 0

    url = server.sqlalchemy_url(database)
    with Chain(project.root) as chain, server.connect(database, autocommit=True) as connection:
        chain.open(project.ini, project.pyproject)

        def plans() -> list[tuple[Any, ...]]:
            return connection.execute('SELECT code, title, "100%" FROM plans ORDER BY 1').fetchall()

        chain.upgrade("0001", url)
        connection.execute("INSERT INTO plans VALUES ('team', 'Team', 2)")  # people were first
        chain.upgrade("0002", url)
        assert plans() == [("big", "Big", None), ("free", PLANS[0]["title"], 1), ("team", "Team", 2)]
        connection.execute("UPDATE plans SET title = 'Ours' WHERE code = 'big'")
        chain.upgrade("0003", url)
        assert plans()[0] == ("big", "Ours", 9)  # what they did not touch is taken
        assert connection.execute("INSERT INTO roles (name) VALUES ('own') RETURNING id").fetchone() == (9,)
        # The other command knows these rows for what they are.
        found = seed_database(project.seeds, server.url(database), what=None, check=False).tables
        assert [(t["insert"], t["same"], t["conflict"]) for t in found] == [(0, 2, 1), (0, 2, 0), (0, 1, 0)]
        connection.execute("INSERT INTO users VALUES ('a@example.com', 'free')")
        chain.downgrade("0001", url)
        assert plans() == [("big", "Ours", None), ("free", PLANS[0]["title"], 1), ("team", "Team", 2)]
        assert connection.execute("SELECT name FROM roles").fetchall() == [("own",)]
        chain.upgrade("0003", url)
        assert connection.execute("SELECT count(*) FROM roles").fetchone() == (3,)
        chain.downgrade("base", url)
