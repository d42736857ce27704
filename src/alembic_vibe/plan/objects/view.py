"""Views and materialised views (recipes 54 to 56), and rewrite rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Fact, Rule, View
from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.plan.model import Step
from alembic_vibe.plan.operations import Execute
from alembic_vibe.plan.sql import column_settings, comment_on, name_of, owner_of, storage_parameters
from alembic_vibe.sql.compose import Name, Printed, compose

if TYPE_CHECKING:
    from alembic_vibe.plan.context import Context

KINDS = (Kind.VIEW, Kind.MATERIALIZED_VIEW, Kind.RULE)
_ENABLE = {"disabled": "DISABLE", "replica": "ENABLE REPLICA", "always": "ENABLE ALWAYS"}


def create(fact: Fact, context: Context) -> Step:
    """Return the step that makes a view or a rule."""
    if isinstance(fact, Rule):
        return _rule(fact, context)
    assert isinstance(fact, View)
    name = name_of(fact.key)
    materialized = fact.key.kind is Kind.MATERIALIZED_VIEW
    what = "MATERIALIZED VIEW" if materialized else "VIEW"
    up = [Execute(context.source.get(fact.key) or _definition(fact, what))]
    for column in fact.columns:
        if column.default is not None:
            sql = "ALTER VIEW {view} ALTER COLUMN {column} SET DEFAULT {default}"
            default = Printed(column.default)
            up.append(Execute(compose(sql, view=name, column=Name(column.name), default=default)))
        up.extend(column_settings(what, fact.key, column))
        up.extend(comment_on("COLUMN", Printed(f"{name}.{Name(column.name)}"), column.comment))
    up.extend(comment_on(what, name, fact.comment))
    up.extend(owner_of(what, name, fact.owner))
    return Step(fact.key, tuple(up), (Execute(compose("DROP {what} {name}", what=Printed(what), name=name)),))


def _definition(view: View, what: str) -> str:
    options = compose(" WITH {options}", options=storage_parameters(view.options)) if view.options else ""
    tablespace = compose(" TABLESPACE {name}", name=Name(view.tablespace)) if view.tablespace else ""
    return compose(
        "CREATE {what} {name}{options}{tablespace} AS\n{query}{data}",
        what=Printed(what),
        name=name_of(view.key),
        options=Printed(options),
        tablespace=Printed(tablespace),
        query=Printed(view.query),
        data=Printed("" if view.populated else "\nWITH NO DATA"),
    )


def _rule(fact: Rule, context: Context) -> Step:
    table = name_of(Key(Kind.TABLE, fact.key.schema, fact.key.name))
    name = Name(fact.key.member)
    up = [Execute(context.source.get(fact.key, fact.definition))]
    if fact.enabled in _ENABLE:
        sql = "ALTER TABLE {table} {verb} RULE {name}"
        up.append(Execute(compose(sql, table=table, verb=Printed(_ENABLE[fact.enabled]), name=name)))
    up.extend(comment_on("RULE", Printed(f"{name} ON {table}"), fact.comment))
    return Step(fact.key, tuple(up), (Execute(compose("DROP RULE {name} ON {table}", name=name, table=table)),))
