"""Constraints, as a table or a column writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.lint.actions import ConstraintSpec
from alembic_vibe.lint.chosen_names import chosen_name, key_names
from alembic_vibe.sql.tree import QualifiedName, column_name, strings, walk

if TYPE_CHECKING:
    from alembic_vibe.lint.reading.context import Context
    from alembic_vibe.sql.tree import Node

_KINDS = {
    "CONSTR_PRIMARY": "primary",
    "CONSTR_UNIQUE": "unique",
    "CONSTR_FOREIGN": "foreign",
    "CONSTR_CHECK": "check",
    "CONSTR_EXCLUSION": "exclude",
    "CONSTR_NOTNULL": "not null",
}
_ON_DELETE = {"r": "RESTRICT", "c": "CASCADE", "n": "SET NULL", "d": "SET DEFAULT"}


def constraint(node: Node, table: QualifiedName, context: Context, column: str = "") -> ConstraintSpec | None:
    """Return the constraint that a Constraint body writes, None where it is none (DEFAULT, DEFERRABLE).

    Without a name it has the one that PostgreSQL chooses, as long as that is not taken.
    """
    kind = _KINDS.get(node.get("contype", ""))
    if kind is None:
        return None
    expression = None
    for_name: list[str] | None = None
    reference = node.get("pktable")
    if kind == "check":
        expression = context.in_parentheses(node.get("location"), node.get("raw_expr", {}))
        columns = named_columns(node.get("raw_expr"))
    elif kind == "foreign":
        columns = strings(node.get("fk_attrs"))
    elif kind == "exclude":
        items = [item.get("List", {}).get("items", [{}])[0] for item in node.get("exclusions", ())]
        columns = [item.get("IndexElem", {}).get("name", "") for item in items]
        for_name = key_names(items)
    else:
        columns = strings(node.get("keys"))
        for_name = columns + strings(node.get("including")) if columns else None
    if not columns and column and kind != "check":
        columns = [column]
    name = node.get("conname", "")
    using = node.get("indexname", "")
    chosen = using or chosen_name(table.name, kind, columns if for_name is None else for_name)
    return ConstraintSpec(
        name=name or chosen,
        kind=kind,
        columns=tuple(columns),
        is_named=bool(name),
        expression=expression,
        valid=not node.get("skip_validation", False),
        references=context.relation(reference) if reference else None,
        reference_columns=tuple(strings(node.get("pk_attrs"))),
        using_index=using,
        on_delete=_ON_DELETE.get(node.get("fk_del_action", ""), ""),
        deferrable=bool(node.get("deferrable")),
        include=tuple(strings(node.get("including"))),
        enforced=node.get("is_enforced", False) or kind not in {"check", "foreign"},
        method=node.get("access_method", "") if kind == "exclude" else "",
        predicated=bool(node.get("where_clause")),
    )


def named_columns(expression: object) -> list[str]:
    """Return the columns that an expression names, in order of appearance, each once."""
    found = sorted(
        (body.get("location", -1), column_name(body)) for kind, body in walk(expression) if kind == "ColumnRef"
    )
    return list(dict.fromkeys(name for _, name in found if name))
