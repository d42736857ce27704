"""An index of a partitioned table, where PostgreSQL refuses CONCURRENTLY (recipe 28, manual, CREATE INDEX).

The parent's index is made ON ONLY the parent, each partition's concurrently, and they are attached; the parent's
becomes valid with the last one. Partitions that are made meanwhile get theirs by themselves.
"""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING

from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, conv

from alembic_vibe.autogenerate.directives.model import Piece, Stage
from alembic_vibe.autogenerate.directives.operations import Comment, Statement, template
from alembic_vibe.autogenerate.directives.situation import sql_name, table_key
from alembic_vibe.autogenerate.directives.writing import concurrent_drop, concurrent_index, in_schema, outside, sql
from alembic_vibe.lint.chosen_names import chosen_name
from alembic_vibe.sql import grammar
from alembic_vibe.sql.compose import Literal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from alembic.operations import ops

    from alembic_vibe.autogenerate.directives.situation import Situation

CHILDREN = """
    SELECT n.nspname, c.relname, c.relkind::text, n.nspname = 'public' OR n.nspname = current_schema()
    FROM pg_catalog.pg_inherits
    JOIN pg_catalog.pg_class c ON c.oid = inhrelid
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE inhparent = to_regclass(:name)
    ORDER BY 1, 2
"""
WRITTEN = (
    "These are the partitions of the database that this revision was written on: add what others have; the revision "
    "that attaches them stops where one is missing."
)


def index_of_partitions(index: ops.CreateIndexOp, situation: Situation) -> Sequence[Piece] | None:
    """Return the pieces; None where the partitions are not known, are divided again, or are no tables."""
    key = table_key(index)
    assert key is not None
    children = situation.ask(CHILDREN, name=str(sql_name(key)))
    only = _only_parent(index)
    if not children or only is None or any(kind != "r" for _, _, kind, _ in children):
        return None
    name = str(index.index_name)
    gone = copy(concurrent_drop(index))
    gone.kw = {}
    pieces = [Piece(Stage.INDEX, (only,), (gone,), f"index {name}", frozenset({key}), alone=True)]
    attached: list[Statement] = []
    columns = [str(getattr(one, "name", one)) for one in index.columns if isinstance(getattr(one, "name", one), str)]
    for schema, child, _, usual in children:
        place = None if usual else str(schema)
        part = copy(index)
        part.table_name, part.schema = str(child), place
        part_name = conv(chosen_name(str(child), "index", columns or ["expr"]))
        built = concurrent_index(part, part_name)
        note = () if attached else (Comment(WRITTEN),)
        pieces.append(
            Piece(Stage.INDEX, (*note, outside(built)), (outside(built[:1]),), f"index {part_name}", alone=True)
        )
        attached.append(
            sql(
                "ALTER INDEX {index} ATTACH PARTITION {part}",
                index=in_schema(key, name),
                part=in_schema((place, str(child)), part_name),
            )
        )
    whole = Statement(template("attached", index=Literal(str(in_schema(key, name)))))
    pieces.append(Piece(Stage.ADD, (*attached, whole), (gone,), f"attach the parts of {name}", alone=True))
    return pieces


def _only_parent(index: ops.CreateIndexOp) -> Statement | None:
    """Return the statement that makes the parent's index, with ONLY where the table is named."""
    dialect = postgresql.dialect(paramstyle="named")  # type: ignore[no-untyped-call,unused-ignore]
    text = str(CreateIndex(index.to_index()).compile(dialect=dialect)).strip()
    try:
        (node,) = grammar.parse(text)
    except (grammar.GrammarError, ValueError):
        return None
    place = node.get("IndexStmt", {}).get("relation", {}).get("location")
    if place is None:
        return None
    data = text.encode()
    return Statement((data[:place] + b"ONLY " + data[place:]).decode())
