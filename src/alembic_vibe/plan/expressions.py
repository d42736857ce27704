"""Which expressions of the author stand behind which object of the catalog."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Constraint, ConstraintKind, Index, Table
from alembic_vibe.sql.expressions import Check, Expressions, Keys, authored_expressions
from alembic_vibe.sql.tree import strings, unwrap, walk

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from alembic_vibe.catalog.catalog import Catalog
    from alembic_vibe.catalog.keys import Key
    from alembic_vibe.sql.statement import Statement

_LONGEST_NAME = 63


@dataclass(frozen=True, slots=True)
class Authored:
    """The author's text of an object's expressions, where it is known.

    ``columns`` are the defaults and generation expressions of a table, ``check`` is the condition of a CHECK, ``keys``
    and ``predicate`` belong to an index or exclusion constraint.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    check: str | None = None
    keys: tuple[str | None, ...] = ()
    predicate: str | None = None


def find_expressions(
    found: Mapping[Key, Sequence[int]], by_index: Mapping[int, Statement], position: Mapping[int, int], catalog: Catalog
) -> dict[Key, Authored]:
    """Tie the author's expressions to the objects of a catalog; the last statement that says one wins.

    Args:
        found: The statements (by index) that made or altered each object.
        by_index: The statements.
        position: The order in which they ran.
        catalog: What they made.
    """
    renamed = _renamed(by_index[index] for index in position if index in by_index)
    result: dict[Key, Authored] = {}
    reshaped: set[Key] = set()
    constraints = catalog.constraints()
    for table in catalog.of_type(Table):
        numbers = sorted(found.get(table.key, ()), key=lambda number: position.get(number, number))
        own = [by_index[number] for number in numbers if _is_about(by_index[number], table.key)]
        statements = list(map(authored_expressions, own))
        if any(written.reshaped for written in statements):
            reshaped.add(table.key)
            continue
        columns = _columns(statements)
        if columns:
            result[table.key] = Authored(columns=columns)
        result.update(_constraints(table, constraints.get(table.key, ()), statements))
    for index in catalog.of_type(Index):
        keys = _index(index, [by_index[number] for number in found.get(index.key, ())])
        if keys is not None and index.table not in reshaped:
            result[index.key] = Authored(keys=keys.keys, predicate=keys.predicate)
    return {key: _without(authored, renamed) for key, authored in result.items()} if renamed else result


def _is_about(statement: Statement, table: Key) -> bool:
    """Whether a statement names the table itself: one about a parent table is reported for its heirs as well."""
    kind, node = unwrap(statement.node)
    return kind == "RenameStmt" or node.get("relation", {}).get("relname") == table.name


def _columns(statements: Sequence[Expressions]) -> dict[str, str]:
    columns: dict[str, str | None] = {}
    for written in statements:
        columns.update(written.columns)
    return {name: text for name, text in columns.items() if text is not None}


def _index(index: Index, statements: Sequence[Statement]) -> Keys | None:
    own = [found for found in statements if found.node_type == "IndexStmt" and _is_about(found, index.table)]
    keys = authored_expressions(own[0]).index if len(own) == 1 else None
    return keys if keys is not None and len(keys.keys) == len(index.keys) else None


# -- constraints -----------------------------------------------------------------------------------------------------


def _constraints(
    table: Table, facts: Sequence[Constraint], statements: Sequence[Expressions]
) -> Iterator[tuple[Key, Authored]]:
    own = {fact.name: fact for fact in facts if not fact.inherited}
    checks = [check for written in statements for check in written.checks]
    for name, check in _named_checks(table.key.name, checks, own).items():
        fact = own.get(name)
        if fact is not None and check.text is not None and set(fact.columns) == check.columns:
            yield fact.key, Authored(check=check.text)
    exclusions = [exclusion for written in statements for exclusion in written.exclusions]
    for name, exclusion in _named_exclusions(exclusions, own).items():
        fact = own.get(name)
        if fact is not None and len(fact.keys) == len(exclusion.keys):
            yield fact.key, Authored(keys=exclusion.keys, predicate=exclusion.predicate)


def _named_checks(table: str, checks: Sequence[Check], own: Mapping[str, Constraint]) -> dict[str, Check]:
    """Return the checks by name; those without one get the names that PostgreSQL chooses.

    That is ``table_column_check`` where exactly one column is named, else ``table_check``, with a number from the
    second one on (``AddRelationNewConstraints`` in heap.c). A name may be taken by another table of the schema: where
    the names that are there are not the names that are expected, nobody is named.
    """
    named: dict[str, Check] = {}
    twice: set[str] = set()
    for check in checks:
        if check.name:
            twice |= {check.name} & named.keys()  # dropped and added again: which is which is not said here
            named[check.name] = check
    groups: dict[str, list[Check]] = defaultdict(list)
    for check in checks:
        if not check.name:
            groups["_".join((table, *check.columns, "check") if len(check.columns) == 1 else (table, "check"))].append(
                check
            )
    for base, members in groups.items():
        names = [f"{base}{i or ''}" for i in range(len(members))]
        there = {name for name in own if name.startswith(base) and (name[len(base) :].isdigit() or name == base)}
        if len(base.encode()) < _LONGEST_NAME - 1 and there == set(names) and not there & named.keys():
            named.update(zip(names, members, strict=True))
    return {name: check for name, check in named.items() if name not in twice}


def _named_exclusions(exclusions: Sequence[Keys], own: Mapping[str, Constraint]) -> dict[str, Keys]:
    named = {exclusion.name: exclusion for exclusion in exclusions if exclusion.name}
    if len(named) + 1 == len(exclusions):  # a single one without a name
        left = [name for name, fact in own.items() if fact.kind == ConstraintKind.EXCLUDE and name not in named]
        unnamed = [exclusion for exclusion in exclusions if not exclusion.name]
        if len(left) == len(unnamed) == 1:
            named[left[0]] = unnamed[0]
    return named


# -- names that changed ----------------------------------------------------------------------------------------------


def _renamed(statements: Iterator[Statement]) -> frozenset[str]:
    """Return the names that a later statement takes away: an expression with one of them is not to be trusted."""
    names: set[str] = set()
    for statement in statements:
        if statement.node_type not in {"RenameStmt", "AlterObjectSchemaStmt", "AlterEnumStmt"}:
            continue
        for kind, body in walk(statement.node):
            if kind == "RenameStmt" and body.get("subname"):
                names.add(body["subname"])
            elif kind == "RangeVar" and body.get("relname"):
                names.add(body["relname"])
            elif kind == "AlterEnumStmt" and body.get("oldVal"):
                names.add(body["oldVal"])
            elif kind in {"List", "ObjectWithArgs"}:
                names.update(strings(body.get("items") or body.get("objname")))
    return frozenset(names)


def _without(authored: Authored, renamed: frozenset[str]) -> Authored:
    def kept(text: str | None) -> str | None:
        found = text is not None and any(name.lower() in text.lower() for name in renamed)
        return None if found else text

    return Authored(
        columns={name: text for name, text in authored.columns.items() if kept(text)},
        check=kept(authored.check),
        keys=tuple(kept(key) for key in authored.keys),
        predicate=kept(authored.predicate),
    )
