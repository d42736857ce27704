"""What polyfactory or Faker make of the sample project's models; run in the environment of that tool.

``python driver.py TOOL URL ROWS`` prints one object: of each table how many rows were made and accepted, and how long
making them took. Neither tool knows the rows that are there: foreign keys are filled in for both, with keys of parents
that were accepted.
"""

from __future__ import annotations

import datetime as dt
import decimal
import json
import random
import sys
import time
import uuid
from typing import Any

import sqlalchemy as sa
from harbourdesk.models import Base  # type: ignore[import-not-found]

_LATER = dt.timedelta(days=365)


def main(tool: str, url: str, rows: int) -> None:
    """Fill every table in the order of foreign keys, each row on its own."""
    chance = random.Random(0)
    make = {"polyfactory": _polyfactory, "Faker": _faker}[tool]
    mapped = {mapper.local_table: mapper.class_ for mapper in Base.registry.mappers}
    result: dict[str, Any] = {"tables": {}, "seconds": 0.0}
    with sa.create_engine(url).connect() as connection:
        for table in Base.metadata.sorted_tables:
            if table not in mapped:
                continue
            started = time.perf_counter()
            made, problem = _made(make, mapped[table], rows)
            result["seconds"] += time.perf_counter() - started
            accepted = 0
            parents = _parents(connection, table)
            for row in made:
                values = _without_generated(table, row)
                if not _refer(table, values, parents, chance):
                    continue
                try:
                    with connection.begin_nested():
                        connection.execute(sa.insert(table).values(values))
                    accepted += 1
                except Exception as error:  # noqa: BLE001 - whatever a driver makes of a value
                    problem = problem or str(getattr(error, "orig", error)).splitlines()[0]
            result["tables"][table.fullname] = {"made": len(made), "accepted": accepted, "problem": problem}
        connection.commit()
    print(json.dumps(result))


def _made(make: Any, model: type, rows: int) -> tuple[list[dict[str, Any]], str]:
    try:
        return make(model, rows), ""
    except Exception as error:  # noqa: BLE001 - the tool gives up on this table
        return [], f"{type(error).__name__}: {error}".splitlines()[0]


def _polyfactory(model: type, rows: int) -> list[dict[str, Any]]:
    from polyfactory.factories.sqlalchemy_factory import SQLAlchemyFactory  # type: ignore[import-not-found]

    factory = SQLAlchemyFactory.create_factory(
        model, __set_relationships__=False, __set_foreign_keys__=False, __random_seed__=0
    )
    attributes: Any = sa.inspect(model).column_attrs
    built = factory.batch(rows)
    return [
        {one.columns[0].name: one_value for one in attributes if (one_value := getattr(row, one.key)) is not None}
        for row in built
    ]


def _faker(model: type, rows: int) -> list[dict[str, Any]]:
    """As a developer writes it in an afternoon: by the name of a column, otherwise by its type."""
    from faker import Faker  # type: ignore[import-not-found]

    fake = Faker()
    fake.seed_instance(0)
    table: sa.Table = model.__table__  # type: ignore[attr-defined]
    columns = [column for column in table.columns if not (column.primary_key and isinstance(column.type, sa.Integer))]
    return [{column.name: _fake(fake, column) for column in columns if not column.foreign_keys} for _ in range(rows)]


def _fake(fake: Any, column: Any) -> Any:
    for word, made in (
        ("email", fake.email),
        ("phone", fake.phone_number),
        ("name", fake.name),
        ("city", fake.city),
        ("country", fake.country_code),
        ("currency", fake.currency_code),
        ("url", fake.url),
        ("slug", fake.slug),
        ("time_zone", fake.timezone),
        ("timezone", fake.timezone),
    ):
        if word in column.name and isinstance(column.type, sa.String):
            return made()[: column.type.length]
    kind = column.type
    if isinstance(kind, sa.Enum):
        return fake.random_element(kind.enums)
    if isinstance(kind, sa.JSON):
        return fake.pydict(2, value_types=[str])
    if isinstance(kind, sa.ARRAY):
        return [fake.word()]
    try:
        python = kind.python_type
    except NotImplementedError:
        return fake.word()
    return {
        str: lambda: fake.sentence()[: getattr(kind, "length", None)],
        int: lambda: fake.random_int(),
        bool: fake.boolean,
        float: fake.pyfloat,
        decimal.Decimal: lambda: fake.pydecimal(left_digits=4, right_digits=2, positive=True),
        dt.datetime: lambda: fake.date_time_between("-1y", "+1y", dt.UTC),
        dt.date: lambda: fake.date_between("-1y", "+1y"),
        dt.time: fake.time_object,
        dt.timedelta: lambda: _LATER,
        uuid.UUID: fake.uuid4,
        bytes: lambda: fake.binary(16),
    }.get(python, fake.word)()


def _without_generated(table: sa.Table, row: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value
        for name, value in row.items()
        if table.c[name].computed is None and table.c[name].identity is None and not table.c[name].foreign_keys
    }


def _parents(connection: sa.Connection, table: sa.Table) -> dict[sa.ForeignKeyConstraint, list[Any]]:
    return {
        key: connection.execute(sa.select(*(element.column for element in key.elements)).limit(200)).all()  # type: ignore[misc]
        for key in table.foreign_key_constraints
    }


def _refer(table: sa.Table, values: dict[str, Any], parents: dict[Any, list[Any]], chance: random.Random) -> bool:
    """Fill foreign keys in; ``False`` where a parent is needed and none was accepted."""
    for key, rows in parents.items():
        names = key.column_keys
        if rows:
            values.update(zip(names, chance.choice(rows), strict=True))
        elif not all(table.c[name].nullable for name in names):
            return False
    return True


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
