"""``--rename`` names what exists: a column or a table, with its schema or without."""

from __future__ import annotations

import pytest

from alembic_vibe.catalog.catalog import Catalog
from alembic_vibe.catalog.facts import Column, Table, TypeRef
from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.diff.rename_options import read_options
from alembic_vibe.results import Rename


def catalog(**tables: str) -> Catalog:
    """Return tables by ``schema__name`` with the names of their columns."""
    facts = {}
    for name, columns in tables.items():
        schema, _, table = name.rpartition("__")
        key = Key(Kind.TABLE, schema or "public", table)
        made = tuple(Column(name=column, type=TypeRef(text="text", base="text")) for column in columns.split())
        facts[key] = Table(key=key, columns=made)
    return Catalog(facts)


def said(old: str, new: str, before: Catalog, after: Catalog) -> list[str]:
    found = read_options([Rename(old, new)], before, after)
    return [*(f"{claim.old} → {claim.new}" for claim in found.claims), *found.problems]


@pytest.mark.parametrize(
    ("old", "new", "meaning"),
    [
        ("users.name", "title", "column name on users → column title on users"),
        ("public.users.name", "title", "column name on users → column title on users"),
        ("users.name", "users.title", "column name on users → column title on users"),
        ("users.name", "public.users.title", "column name on users → column title on users"),
        ("USERS.Name", "TITLE", "column name on users → column title on users"),
        ("crm.leads.a", "b", "column a on crm.leads → column b on crm.leads"),
        ("crm.leads.a", "crm.leads.b", "column a on crm.leads → column b on crm.leads"),
        ("bills", "invoices", "table bills → table invoices"),
        ("crm.deals", "sales", "table crm.deals → table crm.sales"),
        ("bills", "crm.sales", "table bills → table crm.sales"),
    ],
)
def test_meanings(old: str, new: str, meaning: str) -> None:
    before = catalog(users="name", bills="x", crm__leads="a", crm__deals="y")
    after = catalog(users="title", invoices="x", crm__leads="b", crm__sales="y")
    assert said(old, new, before, after) == [meaning]


@pytest.mark.parametrize(
    ("old", "new"), [("users.name", "nothing"), ("users.x", "title"), ("users.name", "leads.title"), ("a.b.c", "d.e")]
)
def test_what_names_nothing(old: str, new: str) -> None:
    (problem,) = said(old, new, catalog(users="name"), catalog(users="title", leads="title"))
    assert problem == f"--rename {old}={new}: the chain has no table or column {old} that the specification calls {new}"


def test_two_meanings() -> None:
    before, after = catalog(crm="a", crm__a="x"), catalog(crm="b", crm__b="x")
    (problem,) = said("crm.a", "b", before, after)
    assert problem == "--rename crm.a=b can mean table crm.a or column a on crm: name the schema as well"
    assert said("public.crm.a", "b", before, after) == ["column a on crm → column b on crm"]
    assert said("crm.a", "crm.b", before, after) == ["table crm.a → table crm.b"]
