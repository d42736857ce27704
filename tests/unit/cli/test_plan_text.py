"""The account of ``plan`` and ``status`` for people."""

from __future__ import annotations

from alembic_vibe.cli.plan_text import plan_lines, status_lines
from alembic_vibe.cli.summary import generate_lines
from alembic_vibe.results import (
    GenerateOptions,
    GenerateResult,
    Phase,
    PlannedInfo,
    PlanResult,
    StatusResult,
    StepInfo,
    Waiting,
)

EXPAND = PlannedInfo(
    "expand orders.note",
    Phase.EXPAND,
    "5.3",
    "transaction",
    (
        StepInfo(
            "column note on orders", ("ALTER TABLE orders\nADD note text",), locks=(("orders", "ACCESS EXCLUSIVE"),)
        ),
    ),
)
FILL = PlannedInfo(
    "migrate orders.note", Phase.MIGRATE, "5.3", "batched", (StepInfo("x", scans=("orders",), old_sees="nothing"),)
)
INDEX = PlannedInfo(
    "expand orders_idx",
    Phase.EXPAND,
    "5.3",
    "autocommit",
    (StepInfo("x", hazards=(("blocking-scan", "orders", "it is read"),)),) * 2,
)
PURGE = PlannedInfo(
    "purge orders.old",
    Phase.PURGE,
    "5.3",
    "transaction",
    (
        StepInfo(
            "x",
            rewrites=("orders",),
            verify=("rows of orders",),
            new_sees="is new",
            loses="the values",
            hazards=(("data-loss", "orders.old", "is gone"),),
        ),
    ),
)


def test_a_plan() -> None:
    found = plan_lines(PlanResult(revisions=(EXPAND, INDEX, FILL, PURGE), pending=(PURGE,)), verbose=False)
    assert "\n".join(found) == (
        """\
Expand, before the new release: 2 revisions
  expand orders.note
      locks: ACCESS EXCLUSIVE on orders
  expand orders_idx, outside a transaction

Migrate, beside both releases: 1 revision
  migrate orders.note, in batches
      reads whole: orders
      old release: nothing

Purge, when nobody wants to go back any more: 1 revision
  purge orders.old
      rewrites: orders
      waits for no: rows of orders
      new release: is new
      downgrade loses: the values

Pending from earlier runs:
  purge orders.old

To be accepted by generate:
  --accept blocking-scan:orders  it is read

To be accepted by generate --phase purge:
  --accept data-loss:orders.old  is gone

Next: alembic-vibe generate"""
    )


def test_sql_is_shown_when_asked_for() -> None:
    found = plan_lines(PlanResult(revisions=(EXPAND,)), verbose=True)
    assert found[3:5] == ["        ALTER TABLE orders", "        ADD note text;"]


def test_a_plan_without_changes() -> None:
    nothing = "Nothing to do: the project is up to date with the specification."
    assert plan_lines(PlanResult(), verbose=True) == [nothing]
    assert plan_lines(PlanResult(pending=(PURGE,)), verbose=False) == [
        nothing,
        "",
        "Pending from earlier runs:",
        "  purge orders.old",
    ]


def test_status() -> None:
    waiting = (
        Waiting("contract a", Phase.CONTRACT, "0002", "", None, "until then"),
        Waiting("purge b", Phase.PURGE, "0001", "", 1, "until later", ("column b on t",)),
    )
    assert status_lines(StatusResult("0003", waiting)) == [
        "contract a  (since 0002; until then)",
        "purge b  (since 0001, 1 day old; until later)",
        "    set aside: column b on t",
        "",
        "Next: alembic-vibe generate --phase contract",
    ]
    assert status_lines(StatusResult()) == ["Nothing is pending."]


def test_a_purge_that_is_not_due_says_what_it_waits_for() -> None:
    options = GenerateOptions(phase=Phase.PURGE)
    found = generate_lines(GenerateResult(pending=("contract a", "purge a")), options, verbose=False)
    assert found[0] == "Nothing to do: no purge step is due yet; run `alembic-vibe generate --phase contract` first."
    assert generate_lines(GenerateResult(), options, verbose=False) == ["Nothing to do: no purge step is pending."]
