"""The judge must be able to say no: what differs in a database differs in its statements."""

from __future__ import annotations

import pytest

from tests.acceptance.pgdump import difference, schema_statements

DUMP = r"""--
-- PostgreSQL database dump
--

\restrict k3Jd0sQ

SET statement_timeout = 0;
SELECT pg_catalog.set_config('search_path', '', false);

--
-- Name: f(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.f() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    -- alembic_version is only talked about here
    RETURN NEW;
END;
$$;

CREATE TABLE public.alembic_version (
    version_num character varying(32) NOT NULL
);

CREATE TABLE public.t (
    id integer NOT NULL,
    price numeric(10,2) DEFAULT 0,
    label text DEFAULT 'a, (b'::text,
    "odd, name)" text DEFAULT E'it\'s'::text,
    CONSTRAINT t_price_check CHECK (((price >= (0)::numeric) AND (price < (100)::numeric)))
)
WITH (fillfactor='70');

ALTER TABLE ONLY public.alembic_version
    ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);

GRANT SELECT ON TABLE public.alembic_version TO app_ro;
GRANT SELECT ON TABLE public.t TO app_ro;

\unrestrict k3Jd0sQ
"""


def test_a_dump_becomes_its_statements() -> None:
    statements = schema_statements(DUMP)
    assert {s.split("(")[0].strip() for s in statements} == {
        "CREATE FUNCTION public.f",
        "CREATE TABLE public.t",
        "GRANT SELECT ON TABLE public.t TO app_ro",
    }
    assert any("-- alembic_version is only talked about here" in s for s in statements)


def test_order_is_forgiven() -> None:
    reordered = DUMP.replace("    id integer NOT NULL,\n", "").replace(
        "    CONSTRAINT t_price", "    id integer NOT NULL,\n    CONSTRAINT t_price"
    )
    assert reordered != DUMP
    assert schema_statements(reordered) == schema_statements(DUMP)


def test_the_key_and_the_settings_of_a_dump_do_not_count() -> None:
    other = DUMP.replace("k3Jd0sQ", "other").replace("statement_timeout = 0", "statement_timeout = 5")
    assert schema_statements(other) == schema_statements(DUMP)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("DEFAULT 0,", "DEFAULT 1,"),
        ("'a, (b'", "'a, (c'"),
        (r"E'it\'s'", r"E'it\'z'"),
        ("id integer NOT NULL", "id integer"),
        ("fillfactor='70'", "fillfactor='80'"),
        ("numeric(10,2)", "numeric(2,10)"),
        ("(100)::numeric", "(101)::numeric"),
        ("RETURN NEW;", "RETURN OLD;"),
        ("GRANT SELECT ON TABLE public.t", "GRANT INSERT ON TABLE public.t"),
        ("public.t (", "public.u ("),
        ("    price numeric(10,2) DEFAULT 0,\n", ""),
    ],
)
def test_a_difference_is_seen(old: str, new: str) -> None:
    assert old in DUMP
    expected, actual = schema_statements(DUMP), schema_statements(DUMP.replace(old, new))
    assert expected != actual
    told = difference(expected, actual)
    assert "- " in told or "+ " in told


def test_nothing_to_tell_about_equals() -> None:
    assert difference(schema_statements(DUMP), schema_statements(DUMP)) == ""
