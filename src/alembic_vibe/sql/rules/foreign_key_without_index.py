"""AV251: a foreign key that no index serves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import Rule, Severity
from alembic_vibe.sql.locate import token_span
from alembic_vibe.sql.quoting import quote_identifier, quote_qualified
from alembic_vibe.sql.tree import Node, strings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.diagnostics import Diagnostic
    from alembic_vibe.sql.outline import Outline, Table

RULE = Rule(
    code="AV251",
    slug="foreign-key-without-index",
    severity=Severity.WARNING,
    summary="No index begins with the columns of a foreign key.",
    why="Each DELETE or key change in the other table then reads this table from end to end, holding its locks.",
    fix="create an index on the columns of the foreign key",
    bad=(
        "CREATE TABLE people (id bigint PRIMARY KEY);\n"
        "CREATE TABLE notes (\n    id bigint PRIMARY KEY,\n    person_id bigint REFERENCES people (id)\n);"
    ),
    good=(
        "CREATE TABLE people (id bigint PRIMARY KEY);\n"
        "CREATE TABLE notes (\n    id bigint PRIMARY KEY,\n    person_id bigint REFERENCES people (id)\n);\n"
        "CREATE INDEX idx_notes_person_id ON notes (person_id);"
    ),
)
RULES = (RULE,)


def check_all(outline: Outline) -> Iterator[Diagnostic]:
    """Compare each foreign key with the keys and indexes of its table."""
    for table in outline.tables.values():
        keys = _leading(table, outline)
        for constraint in table.constraints:
            columns = constraint.columns
            if constraint.kind != "CONSTR_FOREIGN" or not columns:
                continue
            # An index that begins with the first of several columns narrows the search down far enough.
            if any(set(key[: len(columns)]) == set(columns) or key[:1] == columns[:1] for key in keys):
                continue
            name = quote_identifier(f"idx_{table.name.name}_{'_'.join(columns)}")
            listed = ", ".join(quote_identifier(column) for column in columns)
            yield RULE.diagnostic(
                f"no index serves the foreign key on {table.name.name} ({', '.join(columns)})",
                source=constraint.statement.source,
                span=token_span(constraint.statement, constraint.node.get("location", 0)),
                help=f"write `CREATE INDEX {name} ON {quote_qualified(*table.name)} ({listed});`",
            )


def _leading(table: Table, outline: Outline) -> list[tuple[str, ...]]:
    """Return the columns of every index that can find a row of ``table`` by equality, implicit ones included.

    A partial index counts where it only leaves out NULLs or rows marked as deleted: PostgreSQL's own check of the
    foreign key cannot use it, but the author has decided which rows matter.
    """
    keys = [c.columns for c in table.constraints if c.kind in {"CONSTR_PRIMARY", "CONSTR_UNIQUE"}]
    keys += [_equal_columns(c.node) for c in table.constraints if c.kind == "CONSTR_EXCLUSION"]
    indexes = outline.indexes_by_table.get(table.name, ())
    return keys + [i.columns for i in indexes if i.node.get("accessMethod", "btree") in {"btree", "hash"}]


def _equal_columns(node: Node) -> tuple[str, ...]:
    """Return the leading columns that an exclusion constraint compares with ``=``: its index finds them as well."""
    columns = []
    for item in node.get("exclusions", ()):
        element, operator = item["List"]["items"]
        if strings(operator.get("List", {}).get("items"))[-1:] != ["="]:
            break
        columns.append(element.get("IndexElem", {}).get("name", ""))
    return tuple(columns)
