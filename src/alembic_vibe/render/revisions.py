"""Planned revisions → the Python text of their ``upgrade()`` and ``downgrade()``."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING

from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.plan.model import Mode
from alembic_vibe.render.code import Call, Expr, layout, needs_dedent
from alembic_vibe.render.headers import downgrade_facts, header_facts
from alembic_vibe.render.operations import execute, operation_exprs
from alembic_vibe.render.template import render
from alembic_vibe.sql.quoting import quote_literal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from alembic_vibe.catalog.catalog import Catalog
    from alembic_vibe.plan.model import PlannedRevision, Step, Verify
    from alembic_vibe.plan.operations import Excuse, Operation

_INDENT = 4
_PLURALS = {Kind.INDEX: "indexes", Kind.POLICY: "policies", Kind.STATISTICS: "statistics objects"}
_NOT_COUNTED = {Kind.PRIVILEGES, Kind.DEFAULT_PRIVILEGES, Kind.MEMBERSHIP, Kind.CONSTRAINT}


@dataclass(frozen=True)
class Place:
    """Where the spec says something about an object: the words above its statement, and the line."""

    line: int
    comment: str = ""


@dataclass(frozen=True)
class Account:
    """What the texts of the revisions need besides the plan.

    ``places`` are those of the objects, ``section_lines`` the first and last line of each section by its number,
    ``document`` the path of the spec relative to the project. Time-outs are in PostgreSQL's notation.
    """

    document: str
    places: Mapping[Key, Place] = field(default_factory=dict)
    section_lines: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    lock_timeout: str = "2s"
    statement_timeout: str = "30s"

    @property
    def impatience(self) -> str:
        """The statement that lets the session wait for locks as long as a revision may."""
        return f"SET lock_timeout = '{self.lock_timeout}'"


@dataclass(frozen=True)
class RevisionText:
    """What goes into Alembic's revision template. All but the first line of the bodies is indented by four."""

    title: str
    docstring: str
    upgrade: str
    downgrade: str
    imports: str


@dataclass(frozen=True)
class Written:
    """A statement as Python, and why it may stand although the linter has rules against it."""

    expr: Expr
    excuses: tuple[Excuse, ...] = ()

    def text(self, depth: int) -> str:
        """Return it for a function's body, all but its first line indented."""
        rules: dict[str, list[str]] = {}
        for rule, reason in self.excuses:
            rules.setdefault(reason, []).append(rule)
        lines = [f"# vibe: ignore[{', '.join(names)}] reason={_quoted(reason)}" for reason, names in rules.items()]
        return f"\n{' ' * depth}".join([*lines, _print(self.expr, depth)])


@dataclass(frozen=True)
class Paragraph:
    """Statements that belong together, and the comment above them."""

    comment: tuple[str, ...]
    statements: tuple[str, ...]


def render_revision(revision: PlannedRevision, catalog: Catalog, account: Account) -> RevisionText:
    """Return the text of one revision.

    Args:
        revision: What it does.
        catalog: The wanted catalog, for types.
        account: Places and time-outs.
    """
    alone = revision.mode is not Mode.TRANSACTION
    there, back = _Patient(catalog, account, revision.up), _Patient(catalog, account, revision.down)
    write = there.written if alone else lambda operations: _written(operations, catalog)
    up = [(step, write(step.up)) for step in revision.steps]
    write = back.written if alone else write
    down = [(step, write(step.down)) for step in reversed(revision.steps) if step.down]
    checks = [execute(_check(found)) for step in revision.steps for found in step.verify]
    every = [*checks, *(one.expr for _, written in (*up, *down) for one in written)]
    depth = _INDENT * (2 if alone else 1)
    after = [_print(execute(sql), depth) for sql in _RESET] if alone else []
    new = not any(step.title for step in revision.steps)
    notes = ("Everything here is new: the release that is running does not see it (5.M.2).",) if new else ()
    undone = Paragraph((), tuple(one.text(depth) for _, written in down for one in written))
    upgrade = render(
        "revisions/upgrade.mako",
        notes=(*notes, *revision.notes, *(note for step in revision.steps for note in step.notes)),
        checks=[_print(check, _INDENT) for check in checks],
        alone=alone,
        before=_before(there, account, depth, alone=alone),
        after=after,
        paragraphs=list(_paragraphs(up, account, depth)),
    )
    downgrade = render(
        "revisions/downgrade.mako",
        alone=alone,
        before=_before(back, account, depth, alone=alone),
        after=after,
        paragraphs=[undone] if undone.statements else [],
        kept=_kept(revision),
    )
    return RevisionText(
        title=revision.title,
        docstring=_docstring(revision, account),
        upgrade=_body(upgrade),
        downgrade=_body(downgrade),
        imports="\n".join(_imports(every)),
    )


def _written(operations: Sequence[Operation], catalog: Catalog) -> list[Written]:
    """Return the statements of operations; the excuses of one stand above its first statement."""
    found: list[Written] = []
    for operation in operations:
        first, *rest = operation_exprs(operation, catalog)
        found += [Written(first, getattr(operation, "excuses", ())), *map(Written, rest)]
    return found


def _quoted(text: str) -> str:
    return f'"{_one_line(text).replace(chr(34), chr(39))}"'


_RESET = ("RESET lock_timeout", "RESET statement_timeout")


class _Patient:
    """Writes what runs outside a transaction, and lets only that wait for locks which stops nobody while it waits.

    Anything CONCURRENTLY must wait: a time-out would leave an invalid index behind. Any other statement that waited for
    its lock would make everybody else wait behind it.
    """

    def __init__(self, catalog: Catalog, account: Account, operations: Sequence[Operation]) -> None:
        self._catalog = catalog
        self._account = account
        self._waits = bool(operations) and _waits(operations[0])
        self.first = self._setting()  # what has to be said before all others

    def written(self, operations: Sequence[Operation]) -> list[Written]:
        """Return the statements of one step."""
        found: list[Written] = []
        for operation in operations:
            waits = _waits(operation)
            if waits is not self._waits:
                self._waits = waits
                found.append(Written(execute(self._setting())))
            found.extend(_written([operation], self._catalog))
        return found

    def _setting(self) -> str:
        return "SET lock_timeout = 0" if self._waits else self._account.impatience


def _waits(operation: Operation) -> bool:
    return any(" CONCURRENTLY " in sql.partition("\n")[0] for sql in operation.statements)


def _before(patient: _Patient, account: Account, depth: int, *, alone: bool) -> list[str]:
    """Return the time-outs that a revision sets first."""
    if alone:
        found = (patient.first, "SET statement_timeout = 0")
    else:
        found = (
            f"SET LOCAL lock_timeout = '{account.lock_timeout}'",
            f"SET LOCAL statement_timeout = '{account.statement_timeout}'",
        )
    return [_print(execute(sql), depth) for sql in found]


def _check(verify: Verify) -> str:
    """Return a statement that fails while rows are in the way; it works with ``--sql`` as well."""
    return render("sql/check.sql.mako", query=verify.query, message=quote_literal(verify.message)).strip()


def _print(expr: Expr, depth: int) -> str:
    return layout(expr, depth)


def _body(text: str) -> str:
    """Take the indentation off the first line: Alembic's template has it already."""
    return text.strip("\n").removeprefix(" " * _INDENT)


def _paragraphs(steps: Sequence[tuple[Step, list[Written]]], account: Account, depth: int) -> Iterator[Paragraph]:
    """Group the steps: a table with its indexes, short statements of one kind together, everything else alone."""

    def group(item: tuple[Step, list[Written]]) -> object:
        step, _ = item
        if step.key.kind in {Kind.EXTENSION, Kind.PRIVILEGES, Kind.DEFAULT_PRIVILEGES, Kind.MEMBERSHIP}:
            return step.key.kind
        if step.key.kind is Kind.TABLE and step.key.member:
            return "row security"
        operation = step.up[0] if step.up else None
        table = getattr(getattr(operation, "index", None), "table", None)
        return table or step.key

    for _, members in groupby(steps, key=group):
        found = list(members)
        comment = _comment(found[0][0], account)
        yield Paragraph(comment, tuple(one.text(depth) for _, written in found for one in written))


def _comment(step: Step, account: Account) -> tuple[str, ...]:
    place = account.places.get(step.key)
    if step.key.kind is Kind.CONSTRAINT:
        words = "Added by itself, because the tables need each other." if _is_circular(step) else ""
        return (words,) if words else ()
    if place is None or step.key.kind not in {Kind.TABLE, Kind.VIEW, Kind.MATERIALIZED_VIEW, Kind.FUNCTION}:
        return ()
    where = f"{account.document}:{place.line}"
    return (_one_line(f"{place.comment} ({where})" if place.comment else where),)


def _one_line(text: str) -> str:
    """Fold a text for a Python comment: what follows a line break would be code."""
    return " ".join(text.split())


def _is_circular(step: Step) -> bool:
    constraint = getattr(step.up[0], "constraint", None)
    return constraint is not None and constraint.kind == "f" and constraint.validated


def _kept(revision: PlannedRevision) -> list[str]:
    reasons: dict[str, list[str]] = {}
    for step in revision.steps:
        if step.kept:
            reasons.setdefault(step.kept, []).append(_one_line(step.key.name))
    return [f"Kept: {', '.join(names)}; {reason}." for reason, names in reasons.items()]


def _docstring(revision: PlannedRevision, account: Account) -> str:
    first, last = account.section_lines.get(revision.section, (0, 0))
    changes = any(step.title for step in revision.steps)
    telling = changes or any(step.locks for step in revision.steps)
    return render(
        "revisions/docstring.mako",
        section=revision.section if first else "",
        document=account.document,
        first_line=first,
        last_line=last,
        contents="" if changes else _contents(revision),
        facts=header_facts(revision) if telling else downgrade_facts(revision),
    ).strip()


def _contents(revision: PlannedRevision) -> str:
    counts = Counter(
        step.key.kind for step in revision.steps if step.key.kind not in _NOT_COUNTED and not _aspect(step)
    )
    words = [f"{count} {_PLURALS.get(kind, f'{kind}s') if count > 1 else kind}" for kind, count in counts.items()]
    return ", ".join(words) if words else "constraints and privileges"


def _aspect(step: Step) -> bool:
    return step.key.kind is Kind.TABLE and bool(step.key.member)


def _imports(exprs: Sequence[Expr]) -> Iterator[str]:
    if any(map(needs_dedent, exprs)):
        yield "from textwrap import dedent"
    if any(_uses(expr, "postgresql.") for expr in exprs):
        yield "from sqlalchemy.dialects import postgresql"


def _uses(expr: Expr, prefix: str) -> bool:
    match expr:
        case Call(function, args, kwargs):
            inside = (*args, *(value for _, value in kwargs))
            return function.startswith(prefix) or any(_uses(value, prefix) for value in inside)
        case _:
            items = getattr(expr, "items", ())
            return any(_uses(item[1] if isinstance(item, tuple) else item, prefix) for item in items)
