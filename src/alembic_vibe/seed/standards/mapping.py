"""A subject onto a table: which fact each column holds, going by its name and type."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import ConstraintKind, Domain, Table
from alembic_vibe.seed.standards.languages import language_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from alembic_vibe.catalog.catalog import Catalog
    from alembic_vibe.catalog.columns import Column, TypeRef
    from alembic_vibe.catalog.facts import Constraint
    from alembic_vibe.catalog.keys import Key
    from alembic_vibe.seed.standards.subject import Subject

TEXTS = frozenset({"text", "character varying", "character", "citext"})
INTEGERS = frozenset({"smallint", "integer", "bigint"})
NUMBERS = INTEGERS | {"numeric", "real", "double precision"}
UUID = "uuid"
NOW = "now"
_COMMON = 4  # tables that begin with the same word, before it is one that says nothing
_STAMPS = frozenset({"created_at", "updated_at", "inserted_at", "modified_at", "created_on", "updated_on", "created"})
_SWITCHES = frozenset({"boolean", "json", "jsonb", "timestamp with time zone", "timestamp without time zone", "date"})
_STAMP_TYPES = frozenset({"timestamp with time zone", "timestamp without time zone", "date"})


@dataclass(frozen=True)
class Use:
    """What a column holds. ``fact`` is one of the subject's, ``uuid`` or ``now``; ``parent``: where it refers to."""

    column: Column
    fact: str
    lower: bool = False
    digits: bool = False  # a number as such: 8, not 008
    parent: tuple[Key, str] | None = None

    @property
    def words(self) -> str:
        """How the file says it; what differs here is filled anew."""
        where = f" of {self.parent[0].qualified}({self.parent[1]})" if self.parent else ""
        return self.fact + (" in lower case" if self.lower else "") + where


@dataclass(frozen=True)
class Mapping:
    """A table for a subject.

    Attributes:
        uses: Its columns that are filled, in their order.
        key: The column that tells the rows apart.
        empty: Its columns that stay empty: nobody knows them, and they may be NULL.
        default: Its columns that get a constant default instead.
        unknown: Its columns that must have a value which nobody knows.
    """

    subject: Subject
    table: Table
    uses: tuple[Use, ...]
    key: Use | None
    empty: tuple[str, ...]
    default: tuple[str, ...]
    unknown: tuple[str, ...]

    @property
    def works(self) -> bool:
        """Whether rows can be made."""
        return self.key is not None and not self.unknown


def snake(name: str) -> str:
    """Return a name in lower-case words joined by ``_``: ``IsoCode`` and ``iso code`` are ``iso_code``."""
    text = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name)
    return re.sub(r"[\W_]+", "_", text).strip("_").lower()


def tables_for(pattern: re.Pattern[str], catalog: Catalog) -> list[Table]:
    """Return the tables of that name, whatever all tables of the schema begin with (``spree_countries``).

    Other words before the name mean something else: ``blocked_countries``. Partitions are their parent's affair.
    """
    tables = [table for table in catalog.of_type(Table) if table.partition_of is None]
    first = Counter(snake(table.key.name).partition("_")[0] for table in tables)
    common = {word for word, count in first.items() if count >= max(_COMMON, len(tables) / 2)}
    found = []
    for table in tables:
        name = snake(table.key.name)
        word, _, rest = name.partition("_")
        if pattern.fullmatch(name) or (word in common and pattern.fullmatch(rest)):
            found.append(table)
    return found


def map_table(
    subject: Subject,
    table: Table,
    catalog: Catalog,
    parents: dict[str, list[Key]],
    had: Collection[str] = (),
) -> Mapping:
    """Find out what each column of a table holds.

    Args:
        subject: What the table is for.
        table: The table.
        catalog: The schema.
        parents: The tables of the subjects that it may refer to, by their names.
        had: Columns that the table's file has: they are filled from there, whatever is installed.
    """
    reader = _Reader(subject, table, catalog, parents, had)
    uses = tuple(reader.uses())
    used = {use.column.name for use in uses}
    rest = [column for column in table.columns if column.name not in used and not column.generated]
    unknown = tuple(column.name for column in rest if _needs_value(column, catalog))
    empty = tuple(c.name for c in rest if c.default is None and not c.identity and not c.not_null)
    default = tuple(
        c.name
        for c in rest
        if c.default is not None and not c.volatile_default and not c.identity and c.type.base not in _SWITCHES
    )
    return Mapping(subject, table, uses, _key(subject, table, catalog, uses), empty, default, unknown)


def _needs_value(column: Column, catalog: Catalog) -> bool:
    domain = catalog.facts.get(column.type.key) if column.type.key is not None else None
    not_null, default = column.not_null, column.default
    if isinstance(domain, Domain):
        not_null, default = not_null or domain.not_null, default or domain.default
    return not_null and default is None and not column.identity


def is_required(column: Column) -> bool:
    """Whether a row must have a value in this column."""
    return column.not_null


def _key(subject: Subject, table: Table, catalog: Catalog, uses: tuple[Use, ...]) -> Use | None:
    """Choose the column that tells rows apart: a code that is unique, any code, a name."""
    unique = {
        c.columns[0]
        for c in catalog.constraints().get(table.key, ())
        if c.kind in {ConstraintKind.PRIMARY, ConstraintKind.UNIQUE} and len(c.columns) == 1
    }
    unique |= {
        index.keys[0].column
        for index in catalog.indexes().get(table.key, ())
        if index.unique and not index.predicate and len(index.keys) == 1 and index.keys[0].column
    }
    ranked = [use for fact in subject.identity for use in uses if use.fact == fact and use.parent is None]
    codes = [use for use in ranked if use.fact != "name" or subject.identity[0] == "name"]
    return next((use for use in codes if use.column.name in unique), next(iter(codes or ranked), None))


def plain_type(type_: TypeRef, catalog: Catalog) -> TypeRef:
    """Return the type behind a domain."""
    domain = catalog.facts.get(type_.key) if type_.key is not None else None
    return plain_type(domain.type, catalog) if isinstance(domain, Domain) else type_


class _Reader:
    def __init__(
        self,
        subject: Subject,
        table: Table,
        catalog: Catalog,
        parents: dict[str, list[Key]],
        had: Collection[str],
    ) -> None:
        self._subject, self._table, self._catalog, self._had = subject, table, catalog, had
        self._parents = {key: name for name, keys in parents.items() for key in keys}
        self._constraints = catalog.constraints().get(table.key, [])
        self._foreign = {
            c.columns[0]: c for c in self._constraints if c.kind == ConstraintKind.FOREIGN and len(c.columns) == 1
        }
        self._primary = {n for c in self._constraints if c.kind == ConstraintKind.PRIMARY for n in c.columns}
        widths = [self._named(column) for column in table.columns]
        self._stated = {fact for fact in widths if fact is not None}

    def uses(self) -> Iterator[Use]:
        for column in self._table.columns:
            if column.generated:
                continue
            use = self._use(column)
            if use is not None:
                yield use

    def _use(self, column: Column) -> Use | None:
        base = plain_type(column.type, self._catalog)
        if column.type.array or base.array:
            return None
        foreign = self._foreign.get(column.name)
        if foreign is not None:
            return self._reference(column, foreign)
        if base.base == "uuid":
            return Use(column, UUID) if column.name in self._primary else None
        if snake(column.name) in _STAMPS and base.base in _STAMP_TYPES:
            return Use(column, NOW) if column.not_null and column.default is None else None
        fact = self._fact(column, base)
        if fact is None or not self._fits(fact, base, column.name in self._had):
            return None
        if column.name in self._primary and base.base in INTEGERS and (column.identity or column.default):
            return None  # the database counts
        if fact in self._subject.parents.values():
            width = self._width(column, base)
            if width not in {2, 3} and re.search(r"code|iso|alpha|^cc$", snake(column.name)) is None:
                return None  # a name, most likely
            return Use(column, "country.alpha_3" if fact == "country" and width == 3 else fact)
        lower = base.base in TEXTS and self._checks(column, r"a-z", r"A-Z", r"(?i)\blower\(")
        return Use(column, fact, lower and fact in self._subject.identity, base.base in INTEGERS)

    def _reference(self, column: Column, foreign: Constraint) -> Use | None:
        """A column that refers to the rows of another subject: ``currency_code`` → ``currencies``."""
        subject = self._parents.get(foreign.references) if foreign.references is not None else None
        fact = self._subject.parents.get(subject or "")
        if fact is None or foreign.references is None or self._own_names(column).isdisjoint(self._names_of(fact)):
            return None
        return Use(column, fact, parent=(foreign.references, foreign.reference_columns[0]))

    def _names_of(self, fact: str) -> frozenset[str]:
        return self._subject.columns.get(fact, frozenset())

    def _own_names(self, column: Column) -> set[str]:
        """The column's name, and what is left of it without the words for the subject or the table."""
        name = re.sub(r"_cd$", "_code", re.sub(r"_(?:nm|nme)$", "_name", snake(column.name)))
        found = {name}
        for prefix in (*self._subject.prefixes, snake(self._table.key.name)):
            if name.startswith(f"{prefix}_"):
                found.add(name.removeprefix(f"{prefix}_"))
            if name.endswith(f"_{prefix}"):
                found.add(name.removesuffix(f"_{prefix}"))
        return found

    def _named(self, column: Column) -> str | None:
        names = self._own_names(column)
        return next((f for f, known in self._subject.columns.items() if not known.isdisjoint(names)), None)

    def _fact(self, column: Column, base: TypeRef) -> str | None:
        names = self._own_names(column)
        width = self._width(column, base)
        fact = self._named(column)
        if snake(column.name) in self._subject.prefixes and width not in {2, 3} and base.base in TEXTS:
            fact = "name"
        if fact in self._subject.codes.values() and base.base in INTEGERS:
            fact = None if fact != "numeric" and "code" not in names and "id" not in names else "numeric"
        if width is not None and fact in self._subject.codes.values():
            fact = self._subject.codes.get(width, fact)  # what is called iso2 and is three letters wide is alpha-3
        if fact is None and not names.isdisjoint(self._subject.code_names):
            if base.base in INTEGERS:
                fact = "numeric"
            else:
                other = width == 3 and base.base != "character" and "alpha_3" in self._stated
                fact = self._subject.codes[None] if other else self._subject.codes.get(width, self._subject.codes[None])
        if fact is None:
            language = next(filter(None, map(language_of, sorted(names))), None)
            fact = f"name_{language}" if language else None
        return fact

    def _width(self, column: Column, base: TypeRef) -> int | None:
        """How many characters a value has, by its type or a CHECK on the column."""
        width = int(base.modifiers) if base.modifiers.isdigit() else None
        if base.base == "character" or (base.base == "character varying" and width in {2, 3}):
            return width
        if base.base in TEXTS:
            for width in (2, 3):
                if self._checks(column, rf"\{{{width}\}}\$?|length\(.{{0,80}}?\)\s*=\s*{width}\b"):
                    return width
        return None

    def _checks(self, column: Column, wanted: str, without: str = "", also: str = "") -> bool:
        """Whether a CHECK on this column alone has something in its text, which PostgreSQL printed."""
        texts = [c.expression or "" for c in self._constraints if c.columns == (column.name,)]
        domain = self._catalog.facts.get(column.type.key) if column.type.key is not None else None
        if isinstance(domain, Domain):
            texts += [constraint.definition for constraint in domain.constraints]
        return any(
            (re.search(wanted, text) is not None and not (without and re.search(without, text)))
            or (also != "" and re.search(also, text) is not None)
            for text in texts
        )

    def _fits(self, fact: str, base: TypeRef, had: bool) -> bool:
        if fact == "point":
            return base.base == "point"
        if fact in {"latitude", "longitude"}:
            return base.base in NUMBERS - INTEGERS
        if fact in self._subject.numbers:
            return base.base in NUMBERS | TEXTS
        named = language_of(fact) is not None or fact == "symbol"
        return base.base in TEXTS and (not named or had or self._subject.named(fact) is not None)
