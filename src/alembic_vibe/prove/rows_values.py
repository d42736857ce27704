"""Candidate values for a column, in the text form that PostgreSQL reads: plausible first, then edges.

A candidate need not be right, only likely; whether it is accepted is for the server to say.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING
from uuid import NAMESPACE_URL, uuid5

from alembic_vibe.prove.rows_harvest import Harvest, harvest
from alembic_vibe.prove.rows_regex import samples

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from alembic_vibe.prove.rows_facts import TypeFact

_START = date(2024, 1, 15)  # a fixed "now": the same schema gets the same rows on every day
_LATE = re.compile(
    r"(^|_)(end|ends|ended|until|expir|due|to|valid_to|finish|close|deadline|check_?out|last)", re.IGNORECASE
)
_SHAPES: tuple[tuple[str, Callable[[int], str]], ...] = (
    (r"e_?mail", lambda i: f"user{i}@example.com"),
    (r"phone|mobile|(^|_)tel", lambda i: f"+1555010{i:04d}"),
    (r"slug|handle|user_?name|login", lambda i: f"name-{i}"),
    (r"url|uri|link|website|href", lambda i: f"https://example.com/{i}"),
    (r"currency", lambda i: ("USD", "EUR", "GBP", "JPY")[i % 4]),
    (r"country", lambda i: ("DE", "US", "FR", "JP")[i % 4]),
    (r"colou?r", lambda i: f"#aabb{i % 256:02x}"),
    (r"locale|lang", lambda i: ("en", "de", "fr", "ja")[i % 4]),
    (r"time_?zone|(^|_)tz$", lambda i: ("UTC", "Europe/Berlin", "America/New_York", "Asia/Tokyo")[i % 4]),
    (r"version", lambda i: f"1.0.{i}"),
    (r"hash|digest|checksum|sha", lambda i: f"{i:064x}"),
    (r"postal|zip", lambda i: f"{10000 + i}"),
)
_COMMON_TEXTS = (
    "user1@example.com", "+15550100001", "slug-1", "ABC", "#aabbcc", "123456789012", "A1", "Abcdefg1!", "a", "1",
    "https://example.com/1", "1.0.0", "EN", "en", "en-US", "AB-1234", "name_1", "Name", "/path/1", "{}", "2024-01-15",
    "",
)  # fmt: skip
_NUMERIC = {"int2", "int4", "int8", "numeric", "float4", "float8", "oid", "xid", "xid8", "money"}
_FIXED: dict[str, tuple[str, ...]] = {
    "bool": ("true", "false"),
    "json": ('{"key": "value"}', "{}", "[]", '["value"]', '"text"', "1", "null"),
    "jsonb": ('{"key": "value"}', "{}", "[]", '["value"]', '"text"', "1", "null"),
    "xml": ("<a>1</a>", "<a>2</a>", "<b/>"),
    "tsvector": ("'word':1", "'other':1 'word':2", ""),
    "tsquery": ("'word'", "'word' & 'other'"),
    "point": ("(1,1)", "(2,2)", "(3,3)", "(4,4)"),
    "line": ("{1,-1,0}", "{1,1,0}"),
    "lseg": ("[(0,0),(1,1)]", "[(0,0),(2,2)]"),
    "box": ("(1,1),(0,0)", "(3,3),(2,2)", "(5,5),(4,4)"),
    "path": ("((0,0),(1,1),(1,0))", "[(0,0),(1,1)]"),
    "polygon": ("((0,0),(1,1),(1,0))", "((5,5),(6,6),(6,5))"),
    "circle": ("<(0,0),1>", "<(5,5),1>", "<(10,10),1>"),
    "hstore": ('"key"=>"value"', '"key"=>"other"', ""),
    "ltree": ("top.one", "top.two", "top"),
    "lquery": ("*.one", "*.two"),
    "cube": ("(1,2,3)", "(4,5,6)"),
    "pg_snapshot": ("1:1:", "2:2:"),
    "txid_snapshot": ("1:1:", "2:2:"),
    "tid": ("(0,1)", "(0,2)"),
    "regclass": ("pg_catalog.pg_class", "pg_catalog.pg_type"),
    "regtype": ("integer", "text"),
    "regproc": ("pg_catalog.now", "pg_catalog.pi"),
    "regprocedure": ("pg_catalog.now()", "pg_catalog.pi()"),
    "regrole": ("pg_monitor", "pg_read_all_data"),
    "regnamespace": ("pg_catalog", "information_schema"),
    "regconfig": ("simple", "english"),
    "regdictionary": ("simple", "english_stem"),
    "regoper": ("pg_catalog.||/",),
    "regoperator": ("=(integer,integer)",),
    "jsonpath": ("$.key", "$.other"),
    "isbn": ("978-0-393-04002-9",),
    "isbn13": ("978-0-393-04002-9",),
}


_OTHERS = {
    "text", "varchar", "bpchar", "citext", "name", "char", "uuid", "date", "timestamp", "timestamptz", "time", "timetz",
    "interval", "inet", "cidr", "macaddr", "macaddr8", "bytea", "bit", "varbit", "vector", "halfvec", "pg_lsn",
}  # fmt: skip


def is_familiar(base: str) -> bool:
    """Whether values for a type are made on purpose, as opposed to shots in the dark."""
    return base in _FIXED or base in _NUMERIC or base in _OTHERS


def candidates(
    types: Mapping[int, TypeFact], type_: int, modifier: int, name: str, table: str, first: int, known: Harvest
) -> list[str]:
    """Return candidate values in text form, the likeliest first, without repeats.

    Args:
        types: Every type by oid.
        type_: The oid of the column's type.
        modifier: Its type modifier, as ``pg_attribute.atttypmod``.
        name: The column's name, which hints at what it holds.
        table: Something that differs between tables (so that UUIDs do).
        first: The number of the row, from 0: each number gives other values first.
        known: What the constraints about the column mention.
    """
    fact = types.get(type_)
    if fact is None:
        return ["1", "a", "{}"]
    if fact.typtype == "d":
        nested = harvest(fact.checks)
        merged = known.with_more(nested)
        return candidates(types, fact.base, fact.modifier, name, table, first, merged)
    if fact.typtype == "e":
        return _rotate(fact.labels, first)
    if fact.typtype == "c":
        return _composites(types, fact, name, table, first)
    if fact.typtype in {"r", "m"}:
        return _ranges(types, fact, name, table, first)
    if fact.category == "A" and fact.element:
        return _arrays(types, fact, modifier, name, table, first, known)
    return list(dict.fromkeys(_scalars(fact.name, modifier, name, table, first, known)))


def _rotate(values: Sequence[str], first: int) -> list[str]:
    if not values:
        return []
    start = first % len(values)
    return [*values[start:], *values[:start]]


def _scalars(base: str, modifier: int, name: str, table: str, first: int, known: Harvest) -> list[str]:
    numbers = range(first + 1, first + 7)
    if base in _NUMERIC:
        return _numbers(base, modifier, first, known)
    if base in {"text", "varchar", "bpchar", "citext", "name", "char"}:
        return _texts(base, modifier, name, first, known)
    if base == "uuid":
        return [*known.strings, *(str(uuid5(NAMESPACE_URL, f"{table}.{name}/{i}")) for i in numbers)]
    if base in {"date", "timestamp", "timestamptz"}:
        return _moments(base, name, first, known)
    if base in {"time", "timetz"}:
        zone = "+00" if base == "timetz" else ""
        hour = 17 if _LATE.search(name) else 9
        edges = [*known.strings, *(f"{h:02d}:00:00{zone}" for h in (0, 8, 12, 20, 23))]
        return [f"{hour + i % 5:02d}:{i % 60:02d}:00{zone}" for i in numbers] + edges
    if base in {"json", "jsonb"}:
        return [*_FIXED[base], *_documents(known)]
    if base in _FIXED:
        return [*_rotate(_FIXED[base], first), *known.strings]
    return _rarer_scalars(base, modifier, first, known)


def _rarer_scalars(base: str, modifier: int, first: int, known: Harvest) -> list[str]:
    numbers = range(first + 1, first + 7)
    if base == "interval":
        return [*(f"{i} hours" for i in numbers), *known.strings, "1 day", "1 minute", "1 month", "0"]
    if base in {"inet", "cidr"}:
        suffix = "/32" if base == "cidr" else ""
        return [f"203.0.113.{i % 256}{suffix}" for i in numbers] + ["198.51.100.0/24", "2001:db8::/32"]
    if base == "macaddr":
        return [f"08:00:2b:01:02:{i % 256:02x}" for i in numbers]
    if base == "macaddr8":
        return [f"08:00:2b:01:02:03:04:{i % 256:02x}" for i in numbers]
    if base == "bytea":
        sizes = sorted({int(float(n)) for n in known.numbers if 0 < float(n) <= 4096})
        return [*(f"\\x{i:02x}" for i in numbers), *("\\x" + f"{first + 1:02x}" * size for size in sizes), "\\x"]
    if base in {"bit", "varbit"}:
        size = modifier if modifier > 0 else 1
        return [format(i % 2**size, f"0{size}b") for i in numbers]
    if base in {"vector", "halfvec"}:
        size = modifier if modifier > 0 else 3
        return ["[" + ",".join([str(i)] * size) + "]" for i in numbers]
    if base == "pg_lsn":
        return [f"0/{i:X}" for i in numbers]
    return ["1", "a", "{}", "(1,1)", "0"]


def _documents(known: Harvest) -> list[str]:
    """JSON objects that have every key which a constraint asks for."""
    from json import dumps

    words = [text for text in known.strings if text not in {"object", "array", "string", "number", "boolean", "null"}]
    keys = list(dict.fromkeys(words))
    if not keys:
        return []
    contents: tuple[object, ...] = ("value", 1, True, [], {})
    whole = [dumps(dict.fromkeys(keys, content)) for content in contents]
    return whole + [dumps({key: other}) for key in keys for other in keys if key != other][:20]


def _numbers(base: str, modifier: int, first: int, known: Harvest) -> list[str]:
    scale = 0
    ceiling = 10**9
    if base == "numeric" and modifier >= 4:
        precision, scale = (modifier - 4) >> 16 & 0xFFFF, (modifier - 4) & 0x7FF
        ceiling = 10 ** max(0, precision - scale)
    usual = [first + i for i in (1, 2, 3)] if ceiling > 10 else []
    if ceiling <= 10:
        step = 10 ** -min(scale, 6)
        usual = [round(step * (first + i), scale) for i in (1, 2, 3)] + ([first % 9 + 1, 1] if ceiling == 10 else [])
    edges: list[float] = []
    for text in known.numbers:
        value = float(text)
        edges.extend((value, value + 1, value - 1))
        if base in {"numeric", "float4", "float8"}:
            edges.append(value / 2)
        edges.append(value + first + 2)
    if known.divides:  # every number that leaves one of the mentioned remainders
        whole_numbers = [int(float(text)) for text in known.numbers][:4]
        edges.extend(a * (first + k) + b for a in whole_numbers for b in (0, *whole_numbers) for k in range(4))
    edges.extend((0, -1, 10, 50, 100))
    whole = base not in {"numeric", "float4", "float8", "money"}
    unsigned = base in {"oid", "xid", "xid8"}
    limit = {"int2": 2**15, "int4": 2**31, "oid": 2**32}.get(base, 2**62)
    result = []
    for value in sorted([*usual, *edges], key=lambda number: not known.allows(number)):
        if (whole and value != int(value)) or abs(value) >= limit or abs(value) >= ceiling or (unsigned and value < 0):
            continue
        result.append(str(int(value)) if value == int(value) else f"{value:.{scale or 6}f}".rstrip("0"))
    return result


def _texts(base: str, modifier: int, name: str, first: int, known: Harvest) -> list[str]:
    size = modifier - 4 if modifier > 4 else (1 if base in {"char", "bpchar"} else 63 if base == "name" else 0)
    found: list[str] = []
    for pattern, ignore_case in known.patterns:
        made = samples(pattern, ignore_case=ignore_case, count=first + 4)
        shape = _shape(name, first + 1)
        flags = re.IGNORECASE if ignore_case else 0
        fits = [text for text in (shape, *_COMMON_TEXTS) if text and _matches(pattern, text, flags)]
        found.extend(fits[:1])
        found.extend(_rotate(made, first))
        found.extend(fits[1:])
    for filler in (f"{first + 1}", "x", ""):
        found.extend(like.replace("%", filler).replace("_", (filler or "x")[:1]) for like in known.likes)
    found.extend(_rotate(known.strings, first))
    shaped = [_shape(name, first + i) for i in (1, 2, 3, 4)]
    counted = [text for text in shaped if text]
    if size and size <= 8:
        alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
        numbers = [first + i for i in range(4)]
        fitting = [text for text in counted if len(text) == size or (base != "bpchar" and len(text) < size)]
        counted = fitting + [
            "".join(alphabet[(number // 26**place) % 26] for place in reversed(range(size))) for number in numbers
        ]
    else:
        counted.extend(f"{name}-{first + i}" for i in (1, 2, 3, 4))
    found.extend(counted)
    lengths = sorted({int(float(n)) + d for n in known.numbers if abs(float(n)) < 10_000 for d in (-1, 0, 1)})
    found.extend(f"{first + 1:x}".rjust(length, "a") for length in lengths if length > 0)
    if known.patterns or known.likes or known.numbers or known.strings:
        found.extend(_COMMON_TEXTS)
        found.append(name.upper()[: size or None])
    if not size:
        return found
    return [text if len(text) <= size else text[-size:] for text in found]


def _matches(pattern: str, text: str, flags: int) -> bool:
    try:
        return re.search(pattern, text, flags) is not None
    except re.error:
        return False


@lru_cache(maxsize=4096)  # columns of many tables have the same names
def _shape(name: str, number: int) -> str | None:
    for pattern, make in _SHAPES:
        if re.search(pattern, name, re.IGNORECASE):
            return make(number)
    return None


def _moments(base: str, name: str, first: int, known: Harvest) -> list[str]:
    start = date(2099, 1, 15) if _LATE.search(name) else _START
    moments = [
        datetime(start.year, start.month, start.day, 12, tzinfo=UTC) + timedelta(days=first + i) for i in range(4)
    ]
    for text in known.strings:
        try:
            edge = datetime.fromisoformat(text)
        except ValueError:
            continue
        edge = edge if edge.tzinfo else edge.replace(tzinfo=UTC)
        moments.extend(
            edge + delta
            for delta in (
                timedelta(0),
                timedelta(hours=first + 1),
                timedelta(days=1 + first),
                timedelta(days=-1 - first),
            )
        )
    other = _START if start.year == 2099 else date(2099, 1, 15)
    middle = date(2030, 6, 1)
    moments.extend(
        datetime(day.year, day.month, day.day, 12, tzinfo=UTC) + timedelta(days=first) for day in (other, middle)
    )
    if base == "date":
        return [moment.date().isoformat() for moment in moments]
    zone = "+00" if base == "timestamptz" else ""
    return [moment.strftime("%Y-%m-%d %H:%M:%S.%f") + zone for moment in moments]


def _element(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _arrays(
    types: Mapping[int, TypeFact], fact: TypeFact, modifier: int, name: str, table: str, first: int, known: Harvest
) -> list[str]:
    values = candidates(types, fact.element, modifier, name, table, first, known)[:6]
    comma = ";" if fact.name == "_box" else ","
    sizes = {int(float(n)) for n in known.numbers if 0 < float(n) <= 64} | {1, 2, 3}
    made = [
        "{" + comma.join(_element(values[i % len(values)]) for i in range(size)) + "}"
        for size in sorted(sizes)
        if values
    ]
    return list(dict.fromkeys([*made, *("{" + _element(value) + "}" for value in values), "{}"]))


def _composites(types: Mapping[int, TypeFact], fact: TypeFact, name: str, table: str, first: int) -> list[str]:
    rows = []
    for shift in range(3):
        parts = []
        for attribute, type_, modifier in fact.attributes:
            values = candidates(types, type_, modifier, attribute, f"{table}.{name}", first, Harvest())
            parts.append(_element(values[shift % len(values)]) if values else "")
        rows.append("(" + ",".join(parts) + ")")
    return rows


def _ranges(types: Mapping[int, TypeFact], fact: TypeFact, name: str, table: str, first: int) -> list[str]:
    """Ranges that do not overlap from one row to the next."""
    wanted: list[list[str]] = []
    subtype = types.get(fact.subtype)
    base = subtype.name if subtype is not None else ""
    for number in (first, first + 7, first + 19):
        if base in {"date", "timestamp", "timestamptz"}:
            day = _START + timedelta(days=2 * number)
            wanted.append([day.isoformat(), (day + timedelta(days=1)).isoformat()])
        elif base in _NUMERIC:
            wanted.append([str(number * 10 + 1), str(number * 10 + 9)])
        elif base in {"time", "timetz"}:
            wanted.append([f"{number % 23:02d}:00", f"{number % 23:02d}:30"])
        else:
            values = sorted(candidates(types, fact.subtype, -1, name, table, 2 * number, Harvest())[:2])
            wanted.append(values * (3 - len(values)) if values else ["1", "1"])
    made = [f"[{_element(low)},{_element(high)})" for low, high in wanted]
    made.extend(f"[{_element(low)},]" for low, _ in wanted[:1])
    made.append("empty")
    return ["{" + ("" if text == "empty" else text) + "}" for text in made] if fact.typtype == "m" else made
