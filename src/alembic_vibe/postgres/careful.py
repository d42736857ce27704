"""Finds an order in which the statements of a specification work, by trying.

A statement that lacks something waits for the statement that makes a thing of that name; each success wakes those who
wait for it. So each statement runs about once more than it has forward references, not once per round.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any

from alembic_vibe.postgres import execution, foreign_keys, names, repairs
from alembic_vibe.postgres.execution import Failure, Task
from alembic_vibe.postgres.known_extensions import provider_of
from alembic_vibe.postgres.names import Name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import psycopg

    from alembic_vibe.postgres.repairs import Note
    from alembic_vibe.postgres.server import ScratchServer
    from alembic_vibe.sql.statement import Statement

_Key = tuple[int, int]


class CarefulRun:
    """One run, statement by statement. After ``run``, the attributes say what came of it."""

    def __init__(
        self,
        connection: psycopg.Connection[Any],
        server: ScratchServer,
        tasks: Sequence[Task],
        definitions: Sequence[Statement],
        extensions: Mapping[str, Statement],
    ) -> None:
        self._connection = connection
        self._server = server
        self._tasks = tasks
        self._definitions = definitions
        self._makes = {task.statement.index: names.makes(task.statement) for task in tasks}
        self._makers: dict[Name, set[int]] = {}
        for index, made in self._makes.items():
            for name in made:
                self._makers.setdefault(name, set()).add(index)
        self._waiting: dict[Name, list[Task]] = {}
        self._failed: dict[_Key, tuple[Task, Failure]] = {}
        self._waited_for: dict[int, list[Name]] = {}  # of the statements that had to wait, what for
        self._split: dict[int, tuple[str, ...]] = {}
        self._ahead: dict[int, Task] = {}
        self._successes = 0
        self.order: list[int] = []
        self.extensions: dict[str, Statement] = {}
        self._wanted = extensions

    @property
    def failures(self) -> list[Failure]:
        """What remains refused, in the order of the specification."""
        return [failure for _, (_, failure) in sorted(self._failed.items())]

    def run(self) -> None:
        """Run everything that can be run."""
        for extension, statement in self._wanted.items():
            if execution.create_extension(self._connection, extension, statement):
                self.extensions[extension] = statement
        # Roles need nothing, and what is granted to them comes before they do in many a document.
        tasks = sorted(self._tasks, key=lambda task: task.statement.node_type != "CreateRoleStmt")
        self._ahead = {task.statement.index: task for task in tasks}
        segment: deque[Task] = deque()
        for task in tasks:
            if _is_sweeping(task.statement):
                self._drain(segment)
                self._settle()
            # It may have been pulled forward meanwhile.
            if self._ahead.pop(task.statement.index, None) is not None:
                segment.append(task)
        self._drain(segment)
        self._settle()

    def _settle(self) -> None:
        """Try what failed again for as long as that helps, then make tables without circular foreign keys.

        Privileges on "all tables" are meant for those above them. So that such a table does not have to wait for one
        further below, that one is pulled forward.
        """
        while self._failed:
            before = self._successes
            self._waiting.clear()
            self._drain(deque(task for _, (task, _) in sorted(self._failed.items())))
            if self._successes == before and not (self._pull_forward() or self._break_circle()):
                return

    def _pull_forward(self) -> bool:
        """Run what is still ahead and makes something that a failed statement lacks."""
        lacking = {failure.missing for _, failure in self._failed.values()}
        pulled = {index for name in lacking if name for index in self._makers.get(name, ()) if index in self._ahead}
        self._drain(deque(self._ahead.pop(index) for index in sorted(pulled)))
        return bool(pulled)

    def _drain(self, queue: deque[Task]) -> None:
        while queue:
            task = queue.popleft()
            failure = execution.run_one(self._connection, task)
            while failure is not None and self._add_extension(failure):
                failure = execution.run_one(self._connection, task)
            if failure is None:
                self._succeed(task, queue)
                continue
            self._failed[task.key] = (task, failure)
            missing = failure.missing
            if missing is not None:
                self._waiting.setdefault(missing, []).append(task)

    def _succeed(self, task: Task, queue: deque[Task]) -> None:
        index = task.statement.index
        self._successes += 1
        if task.key in self._failed:
            missing = self._failed.pop(task.key)[1].missing
            if missing is not None:
                self._waited_for.setdefault(index, []).append(missing)
        if task.part:
            return  # a foreign key: its table has told everybody
        self.order.append(index)
        for name in self._makes[index]:
            woken = self._waiting.pop(name, [])
            if name.kind == "extension":
                for other in [n for n in self._waiting if provider_of(*n) == name.name]:
                    woken += self._waiting.pop(other)
            # Some were made in another way meanwhile: without their foreign keys.
            woken = [waiting for waiting in woken if waiting.key in self._failed]
            # In the order of the specification, and before anything that is still in the queue.
            queue.extendleft(sorted(woken, key=lambda waiting: waiting.key, reverse=True))

    def _add_extension(self, failure: Failure) -> bool:
        extension = repairs.extension_for(failure, self._server, self._definitions)
        if extension is None or extension in self.extensions:
            return False
        if not execution.create_extension(self._connection, extension, failure.statement):
            return False
        self.extensions[extension] = failure.statement
        return True

    def _break_circle(self) -> bool:
        """Make one table that waits for another without its foreign keys, which become tasks of their own."""
        for key, (task, failure) in sorted(self._failed.items()):
            missing = failure.missing
            if task.statement.node_type != "CreateStmt" or missing is None or missing.kind != "relation" or task.part:
                continue
            waits_for = {(index, 0) for index in self._makers.get(missing, ())}
            if task.statement.index in self._split or not waits_for & self._failed.keys():
                continue
            parts = foreign_keys.split(task.text)
            if parts is None:
                continue
            table, alters = parts
            bare = Task(task.statement, table, exact=False)
            if execution.run_one(self._connection, bare) is not None:
                continue
            self._split[task.statement.index] = alters
            self._failed.pop(key)
            queue = deque(
                Task(task.statement, alter, exact=False, part=number) for number, alter in enumerate(alters, start=1)
            )
            self._succeed(bare, queue)
            self._drain(queue)
            return True
        return False

    def notes(self) -> Iterator[Note]:
        """Say what moved and what was split, one finding a statement."""
        place = {index: number for number, index in enumerate(self.order)}
        by_index = {task.statement.index: task.statement for task in self._tasks}
        for index, reasons in sorted(self._waited_for.items()):
            if index not in place or index in self._split:
                continue
            for name in reversed(reasons):
                makers = set(self._makers.get(name, ()))
                extension = provider_of(*name)
                if extension is not None:
                    makers |= self._makers.get(Name("extension", extension), set())
                # What waited only because an earlier statement had to wait kept its place behind that one.
                later = [maker for maker in makers if maker > index and place.get(maker, len(place)) < place[index]]
                if later:
                    yield repairs.reordered(by_index[index], name, by_index[min(later)])
                    break
        failed = {index for index, _ in self._failed}
        for index, alters in sorted(self._split.items()):
            if index in place and index not in failed:
                yield repairs.split_note(by_index[index], alters)


def _is_sweeping(statement: Statement) -> bool:
    """Whether a statement is about all tables above it, or all below it."""
    grant = statement.node.get("GrantStmt", {})
    return statement.node_type == "AlterDefaultPrivilegesStmt" or grant.get("targtype") == "ACL_TARGET_ALL_IN_SCHEMA"
