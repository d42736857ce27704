"""Random schemas as DDL, with names and texts of every kind, for Hypothesis."""

from __future__ import annotations

from dataclasses import dataclass, field

from hypothesis import strategies as st

NASTY = [
    "order",
    "Weird Name",
    'quo"te',
    "ünïcödé",
    "select",
    "100%",
    "%(x)s",
    ":colon",
    "dot.ted",
    "back\\slash",
    "{brace}",
    "日本語",
    "user",
    "CamelCase",
    "apos'trophe",
    "x" * 63,
    "ü" * 31,
    "tab\tname",
    "line\nbreak",
    "$$",
    "--",
    "/*",
    "uuid_",  # "uuid" itself would be hidden by the built-in type, and is refused
    "type",
    "a, b",
    "op",
    "sa",
    "self",
    "__init__",
    "metadata",
]
TEXTS = [
    "plain",
    "it's",
    "100%",
    "%(x)s",
    "%s",
    ":name",
    "a :name: b",
    "::text",
    "\\d+\\.",
    "{}",
    '{"a": [1, ":b"]}',
    '"""',
    "'''",
    "two\nlines",
    "two\r\nlines",
    "  indented\n    more\n",
    "ends with \\",
    "$$ $body$",
    "-- not a comment",
    "/* nor this */",
    "ünïcödé 🎉",
    "\u2028separator",
    "\x01control",
    "",
    " ",
]
TYPES = {
    "integer": ["0", "42", "-7"],
    "bigint": ["0", "9223372036854775807"],
    "smallint": ["1"],
    "numeric(12,2)": ["0", "0.10"],
    "double precision": ["1.5", "'NaN'"],
    "text": [],
    "varchar(20)": ["'x'"],
    "char(3)": ["'abc'"],
    "boolean": ["true", "false"],
    "uuid": ["gen_random_uuid()"],
    "date": ["CURRENT_DATE", "'2024-02-29'"],
    "timestamptz": ["now()", "CURRENT_TIMESTAMP", "'epoch'"],
    "timestamp(3)": ["LOCALTIMESTAMP"],
    "time": ["'12:30'"],
    "interval": ["'1 day 02:03:04'", "make_interval(days => 3)"],
    "jsonb": ["'{}'", "'[]'::jsonb", """'{"a": ":b", "c": "%s"}'"""],
    "text[]": ["'{}'", "ARRAY['a', 'b:c']", "'{}'::text[]"],
    "integer[]": ["ARRAY[1, 2]"],
    "bytea": ["'\\xdeadbeef'"],
    "inet": ["'127.0.0.1'"],
    "int4range": ["'[1,5)'"],
    "tstzrange": ["tstzrange(now(), NULL)"],
    "bit varying(8)": ["B'101'"],
    "xml": [],
    "money": [],
    "tsvector": ["to_tsvector('english', 'a b')"],
}
KEYABLE = {"integer", "bigint", "smallint", "text", "varchar(20)", "uuid", "date", "timestamptz", "numeric(12,2)"}


def ident(name: str) -> str:
    """Quote a name, always."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Quote a text."""
    quoted = text.replace("'", "''")
    return "E'" + quoted.replace("\\", "\\\\") + "'" if "\\" in quoted else f"'{quoted}'"


def _fits(name: str) -> bool:
    return 0 < len(name.encode()) <= 63


free_names = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=20).filter(_fits)
names = st.sampled_from(["a", "b", "items", "users", "id_", "total"]) | st.sampled_from(NASTY) | free_names
texts = st.sampled_from(TEXTS) | st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=30)


@dataclass
class Table:
    """What later statements need to know about a table."""

    name: str
    columns: dict[str, str]
    key: str
    key_type: str
    partitioned: bool = False


@dataclass
class Ddl:
    """The statements so far, and the names that are taken."""

    statements: list[str] = field(default_factory=list)
    taken: set[tuple[str, str]] = field(default_factory=set)
    schemas: list[str] = field(default_factory=lambda: ["public"])
    types: dict[str, list[str]] = field(default_factory=dict)
    tables: list[Table] = field(default_factory=list)


@st.composite
def schemas(draw: st.DrawFn, code: bool = True) -> list[str]:
    """Draw a schema as a list of statements that run in their order on an empty database."""
    ddl = Ddl()

    def fresh(space: str, schema: str | None = None) -> str:
        where = draw(st.sampled_from(ddl.schemas)) if schema is None else schema
        name = draw(names.filter(lambda n: (where, n) not in ddl.taken and not n.startswith("pg_")))
        ddl.taken |= {(where, name), (where, "_" + name), (space, name)}
        return f"{ident(where)}.{ident(name)}"

    def add(statement: str) -> None:
        ddl.statements.append(statement)

    for name in draw(
        st.lists(names.filter(lambda n: not n.startswith("pg_") and n != "public"), max_size=2, unique=True)
    ):
        ddl.schemas.append(name)
        add(f"CREATE SCHEMA {ident(name)}")
    for _ in range(draw(st.integers(0, 2))):
        labels = draw(st.lists(names, min_size=1, max_size=4, unique=True))
        name = fresh("type")
        add(f"CREATE TYPE {name} AS ENUM ({', '.join(map(literal, labels))})")
        ddl.types[name] = [f"{literal(label)}" for label in labels]
    if draw(st.booleans()):
        name = fresh("type")
        text = draw(texts)
        add(f"CREATE DOMAIN {name} AS text DEFAULT {literal(text)} CHECK (VALUE <> {literal(draw(texts))})")
        ddl.types[name] = []
    if draw(st.integers(0, 3)) == 0:
        name = fresh("type")
        add(f"CREATE TYPE {name} AS ({ident(draw(names))} integer)")
        ddl.types[name] = []
    function = None
    if code and draw(st.booleans()):
        function = fresh("function")
        add(
            f"CREATE FUNCTION {function}(a integer DEFAULT 1) RETURNS boolean IMMUTABLE LANGUAGE sql AS "
            f"{literal('SELECT ' + literal(draw(texts)) + ' IS NOT NULL')}"
        )
    for _ in range(draw(st.integers(1, 4))):
        table = _table(draw, ddl, fresh, function)
        ddl.tables.append(table)
    _foreign_keys(draw, ddl)
    for table in ddl.tables:
        _hangers_on(draw, ddl, table, fresh, code=code)
    for statement in ddl.statements:
        assert "\0" not in statement
    return ddl.statements


def _table(draw, ddl, fresh, function) -> Table:  # type: ignore[no-untyped-def]
    name = fresh("relation")
    types = {**TYPES, **ddl.types}
    columns: dict[str, str] = {}
    lines: list[str] = []
    key = draw(names)
    key_type = draw(st.sampled_from(["bigint", "integer", "uuid", "text", "serial", "identity", "always"]))
    partitioned = draw(st.integers(0, 7)) == 0 and key_type != "serial"
    spelled = {
        "serial": "serial",
        "identity": "integer GENERATED BY DEFAULT AS IDENTITY (START 5)",
        "always": "bigint GENERATED ALWAYS AS IDENTITY",
    }
    real = {"serial": "integer", "identity": "integer", "always": "bigint"}
    if partitioned and key_type in {"identity", "always"}:
        key_type = "bigint"
    lines.append(f"{ident(key)} {spelled.get(key_type, key_type)}")
    key_type = real.get(key_type, key_type)
    columns[key] = key_type
    for column in draw(st.lists(names.filter(lambda n: n != key), max_size=5, unique=True)):
        kind = draw(st.sampled_from(sorted(types)))
        lines.append(_column(draw, column, kind, types, None if partitioned else (key, key_type)))
        columns[column] = kind
    lines.append(f"PRIMARY KEY ({ident(key)})")
    lines.extend(_constraints(draw, {name: kind for name, kind in columns.items() if name != key}, partitioned))
    if function is not None and draw(st.booleans()):
        lines.append(f"CHECK ({function}(3))")
    tail = f" PARTITION BY HASH ({ident(key)})" if partitioned else ""
    if not tail and draw(st.integers(0, 5)) == 0:
        tail = " WITH (fillfactor = 70)"
    ddl.statements.append(f"CREATE TABLE {name} ({', '.join(lines)}){tail}")
    if partitioned:
        part = fresh("relation")
        ddl.statements.append(f"CREATE TABLE {part} PARTITION OF {name} FOR VALUES WITH (MODULUS 2, REMAINDER 0)")
    return Table(name, columns, key, key_type, partitioned)


def _column(draw, column, kind, types, key) -> str:  # type: ignore[no-untyped-def]
    """Return a column; ``key`` is the name and type of the column that it may be generated from."""
    parts = [ident(column), kind]
    if kind in {"text", "varchar(20)"} and draw(st.integers(0, 3)) == 0:
        parts.append('COLLATE "C"')
    number = key is not None and key[1] in {"bigint", "integer"}
    generated = kind == "text" and number and draw(st.integers(0, 4)) == 0
    if generated:
        parts.append(f"GENERATED ALWAYS AS ({ident(key[0])}::text || {literal(draw(texts))}) STORED")
    elif draw(st.booleans()):
        value = literal(draw(texts)) if kind == "text" else None
        if value is None and types[kind]:
            value = draw(st.sampled_from(types[kind]))
        if value is not None:
            parts.append(f"DEFAULT {value}")
    if draw(st.booleans()):
        parts.append("NOT NULL")
    return " ".join(parts)


def _constraints(draw, columns, partitioned) -> list[str]:  # type: ignore[no-untyped-def]
    lines: list[str] = []
    for column, kind in columns.items():
        if kind in KEYABLE and draw(st.integers(0, 4)) == 0 and not partitioned:
            lines.append(
                f"UNIQUE{draw(st.sampled_from(['', ' NULLS NOT DISTINCT']))} ({ident(column)})"
                f"{draw(st.sampled_from(['', ' DEFERRABLE', ' DEFERRABLE INITIALLY DEFERRED']))}"
            )
        if kind == "text" and draw(st.integers(0, 2)) == 0:
            named = f"CONSTRAINT {ident(draw(names))} " if draw(st.booleans()) else ""
            if named and any(line.startswith(named) for line in lines):
                named = ""
            lines.append(
                f"{named}CHECK ({ident(column)} !~ {literal(draw(texts))} OR {ident(column)} = {literal(draw(texts))})"
            )
    return lines


def _foreign_keys(draw, ddl) -> None:  # type: ignore[no-untyped-def]
    for table in ddl.tables:
        for column, kind in table.columns.items():
            targets = [other for other in ddl.tables if other.key_type == kind]
            if not targets or column == table.key or draw(st.booleans()):
                continue
            other = draw(st.sampled_from(targets))
            action = draw(
                st.sampled_from(["", " ON DELETE CASCADE", " ON DELETE SET NULL", " ON UPDATE CASCADE", " MATCH FULL"])
            )
            deferrable = draw(st.sampled_from(["", " DEFERRABLE", " DEFERRABLE INITIALLY DEFERRED"]))
            invalid = "" if table.partitioned or draw(st.integers(0, 5)) else " NOT VALID"
            ddl.statements.append(
                f"ALTER TABLE {table.name} ADD FOREIGN KEY ({ident(column)}) "
                f"REFERENCES {other.name} ({ident(other.key)}){action}{deferrable}{invalid}"
            )


def _hangers_on(draw, ddl, table, fresh, *, code) -> None:  # type: ignore[no-untyped-def]
    schema = table.name
    where = next(found for found in ddl.schemas if schema.startswith(f"{ident(found)}."))
    keyable = [column for column, kind in table.columns.items() if kind in KEYABLE]
    textual = [column for column, kind in table.columns.items() if kind == "text"]
    add = ddl.statements.append
    for _ in range(draw(st.integers(0, 2))):
        name = fresh("relation", where).removeprefix(f"{ident(where)}.")
        column = draw(st.sampled_from(keyable))
        body = f"({ident(column)}{draw(st.sampled_from(['', ' DESC', ' DESC NULLS LAST', ' NULLS FIRST']))})"
        if textual and draw(st.booleans()):
            body = draw(
                st.sampled_from(
                    [
                        f"((lower({ident(textual[0])}) || {literal(draw(texts))}))",
                        f"({ident(textual[0])} text_pattern_ops)",
                        f'({ident(textual[0])} COLLATE "C" DESC)',
                        f"(lower({ident(textual[0])})) WHERE {ident(textual[0])} <> {literal(draw(texts))}",
                    ]
                )
            )
        add(f"CREATE INDEX {name} ON {table.name} {body}")
    if draw(st.booleans()):
        add(f"COMMENT ON TABLE {table.name} IS {literal(draw(texts))}")
    for column in table.columns:
        if draw(st.integers(0, 3)) == 0:
            add(f"COMMENT ON COLUMN {table.name}.{ident(column)} IS {literal(draw(texts))}")
    if draw(st.integers(0, 3)) == 0:
        add(f"GRANT SELECT, INSERT ON {table.name} TO PUBLIC")
    if draw(st.integers(0, 4)) == 0:
        add(f"GRANT UPDATE ({ident(table.key)}) ON {table.name} TO PUBLIC")
    if code:
        _code_on(draw, ddl, table, textual, fresh)


def _code_on(draw, ddl, table, textual, fresh) -> None:  # type: ignore[no-untyped-def]
    add = ddl.statements.append
    if draw(st.integers(0, 2)) == 0:
        kind = draw(st.sampled_from(["VIEW", "MATERIALIZED VIEW"]))
        view = fresh("relation")
        chosen = ", ".join(ident(column) for column in table.columns)
        condition = f" WHERE {ident(textual[0])} <> {literal(draw(texts))}" if textual else ""
        add(f"CREATE {kind} {view} AS SELECT {chosen} FROM {table.name}{condition}")
        if draw(st.booleans()):
            add(f"COMMENT ON {kind} {view} IS {literal(draw(texts))}")
    if draw(st.integers(0, 2)) == 0:
        function = fresh("function")
        body = f"BEGIN\n    -- {draw(names)!r}\n    RAISE NOTICE '%', {literal(draw(texts))};\n    RETURN NEW;\nEND"
        add(f"CREATE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS {literal(body)}")
        timing = draw(st.sampled_from(["BEFORE INSERT", "AFTER UPDATE", "BEFORE INSERT OR UPDATE"]))
        condition = (
            f" WHEN (NEW.{ident(textual[0])} <> {literal(draw(texts))})" if textual and draw(st.booleans()) else ""
        )
        add(
            f"CREATE TRIGGER {ident(draw(names))} {timing} ON {table.name} FOR EACH ROW{condition} "
            f"EXECUTE FUNCTION {function}()"
        )
    if draw(st.integers(0, 3)) == 0:
        add(f"ALTER TABLE {table.name} ENABLE ROW LEVEL SECURITY")
        condition = f"{ident(textual[0])} = {literal(draw(texts))}" if textual else "true"
        add(f"CREATE POLICY {ident(draw(names))} ON {table.name} USING ({condition})")
