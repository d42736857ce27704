"""SQL texts that are put together at run time."""

from __future__ import annotations

import pytest

from tests.unit.lint.revision_files import at, revision_of

TOP = """\
import sqlalchemy as sa
from textwrap import dedent
from sqlalchemy import text, insert
from app.sql import STATEMENT, make_sql
NAME = "orders"
NAMES = ("orders", "items")
PAIRS = {"orders": "id", "items": "id"}
OTHER = f"app.{NAME}"
"""


def found(body: str, parameters: str = "") -> list[str]:
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    revision = revision_of(f"{TOP}def upgrade({parameters}):\n{lines}")
    assert revision.facts.syntax_error is None
    return [gap.reason for gap in revision.facts.dynamic]


@pytest.mark.parametrize(
    "body",
    [
        'op.execute("DROP TABLE orders")',
        'op.execute("DROP " "TABLE orders", execution_options={"x": y})',
        'op.execute(sa.text("DROP TABLE orders"))',
        'op.execute(\n    dedent(r"""\n    DROP TABLE orders\n    """)\n)',
        'op.execute(f"DROP TABLE {NAME}")',
        'op.execute("DROP TABLE %s" % NAME)',
        'op.execute("DROP TABLE {}".format(NAME))',
        'op.execute("DROP TABLE " + OTHER)',
        'op.execute(", ".join(NAMES))',
        'for name in NAMES:\n    op.execute(f"DROP TABLE {name}")',
        'for name in ["a", "b"]:\n    op.execute(f"DROP TABLE {name}")',
        'for table, column in PAIRS.items():\n    op.execute(f"DROP TABLE {table}.{column}")',
        'for i, name in enumerate(NAMES):\n    op.execute(f"DROP TABLE {name}{i}")',
        'for i in range(4):\n    op.execute(f"DROP TABLE p{i}")',
        'sql = "DROP TABLE orders"\nop.execute(sql)',
        "how = op.get_bind() and 1\nop.execute(f\"DROP {'TABLE' if how else 'VIEW'} orders\")",
        'sql = "DROP TABLE"\nsql += " orders"\nop.execute(sql)',
        "op.execute(sa.update(orders).values(a=1))",
        "op.execute(orders.insert().values(a=b))",
        "op.execute(insert(orders))",
        'conn = op.get_bind()\nconn.execute(sa.text("SELECT :a"), {"a": a})',
        'read(f"{x}")',
        "text()",
    ],
)
def test_as_good_as_literal(body: str) -> None:
    assert found(body) == []


@pytest.mark.parametrize(
    ("body", "inserted"),
    [
        ('op.execute(f"DROP TABLE {table}")', "`table`"),
        ('op.execute(f"DROP TABLE {table}.{column.name} {table}")', "`table`, `column.name`"),
        ('op.execute("DROP TABLE %s" % table)', "`table`"),
        ('op.execute("DROP TABLE %(a)s" % {"a": table})', "`table`"),
        ('op.execute("DROP TABLE {}".format(table))', "`table`"),
        ('op.execute("DROP TABLE {t}".format(t=table))', "`table`"),
        ('op.execute("DROP TABLE " + table)', "`table`"),
        ('op.execute("DROP TABLE " + str(table))', "`table`"),
        ("op.execute(table)", "`table`"),
        ("op.execute(STATEMENT)", "`STATEMENT`"),
        ("op.execute(queries.STATEMENT)", "`queries.STATEMENT`"),
        ("op.execute(make_sql(3))", "`make_sql(3)`"),
        ('op.execute(Path("a.sql").read_text())', "`Path('a.sql').read_text()`"),
        ('op.execute(sa.text(f"DROP TABLE {table}"))', "`table`"),
        ('op.execute(statement=f"DROP TABLE {table}")', "`table`"),
        ('op.execute(dedent(f"""\n  DROP TABLE {table}"""))', "`table`"),
        ('op.get_bind().exec_driver_sql(f"DROP TABLE {table}")', "`table`"),
        ('op.add_column("a", sa.Column("b", server_default=text(f"{table}")))', "`table`"),
        ('for row in op.get_bind().scalars(q):\n    op.execute(f"DROP TABLE {row}")', "`op.get_bind().scalars(q)`"),
        ('with opened() as name:\n    op.execute(f"DROP TABLE {name}")', "`name`"),
        ('sql = f"DROP TABLE {table}"\nop.execute(sql)', "`table`"),
        ('sql = "DROP TABLE "\nsql += table\nop.execute(sql)', "`table`"),
        ('op.execute(";".join(f"DROP TABLE {x}" for x in table))', "`table`"),
        ('def drop(name):\n    op.execute(f"DROP TABLE {name}")\ndrop("a")', "`name`"),
        ('op.execute(f"DROP TABLE {' + "a_very_long_name.of_something." * 3 + 'name}")', None),
    ],
)
def test_what_is_inserted(body: str, inserted: str | None) -> None:
    reasons = found(body, "table, column")
    assert len(reasons) == 1
    assert len(reasons[0]) < 60
    if inserted is not None:
        assert reasons == [f"inserts {inserted}"]


def test_the_place_is_that_of_the_text() -> None:
    revision = revision_of('def upgrade(ä):\n    op.execute("é", x); op.execute(f"DROP {ä}")\n')
    assert [at(gap.place, revision.source) for gap in revision.facts.dynamic] == ['f"DROP {ä}"']


def test_several_in_order() -> None:
    assert found('op.execute(f"{b}")\nop.execute("x")\nop.execute(f"{a}")', "a, b") == ["inserts `b`", "inserts `a`"]


def test_names_of_functions_do_not_mix() -> None:
    revision = revision_of(
        'def upgrade():\n    sql = "DROP TABLE a"\n    op.execute(sql)\n'
        "def downgrade(x):\n    sql = x\n    op.execute(sql)\n"
    )
    assert [(gap.place.line, gap.reason) for gap in revision.facts.dynamic] == [(6, "inserts `x`")]


def test_names_that_refer_to_each_other_end() -> None:
    assert found("a = b\nb = a\nop.execute(f'{a}')") == []
