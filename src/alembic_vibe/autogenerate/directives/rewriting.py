"""From the scripts that autogenerate (or an earlier hook) made to those that are written."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any, Protocol, cast

from alembic import util
from alembic.operations import ops

from alembic_vibe.autogenerate.directives import recipes
from alembic_vibe.autogenerate.directives.model import Piece, Stage
from alembic_vibe.autogenerate.directives.operations import Autocommit, Comment, Nothing, Refusal
from alembic_vibe.autogenerate.directives.situation import Situation, log, table_key
from alembic_vibe.autogenerate.directives.translated import translated
from alembic_vibe.autogenerate.directives.writing import sql
from alembic_vibe.sql.compose import Literal

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from alembic.operations.ops import MigrateOperation, MigrationScript
    from alembic.runtime.migration import MigrationContext

    from alembic_vibe.autogenerate.directives.situation import TableKey


ONE_DATABASE = "upgrades"  # what env.py of several databases changes (Alembic, template "multidb")


class Recipe(Protocol):
    """What a module of ``recipes`` has."""

    HANDLES: tuple[type[MigrateOperation], ...]

    def rewrite(
        self, up: MigrateOperation, down: MigrateOperation | None, situation: Situation
    ) -> Sequence[Piece] | None:
        """Return what an operation becomes; None: it stays as it is, or another recipe knows."""
        ...


class _Upgrade(ops.UpgradeOps):
    """The operations of the last revision, which still say what was found: ``alembic check`` asks these alone."""

    found: ops.UpgradeOps

    def as_diffs(self) -> Any:
        return self.found.as_diffs()


@cache
def all_recipes() -> tuple[Recipe, ...]:
    """Return the modules of ``recipes``, in the order of their names."""
    names = sorted(entry.name for entry in iter_modules(recipes.__path__, recipes.__name__ + "."))
    return tuple(cast("Recipe", import_module(name)) for name in names)


def rewrite(context: MigrationContext, scripts: Sequence[MigrationScript], lock_timeout: str) -> list[MigrationScript]:
    """Return the scripts to write instead, each behind the one before it."""
    written: list[MigrationScript] = []
    moved: dict[str | None, str | None] = {}
    taken = _taken(context, scripts)
    for script in scripts:
        if script.head in moved:
            script.head = moved[script.head]
        made = _rewrite_one(context, script, lock_timeout, taken)
        moved[script.rev_id] = made[-1].rev_id
        written.extend(made)
    return written


def _rewrite_one(
    context: MigrationContext, script: MigrationScript, lock_timeout: str, taken: set[str | None]
) -> list[MigrationScript]:
    if getattr(script, "_vibe_is_safe", False):
        return [script]
    upgrade, downgrade = script.upgrade_ops_list[0], script.downgrade_ops_list[0]
    if len(script.upgrade_ops_list) > 1 or upgrade.upgrade_token != ONE_DATABASE:
        log.warning("safe_directives leaves revisions of several databases as they are")
        return [script]
    situation = Situation(context, _flat(upgrade), _flat(downgrade), lock_timeout)
    revisions = _revisions(situation)
    if not revisions or (len(revisions) == 1 and not _changes(revisions[0], situation)):
        return [script]
    if len(revisions) > 1 and not context._transaction_per_migration:
        situation.tell(
            "env.py does not set transaction_per_migration=True: all revisions of an upgrade share one transaction, so "
            "the locks of the first are kept until the last is done. Set it in context.configure()."
        )
    return _scripts(script, revisions, lock_timeout, upgrade, situation, taken)


def _flat(container: ops.OpContainer) -> list[MigrateOperation]:
    found: list[MigrateOperation] = []
    for one in container.ops:
        found.extend(_flat(one) if isinstance(one, ops.OpContainer) else [translated(one)])
    return found


def _revisions(situation: Situation) -> list[list[Piece]]:
    """Return the pieces of each revision, in order; what no recipe takes keeps its place among the rest."""
    pieces: list[Piece] = []
    for up, down in zip(situation.upgrade, situation.partners, strict=True):
        made = _pieces(up, down, situation)
        if made is None:
            made = (Piece(Stage.BASE, (up,), () if down is None else (down,)),)
        pieces.extend(replace(one, tables=one.tables or _locked(one, situation)) for one in made)
    _keep_strangers(pieces, situation)
    revisions: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda one: one.stage):  # sorted() keeps the order within a stage
        if revisions and _fits(revisions[-1], piece):
            revisions[-1].append(piece)
        else:
            revisions.append([piece])
    return revisions


def _locked(piece: Piece, situation: Situation) -> frozenset[TableKey | None]:
    return frozenset(table for one in piece.upgrade for table in situation.locked(one))


def _fits(revision: Sequence[Piece], piece: Piece) -> bool:
    """Whether a piece may share a transaction: while it waits for its lock, no other table may stay locked."""
    if revision[0].stage is not piece.stage or piece.alone or revision[-1].alone:
        return False
    return len(piece.tables.union(*(one.tables for one in revision))) <= 1


def _keep_strangers(pieces: list[Piece], situation: Situation) -> None:
    """Put what only ``downgrade`` has, by the hand of an earlier hook, behind what stands before it there."""
    known = {id(one) for one in situation.partners}
    owners = {id(one): number for number, piece in enumerate(pieces) for one in piece.downgrade}
    last = max((number for number, one in enumerate(pieces) if one.stage is Stage.BASE), default=None)
    owner = last
    for one in situation.downgrade:
        if id(one) in owners:
            owner = owners[id(one)]
        elif id(one) not in known and owner is None:
            pieces.append(Piece(Stage.BASE, (), (one,)))
            owner = len(pieces) - 1
        elif id(one) not in known and owner is not None:
            pieces[owner] = replace(pieces[owner], downgrade=(*pieces[owner].downgrade, one))


def _pieces(up: MigrateOperation, down: MigrateOperation | None, situation: Situation) -> Sequence[Piece] | None:
    for recipe in all_recipes():
        if isinstance(up, recipe.HANDLES):
            made = recipe.rewrite(up, down, situation)
            if made is not None:
                return made
    return None


def _changes(revision: Sequence[Piece], situation: Situation) -> bool:
    """Whether the only revision is another than the one that was found, or waits for locks on tables in use."""
    upgrade = [one for piece in revision for one in piece.upgrade]
    same = len(upgrade) == len(situation.upgrade) and all(map(lambda a, b: a is b, upgrade, situation.upgrade))
    return not same or _waits(upgrade, situation)


def _waits(operations: Sequence[MigrateOperation], situation: Situation) -> bool:
    """Whether operations of a transaction may wait for a lock on a table that is in use."""
    for one in operations:
        if isinstance(one, Autocommit | Comment | Nothing | Refusal):
            continue
        if table_key(one) not in situation.created or situation.locked(one):
            return True
    return False


def _scripts(
    script: MigrationScript,
    revisions: Sequence[Sequence[Piece]],
    lock_timeout: str,
    found: ops.UpgradeOps,
    situation: Situation,
    taken: set[str | None],
) -> list[MigrationScript]:
    wait = sql("SET LOCAL lock_timeout = {time}", time=Literal(lock_timeout))
    made: list[MigrationScript] = []
    for number, pieces in enumerate(revisions):
        bodies = [
            [one for piece in pieces for one in piece.upgrade],
            [one for piece in reversed(pieces) for one in piece.downgrade],
        ]
        for body in bodies:
            if _waits(body, situation):
                body.insert(0, wait)
            elif len({type(one) for one in body}) == 1 and isinstance(body[0], Nothing):
                del body[1:]
        upgrade = _Upgrade(bodies[0], upgrade_token=found.upgrade_token)
        upgrade.found = found if number == len(revisions) - 1 else ops.UpgradeOps(bodies[0])
        title = ", ".join(piece.title for piece in pieces if piece.title)
        follower = ops.MigrationScript(
            script.rev_id if number == 0 else _next_id(made[-1].rev_id, taken),
            upgrade,
            ops.DowngradeOps(bodies[1], downgrade_token=script.downgrade_ops_list[0].downgrade_token),
            message=_message(script.message, title, alone=len(revisions) == 1),
            imports=set(script.imports),
            head=script.head if number == 0 else made[-1].rev_id,
            splice=script.splice if number == 0 else None,
            branch_label=script.branch_label if number == 0 else None,
            version_path=script.version_path,
            depends_on=script.depends_on if number == 0 else None,
        )
        follower._vibe_is_safe = True  # type: ignore[attr-defined]
        made.append(follower)
        taken.add(follower.rev_id)
    refused = _refusals(revisions)
    if refused:  # nothing of all this is written: the first revision is printed before any file is written
        made[0].upgrade_ops_list[0].ops.insert(0, refused[0])
    return made


def _refusals(revisions: Sequence[Sequence[Piece]]) -> list[Refusal]:
    """Return what no revision can be written for."""
    return [one for pieces in revisions for piece in pieces for one in piece.upgrade if isinstance(one, Refusal)]


def _message(message: str | None, title: str, *, alone: bool) -> str | None:
    if alone or not title:
        return message
    return f"{message}: {title}" if message else title


def _next_id(before: str | None, taken: Collection[str | None]) -> str:
    """Return the id behind another: the next number where the project counts, else one of Alembic's."""
    if before and before.isdigit():
        following = str(int(before) + 1).zfill(len(before))
        if following not in taken:
            return following
    return str(util.rev_id())


def _taken(context: MigrationContext, scripts: Sequence[MigrationScript]) -> set[str | None]:
    """Return the ids of the project's revisions, and those of this run."""
    scripted = getattr(context.environment_context, "script", None)
    there = {one.revision for one in scripted.walk_revisions()} if scripted is not None else set()
    return there | {script.rev_id for script in scripts}
