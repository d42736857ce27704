"""Where new tables go: the file of their neighbours, or a module of their own where every table has one."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from alembic_vibe import naming
from alembic_vibe.catalog.facts import ConstraintKind
from alembic_vibe.merge.scan import scan
from alembic_vibe.merge.source import ModelFile

if TYPE_CHECKING:
    from alembic_vibe.catalog.keys import Key
    from alembic_vibe.merge.found import FoundClass, FoundTable
    from alembic_vibe.merge.job import Job

_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def neighbours(job: Job, key: Key) -> list[FoundTable]:
    """Return the tables that a new one belongs to: those of its section, then those that it refers to."""
    section = job.new.home.get(key)
    keys = [other for other, slug in job.new.home.items() if slug == section and other != key]
    keys += [c.references for c in job.new.own(key, ConstraintKind.FOREIGN) if c.references is not None]
    keys += [
        other
        for other in job.new.home
        if any(c.references == key for c in job.new.own(other, ConstraintKind.FOREIGN)) and other != key
    ]
    found = [job.models.table(other) for other in keys]
    return [table for table in found if table is not None and job.is_own(table.file)]


def choose_homes(job: Job) -> None:
    """Decide for every new table in which file it goes."""
    counts = Counter(id(table.file) for table in job.models.tables)
    alone = len(counts) > 1 and max(counts.values()) == 1
    for delta in job.delta.tables:
        if delta.new is None or delta.old is not None or delta.key not in job.new.home:
            continue
        if job.models.table(delta.key) is not None:
            continue
        near = neighbours(job, delta.key)
        model = next((table for table in near if table.cls is not None), None)
        if alone and delta.key in job.new.classes:
            job.homes[delta.key] = _module(job, delta.key, model or _any_table(job))
        elif near:
            job.homes[delta.key] = near[0].file
        else:
            file = _last_file(job)
            if file is not None:
                job.homes[delta.key] = file


def _any_table(job: Job) -> FoundTable | None:
    return next((table for table in job.models.tables if table.cls is not None), None)


def _last_file(job: Job) -> ModelFile | None:
    """Return the file with the most tables."""
    files = [table.file for table in job.models.tables if job.is_own(table.file)]
    return max(files, key=lambda file: (sum(other is file for other in files), file.path), default=None)


def _module(job: Job, key: Key, like: FoundTable | None) -> ModelFile:
    """Return a new module, named as the other modules are: after the class or after the table."""
    name = naming.identifier(key.name)
    singular = _HUMP.sub("_", job.new.classes[key]).lower()
    votes = [
        table.file.module.rpartition(".")[2] == table.name
        for table in job.models.tables
        if table.cls is not None and naming.singular(table.name) != table.name
    ]
    stem = name if votes and sum(votes) * 2 > len(votes) else singular
    pattern = like.file if like is not None else job.models.own[0]
    package, _, _last = pattern.module.rpartition(".")
    folder = pattern.path.rpartition("/")[0]
    taken = {file.path for file in job.models.own}
    path = f"{folder}/{stem}.py" if folder else f"{stem}.py"
    if path in taken:
        stem = f"{stem}_model"
        path = f"{folder}/{stem}.py" if folder else f"{stem}.py"
    module = f"{package}.{stem}" if package else stem
    text = ""
    first = pattern.text.lstrip("\ufeff").splitlines()
    if any(line.startswith("from __future__ import annotations") for line in first):
        text = "from __future__ import annotations\n"
    file = ModelFile(path, module, text)
    file.__dict__["newline"] = pattern.newline
    file.__dict__["unit"] = pattern.unit
    file.__dict__["quote"] = pattern.quote
    job.created.append(file)
    job.models.scans[module] = scan(file)
    job.patterns[id(file)] = pattern
    return file


def base_of(job: Job, key: Key, file: ModelFile) -> tuple[str, FoundClass | None, list[FoundClass]]:
    """Return the base of a new class as its neighbours write it, its class, and all that it inherits from.

    The nearest neighbour's bases are taken one by one: one that brings columns which the new table does not have, or
    has otherwise, is left out, and so are those that only bring methods.
    """
    pattern = job.patterns.get(id(file), file)
    classes = [table.cls for table in neighbours(job, key) if table.cls is not None and table.file is pattern]
    classes += [t.cls for t in job.models.tables if t.cls is not None and t.file is pattern and t.cls not in classes]
    classes += [t.cls for t in job.models.tables if t.cls is not None and t.cls not in classes]
    for cls in classes:
        for base in reversed(cls.bases):
            found = next((p for p in cls.parents if p.name == base.rpartition(".")[2]), None)
            if found is None:
                return base, None, [cls]
            if any(table.cls is found for table in job.models.tables):
                continue
            if _fits(job, key, found):
                return base, found, [cls]
            root = _root(found)
            if root is not None and _fits(job, key, root):
                return root.name, root, [cls]
    return "Base", None, classes[:1]


def _root(cls: FoundClass) -> FoundClass | None:
    """Return the declarative base itself."""
    return next((found for found in reversed(cls.lineage()) if found.unknown), None)


def base_columns(cls: FoundClass | None) -> dict[str, str]:
    """Return the columns that a base brings: attribute by attribute, as it is written."""
    from alembic_vibe.merge.scan import is_column

    if cls is None:
        return {}
    return {
        name: name
        for found in cls.lineage()
        for name, member in found.members.items()
        if is_column(member) and not name.startswith("__")
    }


def _fits(job: Job, key: Key, cls: FoundClass) -> bool:
    """Whether the new table has every column that a base brings, as another table of that base has it."""
    names = base_columns(cls)
    if not names:
        return True
    heir = next((t for t in job.models.tables if t.cls is not None and cls in t.cls.lineage()[1:]), None)
    table = job.new.catalog.table(key)
    there = {column.name: column for column in table.columns}
    like = None
    for other in job.old.home:
        if heir is not None and job.models.table(other) is heir:
            like = {column.name: column for column in job.old.catalog.table(other).columns}
    return all(name in there and like is not None and name in like and _same(there[name], like[name]) for name in names)


def _same(one: object, other: object) -> bool:
    names = ("type", "not_null", "identity", "generated")
    serial = all(str(getattr(column, "default", "")).startswith("nextval(") for column in (one, other))
    same = serial or getattr(one, "default", None) == getattr(other, "default", None)
    return same and all(getattr(one, name) == getattr(other, name) for name in names)
