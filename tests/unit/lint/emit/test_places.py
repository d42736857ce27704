"""Every statement that a revision emits is tied to the line that makes it, in whatever manner it is written."""

from __future__ import annotations

from textwrap import indent
from typing import TYPE_CHECKING

import pytest

from alembic_vibe.lint.emit.loading import search_path
from alembic_vibe.lint.emit.render import render
from alembic_vibe.lint.model import Direction
from tests.unit.lint.revision_files import at, revision_of

if TYPE_CHECKING:
    from pathlib import Path

    from alembic_vibe.lint.model import Rendering, Revision

HEAD = "import sqlalchemy as sa\nfrom alembic import context, op\n\nrevision = '1'\ndown_revision = None\n"


def rendered(body: str, more: str = "", down: str = "pass") -> tuple[Revision, Rendering]:
    text = f"{HEAD}{more}\ndef upgrade():\n{indent(body, '    ')}\n\ndef downgrade():\n    {down}\n"
    revision = revision_of(text)
    return revision, render(revision)[Direction.UPGRADE]


@pytest.mark.parametrize(
    ("body", "call", "sql"),
    [
        ("op.create_index('i', 't', ['a'])", "op.create_index('i', 't', ['a'])", "CREATE INDEX i ON t (a)"),
        ("op.execute(\n    'DROP TABLE t'\n)", "op.execute(\n        'DROP TABLE t'\n    )", "DROP TABLE t"),
        ("for n in ['a', 'b']:\n    op.drop_table(n)", "op.drop_table(n)", "DROP TABLE a; DROP TABLE b"),
        ("op.execute(f'DROP TABLE {chr(97)}')", "op.execute(f'DROP TABLE {chr(97)}')", "DROP TABLE a"),
        ("with op.batch_alter_table('t') as b:\n    x = 1\n    b.drop_column('a')", "b.drop_column('a')",
         "ALTER TABLE t DROP COLUMN a"),
        ("op.get_bind().execute(sa.text('SELECT :n'), {'n': 1})",
         "op.get_bind().execute(sa.text('SELECT :n'), {'n': 1})", "SELECT 1"),
        ("op.get_bind().exec_driver_sql('SELECT 1')", "op.get_bind().exec_driver_sql('SELECT 1')", "SELECT 1"),
        ("sa.Enum('x', name='e').create(op.get_bind())", "sa.Enum('x', name='e').create(op.get_bind())",
         "CREATE TYPE e AS ENUM ('x')"),
        ("t = sa.table('t', sa.column('a', sa.Text))\nop.execute(t.update().values(a='é').where(t.c.a == 'ö'))",
         "op.execute(t.update().values(a='é').where(t.c.a == 'ö'))", "UPDATE t SET a='é' WHERE t.a = 'ö'"),
        ("t = sa.table('t', sa.column('a'))\nop.bulk_insert(t, [{'a': 1}, {'a': 2}])",
         "op.bulk_insert(t, [{'a': 1}, {'a': 2}])", "INSERT INTO t (a) VALUES ($1)"),
        ("'é'; op.drop_table('t')", "op.drop_table('t')", "DROP TABLE t"),
        ("if context.is_offline_mode():\n    op.drop_table('a')\nop.drop_table('t')", "op.drop_table('t')",
         "DROP TABLE t"),
    ],
)  # fmt: skip
def test_the_call_that_emits(body: str, call: str, sql: str) -> None:
    revision, rendering = rendered(body)
    assert rendering.gaps == ()
    assert "; ".join(statement.sql for statement in rendering.statements) == sql
    assert {at(statement.place, revision.source) for statement in rendering.statements} == {call}


def test_a_helper_of_the_revision_is_followed_to_its_own_line() -> None:
    revision, rendering = rendered("drop('t')", "def drop(name):\n    op.drop_table(name)\n")
    assert [at(statement.place, revision.source) for statement in rendering.statements] == ["op.drop_table(name)"]


def test_a_helper_elsewhere_leaves_the_line_that_calls_it(tmp_path: Path) -> None:
    (tmp_path / "vibe_test_helpers.py").write_text(
        "from alembic import op\n\ndef drop(name):\n    op.drop_table(name)\n", encoding="utf-8"
    )
    with search_path((tmp_path,), (tmp_path,)) as files:
        revision, rendering = rendered("helpers.drop('t')", "import vibe_test_helpers as helpers\n")
    assert [at(statement.place, revision.source) for statement in rendering.statements] == ["helpers.drop('t')"]
    assert files == {str(tmp_path / "vibe_test_helpers.py")}


def test_what_runs_outside_a_transaction_is_known() -> None:
    body = "op.drop_table('a')\nwith op.get_context().autocommit_block():\n    op.drop_table('b')\nop.drop_table('c')"
    _, rendering = rendered(body)
    assert [statement.autocommit for statement in rendering.statements] == [False, True, False]


def test_both_ways_are_followed_where_the_database_decides() -> None:
    body = (
        "columns = [c['name'] for c in sa.inspect(op.get_bind()).get_columns('t')]\n"
        "if 'a' in columns:\n    op.drop_column('t', 'a')\nelse:\n    op.drop_column('t', 'b')"
    )
    _, rendering = rendered(body)
    assert [statement.sql[-1] for statement in rendering.statements] == ["a", "b"]
    assert [gap.reason for gap in rendering.gaps] == ["it depends on what the database holds"]


def test_a_function_that_asks_first_is_followed_into() -> None:
    helper = (
        "def add(table):\n    if not sa.inspect(op.get_bind()).has_table(table):\n        return\n"
        "    op.drop_table(table)\n"
    )
    _, rendering = rendered("add('t')\nop.drop_table('u')", helper)
    assert [statement.sql for statement in rendering.statements] == ["DROP TABLE t", "DROP TABLE u"]
    assert rendering.gaps


def test_one_failure_costs_one_statement() -> None:
    revision, rendering = rendered("op.drop_table('a')\nraise_it()\nop.drop_table('b')")
    assert [statement.sql for statement in rendering.statements] == ["DROP TABLE a", "DROP TABLE b"]
    ((place, reason),) = rendering.gaps
    assert at(place, revision.source) == "raise_it()"
    assert reason == "NameError: name 'raise_it' is not defined"


def test_types_of_modules_that_are_missing_are_unknown_and_told() -> None:
    body = "op.add_column('t', sa.Column('a', kinds.Money(2)))"
    revision, rendering = rendered(body, "from shop_that_is_not_here import kinds\n")
    assert [statement.sql for statement in rendering.statements] == ["ALTER TABLE t ADD COLUMN a vibe_unknown"]
    assert [gap.reason for gap in rendering.gaps] == ["`shop_that_is_not_here` cannot be imported here"]
    assert at(rendering.gaps[0].place, revision.source) == "from shop_that_is_not_here import kinds"


def test_values_of_the_database_make_a_statement_opaque() -> None:
    body = "rows = op.get_bind().execute(sa.text('SELECT id FROM t'))\nfor row in rows:\n"
    body += "    op.execute(f'DELETE FROM t WHERE id = {row.id}')"
    _, rendering = rendered(body)
    assert [bool(statement.opaque) for statement in rendering.statements] == [False, True]


@pytest.mark.parametrize("body", ["import sys; sys.exit(3)", "exit()", "1 / 0"])
def test_nothing_that_a_revision_does_ends_the_run(body: str) -> None:
    _, rendering = rendered(f"{body}\nop.drop_table('t')")
    assert rendering.gaps
    assert [statement.sql for statement in rendering.statements] == ["DROP TABLE t"]


def test_a_module_that_fails_is_one_gap_for_each_function() -> None:
    revision = revision_of(f"{HEAD}1 / 0\n\ndef upgrade():\n    pass\n\ndef downgrade():\n    pass\n")
    for rendering in render(revision).values():
        assert [gap.reason for gap in rendering.gaps] == ["its module fails: ZeroDivisionError: division by zero"]
        assert at(rendering.gaps[0].place, revision.source) == "1 / 0"


def test_nothing_that_a_revision_prints_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    rendered("print('hello')")
    assert capsys.readouterr().out == ""
