"""Plans of small hand-built schemas: what is made where, and what the downgrade says and leaves unsaid."""

from __future__ import annotations

from dataclasses import replace

import pytest

from alembic_vibe.catalog.facts import (
    DefaultPrivileges,
    Enum,
    Fact,
    Other,
    Role,
    Sequence,
    SequenceOptions,
    Table,
    View,
)
from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.diff.compare import compare
from alembic_vibe.plan.graph import CycleError
from alembic_vibe.plan.operations import AddConstraint, CreateTable
from alembic_vibe.plan.planner import Origins, creation_order, plan_changes
from tests.unit.plan.plans import SECTIONS, catalog_of, done, function, grant, made, plan, policy, trigger, undone
from tests.unit.render.shop import catalog, check, column, foreign, index, primary, serial, table, type_ref, unique

ID = column("id", "integer")
USERS = table("users", ID, column("last_order_id", "integer", null=True))
ORDERS = table("orders", ID, column("user_id", "integer", null=True))
USERS_KEY, ORDERS_KEY = primary("users", "id"), primary("orders", "id")
OF_USER = foreign("orders", "user_id", "users")
LAST_ORDER = foreign("users", "last_order_id", "orders")


def inlined(
    step_of: Table, document: dict[str, list[Fact]], depends: dict[Fact, list[Fact]] | None = None
) -> list[str]:
    steps = [step for revision in plan(document, depends).revisions for step in revision.steps]
    (operation,) = (step.up[0] for step in steps if step.key == step_of.key)
    assert isinstance(operation, CreateTable)
    return [constraint.name for constraint in operation.constraints]


# -- order -----------------------------------------------------------------------------------------------------------


def test_tables_come_after_those_that_they_name() -> None:
    document: dict[str, list[Fact]] = {"5.3": [ORDERS, ORDERS_KEY, OF_USER, USERS, USERS_KEY]}
    assert made(plan(document)) == {"5.3": ["table users", "table orders"]}
    assert inlined(ORDERS, document) == ["orders_pkey", "orders_user_id_fkey"]
    assert undone(plan(document).revisions[0]) == ["DROP TABLE orders", "DROP TABLE users"]


def test_otherwise_the_author_s_order_is_kept() -> None:
    names = ["c", "a", "b"]
    assert made(plan({"5.3": [table(name, ID) for name in names]})) == {"5.3": [f"table {name}" for name in names]}


def test_a_table_may_name_itself_at_once() -> None:
    nodes = table("nodes", ID, column("parent_id", "integer"))
    own = foreign("nodes", "parent_id", "nodes")
    assert inlined(nodes, {"5.3": [nodes, primary("nodes", "id"), own]}) == ["nodes_pkey", "nodes_parent_id_fkey"]


def test_tables_that_name_each_other_have_one_foreign_key_added_by_itself() -> None:
    document: dict[str, list[Fact]] = {"5.3": [USERS, USERS_KEY, LAST_ORDER, ORDERS, ORDERS_KEY, OF_USER]}
    found = plan(document)
    assert made(found) == {
        "5.3": ["table users", "table orders", "constraint users_last_order_id_fkey on users"],
    }
    assert inlined(ORDERS, document) == ["orders_pkey", "orders_user_id_fkey"]
    assert undone(found.revisions[0]) == [
        "ALTER TABLE users DROP CONSTRAINT users_last_order_id_fkey",
        "DROP TABLE orders",
        "DROP TABLE users",
    ]


def test_what_needs_itself_in_a_circle_is_refused() -> None:
    one, other = (View(key=Key(Kind.VIEW, "public", name), query="SELECT 1") for name in ("one", "other"))
    with pytest.raises(CycleError) as caught:
        plan({"5.3": [one, other]}, {one: [other], other: [one]})
    assert set(caught.value.nodes) == {one.key, other.key}


# -- sections that need each other -----------------------------------------------------------------------------------


def test_the_foreign_key_of_the_earlier_section_is_added_in_the_later_one() -> None:
    found = plan({"5.3": [USERS, USERS_KEY, LAST_ORDER], "5.4": [ORDERS, ORDERS_KEY, OF_USER]})
    assert made(found) == {
        "5.3": ["table users"],
        "5.4": ["table orders", "constraint users_last_order_id_fkey on users"],
    }
    assert isinstance(found.revisions[1].steps[1].up[0], AddConstraint)
    # The rows of users outlive the orders that they name.
    assert undone(found.revisions[1]) == [
        "ALTER TABLE users DROP CONSTRAINT users_last_order_id_fkey",
        "UPDATE users SET last_order_id = NULL WHERE last_order_id IS NOT NULL",
        "DROP TABLE orders",
    ]
    assert undone(found.revisions[0]) == ["DROP TABLE users"]


def between_sections(*, null: bool) -> dict[str, list[Fact]]:
    """Return two sections that need each other, though no two tables do."""
    drafts = table("drafts", ID, column("order_id", "integer", null=null))
    return {
        "5.3": [USERS, USERS_KEY, drafts, primary("drafts", "id"), foreign("drafts", "order_id", "orders")],
        "5.4": [ORDERS, ORDERS_KEY, OF_USER],
    }


def test_a_table_whose_foreign_key_can_be_cleared_stays_in_its_section() -> None:
    found = plan(between_sections(null=True))
    assert made(found) == {
        "5.3": ["table users", "table drafts"],
        "5.4": ["table orders", "constraint drafts_order_id_fkey on drafts"],
    }


def test_a_table_whose_foreign_key_cannot_be_cleared_moves_to_the_later_revision() -> None:
    found = plan(between_sections(null=False))
    assert made(found) == {"5.3": ["table users"], "5.4": ["table orders", "table drafts"]}
    assert undone(found.revisions[1]) == ["DROP TABLE drafts", "DROP TABLE orders"]


def test_of_two_tables_that_name_each_other_the_one_that_can_be_cleared_is_made_first() -> None:
    """Otherwise the downgrade leaves rows of users that name orders which are gone, and there is no way up again."""
    users = table("users", ID, column("last_order_id", "integer"))
    found = plan({"5.3": [users, USERS_KEY, LAST_ORDER], "5.4": [ORDERS, ORDERS_KEY, OF_USER]})
    alone = [step.key for revision in found.revisions for step in revision.steps if step.key.kind is Kind.CONSTRAINT]
    assert alone in ([], [OF_USER.key])


def test_a_view_moves_to_the_revision_of_what_it_shows() -> None:
    view = View(key=Key(Kind.VIEW, "public", "open_orders"), query="SELECT 1")
    found = plan({"5.3": [USERS, USERS_KEY, view], "5.4": [ORDERS, ORDERS_KEY, OF_USER]}, {view: [ORDERS]})
    assert made(found) == {"5.3": ["table users"], "5.4": ["table orders", "view open_orders"]}


def test_what_tables_are_built_from_comes_with_the_first_that_needs_it() -> None:
    status = Enum(key=Key(Kind.ENUM, "public", "status"), labels=("on", "off"))
    owner = table("users", ID, column("status", type_ref("status", origin="enum", key=status.key)))
    found = plan({"5.3": [owner], "5.4": [status, ORDERS]}, {owner: [status]})
    assert made(found) == {"5.3": ["enum status", "table users"], "5.4": ["table orders"]}


def test_a_section_that_has_nothing_left_has_no_revision() -> None:
    status = Enum(key=Key(Kind.ENUM, "public", "status"), labels=("on", "off"))
    found = plan({"5.3": [USERS], "5.4": [status]}, {USERS: [status]})
    assert made(found) == {"5.3": ["enum status", "table users"]}
    assert [revision.title for revision in found.revisions] == ["Accounts"]


# -- constraints -----------------------------------------------------------------------------------------------------


def test_constraints_come_with_their_table_keys_first() -> None:
    own = [check("users", "a_check", "id > 0"), unique("users", "last_order_id"), USERS_KEY]
    assert inlined(USERS, {"5.3": [USERS, *own]}) == ["users_pkey", "users_last_order_id_key", "a_check"]


def test_a_key_that_equals_another_comes_after_the_table() -> None:
    again = unique("users", "id")
    found = plan({"5.3": [USERS, USERS_KEY, again]})
    assert made(found) == {"5.3": ["table users", f"constraint {again.name} on users"]}


def test_not_valid_is_added_after_the_table_and_goes_with_it() -> None:
    loose = check("users", "loose", "id > 0", validated=False)
    loose = replace(loose, definition=f"{loose.definition} NOT VALID")
    found = plan({"5.3": [USERS, USERS_KEY, loose]})
    assert made(found) == {"5.3": ["table users", "constraint loose on users"]}
    assert done(found.revisions[0])[-1] == "ALTER TABLE users ADD CONSTRAINT loose CHECK (id > 0) NOT VALID"
    assert undone(found.revisions[0]) == ["DROP TABLE users"]


def test_a_check_waits_for_the_function_that_needs_the_table() -> None:
    late = function("is_good", returns="boolean")
    good = check("users", "good", "is_good()")
    found = plan({"5.3": [USERS, good, late]}, {late: [USERS], good: [late]})
    assert made(found) == {"5.3": ["table users", "function is_good()", "constraint good on users"]}
    # The function goes before the table: the constraint would be in its way.
    assert undone(found.revisions[0]) == [
        "ALTER TABLE users DROP CONSTRAINT good",
        "DROP FUNCTION is_good()",
        "DROP TABLE users",
    ]


# -- the downgrade ---------------------------------------------------------------------------------------------------


def test_what_goes_with_its_table_is_not_dropped_by_itself() -> None:
    touch = function("touch")
    on = trigger("users", "touch_users")
    found = plan(
        {"5.3": [touch, USERS, USERS_KEY, index("users", "users_idx", "id"), on, policy("users", "mine")]},
        {on: [touch]},
    )
    assert undone(found.revisions[0]) == ["DROP TABLE users", "DROP FUNCTION touch()"]


def test_a_trigger_goes_before_a_function_that_was_made_after_the_table() -> None:
    touch = function("touch")
    on = trigger("users", "touch_users")
    found = plan({"5.3": [USERS, touch, on]}, {on: [touch]})
    assert undone(found.revisions[0]) == [
        "DROP TRIGGER touch_users ON users",
        "DROP FUNCTION touch()",
        "DROP TABLE users",
    ]


def test_what_hangs_on_a_table_of_another_revision_is_dropped_by_itself() -> None:
    found = plan({"5.3": [USERS], "5.4": [ORDERS, index("users", "users_idx", "id"), policy("users", "mine")]})
    assert undone(found.revisions[1]) == ["DROP POLICY mine ON users", "DROP INDEX users_idx", "DROP TABLE orders"]


def test_partitions_go_with_their_parent() -> None:
    parent = table("events", ID, partition_key="RANGE (id)")
    part = table("events_1", ID, partition_of=parent.key, partition_bound="FOR VALUES FROM (1) TO (9)")
    found = plan({"5.3": [part, parent]}, {part: [parent]})
    assert made(found) == {"5.3": ["table events", "table events_1"]}
    assert undone(found.revisions[0]) == ["DROP TABLE events"]
    later = plan({"5.3": [parent], "5.4": [part, ORDERS]}, {part: [parent]})
    assert made(later) == {"5.3": ["table events", "table events_1"], "5.4": ["table orders"]}


def test_roles_are_kept() -> None:
    found = plan({"5.3": [Role(key=Key(Kind.ROLE, "", "app"))]})
    assert undone(found.revisions[0]) == []
    assert found.revisions[0].steps[0].kept


# -- privileges and row security -------------------------------------------------------------------------------------


def test_equal_privileges_are_said_together_when_the_last_object_is_there() -> None:
    document: dict[str, list[Fact]] = {
        "5.3": [
            USERS,
            grant("users", "app", "SELECT"),
            grant("users", "report", "SELECT"),
            ORDERS,
            grant("orders", "app", "SELECT"),
        ],
    }
    (revision,) = plan(document).revisions
    statements = [sql for sql in done(revision) if sql.startswith("GRANT")]
    assert statements == ["GRANT SELECT ON users TO report", "GRANT SELECT ON orders, users TO app"]
    assert done(revision)[-1] == statements[-1]
    assert undone(revision) == ["DROP TABLE orders", "DROP TABLE users"]


def test_privileges_on_columns_of_one_table_are_said_together() -> None:
    found = plan({"5.3": [USERS, *(grant("users", "app", "SELECT", column=name) for name in ("id", "last_order_id"))]})
    assert done(found.revisions[0])[1:] == ["GRANT SELECT (id, last_order_id) ON users TO app"]


def test_privileges_on_a_table_of_another_revision_are_taken_back() -> None:
    found = plan({"5.3": [USERS], "5.4": [ORDERS, grant("users", "app", "SELECT"), grant("orders", "app", "SELECT")]})
    assert undone(found.revisions[1]) == ["REVOKE SELECT ON users FROM app", "DROP TABLE orders"]


def test_default_privileges_come_last() -> None:
    default = DefaultPrivileges(
        key=Key(Kind.DEFAULT_PRIVILEGES, "public", "TABLES", "app"),
        role="",
        object_type="TABLES",
        grantee="app",
        granted=("SELECT",),
    )
    found = plan({"5.3": [default, USERS, index("users", "users_idx", "id")]})
    assert made(found)["5.3"][-1] == str(default.key)
    assert undone(found.revisions[0])[0].startswith("ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE SELECT ON TABLES")


def test_row_security_is_switched_on_after_the_policies() -> None:
    guarded = replace(USERS, row_security=True, force_row_security=True)
    found = plan({"5.3": [guarded, policy("users", "mine"), policy("users", "yours")]})
    assert done(found.revisions[0])[1:] == [
        "CREATE POLICY mine ON users\n    USING (true)",
        "CREATE POLICY yours ON users\n    USING (true)",
        "ALTER TABLE users ENABLE ROW LEVEL SECURITY",
        "ALTER TABLE users FORCE ROW LEVEL SECURITY",
    ]


def test_row_security_goes_with_its_table() -> None:
    found = plan({"5.3": [replace(USERS, row_security=True), policy("users", "mine")]})
    assert undone(found.revisions[0]) == ["DROP TABLE users"]


def test_row_security_waits_for_the_policy_of_a_later_section() -> None:
    guarded = replace(USERS, row_security=True)
    found = plan({"5.3": [guarded], "5.4": [ORDERS, policy("users", "mine")]})
    assert undone(found.revisions[1]) == [
        "ALTER TABLE users DISABLE ROW LEVEL SECURITY",
        "DROP POLICY mine ON users",
        "DROP TABLE orders",
    ]


# -- sequences -------------------------------------------------------------------------------------------------------

COUNTED = table("users", column("id", "integer", default="nextval('users_id_seq'::regclass)"))


def test_the_sequence_of_a_serial_key_comes_with_its_table() -> None:
    found = plan({"5.3": [COUNTED, serial("users"), USERS_KEY]})
    assert made(found) == {"5.3": ["table users"]}
    assert "id serial" in done(found.revisions[0])[0]


@pytest.mark.parametrize(
    "facts",
    [
        pytest.param([serial("users")], id="no primary key"),
        pytest.param(
            [replace(serial("users"), options=SequenceOptions(type="integer", maximum=2147483647, start=5)), USERS_KEY],
            id="counts from 5",
        ),
        pytest.param([replace(serial("users"), comment="Counts."), USERS_KEY], id="has a comment"),
    ],
)
def test_another_sequence_is_made_before_its_table_and_goes_with_it(facts: list[Fact]) -> None:
    (revision,) = plan({"5.3": [COUNTED, *facts]}).revisions
    assert [str(step.key) for step in revision.steps] == ["sequence users_id_seq", "table users"]
    assert done(revision)[-1] == "ALTER SEQUENCE users_id_seq OWNED BY users.id"
    assert undone(revision) == ["DROP TABLE users"]


def test_a_sequence_of_its_own_is_dropped() -> None:
    lone = Sequence(key=Key(Kind.SEQUENCE, "public", "numbers"), options=SequenceOptions())
    assert undone(plan({"5.3": [lone]}).revisions[0]) == ["DROP SEQUENCE numbers"]


# -- what is not planned ---------------------------------------------------------------------------------------------


def test_changes_of_what_exists_are_not_planned() -> None:
    before = catalog(USERS, ORDERS)
    target = catalog(replace(USERS, comment="People"), table("logs", ID))
    changes = compare(before, target)
    found = plan_changes(changes, target, Origins(section={Key(Kind.TABLE, "public", "logs"): "5.5"}), SECTIONS)
    assert made(found) == {"5.5": ["table logs"]}
    assert [change.describe() for change in found.unplanned] == [
        "table orders is gone",
        "table users differs in comment",
    ]


def test_nothing_new_is_no_plan() -> None:
    found = plan({"5.3": [USERS]}, before=catalog(USERS))
    assert (found.revisions, found.unplanned) == ((), ())


def test_what_cannot_be_carried_is_refused() -> None:
    unknown = Other(key=Key(Kind.OTHER, "public", "german", "collation"))
    with pytest.raises(LookupError, match="collation german"):
        plan({"5.3": [unknown]})


def test_creation_order_holds_every_object_once() -> None:
    guarded = replace(COUNTED, row_security=True)
    whole = catalog_of([OF_USER, ORDERS_KEY, ORDERS, guarded, serial("users"), USERS_KEY, policy("users", "mine")])
    found = creation_order(whole, Origins())
    assert sorted(found) == sorted(whole.facts)
    place = {key: i for i, key in enumerate(found)}
    for key in found:
        assert all(
            place[need] < place[key] for need in whole.depends[key] if need != key and key.kind is not Kind.SEQUENCE
        )
