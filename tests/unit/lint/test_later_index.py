"""A foreign key finds its index in a later revision too."""

from __future__ import annotations

from pathlib import Path

import pytest

from alembic_vibe.lint.engine import run
from alembic_vibe.lint.request import Request, Scope

REVISION = """\
from alembic import op

revision = "{number}"
down_revision = {down}


def upgrade():
    op.execute({sql!r})


def downgrade():
    raise NotImplementedError
"""
CUSTOMERS = "CREATE TABLE customers (id bigint PRIMARY KEY)"
ORDERS = "CREATE TABLE orders (id bigint, customer_id bigint REFERENCES customers)"


@pytest.mark.parametrize(
    ("later", "is_found"),
    [
        ("CREATE INDEX CONCURRENTLY ON orders (customer_id)", False),
        ("ALTER TABLE orders ADD UNIQUE (customer_id, id)", False),
        ("CREATE INDEX CONCURRENTLY ON orders (id, customer_id)", True),
        ("CREATE INDEX CONCURRENTLY ON customers (id) -- orders.customer_id", True),
        ("COMMENT ON COLUMN orders.customer_id IS 'create_index'", True),
    ],
)
def test_an_index_that_comes_later(later: str, is_found: bool, tmp_path: Path) -> None:
    paths = [tmp_path / f"r{number}.py" for number in (1, 2, 3)]
    for number, (path, sql) in enumerate(zip(paths, (CUSTOMERS, ORDERS, later), strict=True), 1):
        down = repr(str(number - 1)) if number > 1 else None
        path.write_text(REVISION.format(number=number, down=down, sql=sql), encoding="utf-8")
    found = run(Scope(tmp_path, (tmp_path,)), Request(paths=(paths[1],))).diagnostics
    assert ("fk-missing-index" in {diagnostic.rule for diagnostic in found}) is is_found
