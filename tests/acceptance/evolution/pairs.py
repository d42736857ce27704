"""Random pairs of schemas for Hypothesis: the second one is the first one after some edits, as people make them."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field

from hypothesis import strategies as st

# What a column may be, and a default for it. The first letter of a type decides nothing; all are common.
TYPES = {
    "integer": "0",
    "bigint": "7",
    "numeric(10,2)": "0.5",
    "text": "'x'",
    "varchar(40)": "'v'",
    "varchar(80)": "'w'",
    "boolean": "true",
    "timestamptz": "now()",
    "date": "CURRENT_DATE",
    "uuid": "gen_random_uuid()",
    "jsonb": "'{}'",
    "text[]": "'{}'",
    "mood": "'calm'",
    "positive": "1",
}
CHECKABLE = {"integer", "bigint", "numeric(10,2)"}
NAMES = ["a", "b", "c", "code", "state", "Mixed Case", "größe", "order", "x" * 63]
TABLES = ["users", "orders", "items", "Älter"]


def q(name: str) -> str:
    """Quote a name, always."""
    return '"' + name.replace('"', '""') + '"'


@dataclass
class Column:
    type: str
    not_null: bool = False
    default: bool = False
    unique: bool = False
    check: int | None = None  # > this number
    comment: str = ""
    index: bool = False
    references: str = ""  # a table; the column is bigint then


@dataclass
class Table:
    columns: dict[str, Column] = field(default_factory=dict)
    view: bool = False
    trigger: bool = False
    policy: str = ""
    rls: bool = False
    comment: str = ""
    fillfactor: int = 0
    grants: str = ""


@dataclass
class Schema:
    tables: dict[str, Table] = field(default_factory=dict)
    labels: list[str] = field(default_factory=lambda: ["calm", "wild"])
    body: int = 1  # of a function
    domain: int = 0  # lower bound

    def sql(self) -> str:
        """Return the DDL of the whole schema."""
        labels = ", ".join(f"'{label}'" for label in self.labels)
        body = f"$$ BEGIN PERFORM {self.body}; RETURN NEW; END $$"
        lines = [
            f"CREATE TYPE mood AS ENUM ({labels});",
            f"CREATE DOMAIN positive AS integer CONSTRAINT positive_check CHECK (VALUE > {self.domain});",
            f"CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS {body};",
        ]
        for name, table in self.tables.items():
            lines.append(self._table(name, table))
        for name, table in self.tables.items():
            lines += self._hangers_on(name, table)
        return "\n".join(lines)

    def _table(self, name: str, table: Table) -> str:
        parts = ['    "id" bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY']
        for column, found in table.columns.items():
            part = f"    {q(column)} {found.type}"
            if found.default:
                part += f" DEFAULT {TYPES[found.type]}"
            if found.not_null:
                part += " NOT NULL"
            if found.unique:
                part += " UNIQUE"
            if found.check is not None and found.type in CHECKABLE:
                part += f" CHECK ({q(column)} > {found.check})"
            parts.append(part)
        options = f" WITH (fillfactor = {table.fillfactor})" if table.fillfactor else ""
        return f"CREATE TABLE {q(name)} (\n" + ",\n".join(parts) + f"\n){options};"

    def _hangers_on(self, name: str, table: Table) -> list[str]:
        lines = []
        for column, found in table.columns.items():
            if found.index and found.type != "jsonb":
                lines.append(f"CREATE INDEX ON {q(name)} ({q(column)});")
            if found.comment:
                lines.append(f"COMMENT ON COLUMN {q(name)}.{q(column)} IS '{found.comment}';")
            if found.references in self.tables and found.type == "bigint":
                lines.append(
                    f'ALTER TABLE {q(name)} ADD FOREIGN KEY ({q(column)}) REFERENCES {q(found.references)} ("id");'
                )
        if table.comment:
            lines.append(f"COMMENT ON TABLE {q(name)} IS '{table.comment}';")
        if table.view:
            chosen = ", ".join(['"id"', *map(q, table.columns)])
            lines.append(f"CREATE VIEW {q('v_' + name)} AS SELECT {chosen} FROM {q(name)};")
        if table.trigger:
            lines.append(f"CREATE TRIGGER touch BEFORE UPDATE ON {q(name)} FOR EACH ROW EXECUTE FUNCTION touch();")
        if table.rls:
            lines.append(f"ALTER TABLE {q(name)} ENABLE ROW LEVEL SECURITY;")
        if table.policy:
            lines.append(f"CREATE POLICY p ON {q(name)} USING ({table.policy});")
        if table.grants:
            lines.append(f"GRANT {table.grants} ON {q(name)} TO PUBLIC;")
        return lines


@st.composite
def pairs(draw: st.DrawFn) -> tuple[str, str]:
    """Draw two schemas as SQL: a random one, and the same after one to four edits."""
    old = Schema()
    for name in draw(st.lists(st.sampled_from(TABLES), min_size=1, max_size=3, unique=True)):
        old.tables[name] = draw(tables())
    new = deepcopy(old)
    for _ in range(draw(st.integers(1, 4))):
        edit(draw, new)
    return old.sql(), new.sql()


@st.composite
def tables(draw: st.DrawFn) -> Table:
    found = Table(
        view=draw(st.integers(0, 3)) == 0,
        trigger=draw(st.integers(0, 3)) == 0,
        policy=draw(st.sampled_from(["", "", "", "true", "id > 5"])),
        rls=draw(st.integers(0, 5)) == 0,
        comment=draw(st.sampled_from(["", "what it is"])),
        fillfactor=draw(st.sampled_from([0, 0, 70])),
        grants=draw(st.sampled_from(["", "", "SELECT", "SELECT, INSERT"])),
    )
    for name in draw(st.lists(st.sampled_from(NAMES), max_size=4, unique=True)):
        found.columns[name] = draw(columns())
    return found


@st.composite
def columns(draw: st.DrawFn) -> Column:
    kind = draw(st.sampled_from(sorted(TYPES)))
    return Column(
        type=kind,
        not_null=draw(st.booleans()),
        default=draw(st.booleans()),
        unique=draw(st.integers(0, 4)) == 0 and kind != "jsonb",
        check=draw(st.sampled_from([None, None, -5])),
        comment=draw(st.sampled_from(["", "", "a word"])),
        index=draw(st.integers(0, 3)) == 0,
        references=draw(st.sampled_from(["", *TABLES])) if kind == "bigint" else "",
    )


def edit(draw: st.DrawFn, schema: Schema) -> None:
    """Make one edit."""
    names = sorted(schema.tables)
    what = draw(st.sampled_from(["column", "column", "column", "column", "table", "aspect", "aspect", "type"]))
    if what == "table" or not names:
        name = draw(st.sampled_from(TABLES))
        if name in schema.tables:
            del schema.tables[name]
        else:
            schema.tables[name] = draw(tables())
        return
    if what == "type":
        which = draw(st.sampled_from(["label", "body", "domain"]))
        if which == "label":
            schema.labels.insert(draw(st.integers(0, len(schema.labels))), f"l{len(schema.labels)}")
        elif which == "body":
            schema.body += 1
        else:
            schema.domain -= 1
        return
    table = schema.tables[draw(st.sampled_from(names))]
    if what == "aspect":
        name = draw(st.sampled_from(["view", "trigger", "policy", "rls", "comment", "fillfactor", "grants"]))
        fresh = draw(tables())
        setattr(table, name, getattr(fresh, name))
        return
    name = draw(st.sampled_from(NAMES))
    column = table.columns.get(name)
    if column is None:
        found = draw(columns())
        found.not_null = found.not_null and found.default  # else the author would have to say what rows get
        table.columns[name] = found
    elif draw(st.integers(0, 3)) == 0:
        del table.columns[name]
    else:
        field_name = draw(
            st.sampled_from(["type", "not_null", "default", "unique", "check", "comment", "index", "references"])
        )
        setattr(column, field_name, getattr(draw(columns()), field_name))
        if column.type == "jsonb":
            column.unique = False
