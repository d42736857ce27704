"""What the plugin finds goes through the same recipes: CHECKs, indexes with another predicate, enum values."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

import pytest

from alembic_vibe.autogenerate.directives import safe_directives
from tests.acceptance.directives.project import Place, models, title
from tests.acceptance.pgdump import difference, pg_dump, schema_statements

if TYPE_CHECKING:
    from pathlib import Path

    from alembic_vibe.postgres.server import ScratchServer

pytestmark = pytest.mark.server
BEFORE = """
t = Table("orders", m, Column("id", BigInteger, primary_key=True), Column("number", Integer, nullable=False),
    Column("state", Enum("open", "done", name="state")), CheckConstraint("number > 0", name="orders_number"))
Index("orders_open", t.c.id, postgresql_where=text("number > 5"))
Table("lines", m, Column("id", BigInteger, primary_key=True), Column("number", Integer))
"""
AFTER = """
t = Table("orders", m, Column("id", BigInteger, primary_key=True), Column("number", Integer, nullable=False),
    Column("state", Enum("open", "held", "done", name="state")),
    CheckConstraint("number > 1", name="orders_number"))
Index("orders_open", t.c.id, postgresql_where=text("number > 7"))
Table("lines", m, Column("id", BigInteger, primary_key=True),
    Column("number", Integer, CheckConstraint("number < 9", name="lines_number")))
"""


def test_plugin_and_hook(server: ScratchServer, database: str, tmp_path: Path) -> None:
    plugins = pytest.importorskip("alembic.runtime.plugins", reason="Alembic has plugins from 1.18 on")
    if "alembic_vibe.objects" not in plugins._all_plugins:  # an installation that is older than the entry point
        module = importlib.import_module("alembic_vibe.alembic_plugin")
        plugins.Plugin.setup_plugin_from_module(module, "alembic_vibe.objects")
    place = Place(
        tmp_path,
        server.url(database),
        autogenerate_plugins=["alembic.autogenerate.*", "alembic_vibe.*"],
        include_schemas=False,
    )
    place.metadata = models(BEFORE)
    place.revise("0001")
    place.upgrade()
    before = schema_statements(pg_dump(server, database))
    place.hook = safe_directives
    place.metadata = models(AFTER)
    files = place.revise("0002")
    assert [title(file) for file in files] == [
        "enum values",
        "add lines_number",
        "index vibe_new_orders_open",
        "add vibe_new_orders_number",
        "validate lines_number",
        "validate vibe_new_orders_number",
        "replace orders_number",
        "replace orders_open",
        "drop vibe_old_orders_number",
        "drop vibe_old_orders_open",
    ]
    place.upgrade()
    place.check()
    # Only taking a value out of the enum again is what it is: the table is written anew.
    found = [(one.rule, "in downgrade" in "".join(one.notes)) for one in place.lint(files).diagnostics]
    assert found == [("column-type-rewrite", True)]
    place.downgrade("0001")
    assert not difference(before, schema_statements(pg_dump(server, database)))
