"""A constraint that reads every row → NOT VALID, and a revision right behind that validates it."""

from __future__ import annotations

import ast
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from alembic_vibe.lint.actions import AddConstraint, DropConstraint, DropTable, RenameConstraint, RenameTable, SetSchema
from alembic_vibe.lint.fixes.literals import add_keyword, add_words
from alembic_vibe.lint.fixes.model import Edit, FollowUp, Plan, Refusal
from alembic_vibe.lint.model import Direction
from alembic_vibe.lint.rules.fk_not_valid import NOT_VALID_ON_PARENTS
from alembic_vibe.sql import grammar
from alembic_vibe.sql.quoting import quote_identifier

if TYPE_CHECKING:
    from collections.abc import Sequence

    from alembic_vibe.diagnostics import Diagnostic
    from alembic_vibe.lint.actions import Action
    from alembic_vibe.lint.fixes.page import Page, Spot

SLUGS = ("fk-not-valid", "check-not-valid")
STAGE = 20

_CALLS = {"create_foreign_key": "fk", "create_check_constraint": "ck"}
_PART = r'(?:"(?:[^"]|"")+"|[\w$]+)'
_TABLE = re.compile(
    rf"\s*ALTER\s+TABLE\s+(?:IF\s+EXISTS\s+)?(?:ONLY\s+)?(?P<name>{_PART}(?:\s*\.\s*{_PART})?)", re.IGNORECASE
)
BEFORE = ("op.execute(\"SET lock_timeout = '2s'\")", 'op.execute("SET statement_timeout = 0")')
AFTER = ('op.execute("RESET lock_timeout")', 'op.execute("RESET statement_timeout")')


def plan(page: Page, findings: Sequence[Diagnostic]) -> Plan:
    """Add constraints NOT VALID, and validate all of a revision's in one that follows."""
    made = Plan()
    titles, validations = [], []
    for finding in findings:
        try:
            spot = page.spot(finding)
            edit = _not_valid(page, spot)
            validations.append(_validation(spot))
        except Refusal as refusal:
            made.left.append((finding, str(refusal)))
            continue
        assert isinstance(spot.action, AddConstraint)
        titles.append(spot.action.constraint.name)
        made.edits.append(edit)
        made.solved.append(finding)
    if validations:
        made.follow_up = FollowUp(f"validate {', '.join(titles)}", tuple(validations), before=BEFORE, after=AFTER)
    return made


def _not_valid(page: Page, spot: Spot) -> Edit:
    action = spot.action
    page.require_postgresql()
    if spot.direction is not Direction.UPGRADE:
        raise Refusal("no revision can follow a downgrade to validate it")
    if not isinstance(action, AddConstraint):
        raise Refusal("it does more than add a constraint")
    if not action.constraint.is_named:
        raise Refusal("the constraint has no name to validate it by")
    table = page.before.table(action.table)
    if action.only:
        raise Refusal("it is added to one table of several")
    foreign = action.constraint.kind == "foreign"
    if foreign and table is not None and table.is_partitioned and page.settings.pg_version < NOT_VALID_ON_PARENTS:
        raise Refusal(f"the table is partitioned, and NOT VALID is refused there before {NOT_VALID_ON_PARENTS}")
    _require_to_stay(page, spot, action)
    wanted = replace(action, constraint=replace(action.constraint, valid=False))
    if spot.operation == "execute":
        return add_words(page, spot, "NOT VALID", _end, wanted)
    if spot.operation not in _CALLS:
        raise Refusal(f"`op.{spot.operation}` makes it")
    _require_name(page, spot)
    return add_keyword(page, spot.call, "postgresql_not_valid")


def _require_name(page: Page, spot: Spot) -> None:
    """The name in the source must be that of the constraint, whatever naming conventions the models have."""
    given = spot.call.args[0] if spot.call.args else next(
        (keyword.value for keyword in spot.call.keywords if keyword.arg == "constraint_name"), None
    )  # fmt: skip
    match given:
        case ast.Call(func=ast.Attribute(value=ast.Name(id=op), attr="f"), args=[ast.Constant(value=str())]):
            if op == page.op:
                return
        case ast.Constant(value=str()):
            if page.renames_constraints(_CALLS[spot.operation]):
                raise Refusal("a naming convention may give it another name; write it as `op.f(…)`")
            return
    raise Refusal("its name is not written out")


def _require_to_stay(page: Page, spot: Spot, action: AddConstraint) -> None:
    """What follows in the revision must leave the constraint and its table where they are."""
    if not page.is_followed(Direction.UPGRADE):
        raise Refusal("the revision could not be followed wholly")
    behind = False
    for read in (one for node in page.functions[Direction.UPGRADE].body for one in page.reads(Direction.UPGRADE, node)):
        behind = behind or read.emitted.place == spot.read.emitted.place
        if behind and any(_unmakes(one, action) for one in read.actions):
            raise Refusal("the revision changes it, or its table, once more")


def _unmakes(other: Action, action: AddConstraint) -> bool:
    """Whether the constraint is gone after an action, or has another name."""
    if isinstance(other, DropConstraint | RenameConstraint):
        return other.table == action.table and other.name == action.constraint.name
    return isinstance(other, DropTable | RenameTable | SetSchema) and other.table == action.table


def _end(tokens: list[grammar.Token]) -> int:
    return tokens[-1].end


def _validation(spot: Spot) -> str:
    """Return the Python statement that validates a constraint, its table named as the revision does."""
    action = spot.action
    assert isinstance(action, AddConstraint)
    match = _TABLE.match(grammar.mask(spot.read.sql, ("comment",)))
    if match is None:
        raise Refusal("its SQL is not understood")
    sql = f"ALTER TABLE {match['name']} VALIDATE CONSTRAINT {quote_identifier(action.constraint.name)}"
    if ":" in sql or "\\" in sql:
        raise Refusal("its name is written with characters that SQLAlchemy reads")
    return f"op.execute({sql!r})" if '"' in sql else f'op.execute("{sql}")'
