"""Time zones: the zones that people choose from, by country, from tzdata's ``zone.tab``; and UTC.

No offset is given: what a zone's clocks show depends on the day, and changes by law.
"""

from __future__ import annotations

import re
from importlib import import_module
from importlib.resources import files

from alembic_vibe.seed.standards.subject import Facts, Standard, Subject, prefixed_table, version_of, words

_ISO_6709 = re.compile(r"([+-])(\d{2})(\d{2})(\d{2})?([+-])(\d{3})(\d{2})(\d{2})?")


def _read() -> Standard:
    table = files("tzdata").joinpath("zoneinfo", "zone.tab").read_text(encoding="utf-8")
    version = getattr(import_module("tzdata"), "IANA_VERSION", "")
    rows = [_zone(line.split("\t")) for line in table.splitlines() if line and not line.startswith("#")]
    rows.append(_zone(["", "", "UTC"]))
    rows.sort(key=lambda row: row["name"] or "")
    return Standard(f"{version_of('tzdata')} (IANA {version})", tuple(rows))


def _zone(cells: list[str]) -> Facts:
    """Read country, coordinates, name and comment of a line; the comment is there where a country has several."""
    country, place, name = cells[:3]
    latitude, longitude = _degrees(place)
    area, _, city = name.partition("/")
    return {
        "name": name,
        "country": country or None,
        "coordinates": place or None,
        "latitude": latitude,
        "longitude": longitude,
        "point": f"({longitude},{latitude})" if latitude else None,
        "comments": cells[3] if len(cells) > 3 else None,
        "area": area if city else None,
        "city": city.rpartition("/")[2].replace("_", " ") or None,
        "label": name.replace("_", " "),
    }


def _degrees(place: str) -> tuple[str | None, str | None]:
    match = _ISO_6709.fullmatch(place)
    if match is None:
        return None, None
    parts = []
    for sign, degrees, minutes, seconds in (match.groups()[:4], match.groups()[4:]):
        value = int(degrees) + int(minutes) / 60 + int(seconds or 0) / 3600
        parts.append(f"{-value if sign == '-' else value:.4f}")
    return parts[0], parts[1]


SUBJECT = Subject(
    name="time zones",
    asked=re.compile(r"\b(?:time ?-?zones?|timezones?|tz ?data|tzdb|iana zones?|olson)\b"),
    table=prefixed_table("time_?zones?|tz|tzs|tz_names|time_?zone_names|iana_(?:time_?)?zones?|zones_iana"),
    prefixes=("time_zone", "timezone", "tz", "zone", "iana", "olson"),
    columns={
        "name": words(
            "name id identifier iana iana_name iana_id iana_identifier tz tzid tz_name tz_id zone zone_name"
            " zone_id time_zone timezone timezone_name olson olson_name olson_id key code tz_database_name"
            " tzdb_name value iana_zone iana_time_zone tzname"
        ),
        "country": words(
            "country country_code country_id country_iso country_iso2 iso_country country_alpha2"
            " country_alpha_2 cc iso2 alpha2 alpha_2 country_iso_code"
        ),
        "coordinates": words("coordinates coords iso6709 iso_6709"),
        "point": words("location geo_point point position coordinates_point"),
        "latitude": words("latitude lat"),
        "longitude": words("longitude lon lng long"),
        "comments": words("comments comment notes note"),
        "area": words("area continent_area area_name"),
        "city": words("city exemplar_city city_name"),
        "label": words("display_name label title description"),
    },
    codes={None: "name"},
    code_names=frozenset(),
    identity=("name",),
    numbers=frozenset({"latitude", "longitude"}),
    urn="urn:iana:tz:",
    parents={"countries": "country"},
    example="CREATE TABLE time_zones (name text PRIMARY KEY, country_code char(2));",
    read=_read,
)
