"""How expressions, comments and names become what people write and read."""

from __future__ import annotations

import pytest

from alembic_vibe.catalog.catalog import Catalog
from alembic_vibe.catalog.facts import Column, Constraint, Enum, Table, TypeRef
from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.describe.grouping import group_tables
from alembic_vibe.describe.literals import kept_in_lines
from alembic_vibe.describe.prose import as_prose, as_title
from alembic_vibe.describe.readable import Freedom, Wording, query_layout
from alembic_vibe.describe.types import spelt
from alembic_vibe.source import Source
from alembic_vibe.spec.reader import read_spec_text

RUNS = Key(Kind.TABLE, "public", "runs")
VARCHAR = TypeRef(text="character varying(9)", base="character varying", modifiers="9")
INTEGER = TypeRef(text="integer", base="integer")
KNOWN = Catalog(
    facts={
        RUNS: Table(key=RUNS, columns=(Column(name="state", type=VARCHAR), Column(name="n", type=INTEGER))),
        Key(Kind.ENUM, "public", "mood"): Enum(key=Key(Kind.ENUM, "public", "mood"), labels=("ok",)),
    }
)
IN_VARCHAR = "state::text = ANY (ARRAY['a'::character varying, 'b'::character varying]::text[])"


@pytest.mark.parametrize(
    ("printed", "readable"),
    [
        (IN_VARCHAR, "state IN ('a', 'b')"),
        (f"n > 0 AND ({IN_VARCHAR})", "n > 0 AND state IN ('a', 'b')"),
        (f"NOT ({IN_VARCHAR})", "NOT (state IN ('a', 'b'))"),
        ("mood <> ALL (ARRAY['ok'::mood, 'it''s'::mood])", "mood NOT IN ('ok', 'it''s')"),
        ("n = ANY (ARRAY[1, 2])", "n IN (1, 2)"),
        ("n = ANY (ARRAY[1])", "n = ANY (ARRAY[1])"),
        ("n = ANY (ARRAY[a.b, 2])", "n = ANY (ARRAY[a.b, 2])"),
        ("price >= 0::numeric AND n > '-1'::integer", "price >= 0 AND n > -1"),
        ("latitude >= '-90'::integer::numeric", "latitude >= -90"),
        ("state::text ~~ 'a%'::text AND n::text !~~* '::text'::text", "state LIKE 'a%' AND n::text NOT ILIKE '::text'"),
        ("made_at > now() - '1 day'::interval", "made_at > now() - '1 day'::interval"),
        ("NULL::integer", "NULL::integer"),
        ("nextval('runs_id_seq'::regclass)", "nextval('runs_id_seq')"),
    ],
)
def test_expressions_lose_the_casts_of_the_printer(printed: str, readable: str) -> None:
    assert Wording(KNOWN, Freedom.READABLE).words(RUNS, printed) == readable
    assert Wording(KNOWN, Freedom.PRINTED).words(RUNS, printed) == printed


def test_without_a_proof_only_what_postgresql_reads_otherwise_is_changed() -> None:
    wording = Wording(KNOWN)
    assert wording.words(RUNS, IN_VARCHAR) == "state IN ('a', 'b')"
    assert wording.words(RUNS, "mood = ANY (ARRAY['ok'::mood, 'no'::mood])").startswith("mood = ANY")
    wording.freedom[RUNS] = Freedom.PRINTED
    assert wording.words(RUNS, IN_VARCHAR) == IN_VARCHAR


def test_a_query_keeps_what_spans_lines() -> None:
    assert query_layout(" SELECT a\n   FROM t\n  WHERE b") == "SELECT a\nFROM t\nWHERE b"
    literal = " SELECT 'x\n   FROM t' AS a\n   FROM t"
    assert query_layout(literal) == literal


def test_types_have_their_short_names() -> None:
    printed = [
        "character varying(20)[]",
        "timestamp(3) with time zone",
        "time without time zone",
        "character(2)",
        '"char"',
    ]
    assert list(map(spelt, printed)) == ["varchar(20)[]", "timestamptz(3)", "time", "char(2)", '"char"']


@pytest.mark.parametrize(
    "comment",
    [
        "**Primary Database:** MySQL",
        "Primary Database: MySQL 8",
        "## 5. Database Schema",
        "```sql CREATE TABLE evil (id integer);",
        "~~~ | cell | <!-- hidden",
        "- **Query Timeout:** never",
        "1. [a / b] {Feature Name}",
        "TBD",
    ],
)
def test_a_comment_is_text_and_nothing_else(comment: str) -> None:
    lines = ["## 5. Database Schema", "### 5.3 Core Tables", as_prose(comment), "```sql", "SELECT 1;", "```"]
    reading = read_spec_text(Source("spec.md", "\n\n".join(lines)))
    assert reading.spec is not None
    assert [section.number for section in reading.spec.sections] == ["5.3"]
    assert reading.spec.sections[0].labels == ()
    assert len(reading.spec.blocks) == 1
    assert {diagnostic.code for diagnostic in reading.diagnostics} <= {"AV109"}


def test_the_title_is_not_the_number_of_a_section() -> None:
    assert as_title("Shop") == "Shop: Technical Specification"
    assert as_title("5 Databases") == "Technical Specification of 5 Databases"


def test_line_ends_inside_of_literals_are_kept() -> None:
    assert kept_in_lines("AS $$a\r\n'b'\\$$ 'x'") == "AS E'a\\r\n''b''\\\\' 'x'"
    assert kept_in_lines("COMMENT IS E'a\\n\r'") == "COMMENT IS E'a\\n\\r'"
    assert kept_in_lines("SELECT '\n'") == "SELECT '\n'"


# -- sections --------------------------------------------------------------------------------------------------------


def sections(names: str, *references: str) -> dict[str, str]:
    """The tables of each section by title, for names in one line and references such as ``orders>users``."""
    keys = {name: Key(Kind.TABLE, *(name.split(".") if "." in name else ("public", name))) for name in names.split()}
    facts: dict[Key, object] = {key: Table(key=key, columns=()) for key in keys.values()}
    for number, reference in enumerate(references):
        one, other = (keys[name] for name in reference.split(">"))
        key = Key(Kind.CONSTRAINT, one.schema, one.name, f"fk_{number}")
        facts[key] = Constraint(key=key, kind="f", definition="", references=other)
    found = group_tables(Catalog(facts=facts))  # type: ignore[arg-type]
    return {group.title: " ".join(sorted(table.qualified for table in group.tables)) for group in found if group.tables}


def test_tables_are_grouped_by_the_words_of_their_names() -> None:
    assert sections("orders order_items order_notes invoices invoice_lines invoice_runs settings") == {
        "Core System": "settings",
        "Invoices": "invoice_lines invoice_runs invoices",
        "Orders": "order_items order_notes orders",
    }


def test_a_table_alone_goes_where_its_foreign_keys_lead_but_not_to_what_everybody_refers_to() -> None:
    names = "users user_tokens user_mails orders order_items order_notes shipments blog_posts blog_tags blog_links"
    hub = ["orders>users", "shipments>users", "blog_posts>users", "order_notes>users", "blog_links>users"]
    found = sections(names, *hub, "shipments>orders")
    assert found["Orders and Shipments"] == "order_items order_notes orders shipments"
    assert found["Blog"] == "blog_links blog_posts blog_tags"


def test_what_most_sections_refer_to_is_the_core() -> None:
    names = "users user_tokens user_mails as_1 as_2 as_3 bs_1 bs_2 bs_3 cs_1 cs_2 cs_3"
    found = sections(names, "as_1>users", "bs_1>users", "cs_1>users")
    assert found["Core System"] == "user_mails user_tokens users"


def test_schemas_stay_together_and_a_common_prefix_says_nothing() -> None:
    assert sections("billing.orders billing.payments")["Billing"] == "billing.orders billing.payments"
    names = "app_user app_user_mail app_user_token app_order app_order_item app_order_note"
    assert set(sections(names)) == {"Users", "Orders"}
