"""Which statement of the spec stands behind which object."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from alembic_vibe.catalog.facts import Fact, Function, Privileges
from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.plan.expressions import find_expressions
from alembic_vibe.plan.objects.row_security import ASPECT
from alembic_vibe.plan.planner import Origins
from alembic_vibe.sql.created import references
from alembic_vibe.sql.tree import unwrap, walk

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from alembic_vibe.catalog.catalog import Catalog
    from alembic_vibe.sql.statement import Statement

# The statements whose own text is the best way to make the object again.
_CREATORS = {
    Kind.ENUM: {"CreateEnumStmt"},
    Kind.DOMAIN: {"CreateDomainStmt"},
    Kind.COMPOSITE: {"CompositeTypeStmt"},
    Kind.RANGE: {"CreateRangeStmt"},
    Kind.FUNCTION: {"CreateFunctionStmt"},
    Kind.VIEW: {"ViewStmt"},
    Kind.MATERIALIZED_VIEW: {"CreateTableAsStmt"},
    Kind.TRIGGER: {"CreateTrigStmt"},
    Kind.POLICY: {"CreatePolicyStmt"},
    Kind.RULE: {"RuleStmt"},
    Kind.STATISTICS: {"CreateStatsStmt"},
}
_NEUTRAL = {"CommentStmt", "GrantStmt", "AlterOwnerStmt"}  # these do not change what the object is
_GUARDS = ("if_not_exists", "ifNotExists")


def find_origins(
    statements: Sequence[Statement],
    traced: Mapping[Key, Sequence[int]],
    role_origins: Mapping[str, int],
    order: Sequence[int],
    catalog: Catalog,
) -> Origins:
    """Tie every object to the statements that made it.

    Args:
        statements: All statements of the spec.
        traced: The statements (by index) that made or altered each object, as the server reported.
        role_origins: The statement that makes each role.
        order: The indexes of the statements in the order in which they ran.
        catalog: What they made.
    """
    by_index = {statement.index: statement for statement in statements}
    position = {index: i for i, index in enumerate(order)}
    found: dict[Key, list[int]] = defaultdict(list, {key: list(indexes) for key, indexes in traced.items()})
    for role, index in role_origins.items():
        found[Key(Kind.ROLE, "", role)].append(index)
    grants = _Grants(statement for statement in statements if statement.index in position)
    for key, fact in catalog.facts.items():
        if not found.get(key):
            found[key].extend(grants.of(fact))
    first = {
        key: min(indexes, key=lambda index: position.get(index, index)) for key, indexes in found.items() if indexes
    }
    return Origins(
        statement={key: position.get(index, index) for key, index in first.items()},
        section={key: by_index[index].section for key, index in first.items()},
        source=_sources(found, by_index, catalog),
        uses=_uses(found, by_index, catalog),
        first=first,
        expressions=find_expressions(found, by_index, position, catalog),
    )


def _sources(found: Mapping[Key, list[int]], by_index: Mapping[int, Statement], catalog: Catalog) -> dict[Key, str]:
    sources = {}
    for key, indexes in found.items():
        if key not in catalog.facts:
            continue
        own = [by_index[index] for index in indexes if by_index[index].node_type not in _NEUTRAL]
        creators = _CREATORS.get(key.kind)
        if key.kind is Kind.OTHER and len(own) == 1:
            sources[key] = own[0].text
        elif creators and own and all(statement.node_type in creators for statement in own):
            statement = own[-1]
            if not any(unwrap(statement.node)[1].get(guard) for guard in _GUARDS) and _owns(key, statement):
                sources[key] = statement.text
    return sources


def _owns(key: Key, statement: Statement) -> bool:
    """Whether the statement is about the object itself (a clone of a trigger on a partition has the same origin)."""
    if key.kind is not Kind.TRIGGER:
        return True
    relation = unwrap(statement.node)[1].get("relation", {})
    return bool(relation.get("relname") == key.name)


def _uses(
    found: Mapping[Key, list[int]], by_index: Mapping[int, Statement], catalog: Catalog
) -> dict[Key, frozenset[Key]]:
    """Return what SQL functions with a body of text name: ``pg_depend`` does not know."""
    relations: dict[str, list[Key]] = defaultdict(list)
    functions: dict[str, list[Key]] = defaultdict(list)
    for key in catalog.facts:
        if key.kind in {Kind.TABLE, Kind.VIEW, Kind.MATERIALIZED_VIEW, Kind.SEQUENCE}:
            relations[key.name].append(key)
        elif key.kind in {Kind.FUNCTION, Kind.AGGREGATE}:
            functions[key.name].append(key)
    uses = {}
    for fact in catalog.of_type(Function):
        if fact.language != "sql" or fact.source is None:
            continue
        needed: set[Key] = set()
        for index in found.get(fact.key, ()):
            for reference in references(by_index[index]):
                pool = {"relation": relations, "function": functions}.get(reference.kind, {})
                needed.update(k for k in pool.get(reference.name, ()) if reference.schema in {"", k.schema})
        uses[fact.key] = frozenset(needed - {fact.key})
    return uses


def _row_security(found: Mapping[Key, list[int]], by_index: Mapping[int, Statement]) -> dict[Key, int]:
    """Return the statement that switches row-level security on, by the key that stands for it in the plan."""
    switched: dict[Key, int] = {}
    for key, indexes in found.items():
        if key.kind is not Kind.TABLE:
            continue
        for index in indexes:
            statement = by_index[index]
            if statement.node_type == "AlterTableStmt" and any(
                body.get("subtype") in {"AT_EnableRowSecurity", "AT_ForceRowSecurity"}
                for kind, body in walk(statement.node)
                if kind == "AlterTableCmd"
            ):
                switched.setdefault(key._replace(member=ASPECT), index)
    return switched


class _Grants:
    """GRANT, REVOKE and ALTER DEFAULT PRIVILEGES leave no address: they are found by whom they name, and what."""

    def __init__(self, statements: Iterable[Statement]) -> None:
        self._grants = [
            (statement, _names(statement))
            for statement in statements
            if statement.node_type in {"GrantStmt", "GrantRoleStmt", "AlterDefaultPrivilegesStmt"}
        ]

    def of(self, fact: Fact) -> list[int]:
        """Return the statement that most probably says this fact: the last that names grantee and object."""
        kind = fact.key.kind
        if kind not in {Kind.PRIVILEGES, Kind.DEFAULT_PRIVILEGES, Kind.MEMBERSHIP}:
            return []
        node_type = {
            Kind.PRIVILEGES: "GrantStmt",
            Kind.DEFAULT_PRIVILEGES: "AlterDefaultPrivilegesStmt",
            Kind.MEMBERSHIP: "GrantRoleStmt",
        }[kind]
        grantee = fact.key.member if kind is Kind.MEMBERSHIP else getattr(fact, "grantee", "")
        mine = [(s, names) for s, names in self._grants if s.node_type == node_type and grantee in names]
        if isinstance(fact, Privileges):
            named = [(s, names) for s, names in mine if {fact.target.name, fact.target.schema} & names]
            exact = [(s, names) for s, names in named if fact.target.name in names]
            mine = exact or named or mine
        return [mine[-1][0].index] if mine else []


def _names(statement: Statement) -> set[str]:
    """Return every name in a statement, in lower levels too; PUBLIC is ``public``."""
    names: set[str] = set()
    _collect(statement.node, names)
    return names


def _collect(value: Any, names: set[str]) -> None:
    if isinstance(value, dict):
        if value.get("roletype") == "ROLESPEC_PUBLIC":
            names.add("public")
        for name, item in value.items():
            if name in {"relname", "schemaname", "sval", "rolename"} and isinstance(item, str):
                names.add(item)
            else:
                _collect(item, names)
    elif isinstance(value, list):
        for item in value:
            _collect(item, names)
