"""Where env.py runs all revisions in one transaction, rules look at the revision before as well."""

from __future__ import annotations

from pathlib import Path

import pytest

from alembic_vibe.lint.chain import read_chain
from alembic_vibe.lint.emit.render import render
from alembic_vibe.lint.model import Direction, Environment, Settings
from alembic_vibe.lint.schema import Schema
from alembic_vibe.lint.walk import Walker

REVISION = """\
from alembic import op

revision = "{number}"
down_revision = {down}


def upgrade():
    {code}


def downgrade():
    raise NotImplementedError
"""
TABLE = "op.execute('CREATE TYPE state AS ENUM (); CREATE TABLE orders (total int, state state)')"
ADD = "op.execute('ALTER TABLE orders ADD CONSTRAINT positive CHECK (total > 0) NOT VALID')"
VALIDATE = "op.execute('ALTER TABLE orders VALIDATE CONSTRAINT positive')"
OUTSIDE = f"with op.get_context().autocommit_block(): {VALIDATE}"
OTHER = "op.execute('SELECT 1')"
VALUE = """op.execute("ALTER TYPE state ADD VALUE 'lost'")"""
USED = """op.execute("UPDATE orders SET state = 'lost' WHERE total = 0")"""


def _rules(folder: Path, codes: list[str], judged: int, *, each: bool | None) -> list[str]:
    """Return the rules that find something in the last revision, when the last ``judged`` ones are judged."""
    for number, code in enumerate(codes, 1):
        down = repr(str(number - 1)) if number > 1 else None
        (folder / f"r{number}.py").write_text(REVISION.format(number=number, down=down, code=code), encoding="utf-8")
    chain = read_chain((folder,), folder)
    walker = Walker(Schema(), chain, Environment(transaction_per_migration=each), Settings())
    found = []
    for number, revision in enumerate(chain.revisions):
        if number < len(codes) - judged:
            walker.pass_by(revision, render(revision, (Direction.UPGRADE,))[Direction.UPGRADE])
        else:
            found = walker.judge(revision, render(revision))
    return [diagnostic.rule for diagnostic in found]


@pytest.mark.parametrize("judged", [1, 2])
def test_a_constraint_of_the_revision_before(judged: int, tmp_path: Path) -> None:
    assert "validate-same-transaction" in _rules(tmp_path, [TABLE, ADD, VALIDATE], judged, each=False)


@pytest.mark.parametrize("each", [True, None])
def test_a_transaction_for_each_revision(each: bool | None, tmp_path: Path) -> None:
    assert "validate-same-transaction" not in _rules(tmp_path, [TABLE, ADD, VALIDATE], 2, each=each)


def test_outside_the_transaction(tmp_path: Path) -> None:
    assert "validate-same-transaction" not in _rules(tmp_path, [TABLE, ADD, OUTSIDE], 2, each=False)


def test_an_older_constraint(tmp_path: Path) -> None:
    assert "validate-same-transaction" not in _rules(tmp_path, [TABLE, ADD, OTHER, VALIDATE], 3, each=False)


def test_a_value_of_the_revision_before(tmp_path: Path) -> None:
    assert "enum-add-value-used" in _rules(tmp_path, [TABLE, VALUE, USED], 2, each=False)


def test_a_value_that_was_committed(tmp_path: Path) -> None:
    assert "enum-add-value-used" not in _rules(tmp_path, [TABLE, VALUE, USED], 2, each=True)
