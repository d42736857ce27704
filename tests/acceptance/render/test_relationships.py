"""Relationships of the models at work: what a session does is what the database's own rules say."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from alembic_vibe.catalog.facts import Table
from alembic_vibe.postgres.introspect import read_catalog
from alembic_vibe.render.models import ModelSection, render_models

if TYPE_CHECKING:
    from pathlib import Path

    from alembic_vibe.postgres.server import ScratchServer

pytestmark = pytest.mark.server

DDL = """
CREATE TYPE order_status AS ENUM ('pending', 'in-progress');
CREATE TABLE users (id serial PRIMARY KEY, name text NOT NULL, manager_id int REFERENCES users ON DELETE SET NULL);
CREATE TABLE roles (id serial PRIMARY KEY, name text NOT NULL);
CREATE TABLE user_roles (user_id int REFERENCES users ON DELETE CASCADE, role_id int REFERENCES roles ON DELETE CASCADE,
                         PRIMARY KEY (user_id, role_id));
CREATE TABLE orders (id serial PRIMARY KEY, customer_id int NOT NULL REFERENCES users ON DELETE RESTRICT,
                     approved_by int REFERENCES users ON DELETE SET NULL,
                     status order_status NOT NULL DEFAULT 'pending');
CREATE TABLE order_items (order_id int REFERENCES orders ON DELETE CASCADE, line int, PRIMARY KEY (order_id, line));
CREATE TABLE teams (id serial PRIMARY KEY, lead_id int);
CREATE TABLE players (id serial PRIMARY KEY, team_id int NOT NULL REFERENCES teams ON DELETE CASCADE);
ALTER TABLE teams ADD FOREIGN KEY (lead_id) REFERENCES players;
CREATE TABLE tenants (id int PRIMARY KEY);
CREATE TABLE sites (tenant_id int REFERENCES tenants, id int, PRIMARY KEY (tenant_id, id));
CREATE TABLE visits (id serial PRIMARY KEY, tenant_id int NOT NULL REFERENCES tenants, site_id int NOT NULL,
                     FOREIGN KEY (tenant_id, site_id) REFERENCES sites (tenant_id, id));
"""

USE = """
import sys, warnings
import sqlalchemy as sa
from sqlalchemy.orm import Session
warnings.simplefilter("error", sa.exc.SAWarning)
from shop.models import *

engine = sa.create_engine(sys.argv[1])
with Session(engine) as session:
    boss = User(name="Ada", roles=[Role(name="admin"), Role(name="staff")])
    customer = User(name="Bob", manager=boss)
    order = Order(customer=customer, approved_by_user=boss, order_items=[OrderItem(line=1), OrderItem(line=2)])
    team = Team()
    team.players.append(Player())
    team.lead = team.players[0]
    tenant = Tenant(id=1)
    session.add_all([order, team, Visit(tenant=tenant, site=Site(tenant=tenant, id=7))])
    session.commit()

    assert order.status is OrderStatus.PENDING
    assert boss.approved_orders == [order] and customer.customer_orders == [order]
    assert boss.manager_users == [customer] and [r.name for r in boss.roles] == ["admin", "staff"]
    order.status = OrderStatus.IN_PROGRESS
    order.order_items.pop()
    session.commit()
    assert session.scalar(sa.text("SELECT status::text FROM orders")) == "in-progress"
    assert session.scalar(sa.select(sa.func.count()).select_from(OrderItem)) == 1

    try:
        session.delete(customer)
        session.flush()
    except sa.exc.IntegrityError:
        session.rollback()
    else:
        raise AssertionError("the database must refuse: the customer has an order")

    session.delete(boss)
    session.commit()
    assert order.approved_by is None and customer.manager is None
    assert session.scalar(sa.text("SELECT count(*) FROM user_roles")) == 0
    session.delete(order)
    session.commit()
    assert session.scalar(sa.select(sa.func.count()).select_from(OrderItem)) == 0
    team.lead = None
    session.delete(team)
    session.commit()
    assert session.scalar(sa.select(sa.func.count()).select_from(Player)) == 0
engine.dispose()
"""


def test_sessions_follow_the_rules_of_the_database(server: ScratchServer, database: str, tmp_path: Path) -> None:
    with server.connect(database) as connection:
        connection.execute(DDL.encode())
        facts = read_catalog(connection).catalog
    tables = tuple(table.key for table in facts.of_type(Table))
    sections = [ModelSection("first", "First", tables[::2]), ModelSection("second", "Second", tables[1::2])]
    (tmp_path / "shop" / "models").mkdir(parents=True)
    for path, text in render_models(facts, sections, "shop").items():
        (tmp_path / "shop" / path).write_text(text, encoding="utf-8")
    command = [sys.executable, "-c", USE, server.sqlalchemy_url(database)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
