"""Which statements speak of which names: what a change may reach, as far as texts tell.

A statement can only depend on an object that it names, or that an object that it names depends on. So all words of a
text count, those in comments, strings and bodies of functions too: too much is executed rather than too little.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING

from alembic_vibe.sql.tree import walk

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from alembic_vibe.sql.statement import Statement

_WORD = re.compile(r"[^\W\d][\w$]*")
_LONGEST_NAME = 63  # bytes; PostgreSQL cuts off the rest
_FEW = 40  # names that are looked for one by one

# Needed whatever changes: what lives in no schema, and what is said of all objects there are or will be.
SWEEPING = frozenset(
    {
        "AlterDefaultPrivilegesStmt",
        "AlterRoleSetStmt",
        "AlterRoleStmt",
        "CreateExtensionStmt",
        "CreateRoleStmt",
        "CreateSchemaStmt",
        "GrantRoleStmt",
    }
)
# About objects that they name, and that the server reports.
ORDINARY = frozenset(
    {
        "AlterDomainStmt",
        "AlterEnumStmt",
        "AlterFunctionStmt",
        "AlterOwnerStmt",
        "AlterPolicyStmt",
        "AlterSeqStmt",
        "AlterStatsStmt",
        "AlterTableStmt",
        "CommentStmt",
        "CompositeTypeStmt",
        "CreateDomainStmt",
        "CreateEnumStmt",
        "CreateFunctionStmt",
        "CreatePolicyStmt",
        "CreateRangeStmt",
        "CreateSeqStmt",
        "CreateStatsStmt",
        "CreateStmt",
        "CreateTableAsStmt",
        "CreateTrigStmt",
        "GrantStmt",
        "IndexStmt",
        "RuleStmt",
        "ViewStmt",
    }
)


def kind_of(statement: Statement) -> str:
    """Return the type of a statement, ``""`` for one whose reach is not known from its text.

    Privileges on all tables of a schema count as ``AlterDefaultPrivilegesStmt``: they are about all objects as well;
    comments on roles, which the server does not report, as ``AlterRoleStmt``.
    """
    node = statement.node.get(statement.node_type, {})
    if statement.node_type == "GrantStmt" and node.get("targtype") != "ACL_TARGET_OBJECT":
        return "AlterDefaultPrivilegesStmt"
    if statement.node_type == "CommentStmt" and node.get("objtype") == "OBJECT_ROLE":
        return "AlterRoleStmt"
    if statement.node_type == "CreateSchemaStmt" and node.get("schemaElts"):
        return ""
    if statement.node_type == "AlterTableStmt" and "DROP_CASCADE" in str(node):
        return ""
    if 'u&"' in statement.text.lower():  # may spell any name
        return ""
    return statement.node_type if statement.node_type in SWEEPING | ORDINARY else ""


class Mentions:
    """The texts of statements, by their numbers."""

    def __init__(self, statements: Sequence[Statement]) -> None:
        """Take the statements; each is looked at when that is needed."""
        self._statements = statements
        self._words: dict[int, frozenset[str]] = {}

    @cached_property
    def _texts(self) -> list[str]:
        return [statement.text.lower() for statement in self._statements]

    def words(self, number: int) -> frozenset[str]:
        """Return the words of a statement in lower case, each no longer than a name can be."""
        found = self._words.get(number)
        if found is None:
            found = self._words[number] = frozenset(map(_cut, _WORD.findall(self._texts[number])))
        return found

    def names(self, number: int, name: str) -> bool:
        """Whether a statement names something, or may do so."""
        name = name.lower()
        if _WORD.fullmatch(name):
            return name in self._texts[number] and name in self.words(number)
        return name.replace('"', '""') in self._texts[number] or name in self._texts[number]

    def naming(self, names: Collection[str]) -> Iterator[tuple[int, str]]:
        """Yield each statement that names one of several things, with its name."""
        wanted = {name.lower(): name for name in names}
        plain = {name for name in wanted if _WORD.fullmatch(name)}
        if len(wanted) > _FEW:
            for number in range(len(self._statements)):
                yield from ((number, wanted[name]) for name in plain & self.words(number))
        for name, given in wanted.items():
            if len(wanted) <= _FEW or name not in plain:
                yield from ((number, given) for number in range(len(self._statements)) if self.names(number, given))

    def only_refers(self, number: int, table: str) -> bool:
        """Whether a statement speaks of a table in its foreign keys and nowhere else."""
        statement = self._statements[number]
        if statement.node_type not in {"CreateStmt", "AlterTableStmt"}:
            return False
        references = sum(
            body.get("contype") == "CONSTR_FOREIGN" and body.get("pktable", {}).get("relname") == table
            for kind, body in walk(statement.node)
            if kind == "Constraint"
        )
        spoken = _WORD.findall(self._texts[number]).count(table.lower())
        return bool(spoken == references > 0)


def runs_code(statement: Statement) -> bool:
    """Whether functions may be executed when a statement is, and not only looked at.

    A materialised view is filled, an index on it is built, a new column gets its default, bounds are worked out.
    """
    if statement.node_type == "CreateStmt":
        return "partbound" in statement.node["CreateStmt"]
    return statement.node_type in {"AlterTableStmt", "CreateTableAsStmt", "IndexStmt"}


def _cut(word: str) -> str:
    if len(word) * 4 < _LONGEST_NAME or len(data := word.encode()) <= _LONGEST_NAME:
        return word
    return data[:_LONGEST_NAME].decode(errors="ignore")
