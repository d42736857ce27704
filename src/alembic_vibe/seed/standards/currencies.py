"""Currencies: ISO 4217 from iso4217; symbols and names in other languages from babel.

CLDR, behind babel, still calls the lev Bulgaria's currency: it is asked for names and symbols only, never for what
is valid.
"""

from __future__ import annotations

import re

from alembic_vibe.seed.standards.languages import names_in, symbols
from alembic_vibe.seed.standards.subject import Facts, Standard, Subject, prefixed_table, version_of, words


def _read() -> Standard:
    from iso4217 import Currency

    rows: list[Facts] = [
        {
            "code": currency.code,
            "numeric": f"{currency.number:03d}",
            "name": currency.currency_name,
            "minor_units": None if currency.exponent is None else str(currency.exponent),
            "minor_unit_factor": None if currency.exponent is None else str(10**currency.exponent),
        }
        for currency in Currency
    ]
    rows.sort(key=lambda row: row["code"] or "")
    return Standard(version_of("iso4217"), tuple(rows))


SUBJECT = Subject(
    name="currencies",
    asked=re.compile(r"\b(?:currenc(?:y|ies)|iso[ -]?4217)\b"),
    table=prefixed_table("currenc(?:y|ies)|iso_?4217"),
    prefixes=("currency", "currencies", "curr", "ccy", "iso4217", "iso_4217"),
    columns={
        "code": words(
            "code iso iso_code isocode iso3 alpha alpha_code alpha3 alpha_3 alpha3_code alphabetic_code"
            " letter_code cd id key currency abbreviation abbr short_code iso4217 iso_4217 iso4217_code"
            " symbol_code ccy three_letter_code"
        ),
        "numeric": words(
            "numeric numeric_code num num_code numcode iso_numeric iso_num number iso_number code_num code_numeric"
        ),
        "name": words("name title label english_name name_en en_name display_name iso_name long_name"),
        "minor_units": words(
            "minor_units minor_unit decimals decimal_places decimal_digits exponent precision"
            " fraction_digits digits scale fraction_size minor_unit_digits minor_unit_exponent minor_digits"
            " decimal_precision fractional_digits number_of_decimals num_decimals decimal_count"
        ),
        "minor_unit_factor": words(
            "subunit_to_unit minor_unit_factor subunits subunit_factor minor_units_per_unit units_per_major"
        ),
        "symbol": words("symbol sign"),
    },
    codes={None: "code"},
    code_names=frozenset(),
    identity=("code", "numeric"),
    numbers=frozenset({"numeric", "minor_units", "minor_unit_factor"}),
    urn="urn:iso:std:iso:4217:",
    parents={},
    example="CREATE TABLE currencies (code char(3) PRIMARY KEY, name text NOT NULL, minor_units smallint);",
    read=_read,
    named=lambda fact: symbols() if fact == "symbol" else names_in(fact, "currencies"),
)
