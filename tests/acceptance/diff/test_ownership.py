"""What hand-written revisions made is left alone; what they changed is adopted, or asked about in three states."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from alembic_vibe.diff.compare import compare

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.acceptance.diff.conftest import Looked

pytestmark = pytest.mark.server

ORDERS = "CREATE TABLE orders (id int CONSTRAINT pk PRIMARY KEY, amount numeric(10,2), legacy text);"
BY_HAND = """
CREATE TABLE imports (line text);
ALTER TABLE orders ADD COLUMN hand text DEFAULT 'x';
CREATE INDEX by_hand ON orders (amount);
ALTER TABLE orders ADD CONSTRAINT positive CHECK (amount > 0);
CREATE TRIGGER same BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();
CREATE VIEW report AS SELECT id, hand FROM orders;
"""


def test_what_the_spec_never_had_is_left_alone_and_told_once(look: Callable[..., Looked]) -> None:
    found = look(ORDERS, ORDERS, by_hand=BY_HAND)
    assert (found.left, found.questions) == ([], [])
    assert found.owned.foreign.names == (
        "by_hand",
        "imports",
        "orders.hand",
        "orders.positive",
        "orders.same",
        "report",
    )
    (note,) = found.owned.notes
    assert note.code == "AV832"
    assert note.message.endswith(": by_hand, imports, orders.hand, orders.positive, orders.same, report")
    assert compare(found.before, found.target) == ()


def test_the_rest_is_planned(look: Callable[..., Looked]) -> None:
    new = ORDERS.replace("amount numeric(10,2)", "amount numeric(12,2), note text")
    found = look(ORDERS, new, by_hand=BY_HAND)
    assert found.left == ["add column note on orders", "alter column amount on orders type"]
    assert found.questions == []


def test_a_new_table_name_changes_nothing_about_that(look: Callable[..., Looked]) -> None:
    new = ORDERS.replace("orders", "purchases").replace("legacy", "old_code")
    renames = [("orders", "purchases"), ("orders.legacy", "old_code")]
    by_hand = BY_HAND + "GRANT SELECT (legacy) ON orders TO public;"
    found = look(ORDERS, new, renames=renames, by_hand=by_hand)
    assert found.questions == []
    assert [line for line in found.left if not line.endswith("not_null_name")] == [
        "rename column old_code on purchases",
        "rename table purchases columns",
    ]
    assert "purchases.hand" in found.owned.foreign.names
    left = [c.describe() for c in compare(found.named, found.target) if "not null name" not in c.describe()]
    assert [line for line in left if line != "table purchases differs in columns (id)"] == []


def test_partitions_have_their_parents_foreign_columns(look: Callable[..., Looked]) -> None:
    sql = "CREATE TABLE log (day date) PARTITION BY RANGE (day);"
    sql += "CREATE TABLE log_1 PARTITION OF log FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');"
    found = look(sql, sql, by_hand="ALTER TABLE log ADD COLUMN hand int;")
    assert (found.left, found.questions) == ([], [])
    assert compare(found.before, found.target) == ()


def test_on_the_first_run_nothing_is_dropped(look: Callable[..., Looked]) -> None:
    found = look("", ORDERS, by_hand="CREATE TABLE orders (id int, mine int); CREATE TABLE imports (line text);")
    assert [line for line in found.left if line.startswith("drop")] == []
    assert found.owned.foreign.names == ("imports", "orders.mine")


# -- drift -----------------------------------------------------------------------------------------------------------

WIDER = "ALTER TABLE orders ALTER amount TYPE bigint;"


def test_what_was_changed_back_by_the_plan_is_asked(look: Callable[..., Looked]) -> None:
    found = look(ORDERS, ORDERS, by_hand=WIDER)
    assert found.left == []
    (question,) = found.owned.undecided
    assert question.code == "AV838"
    assert question.message == "a hand-written revision changed type of column amount on orders"
    assert question.notes == (
        "type: specification before: numeric(10,2) · specification now: numeric(10,2) · revisions: bigint",
    )
    assert question.line == 4
    assert "`--accept drift:orders.amount`" in question.help
    for accepted in ("drift:orders.amount", "drift:orders", "drift"):
        decided = look(ORDERS, ORDERS, by_hand=WIDER, accepted=[accepted])
        assert (decided.questions, decided.left) == ([], ["alter column amount on orders type"])


def test_what_the_spec_says_now_is_adopted(look: Callable[..., Looked]) -> None:
    found = look(ORDERS, ORDERS.replace("numeric(10,2)", "bigint"), by_hand=WIDER)
    assert (found.left, found.questions, found.owned.notes) == ([], [], ())


def test_three_different_states_are_asked_about(look: Callable[..., Looked]) -> None:
    found = look(ORDERS, ORDERS.replace("numeric(10,2)", "text"), by_hand=WIDER)
    assert [d.notes for d in found.owned.undecided] == [
        ("type: specification before: numeric(10,2) · specification now: text · revisions: bigint",)
    ]


def test_changes_of_other_facts_do_not_collide(look: Callable[..., Looked]) -> None:
    new = ORDERS.replace("amount numeric(10,2)", "amount numeric(10,2) DEFAULT 0")
    by_hand = "COMMENT ON COLUMN orders.legacy IS 'by hand'; COMMENT ON TABLE orders IS 'by hand';"
    found = look(ORDERS, new, by_hand=by_hand)
    assert found.left == ["alter column amount on orders default"]
    assert len(found.owned.undecided) == 2


@pytest.mark.parametrize(
    ("by_hand", "message", "change"),
    [
        (
            "ALTER TABLE orders DROP COLUMN amount",
            "a hand-written revision dropped column amount on orders, which the specification has",
            "add column amount on orders",
        ),
        (
            "ALTER TABLE orders DROP CONSTRAINT pk",
            "a hand-written revision dropped constraint pk on orders, which the specification has",
            "add constraint pk on orders",
        ),
    ],
)
def test_what_was_dropped_by_hand(look: Callable[..., Looked], by_hand: str, message: str, change: str) -> None:
    found = look(ORDERS, ORDERS, by_hand=by_hand)
    assert message in found.questions
    assert change not in found.left
    assert change in look(ORDERS, ORDERS, by_hand=by_hand, accepted=["drift:orders"]).left


def test_what_was_renamed_by_hand(look: Callable[..., Looked]) -> None:
    by_hand = "ALTER TABLE orders RENAME COLUMN legacy TO old_code"
    found = look(ORDERS, ORDERS, by_hand=by_hand)
    assert found.questions == ["a hand-written revision dropped column legacy on orders, which the specification has"]
    adopted = look(ORDERS, ORDERS.replace("legacy", "old_code"), by_hand=by_hand)
    assert (adopted.left, adopted.questions, adopted.owned.foreign.names) == ([], [], ())


def test_a_sequence_that_was_renamed_by_hand(look: Callable[..., Looked]) -> None:
    sql, by_hand = "CREATE TABLE t (id serial);", "ALTER SEQUENCE t_id_seq RENAME TO numbers"
    found = look(sql, sql, by_hand=by_hand)
    assert found.questions == ["a hand-written revision renamed sequence t_id_seq to numbers"]
    accepted = look(sql, sql, by_hand=by_hand, accepted=["drift:t_id_seq"])
    assert (accepted.questions, accepted.left) == ([], ["rename sequence t_id_seq"])


def test_a_renamed_table_that_was_changed_by_hand(look: Callable[..., Looked]) -> None:
    by_hand = "COMMENT ON TABLE orders IS 'by hand'"
    found = look(ORDERS, ORDERS.replace("orders", "purchases"), by_hand=by_hand, renames=[("orders", "purchases")])
    assert found.questions == ["a hand-written revision changed comment of table purchases"]


def test_a_renamed_column_that_was_changed_by_hand(look: Callable[..., Looked]) -> None:
    found = look(ORDERS, ORDERS.replace("amount", "total"), by_hand=WIDER, renames=[("orders.amount", "total")])
    assert found.questions == ["a hand-written revision changed type of column total on orders"]


def test_another_server_prints_otherwise(look: Callable[..., Looked]) -> None:
    old = "CREATE VIEW v AS SELECT 1 AS x;" + ORDERS
    by_hand = "CREATE OR REPLACE VIEW v AS SELECT 1 + 0 AS x;" + WIDER
    found = look(old, old, by_hand=by_hand, printed_by=140000)
    assert found.left == ["alter view v query"]
    assert [d.code for d in found.owned.notes] == ["AV839"]
    assert [d.code for d in found.owned.undecided] == ["AV838"]
    assert len(look(old, old, by_hand=by_hand).owned.undecided) == 2


# -- what a drop would take along ------------------------------------------------------------------------------------

VIEWS = "CREATE VIEW v AS SELECT id FROM orders; CREATE VIEW w AS SELECT id FROM v;"


@pytest.mark.parametrize(
    ("new", "by_hand", "message", "gone"),
    [
        (
            ORDERS.replace(", legacy text", ""),
            "CREATE INDEX by_hand ON orders (legacy); CREATE VIEW w AS SELECT id FROM orders;",
            "orders.legacy is gone, and would take along what the specification never had: index by_hand",
            ["drop column legacy on orders", "drop index by_hand"],
        ),
        (
            "",
            f"{VIEWS} CREATE INDEX by_hand ON orders (legacy); ALTER TABLE orders ADD COLUMN mine int;",
            "orders is gone, and would take along what the specification never had: view v, view w, column mine",
            ["drop constraint pk on orders", "drop index by_hand", "drop table orders", "drop view v", "drop view w"],
        ),
        (
            "",
            "CREATE TABLE items (of int CONSTRAINT fk REFERENCES orders (id));",
            "orders is gone, and would take along what the specification never had: constraint fk on items",
            ["drop constraint fk on items", "drop constraint pk on orders", "drop table orders"],
        ),
    ],
)
def test_what_hangs_on_it(look: Callable[..., Looked], new: str, by_hand: str, message: str, gone: list[str]) -> None:
    found = look(ORDERS, new, by_hand=by_hand)
    assert found.questions == [message]
    name = message.split(" ", 1)[0]
    accepted = look(ORDERS, new, by_hand=by_hand, accepted=[f"drift:{name}"])
    assert (accepted.questions, accepted.left) == ([], gone)


def test_parts_of_a_table_go_with_it(look: Callable[..., Looked]) -> None:
    by_hand = "CREATE INDEX by_hand ON orders (legacy); GRANT SELECT ON orders TO public;"
    found = look(ORDERS, "", by_hand=by_hand)
    assert found.questions == []
    assert "drop index by_hand" in found.left
    assert found.owned.foreign.names == ()
