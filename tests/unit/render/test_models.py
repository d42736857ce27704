"""Models of a small shop, compared with golden modules, and single points of their text."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from alembic_vibe.catalog.catalog import Catalog
from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.render.models import ModelSection, render_models
from tests.unit.render.shop import catalog, column, foreign, primary, shop, table, unique, uuid_id

GOLDEN = Path(__file__).parents[2] / "golden" / "models"


def keys(*names: str) -> tuple[Key, ...]:
    return tuple(Key(Kind.TABLE, "public", name) for name in names)


def one_module(facts: Catalog) -> str:
    tables = tuple(key for key in facts.facts if key.kind is Kind.TABLE)
    return render_models(facts, [ModelSection("all", "Everything", tables)], "shop")["models/all.py"]


def test_golden_modules() -> None:
    """Set ``UPDATE_GOLDEN=1`` to write the modules anew, then read the difference."""
    sections = [
        ModelSection(
            "accounts",
            "Accounts",
            keys("users", "roles", "user_roles"),
            "docs/06-technical-specification.md#L10",
            {keys("roles")[0]: "What a user may do."},
        ),
        ModelSection("sales", "Sales", keys("orders", "order_items", "receipts", "log_lines")),
    ]
    files = render_models(shop(), sections, "shop")
    if os.environ.get("UPDATE_GOLDEN"):
        for path, text in files.items():
            (GOLDEN / Path(path).name).write_text(text, encoding="utf-8")
    expected = {f"models/{path.name}": path.read_text(encoding="utf-8") for path in GOLDEN.glob("*.py")}
    assert expected == files


def test_the_same_facts_give_the_same_text() -> None:
    assert one_module(shop()) == one_module(shop())


def test_an_association_with_columns_of_its_own_is_a_class() -> None:
    text = one_module(
        catalog(
            table("users", uuid_id()),
            primary("users", "id"),
            table("teams", uuid_id()),
            primary("teams", "id"),
            table("team_members", column("user_id", "uuid"), column("team_id", "uuid"), column("since", "date")),
            primary("team_members", "user_id", "team_id"),
            foreign("team_members", "user_id", "users", on_delete="CASCADE"),
            foreign("team_members", "team_id", "teams", on_delete="CASCADE"),
        )
    )
    assert "class TeamMember(Base):" in text
    assert "secondary=" not in text
    assert 'team_members: Mapped[list["TeamMember"]] = relationship(' in text


def test_an_association_of_a_table_with_itself_is_a_class() -> None:
    text = one_module(
        catalog(
            table("users", uuid_id()),
            primary("users", "id"),
            table("follows", column("follower_id", "uuid"), column("followed_id", "uuid")),
            primary("follows", "follower_id", "followed_id"),
            foreign("follows", "follower_id", "users"),
            foreign("follows", "followed_id", "users"),
        )
    )
    assert "class Follow(Base):" in text
    assert "foreign_keys=[follower_id]" in text
    assert 'foreign_keys="Follow.followed_id"' in text


@pytest.mark.parametrize(
    ("on_delete", "null", "expected"),
    [
        ("CASCADE", False, 'cascade="all, delete-orphan",\n        passive_deletes=True'),
        ("CASCADE", True, 'cascade="all",\n        passive_deletes=True'),
        ("SET NULL", True, "passive_deletes=True"),
        ("RESTRICT", False, 'passive_deletes="all"'),
        ("NO ACTION", True, 'passive_deletes="all"'),
    ],
)
def test_the_session_leaves_deletes_to_the_database(on_delete: str, null: bool, expected: str) -> None:
    text = one_module(
        catalog(
            table("users", uuid_id()),
            primary("users", "id"),
            table("posts", uuid_id(), column("user_id", "uuid", null=null)),
            primary("posts", "id"),
            foreign("posts", "user_id", "users", on_delete=on_delete),
        )
    )
    _, _, posts = text.partition('posts: Mapped[list["Post"]] = relationship(')
    assert expected in posts.partition("\n    )")[0]
    assert ("delete-orphan" in text) == ("delete-orphan" in expected)


def test_foreign_keys_that_share_a_column_name_each_other() -> None:
    text = one_module(
        catalog(
            table("tenants", uuid_id()),
            primary("tenants", "id"),
            table("orders", column("tenant_id", "uuid"), uuid_id()),
            primary("orders", "tenant_id", "id"),
            foreign("orders", "tenant_id", "tenants"),
            table("items", column("tenant_id", "uuid"), column("order_id", "uuid"), uuid_id()),
            primary("items", "id"),
            foreign("items", "tenant_id", "tenants"),
            foreign("items", "tenant_id order_id", "orders", "tenant_id id"),
        )
    )
    assert 'back_populates="items",\n        overlaps="items,tenant"' in text
    assert 'back_populates="items",\n        overlaps="items,order"' in text


def test_a_unique_foreign_key_leads_to_one() -> None:
    text = one_module(
        catalog(
            table("users", uuid_id()),
            primary("users", "id"),
            table("profiles", uuid_id(), column("user_id", "uuid")),
            primary("profiles", "id"),
            unique("profiles", "user_id"),
            foreign("profiles", "user_id", "users"),
        )
    )
    assert 'profile: Mapped["Profile | None"]' in text


def test_relationships_keep_clear_of_columns() -> None:
    text = one_module(
        catalog(
            table("users", uuid_id(), column("posts", "integer")),
            primary("users", "id"),
            table("posts", uuid_id(), column("author", "text"), column("author_id", "uuid")),
            primary("posts", "id"),
            foreign("posts", "author_id", "users"),
        )
    )
    assert 'author_user: Mapped["User"] = relationship(back_populates="author_user_posts")' in text


def test_partitions_are_their_parents_business() -> None:
    parent = table("events", uuid_id(), partition_key="RANGE (at)")
    child = table("events_2024", uuid_id(), partition_of=parent.key, partition_bound="DEFAULT")
    text = one_module(catalog(parent, primary("events", "id"), child))
    assert '__table_args__ = ({"postgresql_partition_by": "RANGE (at)"},)' in text
    assert "events_2024" not in text


def test_no_tables_give_a_base_alone() -> None:
    assert set(render_models(catalog(), [], "shop")) == {"models/__init__.py", "models/base.py"}


def test_a_section_cannot_hide_our_own_modules() -> None:
    facts = catalog(table("users", uuid_id()), primary("users", "id"))
    files = render_models(facts, [ModelSection("base", "Base data", keys("users"))], "shop")
    assert "class User(Base):" in files["models/base_models.py"]
    assert "class Base(DeclarativeBase):" in files["models/base.py"]
