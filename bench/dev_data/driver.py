"""Run by the other tools' Python: makes rows for every table of the sample project's models, and inserts them.

Arguments: the tool, the URL of the database, the rows per table. Prints JSON: by table, how many rows the database
took, the commonest refusal, and the seconds that the rows took to make (inserting them is not counted).
"""

from __future__ import annotations

import enum
import json
import sys
from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from time import perf_counter
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from harbourdesk.models import Base  # type: ignore[import-not-found]  # from the path that __main__ gives


def with_polyfactory(mapper: Any, count: int) -> list[dict[str, Any]]:
    """Let polyfactory build instances of a model."""
    from polyfactory.factories.sqlalchemy_factory import SQLAlchemyFactory  # type: ignore[import-not-found]

    model = mapper.class_
    factory: Any = type(
        f"{model.__name__}Factory",
        (SQLAlchemyFactory,),
        {"__model__": model, "__set_relationships__": False, "__random_seed__": 1, "__module__": __name__},
    )
    names = [attribute.key for attribute in mapper.column_attrs]
    columns = {attribute.key: attribute.columns[0].name for attribute in mapper.column_attrs}
    rows = (factory.build() for _ in range(count))
    return [{columns[name]: value for name in names if (value := getattr(row, name)) is not None} for row in rows]


def with_faker(mapper: Any, count: int) -> list[dict[str, Any]]:
    """Let faker give each column the provider of its name, else one of its type."""
    from faker import Faker  # type: ignore[import-not-found]

    faker = Faker()
    Faker.seed(1)
    makers = {column.name: _maker(faker, column) for column in mapper.local_table.columns if not _is_given(column)}
    return [{name: make() for name, make in makers.items()} for _ in range(count)]


def _is_given(column: Any) -> bool:
    return column.computed is not None or column.identity is not None


def _maker(faker: Any, column: Any) -> Any:
    kind, size = column.type, getattr(column.type, "length", None)
    if isinstance(kind, sa.Enum):
        labels = list(kind.enums)
        return lambda: faker.random_element(labels)
    if isinstance(kind, sa.String):
        provider = getattr(faker, column.name, None) if hasattr(faker, column.name) else None
        if provider is None:
            return lambda: faker.text(max_nb_chars=max(5, min(size or 60, 60)))[: size or 60]
        return lambda: str(provider())[: size or 200]
    if isinstance(kind, sa.Numeric):
        digits = (kind.precision or 8) - (kind.scale or 2)
        return lambda: faker.pydecimal(left_digits=max(1, digits), right_digits=kind.scale or 2, positive=True)
    simple: dict[Any, Any] = {
        sa.SmallInteger: lambda: faker.random_int(0, 32_000),
        sa.Integer: lambda: faker.random_int(0, 100_000),
        sa.Boolean: faker.boolean,
        sa.DateTime: lambda: faker.date_time_this_decade(tzinfo=UTC),
        sa.Date: faker.date_this_decade,
        sa.Uuid: faker.uuid4,
        sa.JSON: lambda: {faker.word(): faker.word()},
        sa.LargeBinary: lambda: faker.binary(length=16),
        sa.Interval: lambda: timedelta(minutes=faker.random_int(1, 1000)),
        sa.ARRAY: lambda: faker.words(3),
    }
    found = next((make for base, make in simple.items() if isinstance(kind, base)), None)
    if found is not None:
        return found
    if column.name.endswith("_cents"):
        return lambda: faker.random_int(0, 100_000)
    named = getattr(faker, column.name, None)  # a type of the database's own: what its name says
    return named or (faker.ipv4 if "INET" in str(kind).upper() else faker.word)


def _plain(value: Any) -> Any:
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, dict | list):
        return json.dumps(value, default=str) if isinstance(value, dict) else list(map(_plain, value))
    known = (str, int, float, Decimal, bool, bytes, date, datetime, time, timedelta, UUID, type(None))
    return value if isinstance(value, known) else str(value)


def main() -> None:
    """Make and insert."""
    import psycopg
    from psycopg import sql

    tool, url, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
    make = {"polyfactory": with_polyfactory, "faker": with_faker}[tool]
    found: dict[str, Any] = {}
    with psycopg.connect(url, autocommit=True) as connection:
        for mapper in sorted(Base.registry.mappers, key=lambda mapper: str(mapper.local_table.fullname)):
            table = mapper.local_table
            taken, reasons = 0, Counter[str]()
            started = perf_counter()
            try:
                rows = make(mapper, count)
            except Exception as error:  # noqa: BLE001 - whatever the tool says is its answer
                found[table.fullname] = {
                    "taken": 0,
                    "made": 0,
                    "seconds": 0,
                    "reason": f"{type(error).__name__}: {error}",
                }
                continue
            seconds = perf_counter() - started
            name = sql.Identifier(*table.fullname.split("."))
            for row in rows:
                statement = sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
                    name, sql.SQL(", ").join(map(sql.Identifier, row)), sql.SQL(", ").join(sql.Placeholder() * len(row))
                )
                try:
                    connection.execute(statement, [_plain(value) for value in row.values()])
                    taken += 1
                except (psycopg.Error, ValueError, OverflowError, TypeError) as error:
                    reasons[str(error).splitlines()[0]] += 1
            reason = reasons.most_common(1)[0][0] if reasons else ""
            found[table.fullname] = {"taken": taken, "made": count, "seconds": seconds, "reason": reason}
    print(json.dumps(found))


if __name__ == "__main__":
    main()
