"""The functions of PostgreSQL that CHECKs call, on Python values.

Only what gives the same answer on every server is here; where the locale decides, the answer is ``UndecidedError``. All
are strict: they are not called with NULL. Manual, "Functions and Operators".
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from ipaddress import ip_interface
from typing import TYPE_CHECKING

from alembic_vibe.data.checks import kinds
from alembic_vibe.data.checks.kinds import BOOL, DATE, FLOAT8, INT4, NUMERIC, TEXT, TIMESTAMP, TIMESTAMPTZ, Kind
from alembic_vibe.data.checks.literals import document
from alembic_vibe.data.checks.moments import as_date, as_local, as_timestamp
from alembic_vibe.data.model import UndecidedError, Value

if TYPE_CHECKING:
    from collections.abc import Callable

_TEXT = kinds.TEXTS
_WHOLE = kinds.INTEGERS
_NUMBER = kinds.NUMBERS
_EXACT = kinds.INTEGERS | {"numeric"}
_FLOAT = kinds.FLOATS
_BYTES = frozenset({"bytea"})
_ARRAY = frozenset({"array"})
_JSON = kinds.JSON
_MOMENT = kinds.MOMENTS
_RANGE = frozenset({"range"})
_ADDRESS = frozenset({"inet", "cidr"})


@dataclass(frozen=True, slots=True)
class Function:
    """``accepts`` has the names of the kinds of each argument; ``kind`` is what comes out, or which argument's kind."""

    accepts: tuple[frozenset[str], ...]
    kind: Kind | int
    call: Callable[..., Value]

    def takes(self, args: tuple[Kind, ...]) -> bool:
        """Whether it is the one for these arguments."""
        return len(args) == len(self.accepts) and all(
            arg.name in names or arg.name == "null" for arg, names in zip(args, self.accepts, strict=True)
        )


def find(name: str, args: tuple[Kind, ...]) -> Function | None:
    """Return the function of that name for these arguments."""
    return next((function for function in _FUNCTIONS.get(name, ()) if function.takes(args)), None)


def result_kind(name: str, args: tuple[Kind, ...]) -> Kind | None:
    """Return the kind that a call gives, ``None`` for a function that is not known."""
    if len(args) == 1 and args[0].name == "range" and name in RANGES:
        return RANGES[name][0] or args[0].element
    function = find(name, args)
    if function is None:
        return None
    return args[function.kind] if isinstance(function.kind, int) else function.kind


def ascii_text(text: str) -> str:
    """Return a text whose upper and lower case are the same everywhere; raises ``UndecidedError`` for others."""
    if not text.isascii():
        raise UndecidedError
    return text


def _left(text: str, count: int) -> str:
    return text[:count]


def _right(text: str, count: int) -> str:
    if count < 0:
        return text[-count:]
    return text[len(text) - count :] if count < len(text) else text


def _substring(text: str, start: int, length: int | None = None) -> str:
    if length is not None and length < 0:
        raise UndecidedError
    end = len(text) if length is None else max(0, start - 1 + length)
    return text[max(0, start - 1) : end]


def _split_part(text: str, separator: str, number: int) -> str:
    if number < 1 or not separator:
        raise UndecidedError
    parts = text.split(separator)
    return parts[number - 1] if number <= len(parts) else ""


def _array_length(array: list[Value], dimension: int) -> int | None:
    if any(isinstance(item, list) for item in array):
        raise UndecidedError
    return len(array) or None if dimension == 1 else None


def _cardinality(array: list[Value]) -> int:
    if any(isinstance(item, list) for item in array):
        raise UndecidedError
    return len(array)


def _array_position(array: list[Value], value: Value) -> int | None:
    return array.index(value) + 1 if value in array else None


def _typeof(text: Value) -> str:
    found = document(text)
    if found is None:
        return "null"
    names = {bool: "boolean", int: "number", Decimal: "number", float: "number", str: "string", list: "array"}
    return names.get(type(found), "object")


def _json_length(text: Value) -> int:
    found = document(text)
    if not isinstance(found, list):  # an error, and not one of the CHECK's
        raise UndecidedError
    return len(found)


def _remainder(one: Value, other: Value) -> Value:
    if other == 0:
        raise UndecidedError
    result = abs(one) % abs(other)
    return -result if one < 0 else result


def _round(number: Value, places: int = 0) -> Value:
    return Decimal(number).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def _truncate(number: Value, places: int = 0) -> Value:
    return Decimal(number).quantize(Decimal(1).scaleb(-places), rounding=ROUND_DOWN)


def _sign(number: Value) -> int:
    return int(number > 0) - int(number < 0)


def _field(field: str, moment: Value) -> Value:
    """EXTRACT: exact, and the fields that dates, times and intervals have alike in every time zone of UTC."""
    if isinstance(moment, (date, datetime)):
        return _field_of_moment(field.lower(), as_local(moment))
    if isinstance(moment, time):
        made = {"hour": moment.hour, "minute": moment.minute}
        seconds = (moment.hour * 60 + moment.minute) * 60 + moment.second + Decimal(moment.microsecond) / 1_000_000
        made |= {"epoch": seconds, "second": seconds % 60}  # type: ignore[dict-item]
    elif isinstance(moment, timedelta):
        seconds = Decimal(moment.days * 86_400 + moment.seconds) + Decimal(moment.microseconds) / 1_000_000
        made = {"epoch": seconds}  # type: ignore[dict-item]
    else:
        raise UndecidedError
    if field.lower() not in made:
        raise UndecidedError
    return Decimal(made[field.lower()])


def _field_of_moment(field: str, moment: datetime) -> Decimal:
    seconds = Decimal(moment.second) + Decimal(moment.microsecond) / 1_000_000
    plain: dict[str, Value] = {
        "year": moment.year,
        "month": moment.month,
        "day": moment.day,
        "hour": moment.hour,
        "minute": moment.minute,
        "second": seconds,
        "dow": moment.isoweekday() % 7,
        "isodow": moment.isoweekday(),
        "doy": moment.timetuple().tm_yday,
        "quarter": (moment.month + 2) // 3,
        "week": moment.isocalendar().week,
        "isoyear": moment.isocalendar().year,
    }
    if field == "epoch":
        since = moment - datetime(1970, 1, 1)
        return Decimal(since.days * 86_400 + since.seconds) + Decimal(since.microseconds) / 1_000_000
    if field not in plain:
        raise UndecidedError
    return Decimal(plain[field])


def _truncated(unit: str, moment: Value) -> Value:
    zone = moment.tzinfo if isinstance(moment, datetime) else None
    made = as_timestamp(as_local(moment))
    clear: dict[str, dict[str, int]] = {"second": {"microsecond": 0}}
    clear["minute"] = clear["second"] | {"second": 0}
    clear["hour"] = clear["minute"] | {"minute": 0}
    clear["day"] = clear["hour"] | {"hour": 0}
    clear["month"] = clear["day"] | {"day": 1}
    clear["year"] = clear["month"] | {"month": 1}
    unit = unit.lower()
    if unit == "week":
        made = made.replace(**clear["day"]) - timedelta(days=made.weekday())
    elif unit == "quarter":
        made = made.replace(**clear["month"], month=(made.month - 1) // 3 * 3 + 1)
    elif unit in clear:
        made = made.replace(**clear[unit])
    else:
        raise UndecidedError
    return made.replace(tzinfo=UTC) if zone is not None else made


def _in_zone(zone: str, moment: Value) -> Value:
    if zone.upper() not in {"UTC", "GMT", "ETC/UTC"}:
        raise UndecidedError
    return as_local(moment) if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def _family(text: str) -> Value:
    return ip_interface(text).version


def _mask_length(text: str) -> Value:
    return ip_interface(text).network.prefixlen


def _concatenated(one: str, other: str) -> str:
    return one + other


def _trimmed(text: str, letters: str = " ") -> str:
    return text.strip(letters) if letters else text


def _trimmed_left(text: str, letters: str = " ") -> str:
    return text.lstrip(letters) if letters else text


def _trimmed_right(text: str, letters: str = " ") -> str:
    return text.rstrip(letters) if letters else text


def _text_length(text: str) -> int:
    return len(text)


_LENGTHS = (
    Function((frozenset({"bpchar"}),), INT4, lambda text: len(text.rstrip(" "))),
    Function((_TEXT,), INT4, _text_length),
)
_BYTE_LENGTHS = (
    Function((_TEXT,), INT4, lambda text: len(text.encode())),
    Function((_BYTES,), INT4, len),
)
_STRPOS = (Function((_TEXT, _TEXT), INT4, lambda text, part: text.find(part) + 1),)
_TYPEOF = (Function((_JSON,), TEXT, _typeof),)
_JSON_LENGTH = (Function((_JSON,), INT4, _json_length),)
_SUBSTRING = (
    Function((_TEXT, _WHOLE), TEXT, _substring),
    Function((_TEXT, _WHOLE, _WHOLE), TEXT, _substring),
)
_CEILING = (
    Function((_EXACT,), NUMERIC, lambda number: Decimal(math.ceil(number))),
    Function((_FLOAT,), FLOAT8, lambda number: float(math.ceil(number))),
)
_MOD = (
    Function((_WHOLE, _WHOLE), 0, _remainder),
    Function((_EXACT, _EXACT), NUMERIC, _remainder),
)
_EXTRACT_FROM = _MOMENT | {"time", "interval"}

_FUNCTIONS: dict[str, tuple[Function, ...]] = {
    "length": (*_LENGTHS, Function((_BYTES,), INT4, len)),
    "char_length": _LENGTHS,
    "character_length": _LENGTHS,
    "octet_length": _BYTE_LENGTHS,
    "bit_length": tuple(Function(f.accepts, INT4, lambda x, c=f.call: 8 * c(x)) for f in _BYTE_LENGTHS),
    "lower": (Function((_TEXT,), 0, lambda text: ascii_text(text).lower()),),
    "upper": (Function((_TEXT,), 0, lambda text: ascii_text(text).upper()),),
    "btrim": (Function((_TEXT,), TEXT, _trimmed), Function((_TEXT, _TEXT), TEXT, _trimmed)),
    "ltrim": (Function((_TEXT,), TEXT, _trimmed_left), Function((_TEXT, _TEXT), TEXT, _trimmed_left)),
    "rtrim": (Function((_TEXT,), TEXT, _trimmed_right), Function((_TEXT, _TEXT), TEXT, _trimmed_right)),
    "replace": (Function((_TEXT, _TEXT, _TEXT), TEXT, lambda text, a, b: text.replace(a, b) if a else text),),
    "left": (Function((_TEXT, _WHOLE), TEXT, _left),),
    "right": (Function((_TEXT, _WHOLE), TEXT, _right),),
    "substr": _SUBSTRING,
    "substring": _SUBSTRING,
    "strpos": _STRPOS,
    "position": _STRPOS,
    "starts_with": (Function((_TEXT, _TEXT), BOOL, lambda text, start: text.startswith(start)),),
    "split_part": (Function((_TEXT, _TEXT, _WHOLE), TEXT, _split_part),),
    "reverse": (Function((_TEXT,), TEXT, lambda text: text[::-1]),),
    "ascii": (Function((_TEXT,), INT4, lambda text: ord(text[0]) if text else 0),),
    "||": (Function((_TEXT, _TEXT), TEXT, _concatenated),),
    "&": (Function((_WHOLE, _WHOLE), 0, lambda a, b: a & b),),
    "|": (Function((_WHOLE, _WHOLE), 0, lambda a, b: a | b),),
    "#": (Function((_WHOLE, _WHOLE), 0, lambda a, b: a ^ b),),
    "cardinality": (Function((_ARRAY,), INT4, _cardinality),),
    "array_length": (Function((_ARRAY, _WHOLE), INT4, _array_length),),
    "jsonb_typeof": _TYPEOF,
    "json_typeof": _TYPEOF,
    "jsonb_array_length": _JSON_LENGTH,
    "json_array_length": _JSON_LENGTH,
    "abs": (Function((_NUMBER,), 0, abs),),
    "ceil": _CEILING,
    "ceiling": _CEILING,
    "floor": (
        Function((_EXACT,), NUMERIC, lambda number: Decimal(math.floor(number))),
        Function((_FLOAT,), FLOAT8, lambda number: float(math.floor(number))),
    ),
    "round": (Function((_EXACT,), NUMERIC, _round), Function((_EXACT, _WHOLE), NUMERIC, _round)),
    "trunc": (Function((_EXACT,), NUMERIC, _truncate), Function((_EXACT, _WHOLE), NUMERIC, _truncate)),
    "sign": (
        Function((_EXACT,), NUMERIC, lambda number: Decimal(_sign(number))),
        Function((_FLOAT,), FLOAT8, lambda number: float(_sign(number))),
    ),
    "mod": _MOD,
    "%": _MOD,
    "extract": (Function((_TEXT, _EXTRACT_FROM), NUMERIC, _field),),
    "date_part": (Function((_TEXT, _EXTRACT_FROM), FLOAT8, lambda field, moment: float(_field(field, moment))),),
    "date_trunc": (
        Function((_TEXT, frozenset({"timestamp"})), TIMESTAMP, _truncated),
        Function((_TEXT, frozenset({"date", "timestamptz"})), TIMESTAMPTZ, _truncated),
    ),
    "date": (Function((_MOMENT,), DATE, as_date),),
    "timezone": (
        Function((_TEXT, frozenset({"timestamp"})), TIMESTAMPTZ, _in_zone),
        Function((_TEXT, frozenset({"timestamptz"})), TIMESTAMP, _in_zone),
    ),
    "isfinite": (Function((_MOMENT,), BOOL, lambda _: True),),
    "family": (Function((_ADDRESS,), INT4, _family),),
    "masklen": (Function((_ADDRESS,), INT4, _mask_length),),
    "array_position": (Function((_ARRAY, _TEXT | _NUMBER | {"enum", "uuid"}), INT4, _array_position),),
}

# Of a range that has been read (``None`` is an empty one): the kind that comes out, ``None`` for that of its bounds.
RANGES: dict[str, tuple[Kind | None, Callable[[Value], Value]]] = {
    "isempty": (BOOL, lambda found: found is None),
    "lower": (None, lambda found: None if found is None else found[0]),
    "upper": (None, lambda found: None if found is None else found[1]),
    "lower_inf": (BOOL, lambda found: found is not None and found[0] is None),
    "upper_inf": (BOOL, lambda found: found is not None and found[1] is None),
    "lower_inc": (BOOL, lambda found: found is not None and found[2]),
    "upper_inc": (BOOL, lambda found: found is not None and found[3]),
}
