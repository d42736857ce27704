"""Objects → the statements that make them, in groups: what makes an object, what is said of it, what hangs on it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from alembic_vibe.catalog.catalog import Catalog
from alembic_vibe.catalog.facts import (
    Composite,
    Constraint,
    Enum,
    Fact,
    Function,
    Role,
    Schema,
    Sequence,
    Table,
    Trigger,
    View,
)
from alembic_vibe.catalog.keys import Kind
from alembic_vibe.describe.literals import kept_in_lines
from alembic_vibe.describe.tables import TableWriter, bare, named
from alembic_vibe.describe.types import spelt
from alembic_vibe.describe.values import parameters
from alembic_vibe.plan.context import Context
from alembic_vibe.plan.discovery import makers_by_kind
from alembic_vibe.plan.objects import row_security
from alembic_vibe.plan.sql import (
    cluster_on,
    comment_on,
    key_statistics,
    name_of,
    owner_of,
    role_attributes,
)
from alembic_vibe.sql.compose import Literal, Name, Printed, compose

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from alembic_vibe.catalog.keys import Key
    from alembic_vibe.plan.operations import Execute, Operation

_LINE = 100  # characters; a longer list is written with one item a line
_REPLACE = re.compile(r"\ACREATE OR REPLACE ")


class Writer:
    """Writes the objects of one catalog; what a table's CREATE says of constraints is chosen by the caller."""

    def __init__(self, catalog: Catalog, tables: TableWriter) -> None:
        """Take the catalog in readable words, and the writer of its tables."""
        self._catalog = catalog
        self._tables = tables
        self._sequences: dict[Key, list[Key]] = {}
        for sequence in catalog.of_type(Sequence):
            if sequence.owned_by is not None:
                self._sequences.setdefault(sequence.owned_by[0], []).append(sequence.key)
        self.keys: dict[str, Key] = {}  # the object behind each statement that was written

    def make(self, fact: Fact, inline: Iterable[Key] = ()) -> list[str]:
        """Return the statements that make an object, without its owner and row-level security."""
        statements = list(map(kept_in_lines, self._statements(fact, inline)))
        self.keys.update(dict.fromkeys(statements, fact.key))
        return statements

    def _statements(self, fact: Fact, inline: Iterable[Key]) -> list[str]:
        match fact:
            case Table():
                return self._table(fact, [self._constraint(key) for key in inline])
            case Role():
                return self._role(fact)
            case Schema():
                return self._made(replace(fact, owner=None))
            case Constraint():
                return _texts(_added(fact))
            case _:
                return self._made(_without_owner(fact), self._text_of(fact))

    def owner(self, fact: Fact) -> list[str]:
        """Return what gives an object to its owner."""
        found: list[str] = []
        owner = getattr(fact, "owner", None)
        if isinstance(fact, Sequence) and fact.owned_by is not None:
            return []  # it has that of its table
        if isinstance(fact, Schema) and owner is not None:
            found = _texts(owner_of("SCHEMA", Name(fact.key.name), owner))
        elif owner is not None:
            without = self._made(_without_owner(fact))
            found = [sql for sql in self._made(fact) if sql not in without]
        return found

    def row_security(self, table: Table) -> list[str]:
        """Return what switches row-level security on."""
        flags = replace(table, replica_identity="default")
        return _texts(row_security.create(flags, Context(self._catalog)).up)

    # -- kinds ------------------------------------------------------------------------------------------------------

    def _made(self, fact: Fact, text: str | None = None) -> list[str]:
        context = Context(self._catalog, {fact.key: text} if text is not None else {})
        step = makers_by_kind()[fact.key.kind].create(fact, context)
        return _texts(step.up)

    def _text_of(self, fact: Fact) -> str | None:
        """Return the CREATE statement in a form of our own, where the usual one is not what a person writes."""
        match fact:
            case Function():
                return _function(fact)
            case Enum():
                return _enum(fact)
            case Composite():
                return _composite(fact)
            case View():
                return _view(fact)
            case Trigger():
                return _trigger(fact)
        return None

    def _constraint(self, key: Key) -> Constraint:
        fact = self._catalog.facts[key]
        assert isinstance(fact, Constraint)
        return fact

    def _role(self, role: Role) -> list[str]:
        create = compose("CREATE ROLE {name} {attributes}", name=Name(role.key.name), attributes=role_attributes(role))
        return [create, *self._made(role)[1:]]

    def _table(self, table: Table, inline: list[Constraint]) -> list[str]:
        """Return CREATE TABLE, the comments, and what CREATE TABLE cannot say."""
        context = Context(self._around(table), inline={table.key: tuple(inline)})
        made = makers_by_kind()[Kind.TABLE].create(bare(table), context)
        _, *rest = _texts(made.up)
        identity = _texts(row_security.create(bare(table), context).up)
        return [self._tables.create(table, inline), *self._unsaid(table, rest), *identity]

    def _around(self, table: Table) -> Catalog:
        """Return the catalog of a table, its parents and its sequences: all that making it looks at."""
        near = [table.key, *table.inherits, *self._sequences.get(table.key, ())]
        above = table.partition_of
        while above is not None:
            near.append(above)
            parent = self._catalog.facts.get(above)
            above = parent.partition_of if isinstance(parent, Table) else None
        return Catalog(facts={key: self._catalog.facts[key] for key in near if key in self._catalog.facts})

    def _unsaid(self, table: Table, statements: list[str]) -> Iterator[str]:
        """Leave out what our CREATE TABLE says already: names of NOT NULL constraints, sequences of serial columns."""
        serial = {str(name_of(key)) for key, owner in self._tables.serial.items() if owner[0] == table.key}
        for sql in statements:
            owned = re.match(r"ALTER SEQUENCE (?P<name>.+) OWNED BY ", sql)
            if not sql.startswith("DO $$") and not (owned and owned["name"] in serial):
                yield sql


def _texts(operations: Iterable[Operation]) -> list[str]:
    return [sql.strip() for operation in operations for sql in operation.statements]


def _without_owner(fact: Fact) -> Fact:
    return replace(fact, owner=None) if getattr(fact, "owner", None) is not None else fact  # type: ignore[arg-type]


def _added(fact: Constraint) -> Iterator[Execute]:
    """Yield what adds a constraint that its table could not have at once."""
    from alembic_vibe.plan.operations import Execute

    yield Execute(compose("ALTER TABLE {table}\n    ADD {what}", table=name_of(fact.table), what=Printed(named(fact))))
    yield from comment_on("CONSTRAINT", Printed(f"{Name(fact.name)} ON {name_of(fact.table)}"), fact.comment)
    yield from key_statistics(Name(fact.key.schema, fact.name), fact.keys)
    if fact.clustered:
        yield cluster_on(fact.table, fact.name)


def _function(fact: Function) -> str:
    """Return CREATE FUNCTION without OR REPLACE; the schema ``public`` is not written unless it must be."""
    text = _REPLACE.sub("CREATE ", fact.definition.strip())
    what = "PROCEDURE" if fact.procedure else "FUNCTION"
    head = f"CREATE {what} {Name('public')}.{Name(fact.key.name)}("
    if fact.key.schema == "public" and not fact.shadowed and text.startswith(head):
        text = f"CREATE {what} {Name(fact.key.name)}({text[len(head) :]}"
    for mark in ("\nAS ", "\nBEGIN ATOMIC", "\nRETURN "):
        head, found, body = text.partition(mark)
        if found:
            break
    if "$" not in head and not _spans_lines(head):
        first, *rest = head.split("\n")
        head = "\n".join([first, *(f"    {line.strip()}" for line in rest)])
    return head + found + _short_quotes(body, fact)


def _spans_lines(head: str) -> bool:
    """Whether something in quotes may go over the end of a line."""
    return any(line.count(quote) % 2 for quote in "'\"" for line in head.split("\n"))


def _short_quotes(body: str, fact: Function) -> str:
    """Return what follows AS with ``$$`` around it where the body allows that."""
    source = fact.source
    tag = "$procedure$" if fact.procedure else "$function$"
    if source is None or "$" in source or body != f"{tag}{source}{tag}":
        return body
    return f"$${source}$$"


def _view(fact: View) -> str:
    materialized = fact.key.kind is Kind.MATERIALIZED_VIEW
    return compose(
        "CREATE {what} {name}{options}{tablespace} AS\n{query}{data}",
        what=Printed("MATERIALIZED VIEW" if materialized else "VIEW"),
        name=name_of(fact.key),
        options=Printed(f" WITH {parameters(fact.options)}" if fact.options else ""),
        tablespace=Printed(compose(" TABLESPACE {name}", name=Name(fact.tablespace)) if fact.tablespace else ""),
        query=Printed(fact.query),
        data=Printed("" if fact.populated else "\nWITH NO DATA"),
    )


def _enum(fact: Enum) -> str:
    labels = [str(Literal(label)) for label in fact.labels]
    flat = ", ".join(labels)
    body = flat if len(flat) <= _LINE - 30 else "\n    " + ",\n    ".join(labels) + "\n"
    return compose("CREATE TYPE {name} AS ENUM ({body})", name=name_of(fact.key), body=Printed(body))


def _composite(fact: Composite) -> str:
    attributes = ",\n    ".join(
        compose(
            "{name} {type}{collation}",
            name=Name(attribute.name),
            type=Printed(spelt(attribute.type.text)),
            collation=Printed(f" COLLATE {attribute.collation}" if attribute.collation else ""),
        )
        for attribute in fact.attributes
    )
    return compose(
        "CREATE TYPE {name} AS (\n    {attributes}\n)", name=name_of(fact.key), attributes=Printed(attributes)
    )


_CLAUSES = re.compile(r" (?=(?:BEFORE|AFTER|INSTEAD OF) |FOR EACH (?:ROW|STATEMENT)\b)")
_CALL = re.compile(r" (?=EXECUTE FUNCTION \S+\([^()]*\)\Z)")


def _trigger(fact: Trigger) -> str:
    """Return CREATE TRIGGER on several lines; one with a condition stays as it is printed, up to its call."""
    head, call = _CALL.split(fact.definition) if _CALL.search(fact.definition) else (fact.definition, "")
    if '"' in head or not call:
        return fact.definition
    begin, condition, rest = head.partition(" WHEN (")
    begin = _CLAUSES.sub("\n    ", begin)
    space = "\n    " if condition or len(call) > _LINE // 2 else " "
    return f"{begin}{condition.replace(' WHEN', chr(10) + '    WHEN')}{rest}{space}{call}"
