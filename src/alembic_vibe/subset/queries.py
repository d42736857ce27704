"""The queries that a subset is chosen and read with: all of them read, none needs a temporary table.

Every query is run as ``COPY (…) TO STDOUT``, which streams; rows are named by the oid of their place and a number made
of their ``ctid`` (see ``row_sets``). Identifiers and literals are quoted by psycopg.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from psycopg import sql

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import Any

    from psycopg import Connection
    from psycopg.sql import Composable

    from alembic_vibe.subset.schema import Place, Reference, Table

_BLOCK = 65_536  # offsets within a block are smaller: a ctid's are 16 bits wide


def relation(table: Table) -> Composable:
    """Return what to read a whole table from: its partitions with it, but not what inherits from it."""
    name = sql.Identifier(table.key.schema, table.key.name)
    return name if table.partitioned else sql.SQL("ONLY {}").format(name)


def _rows_of(table: Table, place: Place, alias: str, rows: Sequence[int]) -> tuple[Composable, Composable]:
    """Return FROM item and condition for some rows of a place."""
    name = sql.Identifier(alias)
    texts = ",".join(f'"({row // _BLOCK},{row % _BLOCK})"' for row in rows)
    chosen = sql.SQL("{}.ctid = ANY ({}::tid[])").format(name, sql.Literal(f"{{{texts}}}"))
    if place.direct:
        source = sql.SQL("ONLY {} AS {}").format(sql.Identifier(place.key.schema, place.key.name), name)
        return source, chosen
    # Without a right on the partition itself, through the table that it belongs to.
    source = sql.SQL("{} AS {}").format(relation(table), name)
    return source, sql.SQL("{} AND {}.tableoid = {}::oid").format(chosen, name, sql.Literal(place.oid))


def _number(alias: str) -> Composable:
    return sql.SQL(
        "{0}.tableoid::int8, (({0}.ctid::text::point)[0])::int8 * {1} + (({0}.ctid::text::point)[1])::int8"
    ).format(sql.Identifier(alias), sql.Literal(_BLOCK))


def _hash(table: Table, alias: str) -> Composable:
    """Return an expression that orders the rows of a table as if at random, and every time in the same way."""
    name = sql.Identifier(alias)
    if table.identity:
        columns = sql.SQL(", ").join(sql.SQL("{}.{}").format(name, sql.Identifier(column)) for column in table.identity)
        return sql.SQL("pg_catalog.hashtextextended(ROW({})::text, 0)").format(columns)
    return sql.SQL("pg_catalog.hashtextextended({}::text, 0)").format(name)


def joined(reference: Reference, child: str, parent: str) -> Composable:
    """Return the condition under which a row refers to another, with the operators that the foreign key itself uses."""
    conditions = []
    for pair in reference.pairs:
        collation = sql.SQL(" COLLATE {}").format(sql.Identifier(*pair.collation)) if pair.collation else sql.SQL("")
        conditions.append(
            sql.SQL("{}.{} OPERATOR({}.{}) {}.{}{}").format(
                sql.Identifier(parent),
                sql.Identifier(pair.referred),
                sql.Identifier(pair.operator[0]),
                sql.SQL(pair.operator[1]),  # an operator's name from pg_operator
                sql.Identifier(child),
                sql.Identifier(pair.column),
                collation,
            )
        )
    return sql.SQL(" AND ").join(conditions)


def all_rows(table: Table) -> Composable:
    """Return the query for all rows of a table."""
    return sql.SQL("SELECT {} FROM {} AS t").format(_number("t"), relation(table))


def sample(table: Table, count: int, share: float) -> Composable:
    """Return the query for a sample by hash: exactly ``count`` rows if that is few, else a share of them."""
    hashed = _hash(table, "t")
    if count <= _FEW:
        return sql.SQL("SELECT {} FROM {} AS t ORDER BY {} LIMIT {}").format(
            _number("t"), relation(table), hashed, sql.Literal(count)
        )
    highest = int((min(max(share, 0.0), 1.0) * 2 - 1) * (2**63 - 1))
    return sql.SQL("SELECT {} FROM {} AS t WHERE {} <= {}::int8").format(
        _number("t"), relation(table), hashed, sql.Literal(str(highest))
    )


_FEW = 50_000  # beyond, sorting costs more than being exact is worth


def children(
    reference: Reference, child: Table, parent: Table, place: Place, rows: Sequence[int], *, each: int, most: int
) -> Composable:
    """Return the query for rows that refer to some rows of a place: at most ``each`` per row, and ``most`` together."""
    source, chosen = _rows_of(parent, place, "p", rows)
    return sql.SQL(
        "SELECT place, row FROM (SELECT {number}, {hashed}, row_number() OVER (PARTITION BY p.ctid ORDER BY {hashed})"
        " FROM {source} JOIN {child} AS c ON {joined} WHERE {chosen}) AS found (place, row, hash, n)"
        " WHERE n <= {each} ORDER BY n, hash LIMIT {most}"
    ).format(
        number=_number("c"),
        hashed=_hash(child, "c"),
        source=source,
        child=relation(child),
        joined=joined(reference, "c", "p"),
        chosen=chosen,
        each=sql.Literal(each),
        most=sql.Literal(most),
    )


def parents(reference: Reference, child: Table, parent: Table, place: Place, rows: Sequence[int]) -> Composable:
    """Return the query for the rows that some rows of a place refer to."""
    source, chosen = _rows_of(child, place, "c", rows)
    return sql.SQL("SELECT DISTINCT {} FROM {} JOIN {} AS p ON {} WHERE {}").format(
        _number("p"), source, relation(parent), joined(reference, "c", "p"), chosen
    )


def dangling(reference: Reference, child: Table, parent: Table, place: Place, rows: Sequence[int]) -> Composable:
    """Return the query for rows of a place that refer to a row that does not exist."""
    source, chosen = _rows_of(child, place, "c", rows)
    set_ = sql.SQL(" AND ").join(
        sql.SQL("c.{} IS NOT NULL").format(sql.Identifier(pair.column)) for pair in reference.pairs
    )
    return sql.SQL("SELECT {} FROM {} WHERE {} AND {} AND NOT EXISTS (SELECT FROM {} AS p WHERE {})").format(
        _number("c"), source, chosen, set_, relation(parent), joined(reference, "c", "p")
    )


def referring(reference: Reference, child: Table, parent: Table, place: Place, rows: Sequence[int]) -> Composable:
    """Return the query for all rows that refer to some rows of a place."""
    source, chosen = _rows_of(parent, place, "p", rows)
    return sql.SQL("SELECT DISTINCT {} FROM {} JOIN {} AS c ON {} WHERE {}").format(
        _number("c"), source, relation(child), joined(reference, "c", "p"), chosen
    )


def values(table: Table, place: Place, columns: Sequence[str], rows: Sequence[int]) -> Composable:
    """Return the query for the values of some rows of a place."""
    source, chosen = _rows_of(table, place, "t", rows)
    names = sql.SQL(", ").join(sql.SQL("t.{}").format(sql.Identifier(column)) for column in columns)
    return sql.SQL("SELECT {} FROM {} WHERE {}").format(names, source, chosen)


def stream(connection: Connection[Any], query: Composable) -> Iterator[tuple[int, int]]:
    """Run a query for rows; give (place, row) as they come."""
    with connection.cursor().copy(sql.SQL("COPY ({}) TO STDOUT").format(query)) as copy:
        rest = b""
        for block in copy:
            *lines, rest = (rest + bytes(block)).split(b"\n")
            for line in lines:
                place, _, row = line.partition(b"\t")
                yield int(place), int(row)


def by_place(found: Iterable[tuple[int, int]], most: int) -> Iterator[tuple[int, list[int]]]:
    """Gather rows by place, some at a time."""
    gathered: dict[int, list[int]] = {}
    for place, row in found:
        rows = gathered.setdefault(place, [])
        rows.append(row)
        if len(rows) >= most:
            yield place, gathered.pop(place)
    yield from gathered.items()
