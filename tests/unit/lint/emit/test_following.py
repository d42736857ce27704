"""What a revision does that fails without its application or its database costs as little as possible."""

from __future__ import annotations

from textwrap import dedent, indent
from typing import TYPE_CHECKING

import pytest

from alembic_vibe.lint.chain import read_chain
from alembic_vibe.lint.emit.loading import search_path
from alembic_vibe.lint.emit.render import render
from alembic_vibe.lint.model import Direction

if TYPE_CHECKING:
    from pathlib import Path

    from alembic_vibe.lint.model import Rendering

BATCHES = """\
import time

BATCH = sa.text("DELETE FROM obsolete WHERE id IN (SELECT 1)")


def upgrade():
    bind = op.get_bind()
"""
HEAD = "import sqlalchemy as sa\nfrom alembic import op\nrevision = '1'\ndown_revision = None\n"


def upgrade_of(folder: Path, text: str) -> Rendering:
    (folder / "versions").mkdir()
    (folder / "versions" / "one.py").write_text(HEAD + dedent(text), encoding="utf-8")
    (revision,) = read_chain([folder / "versions"], folder).revisions
    with search_path([folder], [folder]):
        return render(revision)[Direction.UPGRADE]


def test_a_submodule_that_only_env_py_imports_is_found(tmp_path: Path) -> None:
    package = tmp_path / "shop_of_following" / "database"
    package.mkdir(parents=True)
    for folder in (package, package.parent):
        (folder / "__init__.py").touch()
    (package / "types.py").write_text("from sqlalchemy import Numeric as Money\n", encoding="utf-8")
    rendering = upgrade_of(
        tmp_path,
        """\
        import shop_of_following

        def upgrade():
            op.create_table("orders", sa.Column("total", shop_of_following.database.types.Money()))
        """,
    )
    assert rendering.gaps == ()
    assert [emitted.sql.split("(")[0] for emitted in rendering.statements] == ["CREATE TABLE orders "]


def test_a_module_that_uses_such_a_submodule_is_loaded(tmp_path: Path) -> None:
    package = tmp_path / "shop_of_loading"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "names.py").write_text("ORDERS = 'orders'\n", encoding="utf-8")
    rendering = upgrade_of(
        tmp_path,
        """\
        import shop_of_loading

        TABLE = shop_of_loading.names.ORDERS

        def upgrade():
            op.drop_table(TABLE)
        """,
    )
    assert rendering.gaps == ()
    assert [emitted.sql for emitted in rendering.statements] == ["DROP TABLE orders"]


def test_what_follows_from_a_failure_is_no_other_failure(tmp_path: Path) -> None:
    rendering = upgrade_of(
        tmp_path,
        """\
        def upgrade():
            wanted, other = missing_function()
            op.add_column("orders", sa.Column("note", sa.Text()))
            if wanted:
                op.drop_table("orders")
            print(other)
        """,
    )
    reasons = [gap.reason for gap in rendering.gaps]
    assert reasons == [
        "NameError: name 'missing_function' is not defined",
        "it depends on what the database holds",
    ]
    assert [emitted.sql for emitted in rendering.statements] == [
        "ALTER TABLE orders ADD COLUMN note TEXT",
        "DROP TABLE orders",
    ]


@pytest.mark.parametrize(
    "loop",
    [
        """\
        while bind.execute(BATCH).rowcount:
            pass
        """,
        """\
        while True:
            result = bind.execute(BATCH)
            if result.rowcount == 0:
                break
            time.sleep(0.1)
        """,
        """\
        changed = 1
        while changed > 0:
            changed = bind.execute(BATCH).rowcount
        """,
    ],
)
def test_batches_that_end_with_the_rows_are_followed_wholly(tmp_path: Path, loop: str) -> None:
    rendering = upgrade_of(tmp_path, BATCHES + indent(dedent(loop), "    "))
    assert rendering.gaps == ()
    assert [emitted.sql for emitted in rendering.statements] == ["DELETE FROM obsolete WHERE id IN (SELECT 1)"]


@pytest.mark.parametrize(
    "more",
    [
        """\
        if bind.execute(BATCH).rowcount:
            op.drop_table("obsolete")
        """,
        """\
        while True:
            if bind.execute(BATCH).rowcount == 0:
                break
            op.drop_table("obsolete")
        """,
        """\
        while bind.execute(BATCH).rowcount:
            op.drop_table("obsolete")
        """,
    ],
)
def test_what_a_count_of_rows_decides_is_a_gap(tmp_path: Path, more: str) -> None:
    rendering = upgrade_of(tmp_path, BATCHES + indent(dedent(more), "    "))
    assert rendering.gaps != ()
    assert "DROP TABLE obsolete" in [emitted.sql for emitted in rendering.statements]
    assert "DELETE FROM obsolete WHERE id IN (SELECT 1)" in [emitted.sql for emitted in rendering.statements]


def test_a_loop_that_waits_for_an_answer_ends(tmp_path: Path) -> None:
    rendering = upgrade_of(
        tmp_path,
        """\
        def upgrade():
            while True:
                try:
                    row = op.get_bind().execute(sa.text("SELECT id FROM orders LIMIT 1")).fetchone()
                    if row is None:
                        break
                except Exception:
                    pass
            op.drop_table("orders")
        """,
    )
    assert [gap.place.line for gap in rendering.gaps][:1] == [6]
    assert [emitted.sql for emitted in rendering.statements] == [
        "SELECT id FROM orders LIMIT 1",
        "DROP TABLE orders",
    ]


def test_the_reason_of_a_gap_is_the_same_in_every_run(tmp_path: Path) -> None:
    found = upgrade_of(tmp_path, "def upgrade():\n    op.execute('SELECT 1')\n    int(f'{object()}')\n")
    (gap,) = found.gaps
    assert gap.reason == "ValueError: invalid literal for int() with base 10: '<object object>'"
