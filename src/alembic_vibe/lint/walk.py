"""Goes through the statements of one revision with the schema and the transaction, and asks the rules at each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from alembic_vibe.lint import rules
from alembic_vibe.lint.actions import CreateView, DropView
from alembic_vibe.lint.blocks import statements
from alembic_vibe.lint.model import Direction
from alembic_vibe.lint.moment import Done, Moment, Walk
from alembic_vibe.lint.replay import apply
from alembic_vibe.lint.report import diagnostic
from alembic_vibe.lint.taken import locks_of
from alembic_vibe.lint.transaction import Transaction

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from alembic_vibe.diagnostics import Diagnostic, Rule
    from alembic_vibe.lint.actions import Action
    from alembic_vibe.lint.chain import Chain
    from alembic_vibe.lint.model import Environment, Finding, Rendering, Revision, Settings
    from alembic_vibe.lint.schema import Schema


_WORK = frozenset({"table-rewrite", "blocking-scan"})  # what a downgrade may say that it does


@dataclass
class Walker:
    """Walks through the revisions of a chain, one after another.

    ``schema`` is what the revisions before have made; ``transaction`` goes on from one revision to the next where
    env.py runs all of them in one.
    """

    schema: Schema
    chain: Chain
    environment: Environment
    settings: Settings
    transaction: Transaction | None = None

    def pass_by(self, revision: Revision, rendering: Rendering) -> None:
        """Take in what a revision makes of the schema, without judging it."""
        path = self.schema.search_path
        for emitted in rendering.statements:
            for one in statements(emitted, self.schema.search_path):
                for action in one.actions:
                    apply(action, self.schema, revision.id)
        self.schema.search_path = path  # the session of a migration ends, its settings with it

    def judge(self, revision: Revision, renderings: Mapping[Direction, Rendering]) -> list[Diagnostic]:
        """Walk through a revision and return what the rules find; the schema is then as ``upgrade`` leaves it."""
        before = self.schema.copy()
        walk = Walk(revision, before, self.schema, self.environment, self.settings, self.chain, renderings)
        found = list(self._function(walk, Direction.UPGRADE, self.schema))
        if Direction.DOWNGRADE in self.settings.directions:
            going_on, self.transaction = self.transaction, None
            found += self._function(walk, Direction.DOWNGRADE, self.schema.copy())
            self.transaction = going_on
        for rule, check in rules.with_hook("check_revision"):
            found += self._report(rule, check(walk), revision)
        return list(dict.fromkeys(found))

    def _function(self, walk: Walk, direction: Direction, schema: Schema) -> Iterator[Diagnostic]:
        rendering = walk.renderings.get(direction)
        judged = direction in self.settings.directions
        done = walk.done.setdefault(direction, [])
        path = schema.search_path
        transaction = self._begin()
        number = 0
        for emitted in rendering.statements if rendering else ():
            if emitted.autocommit or transaction.autocommit:
                transaction = transaction.next(autocommit=emitted.autocommit)
                number += 1
            for one in statements(emitted, schema.search_path):
                at = Moment(
                    walk.revision, direction, one, schema, transaction,
                    self.environment, self.settings, self.chain, rendering=rendering,
                )  # fmt: skip
                if judged:
                    for rule, check in rules.with_hook("check_statement", direction):
                        yield from self._report(rule, check(at), walk.revision, at)
                for action in one.actions:
                    yield from self._action(action, at, judged=judged)
                    done.append(Done(action, one, at.locks, number))
                    if transaction.ends_with(action):
                        at.transaction = transaction = transaction.next(autocommit=transaction.autocommit)
                        number += 1
        schema.search_path = path
        if direction is Direction.UPGRADE:
            self.transaction = transaction

    def _action(self, action: Action, at: Moment, *, judged: bool) -> Iterator[Diagnostic]:
        """Judge one action, then let it take effect on the transaction and the schema."""
        locks = locks_of(action, at.before, self.settings.pg_version)
        at.locks = tuple(lock for lock in locks if not at.is_own(lock.table))
        if judged:
            kind: Any = type(action)
            for rule, check in rules.for_action(kind, at.direction):
                if not (rules.hazards(rule.slug) & _WORK and at.is_told(action)):
                    yield from self._report(rule, check(action, at), at.revision, at)
        # A view is not what others wait for; nobody knows what its readers do.
        views = at.before.views.keys() | ({action.view} if isinstance(action, CreateView | DropView) else set())
        at.transaction.take((lock for lock in at.locks if lock.table not in views), at.read)
        at.transaction.note(action, at.read)
        apply(action, at.before, at.revision.id)

    def _begin(self) -> Transaction:
        """Return the transaction in which a function starts."""
        if self.transaction is not None and self.environment.transaction_per_migration is False:
            return self.transaction
        return Transaction(
            lock_timeout=self.environment.lock_timeout, statement_timeout=self.environment.statement_timeout
        )

    def _report(
        self, rule: Rule, findings: Iterable[Finding] | None, revision: Revision, at: Moment | None = None
    ) -> Iterator[Diagnostic]:
        hazards = rules.hazards(rule.slug)
        if hazards and revision.facts.accepted & hazards:
            return
        for finding in findings or ():
            found = diagnostic(
                rule,
                finding,
                revision.source,
                self.settings,
                usual=revision.id_place,
                direction=at.direction if at else None,
                read=at.read if at else None,
                locks=at.locks if at else (),
            )
            if found is not None:
                yield found
