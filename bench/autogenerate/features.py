"""The features: for each the statements that make it, and how models say it to Alembic and to alembic_utils.

A feature has three states: it is not there, it is there, it is there in another form. The schema of a state is what
``BASE`` and the statements of the state make. ``models`` is code over the tables of ``MODELS``, one text a state; where
SQLAlchemy has no word for a feature, it is empty. ``entities`` are the objects that alembic_utils is told of. Our own
models are generated from the statements.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

BASE = """
CREATE TABLE customers (id bigint PRIMARY KEY, name text NOT NULL);
CREATE TABLE orders (
    id bigint PRIMARY KEY,
    customer_id bigint NOT NULL,
    state text NOT NULL,
    note text,
    amount numeric(12,2) NOT NULL,
    during tstzrange,
    tags text[]
);
CREATE FUNCTION kept() RETURNS integer LANGUAGE sql AS 'SELECT 1';
"""

MODELS = """
customers = Table("customers", metadata, Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False))
orders = Table("orders", metadata, Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("customer_id", BigInteger, nullable=False), Column("state", Text, nullable=False), Column("note", Text),
    Column("amount", Numeric(12, 2), nullable=False), Column("during", TSTZRANGE), Column("tags", ARRAY(Text)))
"""
ENTITIES = """entities.append(PGFunction("public", "kept()", "RETURNS integer LANGUAGE sql AS 'SELECT 1'"))"""

Three = tuple[str, str, str]


@dataclass(frozen=True)
class Feature:
    """One row of the table: ``name``, and three states of each text; what stays empty is not sayable there."""

    name: str
    sql: Three
    models: Three = ("", "", "")
    entities: Three = ("", "", "")


def either(text: str) -> Three:
    """Return the three states of something that is written the same way but for a few words: ``«one¦other»``."""
    return ("", re.sub("«(.*?)¦.*?»", r"\1", text), re.sub("«.*?¦(.*?)»", r"\1", text))


FEATURES = (
    Feature(
        "CHECK constraint",
        either("ALTER TABLE orders ADD CONSTRAINT orders_amount CHECK (amount «>¦>=» 0);"),
        either("""orders.append_constraint(CheckConstraint("amount «>¦>=» 0", name="orders_amount"))"""),
    ),
    Feature(
        "EXCLUDE constraint",
        either("ALTER TABLE orders ADD CONSTRAINT orders_apart EXCLUDE USING gist (during WITH «&&¦-|-»);"),
        either("""orders.append_constraint(ExcludeConstraint(("during", "«&&¦-|-»"), name="orders_apart"))"""),
    ),
    Feature(
        "UNIQUE constraint",
        either("ALTER TABLE orders ADD CONSTRAINT orders_once UNIQUE («state¦state, note»);"),
        either("""orders.append_constraint(UniqueConstraint(«"state"¦"state", "note"», name="orders_once"))"""),
    ),
    Feature(
        "UNIQUE … DEFERRABLE",
        either("ALTER TABLE orders ADD CONSTRAINT orders_once UNIQUE (state) DEFERRABLE«¦ INITIALLY DEFERRED»;"),
        either(
            """orders.append_constraint(UniqueConstraint("state", name="orders_once", deferrable=True"""
            """«¦, initially="DEFERRED"»))"""
        ),
    ),
    Feature(
        "UNIQUE NULLS NOT DISTINCT",
        either("ALTER TABLE orders ADD CONSTRAINT orders_once UNIQUE «NULLS NOT DISTINCT ¦»(note);"),
        either(
            """orders.append_constraint(UniqueConstraint("note", name="orders_once", """
            """postgresql_nulls_not_distinct=«True¦None»))"""
        ),
    ),
    Feature(
        "primary key",
        (
            "ALTER TABLE orders DROP CONSTRAINT orders_pkey;",
            "",
            "ALTER TABLE orders DROP CONSTRAINT orders_pkey, ADD CONSTRAINT orders_pkey PRIMARY KEY (id, customer_id);",
        ),
        (
            "orders = keyed(orders)",
            "",
            """orders = keyed(orders, "id", "customer_id")""",
        ),
    ),
    Feature(
        "foreign key, ON DELETE",
        either(
            "ALTER TABLE orders ADD CONSTRAINT orders_of FOREIGN KEY (customer_id) REFERENCES customers "
            "ON DELETE «CASCADE¦RESTRICT»;"
        ),
        either(
            """orders.append_constraint(ForeignKeyConstraint(["customer_id"], ["customers.id"], name="orders_of", """
            """ondelete="«CASCADE¦RESTRICT»"))"""
        ),
    ),
    Feature(
        "foreign key, MATCH",
        either(
            "ALTER TABLE orders ADD CONSTRAINT orders_of FOREIGN KEY (customer_id) REFERENCES customers "
            "«MATCH FULL¦MATCH SIMPLE»;"
        ),
        either(
            """orders.append_constraint(ForeignKeyConstraint(["customer_id"], ["customers.id"], name="orders_of", """
            """match="«FULL¦SIMPLE»"))"""
        ),
    ),
    Feature(
        "index: columns",
        either("CREATE INDEX orders_ix ON orders («state¦state, note»);"),
        either("""Index("orders_ix", «orders.c.state¦orders.c.state, orders.c.note»)"""),
    ),
    Feature(
        "index: expression",
        either("CREATE INDEX orders_ix ON orders («lower¦upper»(note));"),
        either("""Index("orders_ix", func.«lower¦upper»(orders.c.note))"""),
    ),
    Feature(
        "index: predicate",
        either("CREATE INDEX orders_ix ON orders (state) WHERE note IS «NULL¦NOT NULL»;"),
        either("""Index("orders_ix", orders.c.state, postgresql_where=text("note IS «NULL¦NOT NULL»"))"""),
    ),
    Feature(
        "index: operator class",
        either("CREATE INDEX orders_ix ON orders (note «text_pattern_ops¦text_ops»);"),
        either("""Index("orders_ix", orders.c.note, postgresql_ops={"note": "«text_pattern_ops¦text_ops»"})"""),
    ),
    Feature(
        "index: INCLUDE",
        either("CREATE INDEX orders_ix ON orders (state) INCLUDE («note¦amount»);"),
        either("""Index("orders_ix", orders.c.state, postgresql_include=["«note¦amount»"])"""),
    ),
    Feature(
        "index: method",
        either("CREATE INDEX orders_ix ON orders USING «hash¦brin» (id);"),
        either("""Index("orders_ix", orders.c.id, postgresql_using="«hash¦brin»")"""),
    ),
    Feature(
        "column",
        either("ALTER TABLE orders ADD COLUMN extra «varchar(20)¦varchar(40)»;"),
        either("""orders.append_column(Column("extra", String(«20¦40»)))"""),
    ),
    Feature(
        "column: NOT NULL",
        ("", "ALTER TABLE orders ALTER note SET NOT NULL;", "ALTER TABLE orders ALTER note SET NOT NULL;"),
        ("", "orders.c.note.nullable = False", "orders.c.note.nullable = False"),
    ),
    Feature(
        "column: default",
        either("ALTER TABLE orders ALTER note SET DEFAULT '«a¦b»';"),
        either("""orders.c.note.server_default = DefaultClause("«a¦b»")"""),
    ),
    Feature(
        "column: generated",
        either("ALTER TABLE orders ADD COLUMN extra numeric GENERATED ALWAYS AS (amount * «2¦3») STORED;"),
        either("""orders.append_column(Column("extra", Numeric, Computed("amount * «2¦3»", persisted=True)))"""),
    ),
    Feature(
        "column: identity",
        either("ALTER TABLE orders ALTER id ADD GENERATED «ALWAYS¦BY DEFAULT» AS IDENTITY;"),
        either("""identify(orders.c.id, Identity(always=«True¦False»))"""),
    ),
    Feature(
        "column: collation",
        either("""ALTER TABLE orders ADD COLUMN extra text COLLATE "«C¦POSIX»";"""),
        either("""orders.append_column(Column("extra", Text(collation="«C¦POSIX»")))"""),
    ),
)
