"""Options that need more than a type."""

from __future__ import annotations

import click
import pytest

from alembic_vibe.cli.options import parse_accepted, parse_renames
from alembic_vibe.results import Acceptance, Rename

CONTEXT = click.Context(click.Command("generate"))
PARAM = click.Option(["--rename"])


@pytest.mark.parametrize(
    ("value", "old", "new"),
    [
        ("users.name=full_name", "users.name", "full_name"),
        ("users = people", "users", "people"),
        ("invoices=billing.invoices", "invoices", "billing.invoices"),
        ("billing.t=public.t", "billing.t", "public.t"),
        ("a.b.c=d", "a.b.c", "d"),
        ('users."a=b"="c.d"', 'users."a=b"', '"c.d"'),
    ],
)
def test_renames(value: str, old: str, new: str) -> None:
    assert parse_renames(CONTEXT, PARAM, [value]) == (Rename(old, new),)


@pytest.mark.parametrize(
    "value",
    ["", "a", "a=", "=a", "a=b=c", "a.b.c.d=e", "a b=c", 'a="b', "a=a", "a.b=b", "a.b=a.b", "users.name=users.name"],
)
def test_what_is_no_renaming(value: str) -> None:
    with pytest.raises(click.BadParameter):
        parse_renames(CONTEXT, PARAM, [value])


def test_accepted() -> None:
    found = parse_accepted(CONTEXT, PARAM, ["Data-Loss", "drift:orders.Full Name"])
    assert found == (Acceptance("data-loss"), Acceptance("drift", "orders.Full Name"))
