"""Rows → facts: functions, aggregates, views, rules, triggers, policies, event triggers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Aggregate, EventTrigger, Fact, Function, Policy, Rule, Trigger
from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.postgres.rows import ENABLED
from alembic_vibe.sql.compose import Name, Printed, compose

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.postgres.rows import CatalogRows, Names

_COMMANDS = {"*": "ALL", "r": "SELECT", "a": "INSERT", "w": "UPDATE", "d": "DELETE"}


def read_code_objects(rows: CatalogRows, names: Names) -> Iterator[Fact]:
    """Yield what runs: functions, triggers, rules, policies."""
    aggregates = {oid: (arguments, parts) for oid, _kind, arguments, parts in rows["aggregates"]}
    for oid, schema, name, _types, kind, definition, language, returns, owner, source, shadowed in rows["functions"]:
        key = names.key("pg_proc", oid)
        if key is None:
            continue
        comment = names.comment("pg_proc", oid)
        if kind == "a":
            arguments, parts = aggregates[oid]
            text = compose(
                "CREATE AGGREGATE {name}({arguments}) (\n    {parts}\n)",
                name=Name(schema, name),
                arguments=Printed(arguments or "*"),
                parts=Printed(",\n    ".join(parts)),
            )
            yield Aggregate(key=key, definition=text, owner=owner, comment=comment, shadowed=shadowed)
        else:
            yield Function(
                key=key,
                procedure=kind == "p",
                definition=definition.rstrip("\n"),
                language=language,
                source=source,
                returns=returns,
                owner=owner,
                comment=comment,
                shadowed=shadowed,
            )
    yield from _on_tables(rows, names)
    for oid, name, event, function, enabled, tags, owner in rows["event_triggers"]:
        key = Key(Kind.EVENT_TRIGGER, "", name)
        names.name("pg_event_trigger", oid, key)
        yield EventTrigger(
            key=key,
            event=event,
            function=function,
            tags=tuple(sorted(tags or ())),
            enabled=ENABLED[enabled],
            owner=owner,
            comment=names.comment("pg_event_trigger", oid),
        )


def _on_tables(rows: CatalogRows, names: Names) -> Iterator[Fact]:
    for oid, relation, name, definition, constraint, enabled, inherited in rows["triggers"]:
        table = names.relations.get(relation)
        if table is None:
            continue
        key = Key(Kind.TRIGGER, table.schema, table.name, name)
        names.name("pg_trigger", oid, key)
        yield Trigger(
            key=key,
            definition=definition,
            constraint=constraint,
            enabled=ENABLED[enabled],
            inherited=inherited,
            comment=names.comment("pg_trigger", oid),
        )
    for oid, relation, name, definition, enabled in rows["rules"]:
        table = names.relations.get(relation)
        if table is None:
            continue
        if name == "_RETURN":  # the query of a view
            names.name("pg_rewrite", oid, table)
            continue
        key = Key(Kind.RULE, table.schema, table.name, name)
        names.name("pg_rewrite", oid, key)
        yield Rule(
            key=key,
            definition=definition.rstrip(";"),
            enabled=ENABLED[enabled],
            comment=names.comment("pg_rewrite", oid),
        )
    for oid, relation, name, command, permissive, roles, using, check in rows["policies"]:
        table = names.relations.get(relation)
        if table is None:
            continue
        key = Key(Kind.POLICY, table.schema, table.name, name)
        names.name("pg_policy", oid, key)
        yield Policy(
            key=key,
            command=_COMMANDS[command],
            permissive=permissive,
            roles=tuple(roles),
            using=using,
            check=check,
            comment=names.comment("pg_policy", oid),
        )
