"""What a run may plan: what is the spec's own, what was renamed, what waits for a pending phase, what was accepted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Table
from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.diagnostics import DecisionNeededError, Diagnostic, Rule, Severity
from alembic_vibe.diff.candidates import find_candidates, questions
from alembic_vibe.diff.compare import ChangeKind, compare
from alembic_vibe.diff.ownership import States, sort_out, with_foreign
from alembic_vibe.diff.refine import refine
from alembic_vibe.diff.renamed import Renamed, column_statements, renamed_changes, table_statements
from alembic_vibe.diff.renames import resolve
from alembic_vibe.hazards import HAZARDS, UNACCEPTED, UNKNOWN, is_accepted, unknown
from alembic_vibe.history.snapshot import Snapshot
from alembic_vibe.plan.blocks import away
from alembic_vibe.plan.intents import find_intents
from alembic_vibe.plan.model import Phase
from alembic_vibe.plan.situation import Situation, table_of
from alembic_vibe.plan.workspace import SCHEMA as VIBE
from alembic_vibe.sql.compose import Name

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from alembic_vibe.catalog.catalog import Catalog
    from alembic_vibe.compilation import Compiled
    from alembic_vibe.diff.compare import Change
    from alembic_vibe.diff.ownership import Foreign
    from alembic_vibe.diff.renames import Renames
    from alembic_vibe.plan.evolution import Evolution
    from alembic_vibe.plan.intents import Intents
    from alembic_vibe.plan.model import PlannedRevision
    from alembic_vibe.plan.pending import Pending
    from alembic_vibe.recall import Recall
    from alembic_vibe.results import Acceptance, GenerateOptions
    from alembic_vibe.source import Source, Span

UNPLANNED = Rule(
    code="AV831",
    slug="change-without-strategy",
    severity=Severity.ERROR,
    summary="The specification changes something in a way that has no strategy.",
    why="A change of what a running release uses wants phases and weak locks; where none is known, nothing is guessed.",
    fix="Write the revision for this change by hand, then run generate again: it plans what is left.",
    bad="-- was: CREATE TYPE span AS RANGE (subtype = date);\nCREATE TYPE span AS RANGE (subtype = timestamptz);",
    good="-- a type of another name, to which columns can be moved\n"
    "CREATE TYPE moments AS RANGE (subtype = timestamptz);",
)
UNFINISHED = Rule(
    code="AV840",
    slug="change-still-pending",
    severity=Severity.ERROR,
    summary="The specification changes something whose last change is not finished.",
    why="While the contract of a change waits, the object has two shapes at once. A second change on top would have to "
    "guess which of them it starts from.",
    fix="When the old release is gone, run `alembic-vibe generate --phase contract` and apply it; then change this.",
    bad="-- orders.amount is on its way to bigint, its contract is pending\nCREATE TABLE orders (amount numeric);",
    good="$ alembic-vibe generate --phase contract",
)
LOST = Rule(
    code="AV845",
    slug="snapshot-missing",
    severity=Severity.ERROR,
    summary="The revisions have left something for a later phase, and the snapshot, which says what, is not there.",
    why="What is pending stands in vibe_snapshot.json only. Without it, finished work would be planned again, and what "
    "is set aside would stay for ever.",
    fix="Take vibe_snapshot.json from version control again; it belongs beside the revisions.",
    bad="$ rm migrations/vibe_snapshot.json",
    good="$ git checkout migrations/vibe_snapshot.json",
)
RULES = (UNPLANNED, UNFINISHED, LOST)


@dataclass(frozen=True)
class Decided:
    """What to plan (``situation``), what the proof must arrive at, what is not the spec's, and what to tell."""

    situation: Situation
    target: Catalog
    foreign: tuple[str, ...] = ()
    notes: tuple[Diagnostic, ...] = ()


def decide(
    compiled: Compiled,
    before: Catalog,
    snapshot: Snapshot | None,
    pending: Sequence[Pending],
    recall: Recall,
    options: GenerateOptions,
) -> Decided:
    """Compare the chain with the spec, and return the changes to plan.

    Args:
        compiled: The spec.
        before: What the chain makes, once all that is pending has run.
        snapshot: What the last run left.
        pending: The revisions that wait.
        recall: For states under new names.
        options: Renamings and acceptances.

    Raises:
        DecisionNeededError: Only the author can say what is meant.
    """
    _known(options.accepted)
    if snapshot is None:
        _refuse_remains(before)
    statements = compiled.parsed.sql.statements
    intents = find_intents(statements, compiled.origins.first)
    waiting = [found.revision for found in pending]
    renamed, named, renames = _renamed(before, compiled.catalog, intents, recall, waiting, options)
    known = snapshot or Snapshot(compiled.spec.source.path, "", compiled.catalog.server_version)
    owned = sort_out(
        renamed.changes,
        States(known.facts, before, named, compiled.catalog, known.server_version),
        renames,
        accepted=options.accepted,
        known=known.foreign,
        statements=statements,
    )
    candidates = find_candidates(owned.changes, renamed.before, compiled.catalog, options.accepted, intents.moved)
    asked = (*owned.undecided, *questions(candidates, statements))
    if asked:
        raise DecisionNeededError(asked)
    _refuse_unfinished(owned.changes, pending, compiled)
    target = _with_ties(with_foreign(compiled.catalog, owned.foreign), renamed.before, owned.foreign)
    situation = Situation(
        before=renamed.before,
        after=target,
        old_words=_words(renamed.before, snapshot),
        new_words=_with_ties(with_foreign(compiled.authored, owned.foreign), renamed.before, owned.foreign),
        changes=owned.changes,
        intents=replace(intents, renamed=renames.renamed, renamed_labels=renames.labels),
        old_source=_sources(renamed.before, snapshot),
        new_source=compiled.origins.source,
    )
    return Decided(situation, target, owned.foreign.names, (*renames.notes, *owned.notes))


def _renamed(
    before: Catalog,
    wanted: Catalog,
    intents: Intents,
    recall: Recall,
    pending: Sequence[PlannedRevision],
    options: GenerateOptions,
) -> tuple[Renamed, Catalog, Renames]:
    """Return the old state with its tables renamed and the changes from there; with everything renamed; and what was.

    PostgreSQL carries the names through views, constraints and policies: the renaming is run on a scratch database.
    """
    renames = resolve(intents.renamed, intents.renamed_labels, options.renames, before, wanted, intents.places)
    if renames.problems:
        raise DecisionNeededError(renames.problems)
    if not renames.renamed:
        return Renamed(before, refine(compare(before, wanted), before, wanted)), before, renames
    tables = table_statements(renames, before)
    with_tables = recall.after(tables, pending) if tables else before
    named = recall.after([*tables, *column_statements(renames)], pending)
    return renamed_changes(before, with_tables, named, wanted, renames), named, renames


def _refuse_remains(before: Catalog) -> None:
    """Refuse a chain that holds what a plan leaves for a while, where no snapshot says what becomes of it."""
    names = [str(key) for key in before.facts if key.schema == VIBE or key.member.startswith(f"{VIBE}_")]
    names += [f"{t.key}.{c.name}" for t in before.of_type(Table) for c in t.columns if c.name.startswith(f"{VIBE}_")]
    if names:
        raise DecisionNeededError(LOST.diagnostic(f"there is no vibe_snapshot.json, but {names[0]} waits for its end"))


def _with_ties(catalog: Catalog, before: Catalog, foreign: Foreign) -> Catalog:
    """Return a catalog with what the objects that are left alone depend on."""
    if not foreign.objects:
        return catalog
    ties = {key: before.depends[key] for key in foreign.objects if key in before.depends}
    users = dict(catalog.column_users)
    for column, keys in before.column_users.items():
        left = keys & foreign.objects.keys()
        if left:
            users[column] = users.get(column, frozenset()) | left
    return replace(catalog, depends={**catalog.depends, **ties}, column_users=users)


def _words(before: Catalog, snapshot: Snapshot | None) -> Catalog:
    """Return the old state in the author's words, where they are known and nobody has changed the object since."""
    if snapshot is None:
        return before
    facts = dict(before.facts)
    for key, words in snapshot.words.items():
        if key in facts and facts[key] == snapshot.facts.get(key):
            facts[key] = words
    return replace(before, facts=facts)


def _sources(before: Catalog, snapshot: Snapshot | None) -> dict[Key, str]:
    if snapshot is None:
        return {}
    return {
        key: text
        for key, text in snapshot.sources.items()
        if key in before.facts and before.facts[key] == snapshot.facts.get(key)
    }


# -- what is pending -------------------------------------------------------------------------------------------------


def _refuse_unfinished(changes: Iterable[Change], pending: Sequence[Pending], compiled: Compiled) -> None:
    """Refuse changes of what a pending contract still has to finish, or of a name that a pending purge still holds."""
    busy: dict[Key, Pending] = {}
    for found in pending:
        for step in found.revision.steps:
            if step.key.kind is not Kind.SCHEMA and found.revision.phase is Phase.CONTRACT:
                busy.setdefault(step.key, found)
    tables: dict[Key, set[str]] = {}
    for key in busy:
        if key.kind is Kind.COLUMN:
            tables.setdefault(table_of(key), set()).add(key.member)
    refused = []
    for change in changes:
        reason = busy.get(change.key) or _names_busy_column(change, tables, busy) or _holds_name(change, pending)
        if reason is not None:
            message = f"{change.describe()}, while '{reason.revision.title}' is pending"
            source, span = place(change.key, compiled)
            refused.append(UNFINISHED.diagnostic(message, source=source, span=span))
    if refused:
        raise DecisionNeededError(refused)


def _holds_name(change: Change, pending: Sequence[Pending]) -> Pending | None:
    """Return the purge that still has the name under which a column would be set aside."""
    if change.kind is not ChangeKind.DROP or change.key.kind is not Kind.COLUMN:
        return None
    hidden = str(Name(away(change.key.member)))
    for found in pending:
        here = any(table_of(step.key) == table_of(change.key) for step in found.revision.steps)
        if here and any(hidden in sql for operation in found.revision.up for sql in operation.statements):
            return found
    return None


def _names_busy_column(change: Change, tables: dict[Key, set[str]], busy: dict[Key, Pending]) -> Pending | None:
    fact = change.after or change.before
    columns = set(getattr(fact, "columns", ())) if change.key.kind is Kind.CONSTRAINT else set()
    table = table_of(change.key)
    if change.key.kind is Kind.INDEX:
        table = getattr(fact, "table", table)
        columns = {key.column for key in getattr(fact, "keys", ()) if key.column}
    hit = sorted(str(name) for name in columns & tables.get(table, set()))
    return busy[Key(Kind.COLUMN, table.schema, table.name, hit[0])] if hit else None


# -- refusals --------------------------------------------------------------------------------------------------------


def place(key: Key, compiled: Compiled) -> tuple[Source | None, Span | None]:
    """Return where the spec makes an object or its table, for a diagnostic."""
    first = compiled.origins.first
    index = first.get(key, first.get(table_of(key)))
    if index is None:
        return None, None
    statement = compiled.parsed.sql.statements[index]
    return statement.source, statement.span


def refuse_unplanned(evolution: Evolution, compiled: Compiled) -> None:
    """Raise ``DecisionNeededError`` where the author must say more, or nothing is known to be safe."""
    problems = list(evolution.undecided)
    for change in evolution.plan.unplanned:
        source, span = place(change.key, compiled)
        problems.append(UNPLANNED.diagnostic(change.describe(), source=source, span=span))
    if problems:
        raise DecisionNeededError(problems)


def refuse_unaccepted(revisions: Iterable[PlannedRevision], accepted: Sequence[Acceptance] | None) -> None:
    """Raise ``DecisionNeededError`` with the option to give for each hazard that nobody has accepted.

    Args:
        revisions: What would be written, or become pending.
        accepted: The options; ``None``: what is written now was accepted when it was planned.
    """
    if accepted is None:
        return
    pairs = [(found.hazard, found.object) for found in accepted]
    dangers = dict.fromkeys(danger for r in revisions for step in r.steps for danger in step.dangers)
    refused = [
        UNACCEPTED.diagnostic(
            f"{danger.hazard.slug}: {danger.message}", help=f"{danger.hazard.why} To go on: {danger.option}"
        )
        for danger in dangers
        if not is_accepted(danger, pairs)
    ]
    if refused:
        raise DecisionNeededError(refused)


def _known(accepted: Sequence[Acceptance]) -> None:
    wrong = unknown([found.hazard for found in accepted])
    if wrong:
        names = ", ".join(hazard.slug for hazard in HAZARDS)
        raise DecisionNeededError(UNKNOWN.diagnostic(f"there is no hazard {', '.join(wrong)}; there are {names}"))
