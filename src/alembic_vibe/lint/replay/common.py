"""What several handlers need: the tables that follow a table, and the names that are taken."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.lint.actions import Expression
from alembic_vibe.lint.chosen_names import chosen_name
from alembic_vibe.sql import grammar
from alembic_vibe.sql.tree import QualifiedName

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from alembic_vibe.lint.schema import Schema, Table


def family(schema: Schema, name: QualifiedName) -> Iterator[Table]:
    """Yield a table to change, and those that follow what is done to it: its partitions and heirs, at any depth."""
    waiting = [name]
    seen: set[QualifiedName] = set()
    while waiting:
        table = schema.change(waiting.pop(0))
        if table is None or table.name in seen:
            continue
        seen.add(table.name)
        yield table
        waiting += [*table.partitions, *table.heirs]


def descendants(schema: Schema, name: QualifiedName) -> list[Table]:
    """Return the tables that follow a table, without itself."""
    return list(family(schema, name))[1:]


class _Taken:
    """The names that a new constraint or index cannot have: a container that looks a name up when it is asked."""

    def __init__(self, schema: Schema, namespace: str, kind: str) -> None:
        self._schema = schema
        self._namespace = namespace
        self._relation = kind not in {"check", "foreign", "not null"}
        self._constraint = kind != "index"

    def __contains__(self, name: object) -> bool:
        schema = self._schema
        if self._relation and isinstance(name, str):
            relation = QualifiedName(self._namespace, name)
            if relation in schema.tables or relation in schema.views:
                return True
        for table in schema.tables.values():
            if table.name.schema != self._namespace:
                continue
            if self._constraint and name in table.constraints:
                return True
            if self._relation and name in table.indexes:
                return True
        return False

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 1


def free_name(schema: Schema, table: Table, kind: str, columns: Sequence[str]) -> str:
    """Return the name that PostgreSQL chooses for a constraint or index of a table, with a number where it must."""
    return chosen_name(table.name.name, kind, columns, _Taken(schema, table.name.schema, kind))


def renamed(names: tuple[str, ...], old: str, new: str) -> tuple[str, ...]:
    """Return the names with one of them changed."""
    return tuple(new if name == old else name for name in names) if old in names else names


def renamed_in(expression: Expression | None, old: str, new: str) -> Expression | None:
    """Return the expression with a column called otherwise: in its tree, and in its text as a word."""
    if expression is None:
        return None
    node = _renamed_tree(expression.node, old, new)
    return Expression(_renamed_text(expression.text, old, new), node)


def _renamed_tree(value: Any, old: str, new: str) -> Any:
    if isinstance(value, list):
        return [_renamed_tree(item, old, new) for item in value]
    if not isinstance(value, dict):
        return value
    copy = {key: _renamed_tree(item, old, new) for key, item in value.items()}
    fields = copy.get("ColumnRef", {}).get("fields") if isinstance(copy.get("ColumnRef"), dict) else None
    if fields and fields[-1].get("String", {}).get("sval") == old:
        fields[-1] = {"String": {"sval": new}}
    return copy


def _renamed_text(text: str, old: str, new: str) -> str:
    from alembic_vibe.sql.quoting import quote_identifier

    try:
        tokens = grammar.scan(text)
    except grammar.GrammarError:
        return text
    parts = []
    position = 0
    for token in tokens:
        if token.is_word and token.name == old:
            parts += [text[position : token.start], quote_identifier(new)]
            position = token.end
    return "".join([*parts, text[position:]])
