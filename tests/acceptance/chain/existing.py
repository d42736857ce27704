"""A project that somebody else made: a hand-written chain, in a style of its own, and an env.py to replace."""

from __future__ import annotations

from pathlib import Path

INI = """\
[DEFAULT]
prepend_sys_path = %(here)s/backend

[alembic]
script_location = %(here)s/unused

[shop]
script_location = %(here)s/backend/db
version_locations = %(here)s/backend/db/versions %(here)s/backend/db/later
path_separator = space
file_template = %%(year)d_%%(rev)s_%%(slug)s
timezone = UTC

[post_write_hooks]
hooks = mark
mark.type = exec
mark.executable = {hook}
mark.options = REVISION_SCRIPT_FILENAME

[loggers]
keys = root

[handlers]
keys =

[formatters]
keys =

[logger_root]
level = WARNING
handlers =
"""
PYPROJECT = """\
[tool.alembic-vibe]
section = "shop"
spec = "docs/spec.md"
models = "backend/shop/models"
"""
HOOK = "#!/bin/sh\necho '# formatted' >> \"$1\"\n"
# As old templates were: no annotations, no docstring of Alembic's shape, and no place for imports.
TEMPLATE = '''\
# Copyright Shop Ltd.
"""Migration: ${message}."""
from alembic import op

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = ${repr(branch_labels)}
depends_on = ${repr(depends_on)}


def upgrade():
    ${upgrades if upgrades else "pass"}


def downgrade():
    ${downgrades if downgrades else "pass"}
'''
SETTINGS = """\
import os

from sqlalchemy import create_engine

URL = os.environ.get("SHOP_DB", "postgresql+psycopg://nobody:secret@production.invalid/shop")
engine = create_engine(URL, pool_size=1)
"""
ENV = """\
from logging.config import fileConfig
from pathlib import Path

from alembic import context

from shop.settings import engine

fileConfig(context.config.config_file_name, disable_existing_loggers=False)
assert Path(__file__).resolve().parents[1].name == "backend"  # people look for files from here


def run():
    with engine.connect() as connection:
        context.configure(connection=connection, version_table="shop_versions", version_table_schema="ops")
        connection.exec_driver_sql("CREATE SCHEMA IF NOT EXISTS ops")
        connection.commit()
        with context.begin_transaction():
            context.run_migrations()


run()
"""
FIRST = """\
import sqlalchemy as sa
from alembic import op

revision = "shop_001"
down_revision = None
branch_labels = ("shop",)


def upgrade():
    op.create_table(
        "customers",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), primary_key=True),
        sa.Column("email", sa.Text(), nullable=False, unique=True),
        sa.Column("legacy_code", sa.Text()),
    )
    op.create_table("import_log", sa.Column("id", sa.Integer(), primary_key=True))


def downgrade():
    op.drop_table("import_log")
    op.drop_table("customers")
"""
SECOND = """\
import sqlalchemy as sa
from alembic import op

revision = "shop_002"
down_revision = "shop_001"


def upgrade():
    op.create_table(
        "orders",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), primary_key=True),
        sa.Column("customer_id", sa.BigInteger(), sa.ForeignKey("customers.id"), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
    )
    op.create_index("orders_customer_id_idx", "orders", ["customer_id"])


def downgrade():
    op.drop_table("orders")
"""
SPEC = """\
# Shop

## 5. Database Architecture & Schema Design

### 5.1 Database Architecture Overview
**Primary Database:** PostgreSQL 15+

### 5.3 Core System Tables
```sql
CREATE TABLE customers (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    email text NOT NULL UNIQUE
);
CREATE TABLE orders (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    customer_id bigint NOT NULL REFERENCES customers (id),
    amount integer NOT NULL
);
CREATE INDEX orders_customer_id_idx ON orders (customer_id);
```
"""


def write_existing(root: Path) -> Path:
    """Write the project into a folder and return it."""
    root.mkdir(parents=True, exist_ok=True)
    hook = root / "hook.sh"
    files = {
        "alembic.ini": INI.format(hook=hook),
        "pyproject.toml": PYPROJECT,
        "hook.sh": HOOK,
        "docs/spec.md": SPEC,
        "backend/shop/__init__.py": "",
        "backend/shop/settings.py": SETTINGS,
        "backend/db/env.py": ENV,
        "backend/db/script.py.mako": TEMPLATE,
        "backend/db/versions/__init__.py": "",
        "backend/db/versions/2023_shop_001_begin.py": FIRST,
        "backend/db/later/2024_shop_002_orders.py": SECOND,
    }
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    hook.chmod(0o755)
    return root
