"""Plans of hand-built facts: what each revision makes and unmakes, in a form that a test can state."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.catalog.catalog import Catalog
from alembic_vibe.catalog.facts import Constraint, Fact, Function, Index, Policy, Privileges, Sequence, Trigger
from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.diff.compare import compare
from alembic_vibe.plan.planner import Origins, Section, plan_changes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from alembic_vibe.plan.model import Plan, PlannedRevision

SECTIONS = [Section("5.3", "Accounts"), Section("5.4", "Orders"), Section("5.5", "Billing")]


def function(name: str, returns: str = "trigger") -> Function:
    """Return a function without arguments."""
    return Function(
        key=Key(Kind.FUNCTION, "public", name),
        procedure=False,
        definition=f"CREATE FUNCTION {name}() …",
        language="plpgsql",
        returns=returns,
    )


def trigger(owner: str, name: str) -> Trigger:
    """Return a trigger of a table."""
    return Trigger(key=Key(Kind.TRIGGER, "public", owner, name), definition=f"CREATE TRIGGER {name} …")


def policy(owner: str, name: str) -> Policy:
    """Return a policy that lets everybody see everything."""
    return Policy(key=Key(Kind.POLICY, "public", owner, name), command="ALL", using="true")


def grant(owner: str, grantee: str, *granted: str, column: str = "", kind: Kind = Kind.TABLE) -> Privileges:
    """Return what a role may do with a table."""
    return Privileges(
        key=Key(Kind.PRIVILEGES, "public", owner, f"{kind}:{column}:{grantee}"),
        target=Key(kind, "public", owner),
        column=column,
        grantee=grantee,
        granted=granted,
    )


def catalog_of(facts: Iterable[Fact], depends: Mapping[Fact, Iterable[Fact]] | None = None) -> Catalog:
    """Return a catalog with the dependencies that PostgreSQL records: parts on their owner, keys on what they name."""
    by_key = {fact.key: fact for fact in facts}
    found: dict[Key, set[Key]] = {key: set() for key in by_key}
    keys = {fact.table: fact.key for fact in by_key.values() if isinstance(fact, Constraint) and fact.kind == "p"}
    for key, fact in by_key.items():
        match fact:
            case Constraint():
                found[key].add(fact.table)
                if fact.references is not None:
                    found[key] |= {fact.references, *([keys[fact.references]] if fact.references in keys else [])}
            case Index():
                found[key].add(fact.table)
            case Trigger() | Policy():
                found[key].add(Key(Kind.TABLE, key.schema, key.name))
            case Privileges():
                found[key].add(fact.target)
            case Sequence() if fact.owned_by is not None:
                found[key].add(fact.owned_by[0])
    for needing, needed in (depends or {}).items():
        found[needing.key] |= {fact.key for fact in needed}
    return Catalog(facts=by_key, depends={key: frozenset(needed) for key, needed in found.items()})


def plan(
    document: Mapping[str, Iterable[Fact]],
    depends: Mapping[Fact, Iterable[Fact]] | None = None,
    before: Catalog | None = None,
) -> Plan:
    """Return the plan for facts by section, in the order in which the document has them."""
    facts = [(number, fact) for number, found in document.items() for fact in found]
    target = catalog_of([fact for _, fact in facts], depends)
    origins = Origins(
        statement={fact.key: i for i, (_, fact) in enumerate(facts)},
        section={fact.key: number for number, fact in facts if number},
    )
    return plan_changes(compare(before or Catalog(), target), target, origins, SECTIONS)


def made(found: Plan) -> dict[str, list[str]]:
    """Return what each revision has a step for."""
    return {revision.section: [str(step.key) for step in revision.steps] for revision in found.revisions}


def undone(revision: PlannedRevision) -> list[str]:
    """Return the downgrade of a revision as SQL."""
    return [sql for operation in revision.down for sql in operation.statements]


def done(revision: PlannedRevision) -> list[str]:
    """Return the upgrade of a revision as SQL."""
    return [sql for operation in revision.up for sql in operation.statements]
