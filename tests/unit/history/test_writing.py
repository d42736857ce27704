"""A revision gets what it needs, whatever the project's template is like; all else in the file stays."""

from __future__ import annotations

import ast
from typing import Any

import pytest

from alembic_vibe.history.writing import TemplateError, _must_have, with_docstring, with_imports

REVISION: dict[str, Any] = {
    "id": "1",
    "title": "expand orders",
    "upgrade": 'op.add_column("orders", sa.Column("tags", postgresql.JSONB()))',
    "downgrade": 'op.drop_column("orders", "tags")',
    "imports": "from textwrap import dedent\nfrom sqlalchemy.dialects import postgresql",
}
BODY = 'revision = "1"\n\n\ndef upgrade():\n    pass\n'
DETAILS = 'Phase:           expand (class E)\nLocks:           a \\ and """'


@pytest.mark.parametrize(
    "imports",
    [
        "",
        "from alembic import op\n",
        "import sqlalchemy as sa\nfrom alembic import op\nimport sqlmodel\n",
        (
            "from alembic import op\nimport sqlalchemy as sa\nfrom textwrap import dedent\n"
            "from sqlalchemy.dialects import postgresql\n"
        ),
    ],
)
@pytest.mark.parametrize(
    "top", ["", '"""title"""\n', "# Copyright\n", '# Copyright\n"""title"""\n\nfrom __future__ import annotations\n']
)
def test_missing_imports_are_added_once(top: str, imports: str) -> None:
    text = f"{top}{imports}{BODY}"
    found = with_imports(text, REVISION)
    tree = ast.parse(found)
    bound = [
        alias.asname or alias.name
        for node in tree.body
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    ]
    assert sorted({"op", "sa", "dedent", "postgresql"} - set(bound)) == []
    assert len(bound) == len(set(bound))
    assert found.startswith(top)
    assert found.endswith(BODY)
    assert with_imports(found, REVISION) == found
    compile(found, "revision", "exec")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"""expand orders\n\nRevision ID: 1\n"""\n', '"""expand orders\n\n{}\n\nRevision ID: 1\n"""\n'),
        ('"""expand orders"""\n', '"""expand orders\n\n{}\n"""\n'),
        ("'''expand orders'''\n", '"""expand orders\n\n{}\n"""\n'),
        ('"expand orders"\n', '"""expand orders\n\n{}\n"""\n'),
        ('"""\nexpand orders\n\nby hand\n"""\n', '"""\nexpand orders\n\n{}\n\nby hand\n"""\n'),
        ('# é Copyright\n"""Über: expand orders."""\n', '# é Copyright\n"""Über: expand orders.\n\n{}\n"""\n'),
        ("# Copyright\n", '# Copyright\n"""expand orders\n\n{}\n"""\n\n'),
    ],
)
def test_the_docstring_gets_the_details(text: str, expected: str) -> None:
    escaped = DETAILS.replace("\\", "\\\\").replace('"""', "'''")
    found = with_docstring(text + BODY, "expand orders", DETAILS)
    assert found == expected.format(escaped) + BODY
    assert "Phase:           expand" in (ast.get_docstring(ast.parse(found)) or "")
    assert with_docstring(text, "expand orders", "") == text


def test_line_endings_stay() -> None:
    text = ('"""expand orders\n\nRevision ID: 1\n"""\nfrom alembic import op\n' + BODY).replace("\n", "\r\n")
    found = with_docstring(with_imports(text, REVISION), "expand orders", DETAILS)
    assert "\n" not in found.replace("\r\n", "")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("def upgrade():\n    pass\n\ndef downgrade():\n    pass\n", r"no place for upgrades in upgrade\(\)"),
        ("def downgrade():\n    pass\n", r"no function upgrade\(\)"),
        (
            'def upgrade():\n    op.add_column("orders", sa.Column("tags", postgresql.JSONB()))\n',
            r"no function downgrade",
        ),
    ],
)
def test_a_template_that_leaves_out_what_a_revision_does_is_refused(text: str, message: str) -> None:
    with pytest.raises(TemplateError, match=message):
        _must_have(text, REVISION)
