"""What is known of statements survives JSON, and a damaged copy is told."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from alembic_vibe.sql import expressions
from alembic_vibe.sql.expressions import authored_expressions
from alembic_vibe.sql.known_expressions import kept_expressions, know_expressions

if TYPE_CHECKING:
    from collections.abc import Callable

    from alembic_vibe.sql.statement import ParsedSql

TEXT = """\
CREATE TABLE t (
    a integer DEFAULT 1 + 2,
    b integer GENERATED ALWAYS AS (a * 2) STORED CHECK (b > 0),
    c tstzrange,
    CONSTRAINT c_alone EXCLUDE USING gist (c WITH &&) WHERE (a > 0),
    CONSTRAINT both CHECK (a < b)
);
CREATE INDEX i ON t (lower(c::text), a) WHERE a IS NOT NULL;
ALTER TABLE t ALTER COLUMN a TYPE bigint, ALTER COLUMN a SET DEFAULT 7;
COMMENT ON TABLE t IS 'nothing';
CREATE INDEX never_looked_at ON t (upper(c::text));
"""


def test_what_is_known_comes_back(parse: Callable[..., ParsedSql], monkeypatch: pytest.MonkeyPatch) -> None:
    statements = parse(TEXT).statements
    monkeypatch.setattr(expressions, "KNOWN", {})
    monkeypatch.setattr("alembic_vibe.sql.known_expressions.KNOWN", expressions.KNOWN)
    expected = [authored_expressions(statement) for statement in statements[:-1]]
    assert len({repr(found) for found in expected}) == len(expected)
    kept = json.loads(json.dumps(kept_expressions(statements)))
    expressions.KNOWN.clear()
    know_expressions(statements, kept)
    assert [expressions.KNOWN[statement.text] for statement in statements[:-1]] == expected
    assert statements[-1].text not in expressions.KNOWN
    broken: list[Any] = [[], {"0": 5}, {"0": [1, 2]}]
    for damaged in broken:
        with pytest.raises(ValueError, match=r"expressions|unpack"):
            know_expressions(statements, damaged)
