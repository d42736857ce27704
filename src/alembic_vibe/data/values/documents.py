"""Documents (json, jsonb, hstore, xml): plausible by the name of the column, with the keys that a CHECK asks for."""

from __future__ import annotations

from json import dumps
from typing import TYPE_CHECKING

from alembic_vibe.data.meaning import meaning_of
from alembic_vibe.data.meanings import Meaning
from alembic_vibe.data.values import vocabulary as v
from alembic_vibe.data.values.model import Numbered, Pool
from alembic_vibe.data.values.wordings import TEXTS, Words

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from alembic_vibe.data.model import Value
    from alembic_vibe.data.values.model import Generator
    from alembic_vibe.data.values.wanted import Wanted

M = Meaning
TYPES = frozenset({"json", "jsonb", "hstore", "xml"})
_SIZE = 300


def make(wanted: Wanted) -> Generator | None:
    """Return documents for a column."""
    random, name = wanted.chance(), wanted.fact.name
    if name == "xml":
        texts: list[Value] = [f"<item><name>{word}</name></item>" for word in v.words()[:_SIZE]]
        return None if wanted.unique else Pool(texts)
    if name == "hstore":
        return _hstore(wanted, random)
    kinds = wanted.domain.json_types or (("array",) if wanted.meaning is M.TAG else ("object",))
    shapes: dict[str, Callable[[], Value]] = {
        "object": lambda: _object(wanted, random),
        "array": lambda: _array(wanted, random),
        "string": lambda: random.choice(v.words()),
        "number": lambda: random.randint(1, 1000),
        "boolean": lambda: random.random() < 0.5,
        "null": lambda: None,
    }
    kind = next((kind for kind in ("object", "array", "string", "number", "boolean", "null") if kind in kinds), None)
    if kind is None:
        return None
    if wanted.unique:
        return _distinct(wanted, random, kind)
    values = wanted.fitting([dumps(shapes[kind]()) for _ in range(_SIZE)])
    return Pool(values) if values else None


def _distinct(wanted: Wanted, random: Random, kind: str) -> Generator | None:
    base = _object(wanted, random)
    if kind == "object":
        head = dumps(base)[:-1] + (", " if base else "") + '"number": '
        return Numbered(lambda number: f"{head}{number + 1}}}", None)
    if kind in {"array", "number"}:
        return Numbered(lambda number: dumps([number + 1] if kind == "array" else number + 1), None)
    return Numbered(lambda number: dumps(f"value {number + 1}"), None) if kind == "string" else None


def _hstore(wanted: Wanted, random: Random) -> Generator:
    if wanted.unique:
        return Numbered(lambda number: f'"number"=>"{number + 1}"', None)
    words = v.words()
    return Pool([f'"{random.choice(words)}"=>"{random.choice(words)}"' for _ in range(_SIZE)])


def _object(wanted: Wanted, random: Random) -> dict[str, Value]:
    keys = wanted.domain.json_keys
    found: dict[str, Value] = {key: _leaf(wanted.table, key, random) for key in keys}
    if keys:
        return found
    if wanted.meaning is M.SETTINGS:
        return {
            "theme": random.choice(("light", "dark", "system")),
            "language": random.choice(("en", "de", "fr", "es")),
            "notifications": {"email": random.random() < 0.8, "sms": random.random() < 0.2},
            "page_size": random.choice((10, 25, 50, 100)),
        }
    if wanted.meaning is M.ADDRESS:
        return {
            "street": random.choice(v.streets()),
            "city": random.choice(v.listed("address", "city")),
            "postal_code": f"{random.randint(10_000, 99_999)}",
            "country": random.choice(("US", "DE", "GB", "FR")),
        }
    name = wanted.name.lower()
    if any(word in name for word in ("old", "new", "before", "after", "change", "diff")):
        return {"id": random.randint(1, 9999), "status": random.choice(("active", "pending", "closed"))}
    if any(word in name for word in ("dimension", "measure")):
        return {"width": random.randint(5, 90), "height": random.randint(5, 90), "depth": random.randint(5, 90)}
    return {
        "source": random.choice(("web", "mobile", "import", "api")),
        "note": random.choice(v.words()),
        "score": random.randint(1, 100),
    }


def _array(wanted: Wanted, random: Random) -> list[Value]:
    least, most = wanted.domain.shortest or 0, wanted.domain.longest
    size = max(least, random.randint(0, 4)) if most is None else min(most, max(least, random.randint(0, 4)))
    return random.sample(v.words(), size) if size <= len(v.words()) else ["word"] * size


def _leaf(table: str, key: str, random: Random) -> Value:
    """Return a value for a key by what it means; numbers where the name is one of a number."""
    number = meaning_of(table, key, "numeric")
    if number not in {M.OTHER, M.IDENTIFIER}:
        return random.randint(1, 100)
    if meaning_of(table, key, "boolean") is not M.OTHER:
        return random.random() < 0.5
    wording = TEXTS.get(meaning_of(table, key, "text"))
    if isinstance(wording, Words):
        return f"{wording.before}{random.choice(wording.pool()[:200])}{wording.after[0]}"
    return wording.spellings[0](random.randint(1, 70)) if wording is not None else random.choice(v.words())
