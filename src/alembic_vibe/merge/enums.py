"""Enum types: how the project writes them, and labels that come and go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe import naming
from alembic_vibe.catalog.facts import Enum
from alembic_vibe.merge.places import insert_statement, remove_statement
from alembic_vibe.merge.scan import dotted, keyword, last_name, positional, string_value
from alembic_vibe.merge.wording import Enums

if TYPE_CHECKING:
    from collections.abc import Iterator

    import libcst as cst

    from alembic_vibe.catalog.keys import Key
    from alembic_vibe.merge.found import FoundClass
    from alembic_vibe.merge.job import Job
    from alembic_vibe.merge.scan import Scan
    from alembic_vibe.merge.style import Writer

_WORDS = frozenset({"Enum", "ENUM"})


def _calls(job: Job, key: Key) -> Iterator[tuple[Scan, cst.Call, FoundClass | None]]:
    """Yield the ``Enum(…)`` of a type, with the class that gives the labels, if one does."""
    import libcst as cst
    from libcst import matchers

    for file in job.models.own:
        if key.name.replace("_", "").lower() not in file.text.replace("_", "").lower():
            continue
        here = job.models.scan_of(file)
        for node in matchers.findall(file.tree, matchers.Call()):
            if not isinstance(node, cst.Call):
                continue
            called = dotted(node.func)
            imported = here.imports.get(called)
            if last_name(node.func) not in _WORDS and not (imported is not None and imported.name in _WORDS):
                continue
            args = positional(node)
            place = job.models.resolve(here, dotted(args[0].value)) if args and dotted(args[0].value) else None
            cls = place[0].classes.get(place[1]) if place is not None else None
            given = keyword(node, "name")
            name = string_value(given.value) if given is not None else cls.name.lower() if cls is not None else None
            if name == key.name:
                yield here, node, cls


def enums_in(job: Job, writer: Writer) -> dict[Key, Enums]:
    """Return how a file may write the enum types: as it does already, or as another one does, with what it imports."""
    if id(writer.file) in job.enums:
        return job.enums[id(writer.file)]
    result: dict[Key, Enums] = {}
    for key, fact in job.new.catalog.facts.items():
        if not isinstance(fact, Enum) or job.generated:
            continue
        found = list(_calls(job, key))
        near = next(((call, cls) for here, call, cls in found if here.file is writer.file), None)
        if near is not None:
            call, cls = near
            result[key] = Enums(writer.file.code(call), cls.name if cls is not None else "")
            continue
        far = next(((here, call, cls) for here, call, cls in found if cls is not None), None)
        if far is not None and far[2] is not None:
            here, call, cls = far
            circular = any(i.module == writer.file.module for i in job.models.scan_of(cls.file).imports.values())
            own = keyword(call, "values_callable")
            if not circular and (own is None or not dotted(own.value)):
                rest = [here.file.code(arg) for arg in call.args if arg.keyword is not None]
                rest = [text.rstrip(", \t\r\n") for text in rest]
                result[key] = Enums(", ".join([cls.name, *rest]), cls.name, cls.file.module)
    job.enums[id(writer.file)] = result
    return result


def merge_enums(job: Job) -> None:
    """Add and remove the labels of enum types, wherever the models write them."""
    for old, new in job.delta.enums:
        done: set[int] = set()
        for here, call, cls in _calls(job, old.key):
            if not job.is_own(here.file):
                continue
            if old.key.name != new.key.name:
                given = keyword(call, "name")
                text = job.writer(here.file).string(new.key.name)
                if given is not None:
                    here.file.replace(*here.file.span(given.value), text)
                else:
                    job.arguments(here.file, call).insert(len(call.args), lambda _pad, text=text: f"name={text}")  # type: ignore[misc]
            if cls is None:
                _merge_strings(job, here, call, old, new)
            elif id(cls) not in done and job.is_own(cls.file):
                done.add(id(cls))
                _merge_members(job, cls, old, new, by_value=keyword(call, "values_callable") is not None)


def _merge_strings(job: Job, here: Scan, call: cst.Call, old: Enum, new: Enum) -> None:
    listing = job.arguments(here.file, call)
    there = {string_value(arg.value): number for number, arg in enumerate(call.args) if arg.keyword is None}
    writer = job.writer(here.file)
    for label in old.labels:
        if label not in new.labels and label in there:
            listing.removed.add(there[label])
    place = 0
    for label in new.labels:
        if label in there:
            place = there[label] + 1
        else:
            text = writer.string(label)
            listing.insert(place, lambda _pad, text=text: text)  # type: ignore[misc]


def _merge_members(job: Job, cls: FoundClass, old: Enum, new: Enum, *, by_value: bool) -> None:
    members = {}
    for member in cls.members.values():
        label = string_value(member.value) if by_value else member.name
        if label is not None:
            members[label] = member
    for label in old.labels:
        if label not in new.labels and label in members:
            remove_statement(cls.file, members[label])
            job.dropped.append((cls.file, cls.name, members[label].name))
    writer = job.writer(cls.file)
    taken = {member.name for member in members.values()}
    lower = bool(members) and all(name == name.lower() for name in taken)
    before = None
    for label in new.labels:
        if label in members:
            before = members[label]
            continue
        name = naming.member_name(label, taken) if by_value else label
        name = name.lower() if lower and by_value else name
        value = label if by_value else _value_like(cls, label)
        taken.add(name)
        text = f"{name} = {writer.string(value) if value else _auto(cls)}"
        line = before.line if before is not None else None
        insert_statement(cls.file, (cls, line, False), text)


def _value_like(cls: FoundClass, label: str) -> str:
    """Return the value of a member whose name is the label, as the other members have theirs; empty: ``auto()``."""
    values = {member.name: string_value(member.value) for member in cls.members.values()}
    if any(value is None for value in values.values()):
        return ""
    if all(value == name.lower() for name, value in values.items()):
        return label.lower()
    return label


def _auto(cls: FoundClass) -> str:
    member = next((m for m in cls.members.values() if m.call is not None), None)
    return f"{dotted(member.call.func)}()" if member is not None and member.call is not None else "auto()"
