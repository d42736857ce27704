"""Relationships that new foreign keys bring, and those that go with the foreign keys they used.

A project without any relationship gets none: it reaches its rows in another way. Where all of them are made with
``backref``, new ones are as well; otherwise both sides are written, with ``back_populates``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from alembic_vibe import naming
from alembic_vibe.catalog.facts import Constraint, ConstraintKind
from alembic_vibe.merge.columns import is_dataclass
from alembic_vibe.merge.homes import base_of
from alembic_vibe.merge.places import after_member, insert_statement, remove_statement
from alembic_vibe.merge.scan import is_column, is_relation, keyword, mapped_inner, positional, string_value
from alembic_vibe.render.code import Call, Raw, Sequence, Str
from alembic_vibe.render.models.relationships import Relationship, relationships

if TYPE_CHECKING:
    import libcst as cst

    from alembic_vibe.catalog.keys import Key
    from alembic_vibe.merge.found import FoundClass, FoundTable, Member
    from alembic_vibe.merge.job import Job
    from alembic_vibe.merge.source import ModelFile
    from alembic_vibe.merge.style import Writer
    from alembic_vibe.render.code import Expr
    from alembic_vibe.render.elements import Keywords
    from alembic_vibe.render.models.plan import Plan

_WORD = re.compile(r"[A-Za-z_]\w*")
_NEEDED = {"foreign_keys", "remote_side", "secondary", "back_populates", "post_update", "overlaps"}


def _all_relations(job: Job) -> list[tuple[FoundClass, Member]]:
    return [
        (cls, member)
        for table in job.models.tables
        for cls in table.classes
        for member in cls.members.values()
        if is_relation(member)
    ]


def target_of(job: Job, member: Member) -> FoundTable | None:
    """Return the table that a relationship leads to."""
    args = positional(member.call) if member.call is not None else []
    text = ""
    if args:
        text = string_value(args[0].value) or ""
        text = text or next(iter(_code(args[0].value)), "")
    if text:
        return job.models.class_named(text)
    if member.annotation is None:
        return None
    inner = mapped_inner(member.annotation)
    for word in _code(inner if inner is not None else member.annotation.annotation):
        found = job.models.class_named(word)
        if found is not None:
            return found
    return None


def _code(node: object) -> list[str]:
    import libcst as cst

    return _WORD.findall(cst.Module([]).code_for_node(node)) if isinstance(node, cst.CSTNode) else []


# -- dropped ---------------------------------------------------------------------------------------------------------


def drop_relations(job: Job) -> None:
    """Take out the relationships that used a foreign key which is gone."""
    for delta in job.delta.tables:
        if delta.old is None:
            continue
        child = job.models.table(delta.old.key)
        if delta.new is None:
            gone = job.old.own(delta.old.key, ConstraintKind.FOREIGN)
        else:
            gone = [
                old
                for old, new in delta.constraints
                if old is not None
                and old.kind == ConstraintKind.FOREIGN
                and not _stays(job, delta.new.key, old, dict(delta.renamed_columns.items()))
            ]
        for constraint in gone:
            parent = job.models.table(constraint.references) if constraint.references is not None else None
            if child is not None and parent is not None:
                _drop_links(job, child, parent, constraint)
        if child is not None and delta.new is None:
            _drop_secondary(job, child)


def _stays(job: Job, table: Key, old: Constraint, renamed: dict[str, str]) -> bool:
    for new in job.new.own(table, ConstraintKind.FOREIGN):
        columns = tuple(renamed.get(name, name) for name in new.columns)
        if columns == old.columns and new.references is not None and old.references is not None:
            there, before = job.models.table(new.references), job.models.table(old.references)
            if new.references == old.references or there is before or there is None:
                return True
    return False


def _drop_links(job: Job, child: FoundTable, parent: FoundTable, constraint: Constraint) -> None:
    several = _paths(job.old, constraint.table, constraint.references) > 1
    attributes = {child.columns[name].attribute for name in constraint.columns if name in child.columns}
    names = set()
    for here, there in ((child, parent), (parent, child)):
        for cls in here.classes:
            for member in list(cls.members.values()):
                if not is_relation(member) or member.call is None or keyword(member.call, "secondary") is not None:
                    continue
                if target_of(job, member) is not there:
                    continue
                given = keyword(member.call, "foreign_keys") or keyword(member.call, "primaryjoin")
                text = " ".join(_code(given.value)) if given is not None else ""
                used = not several if given is None else bool(set(text.split()) & attributes)
                populates = keyword(member.call, "back_populates")
                partner = string_value(populates.value) if populates is not None else None
                if used or (member.name in names and partner is not None):
                    names |= {partner} if partner is not None else set()
                    _remove(job, cls, member)
    for cls in [*parent.classes, *child.classes]:
        for name in names:
            partner_member = cls.members.get(str(name))
            if partner_member is not None and is_relation(partner_member):
                _remove(job, cls, partner_member)


def _remove(job: Job, cls: FoundClass, member: Member) -> None:
    if (cls.file, cls.name, member.name) in job.dropped or not job.is_own(cls.file):
        return
    remove_statement(cls.file, member)
    job.dropped.append((cls.file, cls.name, member.name))
    backref = keyword(member.call, "backref") if member.call is not None else None
    other = target_of(job, member)
    name = string_value(backref.value) if backref is not None else None
    if name and other is not None and other.cls is not None:
        job.dropped.append((other.file, other.cls.name, name))


def _drop_secondary(job: Job, table: FoundTable) -> None:
    for cls, member in _all_relations(job):
        given = keyword(member.call, "secondary") if member.call is not None else None
        if given is None:
            continue
        text = string_value(given.value)
        named = text.rpartition(".")[2] if text else "".join(_code(given.value)[-1:])
        if named in {table.name, table.variable} - {""}:
            _remove(job, cls, member)


def _paths(plan: Plan, child: Key, parent: Key | None) -> int:
    one = sum(c.references == parent for c in plan.own(child, ConstraintKind.FOREIGN))
    if parent is None or parent == child:
        return one
    return one + sum(c.references == child for c in plan.own(parent, ConstraintKind.FOREIGN))


# -- new -------------------------------------------------------------------------------------------------------------


def _new_links(job: Job) -> list[Constraint]:
    result = []
    for delta in job.delta.tables:
        if delta.new is None:
            continue
        for new in job.new.own(delta.new.key, ConstraintKind.FOREIGN):
            columns = tuple(delta.renamed_columns.get(name, name) for name in new.columns)
            before = job.old.own(delta.old.key, ConstraintKind.FOREIGN) if delta.old is not None else []
            if not any(old.columns == columns for old in before):
                result.append(new)
    return result


def add_relations(job: Job) -> dict[Key, list[str]]:
    """Write the relationships of new foreign keys; return those of tables that are new, as statements."""
    existing = _all_relations(job)
    links = _new_links(job)
    if not links or not (existing or job.generated):
        return {}
    for link in links:
        _tell_apart(job, link)
    pairs = {(c.table, c.references) for c in links} | {(c.references, c.table) for c in links}
    known = {(owner, r.name) for owner, found in relationships(job.old).items() for r in found}
    found = [
        relation
        for owner, relations in relationships(job.new).items()
        for relation in relations
        if ((owner, relation.other) in pairs or _ties(relation, links)) and (owner, relation.name) not in known
    ]
    names = _free_names(job, found)
    by_backref = all(keyword(m.call, "back_populates") is None for _, m in existing if m.call is not None)
    by_backref = by_backref and any(keyword(m.call, "backref") for _, m in existing if m.call is not None)
    statements: dict[Key, list[str]] = {}
    for relation in found:
        keywords = dict(relation.keywords)
        if by_backref and (relation.many or "back_populates" not in keywords):
            continue
        table = job.models.table(relation.owner)
        cls = table.cls if table is not None else None
        if cls is not None and _has(job, cls, relation):
            continue
        if cls is None and table is not None:
            continue
        file = cls.file if cls is not None else job.homes.get(relation.owner)
        if file is None or not job.is_own(file):
            continue
        text = _statement(job, job.writer(file), relation, names, cls, by_backref=by_backref)
        if cls is not None:
            _insert(job, cls, text)
        else:
            statements.setdefault(relation.owner, []).append(text)
    return statements


def _ties(relation: Relationship, links: list[Constraint]) -> bool:
    """Whether a relationship goes through a new association table."""
    secondary = dict(relation.keywords).get("secondary")
    return isinstance(secondary, Str) and any(c.table.name == secondary.value.rpartition(".")[2] for c in links)


def _free_names(job: Job, found: list[Relationship]) -> dict[tuple[Key, str], str]:
    names = {}
    taken: dict[Key, set[str]] = {}
    for relation in found:
        table = job.models.table(relation.owner)
        known = taken.setdefault(relation.owner, set())
        if table is not None and not known:
            known |= {name for cls in table.classes for c in cls.lineage() for name in (*c.members, *c.others)}
        name = relation.name if relation.name not in known else naming.unique(relation.name, known)
        known.add(name)
        names[relation.owner, relation.name] = name
    return names


def _has(job: Job, cls: FoundClass, relation: Relationship) -> bool:
    """Whether the class has such a relationship already: somebody was faster."""
    there = cls.members.get(relation.name)
    target = target_of(job, there) if there is not None and is_relation(there) else None
    return target is not None and target is job.models.table(relation.other)


def _statement(
    job: Job,
    writer: Writer,
    relation: Relationship,
    names: dict[tuple[Key, str], str],
    cls: FoundClass | None,
    *,
    by_backref: bool,
) -> str:
    other = job.new.classes[relation.other]
    name = names[relation.owner, relation.name]
    verbose = job.generated or any(
        keyword(m.call, "passive_deletes") or keyword(m.call, "cascade") for _, m in _all_relations(job) if m.call
    )
    keywords: Keywords = ()
    for key, value in relation.keywords:
        if key == "back_populates" and isinstance(value, Str):
            partner = names.get((relation.other, value.value), value.value)
            keywords += (("backref" if by_backref else key, Str(partner)),)
        elif verbose or key in _NEEDED:
            keywords += ((key, value),)
    heir = cls if cls is not None else base_of(job, relation.owner, writer.file)[1]
    if heir is not None and is_dataclass(heir) and writer.mapped:
        keywords += (("init", Raw("False")),)
    args = () if writer.mapped else (Str(other),)
    if not writer.mapped and not relation.many and relation.optional and _is_reverse(relation):
        keywords = (("uselist", Raw("False")), *keywords)
    call = writer.expr(Call("relationship", args, keywords))
    head = name
    if writer.mapped:
        mapped = writer.names.use("sqlalchemy.orm", "Mapped")
        head += f": {mapped}[{_annotation(writer, other, relation)}]"
        _late_import(job, writer, relation.other, other)
    return f"{head} = {writer.text(call, writer.file.unit, len(head) + 3)}"


def _is_reverse(relation: Relationship) -> bool:
    return "passive_deletes" in dict(relation.keywords)


def _annotation(writer: Writer, other: str, relation: Relationship) -> str:
    name = writer.string(other)
    if relation.many:
        old = "List[" in writer.file.text and not writer.generated
        return f"{writer.names.use('typing', 'List') if old else 'list'}[{name}]"
    if not relation.optional:
        return name
    if "Optional[" in writer.file.text and not writer.generated:
        return f"{writer.names.use('typing', 'Optional')}[{name}]"
    return writer.string(f"{other} | None")


def _late_import(job: Job, writer: Writer, key: Key, name: str) -> None:
    """Let type checkers find the class in another file; SQLAlchemy finds it by itself."""
    file = writer.file
    table = job.models.table(key)
    home = table.file if table is not None else job.homes.get(key)
    if home is None or home is file or name in writer.names.scan.defined():
        return
    if writer.names.scan.checking is None:
        writer.names.use("typing", "TYPE_CHECKING")
    writer.names.late.setdefault(home.module, set()).add(name)


def _insert(job: Job, cls: FoundClass, text: str) -> None:
    members = [m for m in cls.members.values() if m.statement is not None]
    related = [m for m in members if is_relation(m)]
    columns = [m for m in members if is_column(m)]
    after = related[-1] if related else columns[-1] if columns else None
    if after is None:
        return
    line = after_member(cls, after.line)
    file = cls.file
    first = related == [] and (file, cls.name) not in job.first_relation
    if first:
        job.first_relation.add((file, cls.name))
        _insert_below(file, line, text)
        return
    insert_statement(file, (cls, line, False), text)


def _insert_below(file: ModelFile, line: cst.CSTNode, text: str) -> None:
    end = file.span(line)[1]
    pad = file.indent_of(file.span(line)[0])
    file.insert_line(end, f"\n{pad}{text}")


def _tell_apart(job: Job, link: Constraint) -> None:
    """Give relationships their ``foreign_keys`` where a second path between two tables makes them ambiguous."""
    if link.references is None:
        return
    before = [c for c in job.old.own(link.table, ConstraintKind.FOREIGN) if c.references == link.references]
    before += [c for c in job.old.own(link.references, ConstraintKind.FOREIGN) if c.references == link.table]
    if len(before) != 1 or link.table == link.references or before[0].references is None:
        return
    child, parent = job.models.table(before[0].table), job.models.table(before[0].references)
    if child is None or parent is None or child.cls is None:
        return
    columns = [child.columns[name].attribute for name in before[0].columns if name in child.columns]
    if not columns:
        return
    texts: dict[int, Expr] = {
        id(child): Sequence(tuple(Raw(name) for name in columns)),
        id(parent): Str(f"[{', '.join(f'{child.cls.name}.{name}' for name in columns)}]"),
    }
    for here, there in ((child, parent), (parent, child)):
        for cls in here.classes:
            for member in cls.members.values():
                if not is_relation(member) or member.call is None or target_of(job, member) is not there:
                    continue
                if any(keyword(member.call, name) for name in ("foreign_keys", "primaryjoin", "secondary")):
                    continue
                if (cls.file, cls.name, member.name) in job.dropped or id(member) in job.done_once:
                    continue
                job.done_once.add(id(member))
                writer = job.writer(cls.file)
                listing = job.arguments(cls.file, member.call)
                text = writer.flat(writer.expr(texts[id(here)]))
                listing.insert(len(listing.items), lambda _pad, text=text: f"foreign_keys={text}")  # type: ignore[misc]
