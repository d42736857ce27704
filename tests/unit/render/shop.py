"""A small shop as hand-built facts: what the models' golden modules are made from."""

from __future__ import annotations

from typing import Any

from alembic_vibe.catalog.catalog import Catalog
from alembic_vibe.catalog.facts import (
    Column,
    Constraint,
    Enum,
    Fact,
    Index,
    IndexKey,
    Sequence,
    SequenceOptions,
    Table,
    TypeRef,
)
from alembic_vibe.catalog.keys import Key, Kind

STATUS = Key(Kind.ENUM, "public", "order_status")


def type_ref(text: str, **parts: Any) -> TypeRef:
    """Return a built-in type; ``base`` and ``modifiers`` are read off its text."""
    base, _, rest = text.removesuffix("[]").partition("(")
    modifiers, _, after = rest.partition(")")
    values: dict[str, Any] = {"base": base + after, "modifiers": modifiers, "array": text.endswith("[]")}
    return TypeRef(text=text, **{**values, **parts})


def column(name: str, type_: str | TypeRef, *, null: bool = False, **facts: Any) -> Column:
    """Return a column that is NOT NULL unless said otherwise."""
    return Column(name=name, type=type_ref(type_) if isinstance(type_, str) else type_, not_null=not null, **facts)


def table(name: str, *columns: Column, **facts: Any) -> Table:
    """Return a table of the schema ``public``."""
    return Table(key=Key(Kind.TABLE, "public", name), columns=columns, **facts)


def primary(owner: str, *columns: str, name: str = "") -> Constraint:
    """Return a primary key, with PostgreSQL's own name unless given."""
    key = Key(Kind.CONSTRAINT, "public", owner, name or f"{owner}_pkey")
    return Constraint(key=key, kind="p", definition=f"PRIMARY KEY ({', '.join(columns)})", columns=columns)


def unique(owner: str, *columns: str, name: str = "", **facts: Any) -> Constraint:
    """Return a unique constraint."""
    key = Key(Kind.CONSTRAINT, "public", owner, name or f"{owner}_{'_'.join(columns)}_key")
    return Constraint(key=key, kind="u", definition=f"UNIQUE ({', '.join(columns)})", columns=columns, **facts)


def check(owner: str, name: str, expression: str, **facts: Any) -> Constraint:
    """Return a CHECK constraint."""
    key = Key(Kind.CONSTRAINT, "public", owner, name)
    return Constraint(key=key, kind="c", definition=f"CHECK ({expression})", expression=expression, **facts)


def foreign(
    owner: str, columns: str, to: str, reference_columns: str = "id", name: str = "", **facts: Any
) -> Constraint:
    """Return a foreign key; columns are separated by spaces."""
    own, there = tuple(columns.split()), tuple(reference_columns.split())
    return Constraint(
        key=Key(Kind.CONSTRAINT, "public", owner, name or f"{owner}_{'_'.join(own)}_fkey"),
        kind="f",
        definition=f"FOREIGN KEY ({', '.join(own)}) REFERENCES {to}({', '.join(there)})",
        columns=own,
        references=Key(Kind.TABLE, "public", to),
        reference_columns=there,
        **facts,
    )


def index(owner: str, name: str, *keys: str | IndexKey, **facts: Any) -> Index:
    """Return an index; a string is a plain column."""
    return Index(
        key=Key(Kind.INDEX, "public", name),
        table=Key(Kind.TABLE, "public", owner),
        definition="",
        keys=tuple(IndexKey(column=k, expression=k) if isinstance(k, str) else k for k in keys),
        **facts,
    )


def serial(owner: str, name: str = "id") -> Sequence:
    """Return the sequence behind a ``serial`` column."""
    return Sequence(
        key=Key(Kind.SEQUENCE, "public", f"{owner}_{name}_seq"),
        options=SequenceOptions(type="integer", maximum=2147483647),
        owned_by=(Key(Kind.TABLE, "public", owner), name),
    )


def catalog(*facts: Fact) -> Catalog:
    """Return a catalog of the facts."""
    return Catalog(facts={fact.key: fact for fact in facts})


def uuid_id() -> Column:
    """Return the usual primary key column."""
    return column("id", "uuid", default="gen_random_uuid()")


def shop() -> Catalog:
    """Return the whole shop."""
    status = type_ref("order_status", origin="enum", key=STATUS)
    return catalog(
        Enum(key=STATUS, labels=("pending", "in-progress", "done"), comment="How far an order has come."),
        table(
            "users",
            uuid_id(),
            column("email", "character varying(255)"),
            column("uuid", "uuid", null=True),
            column("metadata", "jsonb", default="'{}'::jsonb"),
            column("manager_id", "uuid", null=True),
            column("created_at", "timestamp with time zone", default="now()"),
            comment='People who may sign in: customers and "staff".',
        ),
        primary("users", "id"),
        unique("users", "email"),
        check("users", "users_email_check", "email::text ~ '(?:@|:x)'::text"),
        foreign("users", "manager_id", "users", on_delete="SET NULL"),
        table("roles", column("id", "integer", default="nextval('roles_id_seq'::regclass)"), column("name", "text")),
        serial("roles"),
        primary("roles", "id"),
        table("user_roles", column("user_id", "uuid"), column("role_id", "integer")),
        primary("user_roles", "user_id", "role_id"),
        foreign("user_roles", "user_id", "users", on_delete="CASCADE"),
        foreign("user_roles", "role_id", "roles", on_delete="CASCADE"),
        table(
            "orders",
            column("id", "bigint", identity="always"),
            column("customer_id", "uuid"),
            column("approved_by", "uuid", null=True),
            column("status", status, default="'pending'::order_status"),
            column("total", "numeric(12,2)", default="0"),
            column("tags", "text[]", default="'{}'::text[]", comment="Free words"),
        ),
        primary("orders", "id", name="pk_orders"),
        foreign("orders", "customer_id", "users", on_delete="RESTRICT"),
        foreign("orders", "approved_by", "users", name="fk_orders_approved_by", on_delete="SET NULL"),
        index("orders", "orders_customer_id_idx", "customer_id"),
        index(
            "orders",
            "idx_orders_open",
            IndexKey(column="total", expression="total", descending=True, nulls_first=True),
            predicate="status <> 'done'::order_status",
        ),
        table("order_items", column("order_id", "bigint"), column("line", "integer"), column("what", "text")),
        primary("order_items", "order_id", "line"),
        foreign("order_items", "order_id", "orders", on_delete="CASCADE"),
        table("receipts", column("order_id", "bigint"), column("path", type_ref("ltree", origin="extension"))),
        primary("receipts", "order_id"),
        foreign("receipts", "order_id", "orders", on_delete="CASCADE"),
        table("log_lines", column("at", "timestamp with time zone"), column("line", "text", null=True)),
    )
