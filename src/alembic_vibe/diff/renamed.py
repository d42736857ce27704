"""The old state under new names: the statements that lead there, and the changes that are left from there on.

PostgreSQL itself carries the names through views, constraints, defaults and policies: the statements are run on a
scratch database with the old state, and its catalog is read again. Two readings are needed: with the tables renamed,
which is what a plan starts from (a renamed column exists twice for a while), and with all renamed, which tells what
differs besides names.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Sequence
from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.diff.compare import Change, ChangeKind, compare
from alembic_vibe.diff.refine import refine
from alembic_vibe.sql.compose import Name, compose

if TYPE_CHECKING:
    from alembic_vibe.catalog.catalog import Catalog
    from alembic_vibe.diff.renames import Renames


@dataclass(frozen=True)
class Renamed:
    """``before`` is the old state with its tables renamed; ``changes`` lead from there to the wanted state.

    A renamed column is one RENAME change, which has all that differs in it: ``before`` of it is the column as it would
    be after the renaming alone (what follows the new names is no difference), but with its old name. That its NOT NULL
    was named after the old one, which does not follow (PostgreSQL 18), is no difference either. A renamed table is a
    RENAME change with both facts; what differs in it besides are changes of their own, the names of NOT NULL included.
    A renamed sequence is a RENAME change as a column is.
    """

    before: Catalog
    changes: tuple[Change, ...]


def table_statements(renames: Renames, before: Catalog) -> list[str]:
    """Return the SQL that gives the tables their new names, and makes the schemas that they move to.

    Args:
        renames: What is renamed.
        before: The state on which the statements will run.
    """
    relations = {(key.schema, key.name) for key in before.facts}
    schemas = {new.schema for new, old in renames.tables.items() if new.schema != old.schema} - {"public"}
    missing = [schema for schema in sorted(schemas) if Key(Kind.SCHEMA, "", schema) not in before.facts]
    statements = [compose("CREATE SCHEMA {schema}", schema=Name(schema)) for schema in missing]
    for new, old in sorted(renames.tables.items()):
        steps = []
        here = old
        if new.schema != old.schema and (old.schema, new.name) in relations:
            steps.append(_set_schema(here, new.schema))  # something else has the new name where the table is now
            here = here._replace(schema=new.schema)
        if new.name != old.name:
            steps.append(compose("ALTER TABLE {table} RENAME TO {name}", table=_name(here), name=Name(new.name)))
            here = here._replace(name=new.name)
        if new.schema != here.schema:
            steps.append(_set_schema(here, new.schema))
        statements += steps
    return statements


def column_statements(renames: Renames) -> list[str]:
    """Return the SQL that gives columns and owned sequences their new names, once the tables have theirs."""
    statements = []
    for new, old in sorted(renames.columns.items()):
        table = Name(new.schema, new.name)
        rename = "ALTER TABLE {table} RENAME COLUMN {old} TO {new}"
        statements.append(compose(rename, table=table, old=Name(old.member), new=Name(new.member)))
    for new, old in sorted(renames.sequences.items()):
        rename = "ALTER SEQUENCE {sequence} RENAME TO {name}"
        statements.append(compose(rename, sequence=_name(old), name=Name(new.name)))
    return statements


def renamed_changes(
    before: Catalog, tables_renamed: Catalog, all_renamed: Catalog, after: Catalog, renames: Renames
) -> Renamed:
    """Return what is left to do besides new names, and the renamings themselves.

    Args:
        before: The old state.
        tables_renamed: The same after ``table_statements``, as the server says; ``before`` where there are none.
        all_renamed: And after ``column_statements``; ``tables_renamed`` where there are none.
        after: The wanted state.
        renames: What is renamed.
    """
    start, named = _without_new_schemas(tables_renamed, before), _without_new_schemas(all_renamed, before)
    changes: list[Change] = []
    for new, old in sorted(renames.tables.items()):
        changes.append(Change(ChangeKind.RENAME, new, before.facts[old], after.facts[new]))
    for new, old in sorted(renames.sequences.items()):
        was, wanted = named.facts[new], after.facts[new]
        assert isinstance(was, Sequence)
        changes.append(Change(ChangeKind.RENAME, new, replace(was, key=old), wanted))
    for new, old in sorted(renames.columns.items()):
        table = Key(Kind.TABLE, new.schema, new.name)
        column = before.table(renames.tables.get(table, table)).column(old.member)
        follows = replace(named.table(table).column(new.member), name=old.member, not_null_name=column.not_null_name)
        changes.append(Change(ChangeKind.RENAME, new, follows, after.table(table).column(new.member)))
    absorbed = renames.columns.keys() | renames.sequences.keys()
    changes += [change for change in refine(compare(named, after), named, after) if change.key not in absorbed]
    return Renamed(start, tuple(changes))


def _without_new_schemas(catalog: Catalog, before: Catalog) -> Catalog:
    """Return the catalog without the schemas that only ``table_statements`` made: they are still to be planned."""
    facts = {key: fact for key, fact in catalog.facts.items() if key.kind is not Kind.SCHEMA or key in before.facts}
    return replace(catalog, facts=facts)


def _set_schema(table: Key, schema: str) -> str:
    return compose("ALTER TABLE {table} SET SCHEMA {schema}", table=_name(table), schema=Name(schema))


def _name(key: Key) -> Name:
    return Name(key.schema, key.name)
