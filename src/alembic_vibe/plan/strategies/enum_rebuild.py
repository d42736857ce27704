"""Labels of an enum go, or change their order (recipes 34 and 36): the type is made anew."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from alembic_vibe.hazards import OLD_RELEASE_BREAKS, TABLE_REWRITE, Danger
from alembic_vibe.plan.blocks import shown
from alembic_vibe.plan.column_sql import family
from alembic_vibe.plan.enums import converted, in_use, labels_of, with_literals
from alembic_vibe.plan.model import Phase
from alembic_vibe.plan.retype import remake_type
from alembic_vibe.plan.situation import Planned, column_key, node_of
from alembic_vibe.plan.type_swap import columns_of

if TYPE_CHECKING:
    from alembic_vibe.catalog.facts import Column
    from alembic_vibe.catalog.keys import Key
    from alembic_vibe.diff.compare import Change
    from alembic_vibe.plan.situation import Situation

RECIPES = ("34", "36")


def applies(change: Change, situation: Situation) -> bool:
    """Whatever is neither new labels alone nor new names alone."""
    labels = labels_of(change, situation)
    return labels is not None and not labels.only_renamed and not labels.only_added


def plan(change: Change, situation: Situation) -> Planned:
    """Check that no row holds a label that goes; then convert the columns when the old release is gone."""
    labels = labels_of(change, situation)
    assert labels is not None
    columns: list[tuple[Key, Column]] = [(table.key, column) for table, column in columns_of(situation, change.key)]
    keys = [column_key(table, column.name) for table, column in columns]
    back = {new: old for old, new in labels.renamed.items()}
    using = {
        column_key(table, column.name): (
            converted(column, change.key, labels.renamed),
            converted(column, change.key, back),
        )
        for table, column in columns
    }
    what = change.key.qualified
    title = f"{what} without {', '.join(labels.removed)}" if labels.removed else f"{what} in another order"
    remake = with_literals(columns, situation)
    step, takes = remake_type(change.key, keys, situation, using=using, title=title, remake=remake)
    tables = tuple(dict.fromkeys(table for key, _ in columns for table in family(key, situation.before)))
    dangers = []
    if tables:
        named = ", ".join(map(shown, tables))
        dangers.append(Danger(TABLE_REWRITE, what, f"{named} is rewritten while nobody can use it"))
    early = [*labels.added, *labels.renamed.values()]
    if early:
        message = (
            f"{', '.join(early)} can be written from contract on; labels that are added in a run of their own, before"
        )
        dangers.append(Danger(OLD_RELEASE_BREAKS, what, message))
    step = replace(
        step,
        phase=Phase.CONTRACT,
        verify=tuple(in_use(columns, labels.removed)),
        rewrites=tables,
        scans=tables,
        dangers=tuple(dangers),
        loses=f"it stops while rows hold {', '.join(labels.added)}" if labels.added else "",
        new_sees=f"{what} as it was, until contract",
    )
    return Planned((step,), takes=takes - {node_of(change)}, ready=Phase.CONTRACT)
