"""Which text generated code shows: the author's, or PostgreSQL's where that is safer."""

from __future__ import annotations

import pytest

from alembic_vibe.catalog.catalog import Catalog
from alembic_vibe.catalog.facts import Column, Constraint, ConstraintKind, Domain, Index, IndexKey, Table, TypeRef
from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.plan.authored import authored_catalog, authored_plan, comparable_catalog
from alembic_vibe.plan.expressions import Authored
from alembic_vibe.plan.model import Phase, Plan, PlannedRevision, Step
from alembic_vibe.plan.operations import CreateIndex, CreateTable, DropIndex, Execute

TABLE = Key(Kind.TABLE, "public", "t")
CHECK = Key(Kind.CONSTRAINT, "public", "t", "c")
INDEX = Key(Kind.INDEX, "public", "i")
CODE = Key(Kind.DOMAIN, "public", "code")
TEXT = TypeRef(text="text", base="text")
JSON = TypeRef(text="json", base="json")


def catalog_of(column: Column, check: str = "a > 0", key: str = "lower(a)", predicate: str | None = None) -> Catalog:
    facts = (
        Domain(key=CODE, type=JSON),
        Table(key=TABLE, columns=(column, Column(name="other", type=TEXT, default="'x'::text"))),
        Constraint(key=CHECK, kind=ConstraintKind.CHECK, definition=f"CHECK ({check}) NOT VALID", expression=check),
        Index(
            key=INDEX,
            table=TABLE,
            definition="CREATE INDEX …",
            keys=(IndexKey(column="b", expression="b"), IndexKey(column=None, expression=key)),
            predicate=predicate,
        ),
    )
    return Catalog({fact.key: fact for fact in facts}, server_version=180000)


def default_of(catalog: Catalog) -> str | None:
    return catalog.table(TABLE).column("a").default


@pytest.mark.parametrize(
    ("printed", "written", "shown"),
    [
        ("'x'::text", "'x'", "'x'"),
        ("'00:30:00'::interval", "INTERVAL '30 minutes'", "INTERVAL '30 minutes'"),
        ("now()", "NOW()", "now()"),
        ("1 + 2", "1+2", "1 + 2"),
        ("CURRENT_TIMESTAMP", "current_timestamp", "CURRENT_TIMESTAMP"),
        ("nextval('t_a_seq'::regclass)", "nextval('t_a_seq')", "nextval('t_a_seq'::regclass)"),
        ("'2026-11-22'::date", "'today'", "'2026-11-22'::date"),
        ("'2026-11-22'::date", "'2026-11-22'", "'2026-11-22'"),
        ("'2024-01-01 00:00:00+00'::timestamp with time zone", "'2024-01-01'", None),
        ("'{2024-01-01,2025-01-01}'::date[]", "'{2024-01-01, 2025-01-01}'", None),
        ("'[\"2024-01-01 00:00:00+00\",)'::tstzrange", "'[2024-01-01,)'", None),
        ("NULL::date", "NULL", "NULL"),
    ],
)
def test_defaults(printed: str, written: str, shown: str | None) -> None:
    catalog = catalog_of(Column(name="a", type=TEXT, default=printed))
    authored = authored_catalog(catalog, {TABLE: Authored(columns={"a": written, "nobody": "1"})})
    assert default_of(authored) == (shown or printed)
    assert authored.table(TABLE).column("other").default == "'x'::text"
    assert default_of(catalog) == printed


@pytest.mark.parametrize(
    "column",
    [
        Column(name="a", type=TEXT, default="'x'::text", inherited=True),
        Column(name="a", type=TEXT, identity="always"),
        Column(name="a", type=TEXT),
    ],
)
def test_columns_that_stay(column: Column) -> None:
    catalog = catalog_of(column)
    assert authored_catalog(catalog, {TABLE: Authored(columns={"a": "'x'"})}) == catalog


def test_constraints_and_indexes() -> None:
    catalog = catalog_of(Column(name="a", type=TEXT), "a ~~ 'x'::text", "lower(a::text)", "a = 'x'::mood")
    words = {
        CHECK: Authored(check="a LIKE 'x'"),
        INDEX: Authored(keys=("b", "lower(a)"), predicate="a = 'x'"),
        Key(Kind.INDEX, "public", "gone"): Authored(predicate="a"),
    }
    authored = authored_catalog(catalog, words)
    check, index = authored.facts[CHECK], authored.facts[INDEX]
    assert isinstance(check, Constraint)
    assert isinstance(index, Index)
    assert (check.expression, check.definition) == ("a LIKE 'x'", "CHECK (a LIKE 'x') NOT VALID")
    assert [key.expression for key in index.keys] == ["b", "lower(a)"]
    assert index.predicate == "a = 'x'"
    assert authored.server_version == catalog.server_version
    assert authored_catalog(catalog, {INDEX: Authored(keys=("lower(a)",))}) == catalog


@pytest.mark.parametrize(
    ("column", "written", "shown"),
    [
        (Column(name="a", type=TEXT, default="'x'::text"), "'x'", "'x'"),
        (Column(name="a", type=TypeRef(text="m", base="m", origin="enum"), default="'x'::m"), "'x'", "'x'"),
        (Column(name="a", type=TypeRef(text="citext", base="citext", origin="extension"), default="1"), "'x'", "'x'"),
        (Column(name="a", type=JSON, default="'{}'::json"), "'{}'", None),
        (
            Column(name="a", type=TypeRef(text="code", base="code", origin="domain", key=CODE), default="'{}'"),
            "'1'",
            None,
        ),
        (Column(name="a", type=TypeRef(text="p", base="p", origin="composite"), default="'(1)'::p"), "'(1)'", None),
        (Column(name="a", type=TEXT, default="now() + '1 day'::interval"), "now() + INTERVAL '1 day'", "="),
        (Column(name="a", type=TEXT, default="'f(x)'::text"), "'f(x)'", "="),
        (Column(name="a", type=TEXT, default="'a'::text || random()"), "'a' || random()", None),
        (Column(name="a", type=TEXT, default="app.next('a'::text)"), "app.next('a')", None),
        (Column(name="a", type=TEXT, default="b * (c + 1)", generated="stored"), "b*((c + 1))", "="),
        (Column(name="a", type=TEXT, default="lower(b::text)", generated="stored"), "lower(b)", None),
    ],
)
def test_defaults_that_alembic_can_compare(column: Column, written: str, shown: str | None) -> None:
    catalog = catalog_of(column)
    authored = authored_catalog(catalog, {TABLE: Authored(columns={"a": written})})
    expected = {None: column.default, "=": written}.get(shown, shown)
    assert default_of(comparable_catalog(catalog, authored)) == expected


@pytest.mark.parametrize(
    ("printed", "written", "same"),
    [
        ("lower(a::text)", "lower(a)", True),
        ("(doc ->> 'x'::text)", "(doc->>'x')", True),
        ("COALESCE(a, ''::character varying)", "coalesce(a, '')", True),
        ("btrim(a)", "TRIM(a)", False),
        ("EXTRACT(year FROM a)", "date_part('year', a)", False),
    ],
)
def test_index_keys_that_alembic_can_compare(printed: str, written: str, same: bool) -> None:
    catalog = catalog_of(Column(name="a", type=TEXT), key=printed, predicate="a = 'x'::text")
    authored = authored_catalog(catalog, {INDEX: Authored(keys=(None, written), predicate="a = 'x'")})
    index = comparable_catalog(catalog, authored).facts[INDEX]
    assert isinstance(index, Index)
    assert [key.expression for key in index.keys] == ["b", written if same else printed]
    assert index.predicate == "a = 'x'"


def test_a_plan_shows_the_words_and_runs_its_own_sql() -> None:
    catalog = catalog_of(Column(name="a", type=TEXT, default="'x'::text"), predicate="a = 'x'::text")
    words = {TABLE: Authored(columns={"a": "'x'"}), INDEX: Authored(keys=(None, None), predicate="a = 'x'")}
    authored = authored_catalog(catalog, words)
    table, check, index = (catalog.facts[key] for key in (TABLE, CHECK, INDEX))
    assert isinstance(table, Table)
    assert isinstance(check, Constraint)
    assert isinstance(index, Index)
    earlier = Index(key=INDEX, table=TABLE, definition="", predicate="a = 'y'::text")  # what was there before
    step = Step(
        TABLE,
        (
            CreateTable(table, (check,), ("CREATE TABLE …",)),
            CreateIndex(index, ("CREATE INDEX …",)),
            Execute("SELECT 1"),
        ),
        (DropIndex(earlier, ("DROP INDEX i",)),),
    )
    plan = Plan((PlannedRevision("5.3", "Tables", Phase.EXPAND, (step,)),))
    (shown,) = authored_plan(plan, catalog, authored).revisions[0].steps
    create, make, execute = shown.up
    assert create == CreateTable(authored.table(TABLE), (check,), ("CREATE TABLE …",))
    assert isinstance(make, CreateIndex)
    assert (make.index, make.statements) == (authored.facts[INDEX], ("CREATE INDEX …",))
    assert execute == Execute("SELECT 1")
    assert shown.key == TABLE
    assert isinstance(shown.key, Key)
    assert shown.down == step.down
