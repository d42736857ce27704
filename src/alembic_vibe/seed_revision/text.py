"""Seed rows as the text of a revision: plain SQL that needs nothing of ours, runs again, and prints with ``--sql``.

What a revision inserts is noted in ``vibe_seed_state`` with a digest of the row, so that its downgrade removes that and
nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from alembic_vibe.catalog.bookkeeping import SEED_STATE
from alembic_vibe.render.code import layout, needs_dedent
from alembic_vibe.render.operations import execute
from alembic_vibe.render.revisions import RevisionText
from alembic_vibe.render.template import render
from alembic_vibe.seed.model import SeedRow, SeedTable, SqlValue, Value
from alembic_vibe.seed.values import as_text
from alembic_vibe.sql.quoting import quote_identifier, quote_literal, quote_qualified

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from alembic_vibe.catalog.facts import Constraint
    from alembic_vibe.seed.values import Target

_INDENT = 4
_NAMED = 3  # tables in a title
_TIMEOUTS = ("SET LOCAL lock_timeout = '2s'", "SET LOCAL statement_timeout = '30s'")


@dataclass(frozen=True, slots=True)
class Update:
    """A row of which some values are new: the columns with what they were and what they shall be, as text."""

    row: SeedRow
    before: Mapping[str, str | None]
    after: Mapping[str, str | None]


@dataclass(slots=True)
class TableRows:
    """What a revision does with the rows of one table.

    ``inserts`` are groups of rows that give the same columns and do not refer to each other. ``references`` are the
    foreign keys that point at the table, ``sequences`` those that give numbers to its columns.
    """

    table: SeedTable
    targets: Mapping[str, Target]
    inserts: list[list[SeedRow]] = field(default_factory=list)
    updates: list[Update] = field(default_factory=list)
    references: tuple[Constraint, ...] = ()
    sequences: Mapping[str, str] = field(default_factory=dict)

    @property
    def inserted(self) -> int:
        """The number of new rows."""
        return sum(map(len, self.inserts))

    @property
    def words(self) -> str:
        """How many rows it is, for people."""
        counts = ((self.inserted, "insert"), (len(self.updates), "update"))
        told = ", ".join(f"{count} {word}" for count, word in counts if count)
        return f"{self.table.key.qualified}: {told}"


@dataclass(frozen=True, slots=True)
class _Reference:
    table: str
    match: tuple[str, ...]


def render_rows(tables: Sequence[TableRows], schema: str) -> RevisionText:
    """Return the text of a revision.

    Args:
        tables: The rows, each table after those it refers to.
        schema: Where ``vibe_seed_state`` is.
    """
    state = quote_qualified(schema, SEED_STATE)
    tag = _tag(tables)
    up = [("", [*_TIMEOUTS, render("seeds/migration/state.sql.mako", state=state).strip()])]
    up += [(f"{found.words}", _Sql(found, state, tag).upgrade()) for found in tables]
    down = [("", list(_TIMEOUTS))]
    down += [("", _Sql(found, state, tag).downgrade()) for found in reversed(tables)]
    names = [found.table.key.qualified for found in tables]
    title = f"Seed {', '.join(names)}" if len(names) <= _NAMED else f"Seed {len(names)} tables"
    exprs = [execute(sql) for _, statements in (*up, *down) for sql in statements]
    return RevisionText(
        title=title,
        docstring=render(
            "seeds/migration/docstring.mako",
            contents="; ".join(found.words for found in tables),
            tables=", ".join(names),
        ).strip(),
        upgrade=_body(up),
        downgrade=_body(down),
        imports="from textwrap import dedent" if any(map(needs_dedent, exprs)) else "",
    )


def _body(paragraphs: Sequence[tuple[str, list[str]]]) -> str:
    text = render(
        "seeds/migration/body.mako",
        paragraphs=[
            (" ".join(comment.split()), [layout(execute(sql), _INDENT) for sql in statements])
            for comment, statements in paragraphs
            if statements
        ],
    )
    return text.strip("\n").removeprefix(" " * _INDENT)


def _tag(tables: Sequence[TableRows]) -> str:
    """Return a name for what this revision inserts; its id is not known yet, and may be changed by a merge."""
    content = repr([(found.table.key, found.inserts, found.updates) for found in tables])
    return sha256(content.encode("utf-8", "surrogatepass")).hexdigest()[:12]


class _Sql:
    """The statements about one table."""

    def __init__(self, rows: TableRows, state: str, tag: str) -> None:
        self._rows = rows
        self._targets = rows.targets
        self._conflict = rows.table.conflict
        self._relation = quote_qualified(rows.table.key.schema, rows.table.key.name)
        self._state = state
        self._tag = quote_literal(f"revision {tag}: {rows.table.key.qualified}")
        self._key = f"jsonb_build_array({', '.join(f't.{quote_identifier(name)}::text' for name in self._conflict)})"

    def upgrade(self) -> list[str]:
        statements = [self._insert(rows) for rows in self._rows.inserts]
        statements += self._updates(back=False)
        return statements + [
            render(
                "seeds/migration/sequence.sql.mako",
                sequence=quote_literal(sequence),
                column=quote_identifier(name),
                table=self._relation,
            ).strip()
            for name, sequence in self._rows.sequences.items()
        ]

    def downgrade(self) -> list[str]:
        statements = self._updates(back=True)
        for columns in dict.fromkeys(tuple(rows[0].values) for rows in reversed(self._rows.inserts)):
            statements.append(self._delete(columns))
        if self._rows.inserts:
            forget = render("seeds/migration/forget.sql.mako", state=self._state, tag=self._tag)
            statements.append(forget.strip())
        return statements

    def _insert(self, rows: Sequence[SeedRow]) -> str:
        names = list(rows[0].values)
        return self._render(
            "insert",
            columns=[quote_identifier(name) for name in names],
            types=[self._targets[name].type for name in names],
            always=any(self._targets[name].always for name in names),
            rows=[[self._cell(name, row.values[name]) for name in names] for row in rows],
            match=self._match(cast=True),
        )

    def _updates(self, *, back: bool) -> list[str]:
        groups: dict[tuple[str, ...], list[Update]] = {}
        for update in self._rows.updates:
            groups.setdefault(tuple(update.after), []).append(update)
        statements = []
        for names, updates in groups.items():
            numbered = list(enumerate(names, start=1))
            keys = [(quote_identifier(name), self._targets[name].type) for name in self._conflict]
            befores = [(f"before_{at}", self._targets[name].type) for at, name in numbered]
            afters = [(f"after_{at}", self._targets[name].type) for at, name in numbered]
            rows = [
                [
                    *(self._cell(name, update.row.values[name]) for name in self._conflict),
                    *(_text((update.after if back else update.before)[name]) for name in names),
                    *(_text((update.before if back else update.after)[name]) for name in names),
                ]
                for update in updates
            ]
            changes = [(name, f"before_{at}", f"after_{at}") for at, name in numbered]
            statements.append(
                self._render(
                    "update",
                    changes=[
                        (quote_identifier(name), before, after, self._same(name, f"v.{before}"))
                        for name, before, after in changes
                    ],
                    types=[*keys, *befores, *afters],
                    rows=rows,
                    match=self._match(cast=False),
                )
            )
        return statements

    def _delete(self, columns: Sequence[str]) -> str:
        own = self._rows.table.key
        references = [
            _Reference(
                quote_qualified(found.key.schema, found.key.name),
                tuple(
                    f"r.{quote_identifier(child)} = t.{quote_identifier(parent)}"
                    for child, parent in zip(found.columns, found.reference_columns, strict=True)
                ),
            )
            for found in self._rows.references
        ]
        statement = self._render(
            "delete", columns=[quote_identifier(name) for name in columns], key=self._key, references=references
        )
        circular = any((f.key.schema, f.key.name) == (own.schema, own.name) for f in self._rows.references)
        return render("seeds/migration/repeat.sql.mako", statement=statement).strip() if circular else statement

    def _render(self, name: str, **values: Any) -> str:
        common = {"table": self._relation, "state": self._state, "tag": self._tag, "key": self._key}
        return render(f"seeds/migration/{name}.sql.mako", **{**common, **values}).strip()

    def _cell(self, name: str, value: Value) -> str:
        return f"({value.sql})" if isinstance(value, SqlValue) else _text(as_text(value, self._targets[name]))

    def _match(self, *, cast: bool) -> list[str]:
        found = []
        for name in self._conflict:
            value = f"v.{quote_identifier(name)}"
            found.append(self._same(name, f"{value}::{self._targets[name].type}" if cast else value, key=True))
        return found

    def _same(self, name: str, value: str, *, key: bool = False) -> str:
        target, column = self._targets[name], f"t.{quote_identifier(name)}"
        if not target.comparable:
            return f"{column}::text IS NOT DISTINCT FROM {value}::text"
        return f"{column} = {value}" if key and target.not_null else f"{column} IS NOT DISTINCT FROM {value}"


def _text(value: str | None) -> str:
    return "NULL" if value is None else quote_literal(value)
