"""An index that locks its table → CONCURRENTLY in an autocommit block, in a revision of its own if need be."""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING

from alembic_vibe.lint.actions import CreateIndex, DropColumn, DropIndex, DropTable, SetRole, SetVariable
from alembic_vibe.lint.fixes.literals import add_keyword, add_words
from alembic_vibe.lint.fixes.model import Edit, FollowUp, Plan, Refusal
from alembic_vibe.lint.fixes.moving import carried, cut, imports_of, wrapped
from alembic_vibe.lint.fixes.order import is_independent, is_timeout
from alembic_vibe.lint.fixes.page import is_autocommit
from alembic_vibe.lint.model import Direction
from alembic_vibe.sql.quoting import quote_qualified
from alembic_vibe.sql.tree import QualifiedName

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from alembic_vibe.diagnostics import Diagnostic
    from alembic_vibe.lint.actions import Action
    from alembic_vibe.lint.fixes.page import Page, Spot
    from alembic_vibe.sql.grammar import Token

SLUGS = ("index-not-concurrent", "drop-index-not-concurrent")
STAGE = 10

_CALLS: dict[str, tuple[type[Action], ...]] = {
    "create_index": (CreateIndex,),
    "drop_index": (DropIndex,),
    "execute": (CreateIndex, DropIndex),
}
_UP, _DOWN = Direction.UPGRADE, Direction.DOWNGRADE


class _Index:
    """A statement about an index, and the edit that makes it concurrent."""

    def __init__(self, page: Page, spot: Spot) -> None:
        self.spot, self.action = spot, spot.action
        self.edit = _concurrently(page, spot)


def plan(page: Page, findings: Sequence[Diagnostic]) -> Plan:
    """Wrap the statements of functions that do nothing else; move what is created beside other things."""
    made = Plan()
    found: dict[Diagnostic, _Index] = {}
    for finding in findings:
        try:
            found[finding] = _Index(page, page.spot(finding))
        except Refusal as refusal:
            made.left.append((finding, str(refusal)))
    moved = _moved(page, found, made)
    for direction in Direction:
        here = {finding: one for finding, one in found.items() if one.spot.direction is direction}
        here = {finding: one for finding, one in here.items() if finding not in made.solved and finding not in moved}
        within = [finding for finding, one in here.items() if one.spot.block is not None]
        made.edits += [here[finding].edit for finding in within]
        made.solved += within
        rest = {finding: one for finding, one in here.items() if one.spot.block is None}
        every = [*rest.values(), *(_companions(page, direction, list(found.values())) if rest else ())]
        if rest and _is_alone(page, direction, (one.spot.statement for one in every)):
            edits: dict[ast.stmt, Edit] = {one.spot.statement: one.edit for one in every}
            for run in _runs(page, direction, list(edits)):
                made.edits += wrapped(page, run, [edits[statement] for statement in run])
            made.solved += rest
        else:
            made.left += [(finding, f"{direction}() does other things as well") for finding in rest]
    return made


def _moved(page: Page, found: dict[Diagnostic, _Index], made: Plan) -> set[Diagnostic]:
    """Plan the revision for what ``upgrade`` creates beside other things; return what was decided here."""
    above = {
        finding: one
        for finding, one in found.items()
        if one.spot.direction is _UP and one.spot.block is None and isinstance(one.action, CreateIndex)
    }
    every = [one for one in found.values() if one.spot.direction is _UP]
    if not above:
        return set()
    if _is_alone(page, _UP, (one.spot.statement for one in (*every, *_companions(page, _UP, every)))):
        return set()
    there: list[str] = []
    back: list[str] = []
    titles: list[str] = []
    imports: dict[str, None] = {}
    gone: list[ast.stmt] = []
    leaving = [one.spot.statement for one in above.values()]
    for finding, one in above.items():
        action = one.action
        assert isinstance(action, CreateIndex)
        try:
            _require_order(page, _UP, one.spot.statement, action, leaving)
            needed = imports_of(page, one.spot.statement)
            undone = _undone(page, one)
            text = carried(page, one.spot.statement, [one.edit])
        except Refusal as refusal:
            made.left.append((finding, str(refusal)))
            leaving.remove(one.spot.statement)
            continue
        there.append(text)
        back.insert(0, undone.text if undone else _dropped(page, one))
        titles.append(action.name)
        imports.update(dict.fromkeys((*needed, *(undone.imports if undone else ()))))
        gone += [one.spot.statement, *([undone.statement] if undone else ())]
        made.solved.append(finding)
        if undone:
            made.solved += [other for other, drop in found.items() if drop.spot.statement is undone.statement]
    for function in page.functions.values():
        here = [statement for statement in gone if statement in function.body]
        stays = [statement for statement in page.body(function) if statement not in here]
        made.edits += [cut(page, one, only=not stays and one is here[-1]) for one in here]
    if there:
        title = f"create {', '.join(titles)}"
        made.follow_up = FollowUp(title, tuple(there), tuple(back), imports=tuple(imports))
    return set(above)


class _Undone:
    """The statement of ``downgrade`` that drops an index: it moves as well."""

    def __init__(self, page: Page, spot: Spot) -> None:
        self.statement = spot.statement
        self.text = carried(page, spot.statement, [_concurrently(page, spot)])
        self.imports = imports_of(page, spot.statement)


def _undone(page: Page, one: _Index) -> _Undone | None:
    """Return what drops an index in ``downgrade``, or None where it goes with its table or a column, or stays."""
    action = one.action
    assert isinstance(action, CreateIndex)
    function = page.functions.get(_DOWN)
    facts = page.revision.facts.functions.get(_DOWN)
    if function is None or facts is None:
        raise Refusal("there is no downgrade() to move the other half from")
    if facts.raises:
        return None
    if not page.is_followed(_DOWN):
        raise Refusal("downgrade() could not be followed wholly")
    name = QualifiedName(action.table.schema, action.name)
    for statement in page.body(function):
        reads = list(page.reads(_DOWN, statement))
        drops = [act for read in reads for act in read.actions if isinstance(act, DropIndex) and act.index == name]
        if not drops:
            if any(_takes_along(act, action) for read in reads for act in read.actions):
                return None
            continue
        if not isinstance(statement, ast.Expr) or not isinstance(statement.value, ast.Call):
            raise Refusal("downgrade() drops it within another statement")
        _require_order(page, _DOWN, statement, action, ())
        return _Undone(page, page.spot_at(_DOWN, statement, statement.value))
    raise Refusal("downgrade() does not drop it")


def _takes_along(action: Action, index: CreateIndex) -> bool:
    """Whether the index goes when this is done."""
    if isinstance(action, DropTable):
        return action.table == index.table
    used = {*index.columns, *index.include, *index.expressions_use}
    return isinstance(action, DropColumn) and action.table == index.table and action.column in used


def _require_order(
    page: Page, direction: Direction, statement: ast.stmt, index: CreateIndex, along: Iterable[ast.stmt]
) -> None:
    """What stays must not mind that an index is made behind it, or dropped before it."""
    if page.op != "op":
        raise Refusal("the revision calls `op` by another name")
    if not page.is_followed(direction):
        raise Refusal(f"{direction}() could not be followed wholly")
    body = list(page.functions[direction].body)
    at = body.index(statement)
    others = body[at + 1 :] if direction is _UP else body[:at]
    kept = [other for other in others if other not in along]
    reads = [read for other in kept for read in page.reads(direction, other)]
    before = body[:at] if direction is _UP else []
    reads_before = (read for other in before for read in page.reads(direction, other))
    settings = [act for read in reads_before for act in read.actions if isinstance(act, SetVariable | SetRole)]
    if not all(is_independent(read, index) for read in reads):
        raise Refusal("other statements of the revision depend on its place")
    if not all(is_timeout(act) for act in settings):
        raise Refusal("the revision changes settings that it may depend on")


def _dropped(page: Page, one: _Index) -> str:
    """Return the statement that drops an index which the revision itself leaves to its table or column."""
    action = one.action
    assert isinstance(action, CreateIndex)
    if one.spot.operation == "create_index" and len(one.spot.call.args) > 1:
        name, table = (page.segment(argument) for argument in one.spot.call.args[:2])
        schema = next((f", schema={page.segment(k.value)}" for k in one.spot.call.keywords if k.arg == "schema"), "")
        return f"op.drop_index({name}, table_name={table}{schema}, postgresql_concurrently=True)"
    sql = f"DROP INDEX CONCURRENTLY {quote_qualified(action.table.schema, action.name)}"
    return f"op.execute({sql!r})" if '"' in sql else f'op.execute("{sql}")'


def _concurrently(page: Page, spot: Spot) -> Edit:
    """Return the edit that makes a statement concurrent, where that is possible and means the same."""
    action = spot.action
    if spot.operation not in _CALLS or not isinstance(action, _CALLS[spot.operation]):
        raise Refusal(f"`op.{spot.operation}` does more than that")
    assert isinstance(action, CreateIndex | DropIndex)
    if isinstance(action, CreateIndex):
        table = page.before.table(action.table)
        if table is not None and table.is_partitioned:
            raise Refusal("the table is partitioned: each partition needs an index of its own first")
        if action.if_not_exists:
            raise Refusal("with IF NOT EXISTS, an index that was left half-built would be taken for a whole one")
        if not action.is_named:
            raise Refusal("the index has no name of its own")
    elif action.cascade:
        raise Refusal("CONCURRENTLY refuses CASCADE")
    if spot.operation == "execute":
        page.require_postgresql()
        return add_words(page, spot, "CONCURRENTLY", _behind_index, replace(action, concurrently=True))
    name = spot.call.args[0] if spot.call.args else None
    match name:
        case ast.Constant(value=str()):
            pass
        case ast.Call(func=ast.Attribute(value=ast.Name(id=page.op), attr="f"), args=[ast.Constant(value=str())]):
            pass
        case _:
            raise Refusal("its name is not written out")
    return add_keyword(page, spot.call, "postgresql_concurrently")


def _behind_index(tokens: list[Token]) -> int:
    return next(token.end for token in tokens if token.text.upper() == "INDEX")


def _companions(page: Page, direction: Direction, known: Sequence[_Index]) -> list[_Index]:
    """Return the other statements about indexes that stand there: nothing is found of the second that is dropped."""
    taken = [one.spot.statement for one in known]
    found = []
    for statement in page.functions[direction].body:
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call) and statement not in taken:
            try:
                found.append(_Index(page, page.spot_at(direction, statement, statement.value)))
            except Refusal:
                continue
    return found


def _is_alone(page: Page, direction: Direction, statements: Iterable[ast.stmt]) -> bool:
    """Whether a function does nothing but these, time-outs, and what is concurrent already."""
    taken = set(statements)
    for statement in page.body(page.functions[direction]):
        if statement in taken or _does_nothing(statement):
            continue
        actions = [action for read in page.reads(direction, statement) for action in read.actions]
        own_block = isinstance(statement, ast.With) and is_autocommit(statement, page.op)
        concurrent = own_block and all(getattr(a, "concurrently", False) or is_timeout(a) for a in actions)
        if not actions or not (concurrent or all(is_timeout(action) for action in actions)):
            return False
    return page.is_followed(direction)


def _does_nothing(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Pass) or (
        isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    )


def _runs(page: Page, direction: Direction, statements: Sequence[ast.stmt]) -> list[list[ast.stmt]]:
    """Return statements in groups that stand next to each other."""
    runs: list[list[ast.stmt]] = []
    previous: ast.stmt | None = None
    for statement in page.functions[direction].body:
        if statement in statements:
            if previous in statements:
                runs[-1].append(statement)
            else:
                runs.append([statement])
        previous = statement
    return runs
