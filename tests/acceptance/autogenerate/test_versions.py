"""The lowest and an old Alembic: the plugin works from 1.18.0 on, and is not looked for before."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from alembic_vibe.postgres.server import ScratchServer

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("plugin")]

ENV = """
import os
import sqlalchemy as sa
from alembic import context

metadata = sa.MetaData()
people = sa.Table("people", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("age", sa.Integer),
    sa.CheckConstraint("age > 17", name="people_age"))
with sa.create_engine(os.environ["DATABASE_URL"]).connect() as connection:
    context.configure(connection=connection, target_metadata=metadata,
        autogenerate_plugins=["alembic.autogenerate.*", "alembic_vibe.*"])
    with context.begin_transaction():
        context.run_migrations()
"""
MAKO = """
revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
from alembic import op
import sqlalchemy as sa
${imports if imports else ""}
def upgrade():
    ${upgrades if upgrades else "pass"}
def downgrade():
    ${downgrades if downgrades else "pass"}
"""
RUN = """
import json, logging, sys, warnings
import alembic, sqlalchemy as sa, os
from alembic import command, util
from alembic.config import Config
config = Config()
config.set_main_option("script_location", sys.argv[1])
config.stdout = open(os.devnull, "w")
def check():
    try:
        command.check(config)
    except util.CommandError as error:
        return str(error)
    return ""
command.revision(config, "first", autogenerate=True, rev_id="1")
command.upgrade(config, "head")
clean = check()
with sa.create_engine(os.environ["DATABASE_URL"]).begin() as connection:
    change = "ALTER TABLE people DROP CONSTRAINT people_age, ADD CONSTRAINT people_age CHECK (age > 1)"
    connection.execute(sa.text(change))
drifted = check()
script = command.revision(config, "second", autogenerate=True, rev_id="2")
command.upgrade(config, "head")
again = check()
command.downgrade(config, "base")
print(json.dumps([alembic.__version__, clean, drifted, again, open(script.path).read()]))
"""


@pytest.mark.parametrize(("version", "works"), [("1.18.0", True), ("1.17.2", False)])
def test_a_version_of_alembic(server: ScratchServer, database: str, tmp_path: Path, version: str, works: bool) -> None:
    if not any(point.name == "alembic_vibe.objects" for point in entry_points(group="alembic.plugins")):
        pytest.skip("this package was installed before it had the entry point")
    library = tmp_path / "library"
    install = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "-q",
        "--no-deps",
        "--target",
        str(library),
        f"alembic=={version}",
    ]
    done = subprocess.run(install, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        pytest.skip(f"alembic {version} cannot be installed here: {done.stderr.strip()[-200:]}")
    scripts = tmp_path / "migrations"
    (scripts / "versions").mkdir(parents=True)
    (scripts / "env.py").write_text(ENV, encoding="utf-8")
    (scripts / "script.py.mako").write_text(MAKO, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(library), "DATABASE_URL": server.sqlalchemy_url(database)}
    done = subprocess.run(
        [sys.executable, "-c", RUN, str(scripts)], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    running, clean, drifted, again, text = json.loads(done.stdout.splitlines()[-1])
    assert running == version
    assert (clean, again) == ("", "")
    assert ("people_age" in drifted) is works
    assert ("op.create_check_constraint" in text) is works
