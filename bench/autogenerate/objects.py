"""The features that are no part of a table: types, code, views, privileges, partitions, comments."""

from __future__ import annotations

from bench.autogenerate.features import Feature, either

PARTITIONED = "CREATE TABLE events (at date NOT NULL) PARTITION BY RANGE (at);"
PARTITION = "CREATE TABLE events_{} PARTITION OF events FOR VALUES FROM ('{}-01-01') TO ('{}-01-01');"

OBJECTS = (
    Feature(
        "enum type, with a column",
        either("CREATE TYPE mood AS ENUM ('good', 'bad'«¦, 'mixed'»); ALTER TABLE orders ADD COLUMN mood mood;"),
        either("""orders.append_column(Column("mood", ENUM("good", "bad"«¦, "mixed"», name="mood")))"""),
    ),
    Feature(
        "enum value",
        (
            "CREATE TYPE mood AS ENUM ('good', 'bad'); ALTER TABLE orders ADD COLUMN mood mood;",
            "CREATE TYPE mood AS ENUM ('good', 'mixed', 'bad'); ALTER TABLE orders ADD COLUMN mood mood;",
            "CREATE TYPE mood AS ENUM ('good', 'so-so', 'bad'); ALTER TABLE orders ADD COLUMN mood mood;",
        ),
        (
            """orders.append_column(Column("mood", ENUM("good", "bad", name="mood")))""",
            """orders.append_column(Column("mood", ENUM("good", "mixed", "bad", name="mood")))""",
            """orders.append_column(Column("mood", ENUM("good", "so-so", "bad", name="mood")))""",
        ),
    ),
    Feature(
        "domain, with a column",
        either(
            "CREATE DOMAIN short AS text CONSTRAINT short_check CHECK (length(VALUE) < «10¦20»);"
            "ALTER TABLE orders ADD COLUMN short short;"
        ),
        either(
            """orders.append_column(Column("short", """
            """DOMAIN("short", Text, constraint_name="short_check", check=text("length(VALUE) < «10¦20»"))))"""
        ),
    ),
    Feature(
        "composite type",
        either("CREATE TYPE place AS (street text, number «integer¦bigint»);"),
    ),
    Feature(
        "sequence",
        either("CREATE SEQUENCE tickets INCREMENT BY «1¦10»;"),
        either("""Sequence("tickets", increment=«1¦10», metadata=metadata)"""),
    ),
    Feature(
        "extension",
        either("CREATE EXTENSION pg_trgm;"),
        entities=either("""entities.append(PGExtension("public", "pg_trgm"))"""),
    ),
    Feature(
        "function",
        either("CREATE FUNCTION twice(n integer) RETURNS integer LANGUAGE sql AS 'SELECT n * «2¦(1 + 1)»';"),
        entities=either(
            """entities.append(PGFunction("public", "twice(n integer)", """
            """"RETURNS integer LANGUAGE sql AS 'SELECT n * «2¦(1 + 1)»'"))"""
        ),
    ),
    Feature(
        "trigger",
        either(
            "CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';"
            "CREATE TRIGGER orders_touch BEFORE «INSERT¦INSERT OR UPDATE» ON orders "
            "FOR EACH ROW EXECUTE FUNCTION touch();"
        ),
        entities=either(
            """entities.append(PGFunction("public", "touch()", """
            """"RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'"));"""
            """entities.append(PGTrigger("public", "orders_touch", on_entity="public.orders", """
            """definition="BEFORE «INSERT¦INSERT OR UPDATE» ON public.orders FOR EACH ROW EXECUTE FUNCTION touch()"))"""
        ),
    ),
    Feature(
        "view",
        either("CREATE VIEW open_orders AS SELECT id«¦, note» FROM orders WHERE state = 'open';"),
        entities=either(
            """entities.append(PGView("public", "open_orders", """
            """"SELECT id«¦, note» FROM orders WHERE state = 'open'"))"""
        ),
    ),
    Feature(
        "materialized view",
        either(
            "CREATE MATERIALIZED VIEW totals AS SELECT customer_id, sum(amount) AS total«¦, count(*) AS n» "
            "FROM orders GROUP BY customer_id;"
        ),
        entities=either(
            """entities.append(PGMaterializedView("public", "totals", """
            """"SELECT customer_id, sum(amount) AS total«¦, count(*) AS n» FROM orders GROUP BY customer_id"))"""
        ),
    ),
    Feature(
        "policy",
        (
            "ALTER TABLE orders ENABLE ROW LEVEL SECURITY;",
            "ALTER TABLE orders ENABLE ROW LEVEL SECURITY; CREATE POLICY own ON orders USING (customer_id = 1);",
            "ALTER TABLE orders ENABLE ROW LEVEL SECURITY; CREATE POLICY own ON orders USING (customer_id = 2);",
        ),
        entities=either(
            """entities.append(PGPolicy("public", "own", on_entity="public.orders", """
            """definition="AS PERMISSIVE FOR ALL TO PUBLIC USING (customer_id = «1¦2»)"))"""
        ),
    ),
    Feature(
        "row-level security flags",
        (
            "",
            "ALTER TABLE orders ENABLE ROW LEVEL SECURITY;",
            "ALTER TABLE orders ENABLE ROW LEVEL SECURITY; ALTER TABLE orders FORCE ROW LEVEL SECURITY;",
        ),
    ),
    Feature(
        "grant on a table",
        either("GRANT «SELECT¦SELECT, INSERT» ON orders TO bench_reader;"),
        entities=either(
            """for name in ("id", "customer_id", "state", "note", "amount", "during", "tags"):
    for right in ["SELECT"«¦, "INSERT"»]:
        entities.append(
            PGGrantTable(schema="public", table="orders", columns=[name], role="bench_reader", grant=right))"""
        ),
    ),
    Feature(
        "grant on a column",
        either("GRANT SELECT (id«¦, state») ON orders TO bench_reader;"),
        entities=either(
            """entities.append(PGGrantTable(schema="public", table="orders", columns=["id"«¦, "state"»], """
            """role="bench_reader", grant="SELECT"))"""
        ),
    ),
    Feature(
        "comment on a table or column",
        either("COMMENT ON TABLE orders IS '«One¦Two»'; COMMENT ON COLUMN orders.note IS '«One¦Two»';"),
        either("""orders.comment = orders.c.note.comment = "«One¦Two»" """.strip()),
    ),
    Feature(
        "comment on another object",
        either("COMMENT ON CONSTRAINT orders_pkey ON orders IS '«One¦Two»';"),
        either("""orders.primary_key.comment = "«One¦Two»" """.strip()),
    ),
    Feature(
        "partitioned table, with its partitions",
        (
            "",
            PARTITIONED + PARTITION.format(1, 2026, 2027),
            PARTITIONED + PARTITION.format(1, 2026, 2027) + PARTITION.format(2, 2027, 2028),
        ),
        (
            "",
            """Table("events", metadata, Column("at", Date, nullable=False), postgresql_partition_by="RANGE (at)")""",
            """Table("events", metadata, Column("at", Date, nullable=False), postgresql_partition_by="RANGE (at)")""",
        ),
    ),
    Feature(
        "storage parameter",
        either("ALTER TABLE orders SET (fillfactor = «70¦80»);"),
        either("""orders.dialect_options["postgresql"]["with"] = {"fillfactor": «70¦80»}"""),
    ),
    Feature(
        "extended statistics",
        either("CREATE STATISTICS orders_st «(ndistinct)¦(dependencies)» ON customer_id, state FROM orders;"),
    ),
)
