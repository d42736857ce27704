"""The merge as a whole: read the files, change what the specification changed, say what could not be.

Driven by the difference of two catalogs, never by the difference between models and catalog: what the specification
leaves alone is not looked at, whatever the models say of it.

- A column that is renamed keeps its attribute, which the rest of the program uses, and says the column's new name.
- A new column follows the column before it in the table, a new class its file's last one.
- A dropped column goes with the relationships over its foreign keys; what else uses it is reported.
- A dropped table's class goes if it has nothing but what is mapped; otherwise it is left and reported.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from alembic_vibe import naming
from alembic_vibe.catalog.facts import Table
from alembic_vibe.catalog.keys import Kind
from alembic_vibe.merge import columns, homes, parts, tables
from alembic_vibe.merge.delta import Delta, TableDelta, find_delta
from alembic_vibe.merge.enums import merge_enums
from alembic_vibe.merge.find import FoundModels, find_models
from alembic_vibe.merge.job import Job
from alembic_vibe.merge.reflow import reflow
from alembic_vibe.merge.relations import add_relations, drop_relations
from alembic_vibe.merge.rules import BY_HAND, STILL_USED, UNREADABLE
from alembic_vibe.merge.source import ModelFile, UnreadableError, read
from alembic_vibe.merge.style import conventions
from alembic_vibe.merge.table_args import set_schema
from alembic_vibe.merge.uses import Gone, find_uses
from alembic_vibe.merge.vocabulary import annotated_types, type_map
from alembic_vibe.merge.wording import Wording
from alembic_vibe.render.models.plan import ModelSection, make_plan
from alembic_vibe.source import Source, Span

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from alembic_vibe.catalog.catalog import Catalog
    from alembic_vibe.catalog.keys import Key
    from alembic_vibe.diagnostics import Diagnostic
    from alembic_vibe.render.models.plan import Plan


@dataclass(frozen=True)
class Request:
    """What a merge needs.

    ``files`` are the model files: bytes by path relative to the project's root, with slashes; ``modules`` gives the
    dotted name of each. ``elsewhere`` gives path and bytes of any other module of the project, for bases and mixins.
    ``before`` is what the models say now and ``after`` what they shall say; ``wanted`` is ``after`` in the words that
    models show. ``renames`` are old keys by new ones. ``generated``: the files are ours, edited by a person since.
    """

    files: Mapping[str, bytes]
    modules: Mapping[str, str]
    before: Catalog
    after: Catalog
    wanted: Catalog
    sections: Sequence[ModelSection]
    renames: Mapping[Key, Key] = field(default_factory=dict)
    elsewhere: Callable[[str], tuple[str, bytes] | None] = lambda _module: None
    generated: bool = False
    line_length: int = 0
    only: frozenset[str] | None = None  # the paths that may be changed; None: all


@dataclass(frozen=True)
class Merged:
    """The files that change, by path, and what could not be done. Bytes where a file is not in UTF-8."""

    files: Mapping[str, str | bytes]
    diagnostics: tuple[Diagnostic, ...] = ()


def merge_models(request: Request) -> Merged:
    """Return the model files as they shall be; where the specification changed nothing, none.

    A file that cannot be read is an error among the diagnostics, and then no file changes.
    """
    delta = find_delta(request.before, request.after, request.renames)
    if not delta:
        return Merged({})
    try:
        job = _job(request, delta)
        _merge(job)
        job.flush()
    except UnreadableError as error:
        return Merged({}, (_unreadable(error, request),))
    return _finish(job, request)


def _job(request: Request, delta: Delta) -> Job:
    own = [
        read(path, request.modules[path], data, package=path.endswith("__init__.py"))
        for path, data in sorted(request.files.items())
    ]

    def elsewhere(module: str) -> ModelFile | None:
        found = request.elsewhere(module)
        return read(found[0], module, found[1], package=found[0].endswith("__init__.py")) if found else None

    known = {
        ("" if table.key.schema == "public" else table.key.schema, table.key.name)
        for catalog in (request.before, request.after)
        for table in catalog.of_type(Table)
    }
    models = find_models(own, elsewhere, known)
    slugs = [*request.sections]
    old_tables = tuple(table.key for table in request.before.of_type(Table))
    old = make_plan(request.before, [ModelSection("before", "", old_tables)])
    new = make_plan(request.wanted, slugs)
    for plan in (old, new):
        _take_names(plan, models, {} if plan is old else request.renames)
    if models.tables and not any(table.cls is not None for table in models.tables):
        for key in list(new.classes):  # a project that only has Table(…) gets no class
            new.variables[key] = naming.variable_name(key.name, set(new.variables.values()))
            del new.classes[key]
    wording = Wording(
        new,
        request.generated,
        conventions(models),
        type_map(models),
        annotated_types(models),
    )
    return Job(models, delta, old, new, wording, request.generated, request.line_length)


def _take_names(plan: Plan, models: FoundModels, renames: Mapping[Key, Key]) -> None:
    """Put the names of the files into a plan, so that relationships are rendered with them."""
    for key in list(plan.home):
        found = models.table(renames.get(key, key)) or models.table(key)
        if found is None:
            continue
        plan.associations.discard(key)
        if found.cls is None:
            plan.classes.pop(key, None)
            plan.attributes.pop(key, None)
            plan.variables[key] = found.variable or plan.variables.get(key, key.name)
            if plan.primary_key(key) is not None and found.variable:
                _keep_association(plan, key)
            continue
        plan.variables.pop(key, None)
        plan.classes[key] = found.cls.name
        attributes = plan.attributes.setdefault(key, {})
        for column in plan.catalog.table(key).columns:
            former = renames.get(key._replace(kind=Kind.COLUMN, member=column.name))
            there = found.columns.get(column.name) or (found.columns.get(former.member) if former else None)
            attributes[column.name] = there.attribute if there is not None else attributes.get(column.name, column.name)


def _keep_association(plan: Plan, key: Key) -> None:
    """Count a ``Table(…)`` of two foreign keys as what ties two classes together."""
    foreign = plan.foreign_keys(key)
    if len(foreign) == 2 and {c for f in foreign for c in f.columns} == {
        c.name for c in plan.catalog.table(key).columns
    }:
        plan.associations.add(key)


def _merge(job: Job) -> None:
    drop_relations(job)
    merge_enums(job)
    if not job.generated:  # a generated module is brought in whole, see `generated`
        homes.choose_homes(job)
    for delta in job.delta.tables:
        if delta.old is not None and delta.new is not None:
            _merge_table(job, delta)
    statements = add_relations(job)
    for delta in job.delta.tables:
        if delta.new is None:
            tables.drop_table(job, delta)
        elif delta.old is None and not job.generated:
            tables.add_table(job, delta, statements)


def _merge_table(job: Job, delta: TableDelta) -> None:
    if delta.old is None or delta.new is None:
        return
    found = job.models.table(delta.old.key) or job.models.table(delta.new.key)
    if found is None:
        sqlmodel = next(
            (cls for cls, name in job.models.sqlmodels if name in {delta.old.key.name, delta.key.name}), None
        )
        if sqlmodel is not None:
            what = f"{delta.key.qualified} changed, and {sqlmodel.name} is a SQLModel class, which is not changed: "
            job.note(BY_HAND, what + _summary(delta), sqlmodel.file, sqlmodel.node.name)
        else:
            job.note(BY_HAND, f"{delta.key.qualified} changed, and no model of it is found: {_summary(delta)}")
        return
    if delta.name:
        _rename_table(job, delta)
    fresh = set()
    for old, new in delta.columns:
        if old is None and new is not None:
            if new.name not in found.columns:
                fresh.add(new.name)
            columns.add_column(job, found, delta, new)
        elif old is not None and new is None:
            columns.drop_column(job, found, old, delta)
        elif old is not None and new is not None:
            columns.change_column(job, found, delta, old, new)
    parts.merge_parts(job, found, delta, fresh)


def _summary(delta: TableDelta) -> str:
    """Return what changed, for who has to write it."""
    words = []
    for old, new in delta.columns:
        word = "new column" if old is None else "dropped column" if new is None else "changed column"
        words.append(f"{word} {(new or old).name}")  # type: ignore[union-attr]
    for before, after in (*delta.constraints, *delta.indexes):
        word = "new" if before is None else "dropped" if after is None else "changed"
        words.append(f"{word} {after.key if after is not None else before.key}")  # type: ignore[union-attr]
    return ", ".join(words)


def _rename_table(job: Job, delta: TableDelta) -> None:
    found = job.models.table(delta.old.key) if delta.old is not None else None
    if found is None or delta.new is None or delta.old is None:
        return
    writer = job.writer(found.file)
    if delta.old.key.name != delta.new.key.name:
        if found.cls is not None:
            member = found.cls.members.get("__tablename__")
            if member is not None and member.statement is not None and member.value is not None:
                found.file.replace(*found.file.span(member.value), writer.string(delta.new.key.name))
            else:
                job.note(
                    BY_HAND,
                    f"{delta.old.key.qualified} is {delta.key.qualified} now, and its name is computed",
                    found.file,
                    found.cls.node.name,
                )
        elif found.call is not None:
            found.file.replace(*found.file.span(found.call.args[0].value), writer.string(delta.new.key.name))
    if delta.old.key.schema != delta.new.key.schema and not set_schema(job, found, delta.new.key.schema):
        job.note(BY_HAND, f"{delta.old.key.qualified} is in schema {delta.new.key.schema} now", found.file)


# -- the end ---------------------------------------------------------------------------------------------------------


def _finish(job: Job, request: Request) -> Merged:
    texts: dict[str, tuple[ModelFile, str]] = {}
    for file in (*job.models.own, *job.created):
        if not file.edits or (request.only is not None and file.path not in request.only and file not in job.created):
            continue
        text, touched = file.result()
        writer = job.writer(file)
        text = reflow(file.path, text, touched, writer.width, file.unit)
        if text != file.text or file in job.created:
            texts[file.path] = (file, text)
    notes = list(job.notes)
    for path, (_, text) in texts.items():
        try:
            _ = read(path, "check", text.encode()).tree
        except UnreadableError as error:  # pragma: no cover - a mistake of ours must not reach the project
            message = f"the change of {path} would not be Python, and was not made"
            return Merged(
                {}, (UNREADABLE.diagnostic(message, source=Source(path, text), span=_line(text, error.line)),)
            )
    gone = [Gone(file.path, cls, name) for file, cls, name in job.dropped]
    for file in job.models.own:
        text = texts[file.path][1] if file.path in texts else file.text
        for item, line in find_uses(file.path, text, gone) if gone else ():
            name = f"{item.cls}.{item.attribute}" if item.cls else item.attribute
            notes.append(
                STILL_USED.diagnostic(
                    f"{name} is gone, and still used here", source=Source(file.path, text), span=_line(text, line)
                )
            )
    out: dict[str, str | bytes] = {}
    for path, (file, text) in sorted(texts.items()):
        data = file.encoded(text)
        out[path] = data.decode() if file.encoding in {"utf-8", "ascii"} else data
    if request.only is not None:
        notes = [note for note in notes if note.shown_path in request.only]
    return Merged(out, tuple(notes))


def _line(text: str, line: int) -> Span:
    starts = [0]
    for part in text.split("\n"):
        starts.append(starts[-1] + len(part) + 1)
    place = starts[max(0, min(line - 1, len(starts) - 2))]
    return Span(place, place)


def _unreadable(error: UnreadableError, request: Request) -> Diagnostic:
    data = request.files.get(error.path, b"")
    text = data.decode("utf-8", errors="replace")
    message = f"{error.path} has to be changed, and {error.reason}; nothing was written"
    if not error.line:
        return UNREADABLE.diagnostic(message, path=error.path)
    return UNREADABLE.diagnostic(message, source=Source(error.path, text), span=_line(text, error.line))
