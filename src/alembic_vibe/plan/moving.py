"""Columns that move to another table, related one to one (recipes 45 and 46): which they are, and what is in the way.

One table is the parent, the other the child that refers to it by a foreign key whose columns are unique. The columns
may go either way; the table to which they go may be new (a split) or in use (a merge).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Column, ConstraintKind, Domain, Table
from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.diagnostics import Rule, Severity
from alembic_vibe.diff.compare import ChangeKind
from alembic_vibe.plan.situation import column_key, table_of
from alembic_vibe.plan.words import with_columns
from alembic_vibe.sql.quoting import quote_identifier, quote_qualified

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from alembic_vibe.catalog.catalog import Catalog
    from alembic_vibe.catalog.facts import Constraint
    from alembic_vibe.diagnostics import Diagnostic
    from alembic_vibe.diff.compare import Change
    from alembic_vibe.plan.situation import Node, Situation

UNLINKED = Rule(
    code="AV867",
    slug="move-without-link",
    severity=Severity.ERROR,
    summary="A column shall move between two tables, and nothing says which row belongs to which.",
    why="Values can only move where each row has at most one partner: one table refers to the other by a foreign key, "
    "and the columns that refer are its primary key or unique.",
    fix="Let one of the tables refer to the other with `PRIMARY KEY REFERENCES …` or `UNIQUE REFERENCES …`. For tables "
    "that are there already, this comes in a run of its own before the move.",
    bad="CREATE TABLE profiles (\n    id bigint PRIMARY KEY,\n    phone text -- moved from: users.phone\n);",
    good="CREATE TABLE profiles (\n    user_id bigint PRIMARY KEY REFERENCES users,\n"
    "    phone text -- moved from: users.phone\n);",
)
UNMOVABLE = Rule(
    code="AV868",
    slug="unmovable-column",
    severity=Severity.ERROR,
    summary="A column cannot move to another table as it is.",
    why="While both releases run, every value is written in both places; so both columns must be able to hold the same "
    "values, and the other columns of the new row must do without the running release.",
    fix="Move the column as it is; change its type or make it NOT NULL in a run of its own, before or after the move.",
    bad="-- users.phone is text\nCREATE TABLE profiles (\n    user_id bigint PRIMARY KEY REFERENCES users,\n"
    "    phone bigint -- moved from: users.phone\n);",
    good="CREATE TABLE profiles (\n    user_id bigint PRIMARY KEY REFERENCES users,\n"
    "    phone text -- moved from: users.phone\n);",
)
RULES = (UNLINKED, UNMOVABLE)


@dataclass(frozen=True)
class Link:
    """A child row has, in ``child_columns``, what its parent has in ``parent_columns``."""

    parent: Key
    child: Key
    parent_columns: tuple[str, ...]
    child_columns: tuple[str, ...]
    cascades: bool  # rows of the child go with their parent, now and later


@dataclass(frozen=True)
class Move:
    """All columns that move from one table to another: the old ones and the new ones, in words to write.

    ``split``: the new table is made in this run. ``grows``: a parent row can be given its child row by a trigger.
    """

    old_table: Key
    new_table: Key
    pairs: tuple[tuple[Column, Column], ...]
    link: Link
    split: bool
    grows: bool
    loosened: frozenset[str]  # old columns that may be NULL while both releases run

    @property
    def from_parent(self) -> bool:
        """Whether the columns leave the parent."""
        return self.link.parent == self.old_table

    @property
    def leader(self) -> Key:
        """The column whose change carries the whole move."""
        if self.split:
            return column_key(self.old_table, self.pairs[0][0].name)
        return column_key(self.new_table, self.pairs[0][1].name)


def active(situation: Situation) -> dict[Key, Key]:
    """Return the moves of this run: the old column by the new one; what was carried out long ago is not among them."""
    found = {}
    titles = {old: new for new, old in situation.intents.renamed.items() if new.kind is Kind.TABLE}
    in_use = any(True for _ in situation.before.of_type(Table))  # else it all begins here, and nothing has moved
    for new, old in situation.intents.moved.items():
        table = titles.get(table_of(old), table_of(old))
        source = column_key(table, old.member)
        comes = new in situation.new_keys or table_of(new) in situation.new_keys
        if comes and in_use:
            found[new] = source
    return found


def is_moved(change: Change, situation: Situation) -> bool:
    """Whether a column comes or goes because it moves."""
    if change.key.kind is not Kind.COLUMN or not situation.intents.moved:
        return False
    moved = active(situation)
    if change.kind is ChangeKind.ADD:
        return change.key in moved
    return (
        change.kind is ChangeKind.DROP
        and change.key in moved.values()
        and table_of(change.key) in situation.after.facts
    )


def move_of(key: Key, situation: Situation) -> Move | None:
    """Return the move that a column is part of, old or new; ``None`` where a question is open."""
    moved = active(situation)
    for pair in groups(moved):
        if any(key in {new, moved[new]} for new in moved if (table_of(moved[new]), table_of(new)) == pair):
            return _move(*pair, moved, situation) if not list(_problems(*pair, moved, situation)) else None
    return None


def moves(situation: Situation) -> list[Move]:
    """Return the moves of a run that can be carried out."""
    moved = active(situation) if situation.intents.moved else {}
    return [_move(*pair, moved, situation) for pair in groups(moved) if not list(_problems(*pair, moved, situation))]


def groups(moved: Mapping[Key, Key]) -> list[tuple[Key, Key]]:
    """Return the pairs of tables, old and new, between which columns move."""
    return list(dict.fromkeys((table_of(old), table_of(new)) for new, old in moved.items()))


def move_questions(situation: Situation) -> list[Diagnostic]:
    """Return what the author has to say before columns can move."""
    moved = active(situation) if situation.intents.moved else {}
    return [found for pair in groups(moved) for found in _problems(*pair, moved, situation)]


def move_needs(nodes: Collection[Node], situation: Situation) -> Iterator[tuple[Node, Node]]:
    """Yield what must come before what: a new table before its rows, the triggers' end before what they rely on."""
    for move in moves(situation):
        leader = (move.leader, ())
        gone = {column_key(move.old_table, old.name) for old, _ in move.pairs} - {move.leader}
        gone |= {column_key(move.link.child, name) for name in move.link.child_columns}
        gone |= {column_key(move.link.parent, name) for name in move.link.parent_columns} | {move.old_table}
        for node in nodes:
            key = node[0]
            if node == leader:
                continue
            if move.split and key.kind in {Kind.TABLE, Kind.CONSTRAINT} and table_of(key) == move.new_table:
                yield leader, node
            elif key in gone and key not in situation.new_keys and not node[1]:
                yield node, leader


def tightened(move: Move, situation: Situation) -> list[str]:
    """Return the names of the new place's constraints and unique indexes that the old place had none like.

    The running release does not know them, and its values come there.
    """
    names = {old.name: new.name for old, new in move.pairs}
    names |= dict(zip(*_matched(move), strict=True))
    own = {new.name for _, new in move.pairs}
    known = [_shape(one, names) for one in situation.old_constraints.get(move.old_table, ())]
    found = [
        one.name
        for one in situation.new_constraints.get(move.new_table, ())
        if own & set(one.columns) and _shape(one, {}) not in known
    ]
    unique = [
        {names.get(key.column or "", key.column) for key in index.keys}
        for index in situation.old_indexes.get(move.old_table, ())
        if index.unique
    ]
    for index in situation.new_indexes.get(move.new_table, ()):
        keys = {key.column for key in index.keys}
        if index.unique and own & keys and keys not in unique:
            found.append(index.key.name)
    return found


def _matched(move: Move) -> tuple[tuple[str, ...], tuple[str, ...]]:
    link = move.link
    both = (link.parent_columns, link.child_columns)
    return both if move.from_parent else (both[1], both[0])


def _shape(constraint: Constraint, names: Mapping[str, str]) -> tuple[object, ...]:
    columns = tuple(sorted(names.get(column, column) for column in constraint.columns))
    expression = with_columns(constraint.expression or "", names)
    return constraint.kind, columns, expression, constraint.references


# -- finding ---------------------------------------------------------------------------------------------------------


def _move(old_table: Key, new_table: Key, moved: Mapping[Key, Key], situation: Situation) -> Move:
    news = sorted(new for new, old in moved.items() if (table_of(old), table_of(new)) == (old_table, new_table))
    pairs = [(situation.old_fact(moved[new]), situation.new_fact(new)) for new in news]
    columns = tuple((old, new) for old, new in pairs if isinstance(old, Column) and isinstance(new, Column))
    (link,) = _links(old_table, new_table, situation)
    split = new_table in situation.new_keys
    grows = split or (
        link.child == old_table and not _left_out(old_table, link, [old.name for old, _ in columns], situation)
    )
    gone = old_table in situation.after.facts
    loosened = frozenset(old.name for old, _ in columns if gone)
    return Move(old_table, new_table, columns, link, split, grows, loosened)


def _links(old_table: Key, new_table: Key, situation: Situation) -> list[Link]:
    split = new_table in situation.new_keys
    catalog = situation.after if split else situation.before
    found = []
    for child, parent in ((new_table, old_table), (old_table, new_table)):
        if split and child == old_table:
            continue  # its rows cannot refer to what is not there yet
        for constraint in catalog.constraints().get(child, ()):
            if constraint.kind != ConstraintKind.FOREIGN or constraint.references != parent or child == parent:
                continue
            if _is_unique(child, constraint.columns, catalog):
                found.append(_link(constraint, situation))
    return found


def _link(constraint: Constraint, situation: Situation) -> Link:
    assert constraint.references is not None
    stays = constraint.key in situation.after.facts
    cascades = stays and constraint.on_delete == "CASCADE"
    return Link(
        constraint.references, constraint.table, constraint.reference_columns, constraint.columns, cascades=cascades
    )


def _is_unique(table: Key, columns: tuple[str, ...], catalog: Catalog) -> bool:
    kinds = {ConstraintKind.PRIMARY, ConstraintKind.UNIQUE}
    found = [set(one.columns) for one in catalog.constraints().get(table, ()) if one.kind in kinds]
    found += [
        {key.column or "" for key in index.keys}
        for index in catalog.indexes().get(table, ())
        if index.unique and index.predicate is None
    ]
    return set(columns) in found


def _left_out(table: Key, link: Link, moved: Collection[str], situation: Situation) -> list[str]:
    """Return the columns of a child that a new row must have, and the trigger cannot give it."""
    catalog = situation.after if table in situation.new_keys else situation.before
    fact = catalog.facts.get(table)
    assert isinstance(fact, Table)
    known = {*link.child_columns, *moved}
    return [
        column.name
        for column in fact.columns
        if column.name not in known
        and (column.not_null or _forbids_null(column, catalog))
        and not (column.default or column.identity or column.generated)
    ]


def _forbids_null(column: Column, catalog: Catalog) -> bool:
    domain = catalog.facts.get(column.type.key) if column.type.key is not None else None
    return isinstance(domain, Domain) and domain.not_null and not column.type.array


# -- what is in the way ----------------------------------------------------------------------------------------------


def _problems(old_table: Key, new_table: Key, moved: Mapping[Key, Key], situation: Situation) -> Iterator[Diagnostic]:
    news = [new for new, old in moved.items() if (table_of(old), table_of(new)) == (old_table, new_table)]
    unfit = False
    for new in news:
        text = _unfit(moved[new], new, moved, situation)
        if text:
            unfit = True
            yield _ask(UNMOVABLE, f"{_shown(new)} cannot be moved from {_shown(moved[new])}: {text}", new, situation)
    if unfit:
        return
    links = _links(old_table, new_table, situation)
    if len(links) != 1:
        yield _ask(UNLINKED, _no_link(old_table, new_table, links, situation), news[0], situation)
    elif new_table in situation.new_keys:
        missing = _left_out(new_table, links[0], [new.member for new in news], situation)
        if missing:
            text = f"the rows of {new_table.qualified} come from {old_table.qualified}, and have no value for "
            text += (
                f"{', '.join(missing)}: give it a default, or let it be NULL and change that in a run after this one"
            )
            yield _ask(UNMOVABLE, text, news[0], situation)


def _unfit(old: Key, new: Key, moved: Mapping[Key, Key], situation: Situation) -> str:
    """Return why a column cannot move, as the end of a sentence; empty if it can."""
    one, other = situation.old_fact(old), situation.new_fact(new)
    if not isinstance(one, Column):
        return _unknown(old, situation)
    if not isinstance(other, Column):
        return "it is not a column of a table"
    if table_of(old) == table_of(new):
        return f"it is the same table; write `-- renamed from: {quote_identifier(old.member)}`"
    if list(moved.values()).count(old) > 1:
        return "it moves to two places; leave one of the annotations out"
    still = situation.after.facts.get(table_of(old))
    if isinstance(still, Table) and any(column.name == old.member for column in still.columns):
        return f"{_shown(old)} is still there; take it out of CREATE TABLE {_name(table_of(old))}"
    if one.type != other.type:
        return (
            f"it is {other.type.text} and was {one.type.text}; move it as {one.type.text}, and change the type in a "
            "run after this one"
        )
    if one.generated or other.generated or one.identity or other.identity:
        return "PostgreSQL gives it its values; leave the annotation out, and it is made anew"
    if _forbids_null(one, situation.before):
        return "its domain does not take NULL; give it the type that the domain is made of first"
    for constraint in situation.before.constraints().get(table_of(old), ()):
        if constraint.kind == ConstraintKind.PRIMARY and old.member in constraint.columns:
            return f"it is in the primary key of {table_of(old).qualified}, by which rows are known"
    if table_of(new) in situation.new_keys and other.not_null and not one.not_null:
        return f"it is NOT NULL, and {_shown(old)} may be NULL; leave NOT NULL out, and add it in a run after this one"
    return ""


def _unknown(old: Key, situation: Situation) -> str:
    if table_of(old) not in situation.before.facts:
        return f"there is no table {old.schema}.{old.name}; write `-- moved from: schema.table.column`"
    return f"{old.schema}.{old.name} has no such column"


def _no_link(old_table: Key, new_table: Key, links: list[Link], situation: Situation) -> str:
    old, new = old_table.qualified, new_table.qualified
    if links:
        return (
            f"{old} and {new} are related by {len(links)} foreign keys with unique columns: which row of one "
            "belongs to which row of the other cannot be told; drop the other one in a run before this one"
        )
    if new_table in situation.new_keys:
        keys = [one for one in situation.after.constraints().get(old_table, ()) if one.kind == ConstraintKind.PRIMARY]
        if not keys:
            return f"{new} needs a unique foreign key to {old}, and {old} has no primary key any more"
        columns = ", ".join(map(quote_identifier, keys[0].columns))
        return (
            f"nothing says which row of {new} belongs to which row of {old}: write a column with "
            f"`PRIMARY KEY REFERENCES {_name(old_table)} ({columns})` in CREATE TABLE {_name(new_table)}"
        )
    return (
        f"nothing says which row of {new} belongs to which row of {old}: add a foreign key between them, on columns "
        "that are unique (`UNIQUE REFERENCES …`), in a run before this one"
    )


def _ask(rule: Rule, text: str, new: Key, situation: Situation) -> Diagnostic:
    place = situation.intents.places.get(new)
    return rule.diagnostic(text, source=place.source if place else None, span=place.span if place else None)


def _shown(key: Key) -> str:
    return f"{key.qualified}.{key.member}"


def _name(table: Key) -> str:
    return quote_qualified(table.schema, table.name)
