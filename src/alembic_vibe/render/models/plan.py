"""What the models of a catalog consist of: which table is a class, which an association, and how all are named."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from alembic_vibe import naming
from alembic_vibe.catalog.facts import Constraint, ConstraintKind, Domain, Enum, Table
from alembic_vibe.catalog.facts import Sequence as DatabaseSequence

if TYPE_CHECKING:
    from collections.abc import Mapping as ReadOnly
    from collections.abc import Sequence

    from alembic_vibe.catalog.catalog import Catalog
    from alembic_vibe.catalog.facts import Column, Index
    from alembic_vibe.catalog.keys import Key


@dataclass(frozen=True, slots=True)
class ModelSection:
    """One module of models: a feature section of the specification.

    ``descriptions`` gives a text for tables that have no comment of their own, such as the comment above their
    CREATE TABLE. ``link`` tells the reader where the section is.
    """

    slug: str
    title: str
    tables: tuple[Key, ...]
    link: str = ""
    descriptions: ReadOnly[Key, str] = field(default_factory=dict)


@dataclass
class Plan:
    """The names and roles that every part of the models agrees on."""

    catalog: Catalog
    sections: Sequence[ModelSection]
    constraints: dict[Key, list[Constraint]]
    indexes: dict[Key, list[Index]]
    home: dict[Key, str] = field(default_factory=dict)  # table → slug of its module
    classes: dict[Key, str] = field(default_factory=dict)  # table → class name
    variables: dict[Key, str] = field(default_factory=dict)  # table without a class → variable name
    associations: set[Key] = field(default_factory=set)
    attributes: dict[Key, dict[str, str]] = field(default_factory=dict)  # table → column → attribute
    enums: dict[Key, str] = field(default_factory=dict)  # enum → class name
    enum_home: dict[Key, str] = field(default_factory=dict)  # enum → slug of its module
    sequences: dict[Key, list[DatabaseSequence]] = field(default_factory=dict)  # table → sequences that it owns

    def own(self, table: Key, kind: str) -> list[Constraint]:
        """Return the constraints of one kind that a table declares itself."""
        return [c for c in self.constraints.get(table, ()) if c.kind == kind and not c.inherited]

    def primary_key(self, table: Key) -> Constraint | None:
        """Return the primary key, which a partition or heir may have from its parent."""
        return next((c for c in self.constraints.get(table, ()) if c.kind == ConstraintKind.PRIMARY), None)

    def foreign_keys(self, table: Key) -> list[Constraint]:
        """Return the foreign keys in the order of the table's columns."""
        order = {column.name: i for i, column in enumerate(self.catalog.table(table).columns)}
        return sorted(self.own(table, ConstraintKind.FOREIGN), key=lambda c: ([order[n] for n in c.columns], c.name))

    def forbids_null(self, column: Column) -> bool:
        """Whether a column never holds NULL: SQLAlchemy and Alembic count a domain's NOT NULL as the column's own."""
        domain = self.catalog.facts.get(column.type.key) if column.type.key is not None else None
        return column.not_null or (isinstance(domain, Domain) and domain.not_null and not column.type.array)

    def attribute(self, table: Key, column: str) -> str:
        """Return the attribute of a mapped column."""
        return self.attributes[table][column]

    def tables(self, section: ModelSection) -> list[Table]:
        """Return the tables of a section that are modelled; partitions are their parent's business."""
        return [self.catalog.table(key) for key in section.tables if key in self.home]


def make_plan(catalog: Catalog, sections: Sequence[ModelSection]) -> Plan:
    """Decide what becomes a class, an association table or a plain table, and name everything."""
    plan = Plan(catalog, sections, catalog.constraints(), catalog.indexes())
    for section in sections:
        for key in section.tables:
            table = catalog.facts.get(key)
            if isinstance(table, Table) and table.partition_of is None:
                plan.home.setdefault(key, section.slug)
    referenced = {c.references for table in plan.home for c in plan.own(table, ConstraintKind.FOREIGN)}
    plan.associations = {key for key in plan.home if key not in referenced and _is_association(plan, key)}
    taken: set[str] = set()
    for key in plan.home:
        name = key.name if key.schema == "public" else f"{key.schema}_{key.name}"
        usual = naming.class_name(key.name)
        if plan.primary_key(key) is None or key in plan.associations:
            plan.variables[key] = naming.variable_name(name, taken)
            taken.add(plan.variables[key])
            continue
        plan.classes[key] = usual if usual not in taken else naming.class_name(name, taken)
        taken.add(plan.classes[key])
        attributes: dict[str, str] = {}
        for column in catalog.table(key).columns:
            attributes[column.name] = naming.attribute_name(column.name, set(attributes.values()))
        plan.attributes[key] = attributes
    _name_enums(plan, taken)
    for sequence in catalog.of_type(DatabaseSequence):
        if sequence.owned_by is not None:
            plan.sequences.setdefault(sequence.owned_by[0], []).append(sequence)
    return plan


def _is_association(plan: Plan, key: Key) -> bool:
    """Whether a table only ties rows of two other tables together: two foreign keys, which are its primary key."""
    primary = plan.primary_key(key)
    foreign = plan.own(key, ConstraintKind.FOREIGN)
    table = plan.catalog.table(key)
    if primary is None or len(foreign) != 2 or foreign[0].references == foreign[1].references or table.inherits:
        return False
    columns = [column for constraint in foreign for column in constraint.columns]
    ends = [c.references for c in foreign]
    mapped = all(end in plan.home and end != key and plan.primary_key(end) is not None for end in ends if end)
    exact = sorted(columns) == sorted(primary.columns) == sorted(c.name for c in table.columns)
    return mapped and exact and all(c.validated and c.enforced for c in foreign)


def _name_enums(plan: Plan, taken: set[str]) -> None:
    for key, slug in plan.home.items():
        for column in plan.catalog.table(key).columns:
            enum = column.type.key if column.type.origin == "enum" else None
            if enum is not None and enum not in plan.enums and isinstance(plan.catalog.facts.get(enum), Enum):
                plan.enums[enum] = naming.enum_class_name(enum.name, taken)
                plan.enum_home[enum] = slug
                taken.add(plan.enums[enum])
