"""AV239: a primary or unique key of a partitioned table without the partition key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import Rule, Severity
from alembic_vibe.sql.locate import token_span
from alembic_vibe.sql.quoting import quote_identifier

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.diagnostics import Diagnostic
    from alembic_vibe.sql.outline import Outline

RULE = Rule(
    code="AV239",
    slug="partition-key-not-in-key",
    severity=Severity.ERROR,
    summary="A primary or unique key of a partitioned table lacks the column that it is partitioned by.",
    why="Each partition has an index of its own, so uniqueness can only be kept within one partition.",
    fix="add the partition key to the key: `PRIMARY KEY (id, created_at)`",
    bad=("CREATE TABLE events (\n    id bigint PRIMARY KEY,\n    at timestamptz NOT NULL\n) PARTITION BY RANGE (at);"),
    good=(
        "CREATE TABLE events (\n    id bigint,\n    at timestamptz NOT NULL,\n    PRIMARY KEY (id, at)\n"
        ") PARTITION BY RANGE (at);"
    ),
)
RULES = (RULE,)


def check_all(outline: Outline) -> Iterator[Diagnostic]:
    """Check the keys of each partitioned table."""
    for table in outline.tables.values():
        for constraint in table.constraints if table.partition_keys else ():
            if constraint.kind not in {"CONSTR_PRIMARY", "CONSTR_UNIQUE"} or not constraint.columns:
                continue
            missing = [column for column in table.partition_keys or () if column not in constraint.columns]
            if not missing:
                continue
            word = "PRIMARY KEY" if constraint.kind == "CONSTR_PRIMARY" else "UNIQUE"
            source = constraint.statement.source
            span = token_span(constraint.statement, constraint.node.get("location", 0))
            if "" in missing:
                message = f"a {word} is impossible on a table that is partitioned by an expression"
                yield RULE.diagnostic(message, source=source, span=span, help="partition by a column instead")
                continue
            listed = ", ".join(quote_identifier(c) for c in (*constraint.columns, *missing))
            yield RULE.diagnostic(
                f"the {word} of a partitioned table must contain its partition key ({', '.join(missing)})",
                source=source,
                span=span,
                help=f"write `{word} ({listed})`",
            )
