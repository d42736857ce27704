"""Countries, currencies, time zones and feature flags: from what the specification asks for to rows of its tables."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from alembic_vibe.artifacts import render_artifacts, sort_out
from alembic_vibe.compilation import Compiled, compile_spec, parse
from alembic_vibe.config import load_project
from alembic_vibe.diagnostics import ConfigurationError, ExitCode
from alembic_vibe.refreshing import refresh
from alembic_vibe.seed.runner import load_seeds
from alembic_vibe.seed.standards.subject import Standard, standard_of
from alembic_vibe.seed.write import read_seeds, render_seeds
from alembic_vibe.writing import write_all

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from alembic_vibe.diagnostics import Diagnostic
    from alembic_vibe.postgres.server import ScratchServer
    from alembic_vibe.results import SeedResult

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("reference-data")]  # tests of a project follow each other
# ruff: noqa: ISC004 - queries over two lines

HEAD = "## 5. Database\n**Primary Database:** PostgreSQL 15+\n\n### 5.3 Core System Tables\n```sql\n"
ASKED = "**Reference Data:** Countries, currencies, time zones, feature flags"
SEEDING = "\n```\n\n### 5.M Database Migration & Versioning\n\n#### 5.M.3 Data Seeding Strategy\n"

# How people name these tables and columns: one style a schema.
STYLES = """
CREATE SCHEMA plain; CREATE SCHEMA uuids; CREATE SCHEMA camel; CREATE SCHEMA ref; CREATE SCHEMA iso;
CREATE SCHEMA serial;
CREATE TABLE plain.countries (code char(2) PRIMARY KEY, name varchar(100) NOT NULL,
    currency_code char(3) REFERENCES plain.currencies (code), phone_code text);
CREATE TABLE plain.currencies (code char(3) PRIMARY KEY, name text NOT NULL, symbol varchar(10),
    minor_units smallint NOT NULL DEFAULT 2);
CREATE TABLE plain.time_zones (name text PRIMARY KEY, country_code char(2) REFERENCES plain.countries (code),
    utc_offset interval);

CREATE TABLE uuids.country (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), iso3 varchar(3) NOT NULL,
    iso2 varchar(2) UNIQUE NOT NULL CHECK (iso2 ~ '^[a-z]{2}$'), numcode smallint, name text NOT NULL, name_de text,
    is_active boolean NOT NULL DEFAULT true, created_at timestamptz NOT NULL DEFAULT now());
CREATE TABLE uuids.currency (id uuid PRIMARY KEY, code varchar(3) UNIQUE NOT NULL, decimal_places int,
    currency_name text);
CREATE TABLE uuids.timezone (id serial PRIMARY KEY, tz varchar(64) UNIQUE NOT NULL,
    country_id uuid REFERENCES uuids.country (id), latitude numeric(8, 4), longitude numeric(9, 4));

CREATE TABLE camel."Countries" ("Id" int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, "Alpha2Code" char(2) NOT NULL UNIQUE,
    "Alpha3Code" char(3) NOT NULL, "NumericCode" char(3) NOT NULL, "Name" text NOT NULL);
CREATE TABLE camel."Currencies" ("Id" serial PRIMARY KEY, "CurrencyCode" char(3) UNIQUE NOT NULL, "CurrencyName" text,
    "MinorUnit" int);
CREATE TABLE camel."TimeZones" ("IanaName" text PRIMARY KEY, "CountryId" int REFERENCES camel."Countries" ("Id"),
    "DisplayName" text NOT NULL, "CreatedAt" timestamptz NOT NULL);

CREATE TABLE ref.ref_country (country_cd char(3) PRIMARY KEY, country_nm varchar(80) NOT NULL, flag_emoji text);
CREATE TABLE ref.lkp_currency (currency_code char(3) PRIMARY KEY, currency_name varchar(80) NOT NULL,
    exponent smallint CHECK (exponent BETWEEN 0 AND 4));
CREATE TABLE ref.tz (tz_name text PRIMARY KEY, country_code char(3) REFERENCES ref.ref_country (country_cd));

CREATE DOMAIN iso.zone AS text CHECK (VALUE <> '');
CREATE TABLE iso.iso_countries (alpha_2 text PRIMARY KEY CHECK (length(alpha_2) = 2), alpha_3 text NOT NULL,
    numeric_code integer NOT NULL, english_short_name text NOT NULL, capital text);
CREATE TABLE iso.iso_currencies (alphabetic_code text PRIMARY KEY, numeric_code smallint UNIQUE, minor_unit smallint);
CREATE TABLE iso.iana_timezones (identifier iso.zone PRIMARY KEY, country_code text, comments text);

CREATE TABLE serial.t_country (id bigserial PRIMARY KEY, country_code text UNIQUE CHECK (char_length(country_code) = 3),
    title text NOT NULL);
CREATE TABLE serial.master_currencies (id integer PRIMARY KEY, iso_code varchar(3) NOT NULL, sign text, precision int);
CREATE TABLE serial.timezones (key text PRIMARY KEY, area text, location point);
CREATE TABLE serial.feature_flags (key text PRIMARY KEY, enabled boolean NOT NULL DEFAULT false, description text);
"""
FLAGS = "\n**Feature Flags:** `new_checkout` (on), `beta_search` (off, for testers), `maps`\n"


def compiled(text: str, folder: Path, server: ScratchServer) -> Compiled:
    path = folder / "spec.md"
    path.write_text(text, encoding="utf-8")
    return compile_spec(parse(path, "spec.md", folder / "seeds"), server)


@pytest.fixture(scope="module")
def styles(server: ScratchServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[psycopg.Connection[Any]]:
    """A database that has the rows of the files, read back."""
    folder = tmp_path_factory.mktemp("styles")
    found = compiled(HEAD + STYLES + SEEDING + ASKED + FLAGS, folder, server)
    for path, text in render_seeds(found.seeds).items():
        target = folder / "seeds" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8", newline="\n")
    assert sorted(path.name for path in (folder / "seeds" / "reference").glob("*.csv"))[:2] == [
        "01_camel_Currencies.csv",
        "02_iso_iso_currencies.csv",
    ]
    name = server.create_database()
    try:
        with server.connect(name, autocommit=True) as connection:
            statements = found.parsed.sql.statements
            for index in found.loaded.order:
                connection.execute(statements[index].text.encode())
            seeds = read_seeds(folder / "seeds")
            load_seeds(connection, seeds)
            assert load_seeds(connection, seeds, check=True).changes == 0
            # What is read back is written again byte by byte.
            again = render_seeds(seeds)
            assert {path: text for path, text in render_seeds(found.seeds).items() if again[path] != text}.keys() == {
                "reference/19_serial_feature_flags.json"  # of which only the place in the document is lost
            }
            yield connection
    finally:
        server.drop_database(name)


@pytest.mark.parametrize(
    ("query", "answer"),
    [
        ("SELECT count(*), count(currency_code) > 220 FROM plain.countries", (249, True)),
        ("SELECT name, currency_code, phone_code FROM plain.countries WHERE code = 'DE'", ("Germany", "EUR", None)),
        ("SELECT currency_code FROM plain.countries WHERE code = 'CG'", ("XAF",)),  # and not the other Congo's
        ("SELECT currency_code FROM plain.countries WHERE code = 'PA'", (None,)),  # has two
        ("SELECT name, symbol, minor_units FROM plain.currencies WHERE code = 'JPY'", ("Yen", "¥", 0)),
        ("SELECT count(*) FROM plain.currencies WHERE code = 'XAU'", (0,)),  # has no minor units: 2 would be a lie
        ("SELECT country_code, utc_offset FROM plain.time_zones WHERE name = 'Europe/Zurich'", ("CH", None)),
        ("SELECT country_code FROM plain.time_zones WHERE name = 'UTC'", (None,)),
        (
            "SELECT id::text, iso2, iso3, numcode, name_de, is_active FROM uuids.country WHERE iso3 = 'AFG'",
            ("7fef8a20-6eac-5caf-aa26-6131aaf4997e", "af", "AFG", 4, "Afghanistan", True),
        ),
        ("SELECT decimal_places, currency_name FROM uuids.currency WHERE code = 'XAU'", (None, "Gold")),
        (
            "SELECT iso2, latitude::text, longitude::text FROM uuids.country c, uuids.timezone"
            " WHERE c.id = country_id AND tz = 'America/New_York'",
            ("us", "40.7142", "-74.0064"),
        ),
        ('SELECT "Alpha3Code", "NumericCode" FROM camel."Countries" WHERE "Alpha2Code" = \'AF\'', ("AFG", "004")),
        ('SELECT "MinorUnit" FROM camel."Currencies" WHERE "CurrencyCode" = \'BHD\'', (3,)),
        (
            'SELECT "Alpha2Code", "DisplayName" FROM camel."TimeZones" JOIN camel."Countries" ON "Id" = "CountryId"'
            " WHERE \"IanaName\" = 'Africa/Addis_Ababa'",
            ("ET", "Africa/Addis Ababa"),
        ),
        ("SELECT country_nm, flag_emoji FROM ref.ref_country WHERE country_cd = 'FRA'", ("France", "🇫🇷")),
        ("SELECT country_code FROM ref.tz WHERE tz_name = 'Asia/Tokyo'", ("JPN",)),
        ("SELECT alpha_3, numeric_code FROM iso.iso_countries WHERE alpha_2 = 'AT'", ("AUT", 40)),
        ("SELECT minor_unit FROM iso.iso_currencies WHERE alphabetic_code = 'CLF'", (4,)),
        ("SELECT country_code FROM iso.iana_timezones WHERE identifier = 'Europe/Rome'", ("IT",)),
        ("SELECT count(*), min(title) FROM serial.t_country WHERE country_code = 'CHE'", (1, "Switzerland")),
        ("SELECT id, sign, precision FROM serial.master_currencies WHERE iso_code = 'EUR'", (978, "€", 2)),
        (
            "SELECT area, location[0] FROM serial.timezones WHERE key = 'Europe/Paris'",
            ("Europe", 2.3333),
        ),
        (
            "SELECT string_agg(concat_ws(' ', key, enabled, description), ', ' ORDER BY key) FROM serial.feature_flags",
            ("beta_search f for testers, maps f, new_checkout t",),
        ),
        # Every zone is one that PostgreSQL knows as well.
        (
            "SELECT count(*) FROM plain.time_zones WHERE name NOT IN (SELECT name FROM pg_timezone_names)",
            (0,),
        ),
    ],
)
def test_rows_are_for_the_columns_that_the_tables_have(
    styles: psycopg.Connection[Any], query: str, answer: tuple[object, ...]
) -> None:
    assert styles.execute(query.encode()).fetchone() == answer


def test_what_cannot_be_written_is_said_where_it_is_asked_for(server: ScratchServer, tmp_path: Path) -> None:
    tables = (
        "CREATE TABLE countries (code char(2) PRIMARY KEY, name varchar(20) NOT NULL);"
        "CREATE TABLE currencies (code char(3) PRIMARY KEY, name text, rate numeric NOT NULL);"
        "CREATE TABLE time_zones (name text PRIMARY KEY, country_code char(2) REFERENCES countries (code));"
        "CREATE TABLE amenities (name text PRIMARY KEY);"
    )
    text = HEAD + tables + SEEDING + ASKED + ", amenities, exchange rates\n"
    for _ in range(2):  # what is known of an earlier load says the same
        found = compiled(text, tmp_path, server)
        said = {(d.code, text[d.span.start : d.span.end]): d for d in found.diagnostics if d.code > "AV6" and d.span}
        assert set(said) == {
            ("AV615", "Countries"),
            ("AV614", "currencies"),
            ("AV613", "time zones"),
            ("AV612", "feature flags"),
            ("AV617", "amenities"),
            ("AV617", "exchange rates"),
        }
        assert "rate" in said["AV614", "currencies"].message
        assert "character varying(20)" in said["AV615", "Countries"].message
        assert "CREATE TABLE feature_flags" in said["AV612", "feature flags"].help
        (zones,) = found.seeds
        # Their countries are not there: nothing refers to them.
        assert {row.values["country_code"] for row in zones.rows} == {None}


def test_rows_of_the_specification_stay_and_the_others_come_where_all_are_asked_for(
    server: ScratchServer, tmp_path: Path
) -> None:
    tables = (
        "CREATE TABLE countries (code char(2) PRIMARY KEY, name text NOT NULL, currency char(3) REFERENCES currencies);"
        "INSERT INTO countries (code, name, currency) VALUES ('DE', 'Deutschland', 'EUR'), ('XX', 'Nowhere', NULL);"
        "CREATE TABLE currencies (code char(3) PRIMARY KEY, name text NOT NULL);"
        "INSERT INTO currencies VALUES ('EUR', 'Euro!'), ('USD', 'Dollar');"
    )
    asked = "**Reference Data:**\n- Currencies\n- All countries (ISO 3166)\n"
    found = compiled(HEAD + tables + SEEDING + asked, tmp_path, server)
    currencies, countries = found.seeds
    assert [row.values["name"] for row in currencies.rows] == ["Euro!", "Dollar"]
    names = {row.values["code"]: (row.values["name"], row.values["currency"]) for row in countries.rows}
    assert len(names) == 250
    assert names["DE"] == ("Deutschland", "EUR")
    assert names["FR"] == ("France", "EUR")
    assert names["JP"] == ("Japan", None)  # the specification has no yen
    assert {d.code for d in found.diagnostics if d.code > "AV6"} == {"AV613", "AV616"}


TABLES = """CREATE TABLE currencies (code char(3) PRIMARY KEY, name text NOT NULL);
CREATE TABLE countries (code char(2) PRIMARY KEY, name text NOT NULL, currency char(3) REFERENCES currencies);
CREATE TABLE feature_flags (key text PRIMARY KEY, enabled boolean NOT NULL DEFAULT false);"""


class Shop:
    """A project in a folder, and what its commands do: all of ``generate`` but the chain, which takes its time."""

    def __init__(self, folder: Path, server: ScratchServer) -> None:
        self.reference = folder / "seeds" / "reference"
        self._project = load_project(None, folder, require_environment=False)
        self.known: Mapping[str, str] = {}
        self._server = server

    def generate(self, tables: str = TABLES) -> tuple[list[Diagnostic], list[str]]:
        """Return what is said, and the paths of the files that are written or deleted."""
        project = self._project
        project.spec.parent.mkdir(exist_ok=True)
        project.spec.write_text(HEAD + tables + SEEDING + ASKED.replace("time zones, ", "") + FLAGS)
        found = compile_spec(parse(project.spec, "spec.md", project.seeds), self._server)
        sorted_out = sort_out(project, render_artifacts(project, found), self.known)
        write_all(project.root, sorted_out.write)
        self.known = sorted_out.digests
        return [d for d in (*found.diagnostics, *sorted_out.diagnostics) if d.code > "AV6"], list(sorted_out.write)

    def refresh(self, *, check: bool = False) -> SeedResult:
        url = self._server.url("postgres")
        return refresh(self._project, self._project.spec, check=check, scratch_url=url)

    def files(self) -> dict[str, str]:
        return {path.name: path.read_text(encoding="utf-8") for path in sorted(self.reference.iterdir())}


@pytest.fixture(scope="module")
def shop(server: ScratchServer, tmp_path_factory: pytest.TempPathFactory) -> Shop:
    folder = tmp_path_factory.mktemp("shop")
    (folder / "pyproject.toml").write_text('[tool.alembic-vibe]\nmodels = "shop/models"\n', encoding="utf-8")
    return Shop(folder, server)


@pytest.fixture
def newer(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Another version of the library: a country has another name, one is new, and one is gone."""

    def read(name: str) -> Standard:
        found = standard_of(name)
        if name != "countries":
            return found
        rows = [{**row, "name": "Deutschland"} if row["alpha_2"] == "DE" else row for row in found.rows]
        new = {**rows[0], "alpha_2": "ZZ", "alpha_3": "ZZZ", "numeric": "999", "name": "Zz", "currency": "EUR"}
        return replace(found, source="iso3166 9.9", rows=(*(row for row in rows if row["alpha_2"] != "AD"), new))

    return lambda: monkeypatch.setattr("alembic_vibe.seed.standards.rows.standard_of", read)


def test_files_stay_as_they_are_until_they_are_refreshed(shop: Shop, newer: Callable[[], None]) -> None:
    """One journey, for each run takes its time."""
    said, _ = shop.generate()
    assert [d.code for d in said] == ["AV613", "AV613"]
    first = shop.files()
    assert list(first) == ["01_currencies.csv", "02_countries.csv", "03_feature_flags.json"]
    head, _, rows = first["02_countries.csv"].partition("\ncode,name,currency\n")
    assert '# source: "iso3166 3' in head
    assert rows.splitlines()[:2] == ["AD,Andorra,EUR", "AE,United Arab Emirates,AED"]

    # Another version of the library is no drift, and is not spoken of.
    newer()
    assert shop.generate() == ([], [])

    # refresh shows it; with --check it writes nothing.
    shown = shop.refresh(check=True)
    assert shown.exit_code is ExitCode.FINDINGS
    assert shop.files() == first
    old, money = standard_of("countries").source, standard_of("currencies").source
    assert [line for line in shown.lines if line.startswith(("02", "  "))] == [
        f"02_countries.csv: {old}, {money} → iso3166 9.9, {money}: 1 added, 1 removed, 1 changed",
        "  + ZZ",
        "  - AD",
        "  ~ DE: name: Germany → Deutschland",
    ]

    # A new column of the table comes from the version that is installed, and the rows stay as they are.
    wider = TABLES.replace("(code char(2) PRIMARY KEY,", "(code char(2) PRIMARY KEY, iso3 char(3),")
    (note,), written = shop.generate(wider)
    assert "new in the file: iso3 (iso3166 9.9); no longer in the library: AD" in note.message
    assert "seeds/reference/02_countries.csv" in written
    rows = shop.files()["02_countries.csv"]
    assert "\nAD,,Andorra,EUR\n" in rows
    assert "\nDE,DEU,Germany,EUR\n" in rows
    assert '"iso3": "alpha_3 [iso3166 9.9]"' in rows

    # refresh takes all of the new version.
    assert shop.refresh().exit_code is ExitCode.DONE
    rows = shop.files()["02_countries.csv"]
    assert '# source: "iso3166 9.9"' in rows
    assert "\nDE,DEU,Deutschland,EUR\n" in rows
    assert "\nZZ,ZZZ,Zz,EUR\n" in rows
    assert shop.refresh(check=True).exit_code is ExitCode.DONE

    # Where the specification gives the rows itself, the file makes way.
    said, written = shop.generate(wider + "INSERT INTO countries (code, name) VALUES ('DE', 'Germany');")
    assert [d.code for d in said] == ["AV616"]
    assert sorted(written) == ["seeds/reference/02_countries.csv", "seeds/reference/02_countries.json"]
    assert list(shop.files()) == ["01_currencies.csv", "02_countries.json", "03_feature_flags.json"]
    shop.generate(wider)
    assert shop.files()["02_countries.csv"] == rows

    # What a person does to a file is the file's content from then on; refresh leaves it alone.
    path = shop.reference / "02_countries.csv"
    edited = rows.replace("\nZZ,ZZZ,Zz,EUR", "").replace("Deutschland", '"Deutsch""land"')
    path.write_text(edited.replace("\ncode,", "\n# Agreed with Sales.\ncode,"), encoding="utf-8", newline="\n")
    before = shop.known
    assert shop.generate(wider) == ([], [])
    assert shop.known == before  # nor is there anything to be remembered
    narrow = TABLES.replace("currency char(3) REFERENCES currencies", "iso3 char(3)")
    narrow = narrow.replace(narrow.splitlines()[0] + "\n", "")  # no currencies: another number for the files
    assert shop.generate(narrow)[1]
    files = shop.files()
    assert list(files) == ["01_countries.csv", "02_feature_flags.json"]
    assert '\nDE,"Deutsch""land",DEU\n' in files["01_countries.csv"]
    assert "\nZZ," not in files["01_countries.csv"]
    assert "\n# Agreed with Sales.\n" in files["01_countries.csv"]
    refreshed = shop.refresh()
    assert [d.code for d in refreshed.diagnostics] == ["AV619"]
    assert shop.files() == files
    assert shop.generate(narrow)[1] == []
    # Edits are not deleted with the request.
    said, _ = shop.generate(narrow.replace("countries", "lands"))
    assert "AV851" in {d.code for d in said}
    assert "01_countries.csv" in shop.files()
    shop.generate(narrow)


def test_a_file_does_not_depend_on_who_has_the_extra(
    server: ScratchServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tables = "CREATE TABLE currencies (code char(3) PRIMARY KEY, symbol text NOT NULL, name_de text);"
    (tmp_path / "pyproject.toml").write_text('[tool.alembic-vibe]\nmodels = "shop/models"\n', encoding="utf-8")
    shop = Shop(tmp_path, server)
    shop.generate(tables)
    before = shop.files()
    assert "\nEUR,€,Euro\n" in before["01_currencies.csv"]
    monkeypatch.setitem(sys.modules, "babel", None)
    assert shop.generate(tables)[1] == []
    refreshed = shop.refresh()
    assert (refreshed.exit_code, shop.files()) == (ExitCode.DONE, before)
    assert "alembic-vibe[names]" in refreshed.lines[0]
    # Who starts without it is told.
    (shop.reference / "01_currencies.csv").unlink()
    said, _ = shop.generate(tables)
    assert [d.help for d in said if d.code == "AV614" and "alembic-vibe[names]" in d.help]


def test_a_file_that_cannot_be_read_stops_the_run(shop: Shop) -> None:
    path = shop.reference / "01_countries.csv"
    path.write_text(path.read_text(encoding="utf-8") + "AA,too,many,values\n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"line \d+ has 4 values for 3 columns"):
        shop.generate()
