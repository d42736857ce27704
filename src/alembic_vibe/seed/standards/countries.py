"""Countries: ISO 3166-1 from iso3166, their currency from iso4217, names in other languages from babel.

The library has 250 rows: the standard's 249 and XK, which ISO leaves to users. XK is left out.
"""

from __future__ import annotations

import re
import unicodedata

from alembic_vibe.seed.standards.languages import names_in
from alembic_vibe.seed.standards.subject import Facts, Standard, Subject, prefixed_table, version_of, words

_USER_ASSIGNED = {"XK"}  # ISO 3166-1, 8.1.3: X… is for users; the library has it because many use it


def _read() -> Standard:
    from iso3166 import countries

    currencies = _currencies([(country.alpha2, country.name) for country in countries])
    rows: list[Facts] = [
        {
            "alpha_2": country.alpha2,
            "alpha_3": country.alpha3,
            "numeric": country.numeric,
            "name": country.name,
            "emoji": "".join(chr(0x1F1E6 + ord(letter) - ord("A")) for letter in country.alpha2),
            "currency": currencies.get(country.alpha2),
        }
        for country in countries
        if country.alpha2 not in _USER_ASSIGNED
    ]
    rows.sort(key=lambda row: row["alpha_2"] or "")
    return Standard(version_of("iso3166"), tuple(rows), {"currency": version_of("iso4217")})


def _currencies(countries: list[tuple[str, str]]) -> dict[str, str]:
    """Return the currency of each country that has exactly one; units of account (``IsFund``) are not counted.

    ISO 4217 names countries, in capitals and with another order of words, and has no codes for them.
    """
    import iso4217

    by_name = {_words(name): code for code, name in countries}
    funds = {
        entry.findtext("Ccy")
        for entry in iso4217.raw_xml.iter("CcyNtry")
        for name in entry.iter("CcyNm")
        if name.get("IsFund") == "true"
    }
    found: dict[str, set[str]] = {}
    for currency in iso4217.Currency:
        if currency.code not in funds:
            for name in currency.country_names:
                found.setdefault(by_name.get(_words(name), ""), set()).add(currency.code)
    return {country: min(codes) for country, codes in found.items() if country and len(codes) == 1}


def _words(name: str) -> frozenset[str]:
    plain = unicodedata.normalize("NFKD", name.replace("’", "'")).encode("ascii", "ignore").decode().upper()  # noqa: RUF001
    return frozenset(re.findall("[A-Z]+", plain)) - {"THE", "OF", "AND"}


SUBJECT = Subject(
    name="countries",
    asked=re.compile(r"\b(?:countr(?:y|ies)|iso[ -]?3166(?:-1)?)\b"),
    table=prefixed_table("countr(?:y|ies)|country_?info|countries_and_territories|iso_?3166(?:_1)?"),
    prefixes=("country", "countries", "ctry", "iso3166", "iso_3166_1", "iso_3166"),
    columns={
        "alpha_2": words(
            "alpha2 alpha_2 iso2 iso_2 iso_alpha2 iso_alpha_2 alpha2_code alpha_2_code code2 code_2"
            " iso_code_2 iso_code2 iso2_code iso_2_code cca2 a2 two_letter_code two_letter iso_3166_1_alpha_2"
            " iso3166_alpha2 iso_3166_alpha_2"
        ),
        "alpha_3": words(
            "alpha3 alpha_3 iso3 iso_3 iso_alpha3 iso_alpha_3 alpha3_code alpha_3_code code3 code_3"
            " iso_code_3 iso_code3 iso3_code iso_3_code cca3 a3 three_letter_code three_letter"
            " iso_3166_1_alpha_3 iso3166_alpha3 iso_3166_alpha_3"
        ),
        "numeric": words(
            "numeric numeric_code num num_code numcode iso_numeric iso_num iso_numeric_code numeric3"
            " numeric_3 code_numeric code_num number iso_number ccn3 m49 un_m49 un_code iso_3166_1_numeric"
        ),
        "name": words(
            "name title label english_name name_english name_en en_name short_name common_name display_name"
            " english_short_name"
        ),
        "emoji": words("flag_emoji emoji emoji_flag"),
        "currency": words(
            "currency currency_code currency_id currency_iso currency_iso_code default_currency"
            " default_currency_code default_currency_id main_currency main_currency_code primary_currency"
            " primary_currency_code"
        ),
    },
    codes={2: "alpha_2", 3: "alpha_3", None: "alpha_2"},
    code_names=words("code iso iso_code isocode cd id key abbreviation abbr short_code alpha_code alpha iso3166"),
    identity=("alpha_2", "alpha_3", "numeric", "name"),
    numbers=frozenset({"numeric"}),
    urn="urn:iso:std:iso:3166:-1:",
    parents={"currencies": "currency"},
    example="CREATE TABLE countries (code char(2) PRIMARY KEY, alpha_3 char(3) NOT NULL UNIQUE, name text NOT NULL);",
    read=_read,
    named=lambda fact: names_in(fact, "territories"),
)
