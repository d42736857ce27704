"""What PostgreSQL said about a statement, in the words of a person: the place, the mistake, what to write instead."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from alembic_vibe.postgres import anchors, names
from alembic_vibe.postgres import error_rules as rules
from alembic_vibe.postgres.error_hints import immutable_help, type_help
from alembic_vibe.postgres.repairs import extension_wanted
from alembic_vibe.sql import tree

if TYPE_CHECKING:
    from collections.abc import Callable

    from alembic_vibe.diagnostics import Diagnostic, Rule
    from alembic_vibe.postgres.execution import Failure
    from alembic_vibe.postgres.server import ScratchServer
    from alembic_vibe.source import Span
    from alembic_vibe.sql.statement import Statement


@dataclass(frozen=True)
class Context:
    """What is known beside the failure itself."""

    definitions: tuple[Statement, ...]
    server: ScratchServer

    @cached_property
    def made(self) -> dict[str, dict[str, Statement]]:
        """Everything that the specification makes: kind → name → the first statement that makes it."""
        found: dict[str, dict[str, Statement]] = {}
        for statement in self.definitions:
            for name in names.makes(statement):
                found.setdefault(name.kind, {}).setdefault(name.name, statement)
        return found

    def nearest(self, kind: str, name: str) -> str | None:
        """The name of that kind which the writer may have meant."""
        close = difflib.get_close_matches(name, self.made.get(kind, {}), n=1, cutoff=0.6)
        return close[0] if close and close[0] != name else None

    def columns_of(self, table: str) -> list[str]:
        """The columns of a table, as the specification declares them."""
        columns = []
        for statement in self.definitions:
            node = statement.node.get(statement.node_type, {})
            if tree.relation_name(node.get("base", node).get("relation")).name == table:
                columns += [
                    element.get("colname", "")
                    for kind, element in tree.elements(statement.node_type, node)
                    if kind == "ColumnDef"
                ]
        return columns


def _place(failure: Failure, *wanted: str) -> Span:
    """The server's position, else the first of the names that the statement mentions, else its first line."""
    statement = failure.statement
    if failure.position is not None:
        return anchors.word_at(statement, failure.position)
    for name in wanted:
        span = anchors.find_name(statement, name) or anchors.find_in_bodies(statement, name)
        if span is not None:
            return span
    return anchors.statement_span(statement)


def _finding(
    rule: Rule, failure: Failure, message: str, span: Span | None = None, help_text: str | None = None
) -> Diagnostic:
    notes = (f"PostgreSQL says: {failure.message}", *([failure.detail] if failure.detail else []))
    return rule.diagnostic(
        message,
        source=failure.statement.source,
        span=span or _place(failure),
        help=help_text,
        notes=notes,
    )


def _meant(name: str | None) -> str | None:
    return f"Did you mean {name}?" if name else None


def _undefined_table(failure: Failure, name: str, context: Context) -> Diagnostic:
    near = context.nearest("relation", name)
    return _finding(
        rules.UNDEFINED_TABLE,
        failure,
        f"Table or view {name} is used here, and no statement makes it.",
        _place(failure, name),
        _meant(near),
    )


def _undefined_column(failure: Failure, name: str, context: Context) -> Diagnostic:
    match = re.search(r'of relation "([^"]+)"', failure.message)
    node = failure.statement.node.get(failure.statement.node_type, {})
    table = match[1] if match else tree.relation_name(node.get("relation")).name
    columns = context.columns_of(table)
    place = None
    if "referenced in foreign key" in failure.message:
        table, place = _referenced_table(failure.statement, name, context)
        columns = context.columns_of(table) if table else list(context.made.get("column", {}))
    close = difflib.get_close_matches(name, columns, n=1, cutoff=0.6)
    where = f"Table {table} has no column {name}." if table else f"There is no column {name}."
    help_text = _meant(close[0]) if close else None
    if help_text is None and table and columns:
        help_text = f"Its columns are {', '.join(columns[:12])}{', …' if len(columns) > 12 else ''}."
    return _finding(rules.UNDEFINED_COLUMN, failure, where, place or _place(failure, name), help_text)


def _referenced_table(statement: Statement, column: str, context: Context) -> tuple[str, Span | None]:
    """Return the table that a foreign key names without its having the column, and where the column stands."""
    for kind, node in tree.walk(statement.node):
        if kind != "Constraint" or column not in tree.strings(node.get("pk_attrs")):
            continue
        table = tree.relation_name(node.get("pktable")).name
        if column in context.columns_of(table):
            continue
        start = statement.character_offset(node["pktable"].get("location", 0))
        opening = statement.text.find("(", start)
        found = re.compile(rf"(?<![\w$]){re.escape(column)}(?![\w$])").search(statement.text, max(opening, start))
        return table, statement.document_span(*found.span()) if found else None
    return "", None


def _undefined_type(failure: Failure, name: str, context: Context) -> Diagnostic:
    hint = type_help(name) or _meant(context.nearest("type", name))
    return _finding(
        rules.UNDEFINED_TYPE, failure, f"There is no type {name} in PostgreSQL.", _place(failure, name), hint
    )


def _undefined_function(failure: Failure, name: str, context: Context) -> Diagnostic:
    hint = _meant(context.nearest("function", name))
    what = failure.message.removesuffix(" does not exist")
    if failure.statement.node_type == "CreateTrigStmt" and hint is None:
        hint = f"Add a function {name}() RETURNS trigger, or correct the name."
    message = f"There is no {what}."
    if name in context.made.get("function", {}):
        message = f"Function {name} exists, but not for these argument types: {what.removeprefix('function ')}."
    return _finding(rules.UNDEFINED_FUNCTION, failure, message, _place(failure, name), hint)


def _undefined_schema(failure: Failure, name: str, _context: Context) -> Diagnostic:
    return _finding(
        rules.UNDEFINED_SCHEMA,
        failure,
        f"Schema {name} is used here, and no statement makes it.",
        _place(failure, name),
        f"Add: CREATE SCHEMA {name};",
    )


def _undefined_role(failure: Failure, name: str, context: Context) -> Diagnostic:
    near = context.nearest("role", name)
    return _finding(
        rules.UNDEFINED_ROLE,
        failure,
        f"Role {name} is used here, and no statement makes it.",
        _place(failure, name),
        _meant(near) or f"Add: CREATE ROLE {name} NOLOGIN;",
    )


def _undefined_extension(failure: Failure, name: str, _context: Context) -> Diagnostic:
    return _finding(
        rules.EXTENSION_UNAVAILABLE,
        failure,
        f"This scratch server does not have the extension {name}.",
        _place(failure, name),
    )


_UNDEFINED: dict[str, Callable[[Failure, str, Context], Diagnostic]] = {
    "relation": _undefined_table,
    "column": _undefined_column,
    "type": _undefined_type,
    "function": _undefined_function,
    "operator": _undefined_function,
    "schema": _undefined_schema,
    "role": _undefined_role,
    "extension": _undefined_extension,
}


def _undefined(failure: Failure, missing: names.Name, context: Context) -> Diagnostic:
    extension = extension_wanted(failure)
    if extension is not None and extension not in context.server.available_extensions:
        return _finding(
            rules.EXTENSION_UNAVAILABLE,
            failure,
            f"{missing.kind.capitalize()} {missing.name} belongs to the extension {extension}, "
            "which this scratch server does not have.",
            _place(failure, missing.name),
        )
    handler = _UNDEFINED.get(missing.kind)
    if handler is not None:
        return handler(failure, missing.name, context)
    near = _meant(context.nearest(missing.kind, missing.name))
    message = f"There is no {missing.kind} {missing.name}."
    return _finding(rules.UNDEFINED_OBJECT, failure, message, _place(failure, missing.name), near)


_VOLATILE = frozenset({"SQLValueFunction", "FuncCall", "TypeCast"})


def _not_immutable(failure: Failure, _match: re.Match[str], _context: Context) -> Diagnostic:
    node = failure.statement.node.get(failure.statement.node_type, {})
    if "generation expression" in failure.message:
        rule, where = (
            rules.GENERATED_NOT_IMMUTABLE,
            [
                constraint["Constraint"]
                for _, element in tree.elements(failure.statement.node_type, node)
                for constraint in element.get("constraints", ())
                if constraint.get("Constraint", {}).get("contype") == "CONSTR_GENERATED"
            ],
        )
        what = "A generated column must depend on nothing but the row"
    elif "index predicate" in failure.message:
        rule, where = rules.PREDICATE_NOT_IMMUTABLE, [node.get("whereClause", {})]
        what = "The WHERE of an index must not depend on the time or on settings"
    else:
        rule, where = rules.INDEX_NOT_IMMUTABLE, [node.get("indexParams", [])]
        what = "The expression of an index must not depend on the time or on settings"
    # The server does not say which function it was; a plain time comes before calls and casts.
    culprits = list(anchors.located(failure.statement, where, _VOLATILE))
    culprits.sort(key=lambda item: item[0] != "SQLValueFunction")
    span = culprits[0][1] if culprits else None
    word = failure.statement.source.text[span.start : span.end] if span else ""
    return _finding(
        rule, failure, f"{what}{f': {word} does' if word else ''}.", span, immutable_help(rule, failure.statement, word)
    )


def _foreign_key_types(failure: Failure, match: re.Match[str], _context: Context) -> Diagnostic:
    detail = re.search(r'"([^"]+)".*?"([^"]+)".*types: (.+?)\.?$', failure.detail)
    message, help_text, column = "The foreign key and the key that it refers to have different types.", None, ""
    if detail:
        column = detail[1]
        own, _, other = detail[3].partition(" and ")
        message = f"Column {column} is of type {own}, but refers to {detail[2]}, which is of type {other}."
        help_text = f"Give {column} the type {other}."
    return _finding(rules.FOREIGN_KEY_TYPES, failure, message, _place(failure, column or match["name"]), help_text)


def _foreign_key_target(failure: Failure, match: re.Match[str], _context: Context) -> Diagnostic:
    table = match["name"]
    return _finding(
        rules.FOREIGN_KEY_TARGET,
        failure,
        f"The foreign key refers to columns of {table} that are not unique there.",
        _place(failure, table),
        f"Refer to the primary key of {table}, or add a UNIQUE constraint on those columns to {table}.",
    )


def _partition_key(failure: Failure, _match: re.Match[str], _context: Context) -> Diagnostic:
    column = re.search(r'lacks column "([^"]+)"', failure.detail)
    name = column[1] if column else ""
    node = failure.statement.node.get(failure.statement.node_type, {})
    keys = [
        body["location"]
        for kind, body in tree.walk(node)
        if kind == "Constraint" and body.get("contype") in {"CONSTR_PRIMARY", "CONSTR_UNIQUE"} and "location" in body
    ]
    span = None
    if keys:
        offset = len(failure.statement.text.encode()[: min(keys)].decode(errors="ignore"))
        span = anchors.word_at(failure.statement, offset)
    which = f"column {name}, which the table is partitioned by" if name else "the expression of the partitioning"
    return _finding(
        rules.PARTITION_KEY,
        failure,
        f"The key of a partitioned table must include {which}.",
        span,
        f"Add {name} to the key: PRIMARY KEY (…, {name})." if name else None,
    )


def _no_opclass(failure: Failure, match: re.Match[str], _context: Context) -> Diagnostic:
    node = failure.statement.node.get("IndexStmt", {})
    columns = [item.get("IndexElem", {}).get("name", "") for item in node.get("indexParams", ())]
    message = f"A {match['method']} index of type {match['name']} needs an operator class."
    return _finding(rules.NO_OPERATOR_CLASS, failure, message, _place(failure, *[c for c in columns if c]))


def _duplicate(failure: Failure, match: re.Match[str], context: Context) -> Diagnostic:
    name = match["name"]
    first = next(
        (made[name] for made in context.made.values() if name in made and made[name].index < failure.statement.index),
        None,
    )
    where = f" on line {first.source.position(first.span.start).line}" if first else " already"
    kind = match.groupdict().get("kind") or "relation"
    if "specified more than once" in failure.message:
        message, span = f"Column {name} is declared twice.", _second(failure.statement, name)
    else:
        message, span = f"The {kind} {name} is made{where}.", _place(failure, name)
    return _finding(rules.DUPLICATE, failure, message, span)


def _second(statement: Statement, name: str) -> Span:
    node = statement.node.get(statement.node_type, {})
    places = [e["location"] for _, e in tree.elements(statement.node_type, node) if e.get("colname") == name]
    if len(places) > 1:
        return anchors.word_at(statement, len(statement.text.encode()[: places[1]].decode(errors="ignore")))
    return anchors.find_name(statement, name) or anchors.statement_span(statement)


def _plain(rule: Rule) -> Callable[[Failure, re.Match[str], Context], Diagnostic]:
    """A handler that says what the server says."""

    def handle(failure: Failure, _match: re.Match[str], _context: Context) -> Diagnostic:
        quoted = re.findall(r'"([^"]+)"', failure.message)
        message = failure.message[:1].upper() + failure.message[1:].rstrip(".") + "."
        help_text = f"{rule.fix} PostgreSQL's hint: {failure.hint}" if failure.hint else None
        return _finding(rule, failure, message, _place(failure, *quoted), help_text)

    return handle


_DUPLICATES = (
    r'(?:(?P<kind>[a-z -]+) )?"(?P<name>[^"]+)"(?: (?:for|of) (?:relation|table|domain) "[^"]+")?'
    r" (?:already exists|specified more than once)"
)
# In this order; the first whose states and pattern fit.
_HANDLERS: tuple[tuple[str, str, Callable[[Failure, re.Match[str], Context], Diagnostic]], ...] = (
    ("42P17", r"must be marked IMMUTABLE|generation expression is not immutable", _not_immutable),
    ("42804", r'foreign key constraint "(?P<name>[^"]+)" cannot be implemented', _foreign_key_types),
    ("42830", r'referenced table "(?P<name>[^"]+)"', _foreign_key_target),
    ("42704", r'no primary key for referenced table "(?P<name>[^"]+)"', _foreign_key_target),
    ("0A000", r"constraint on partitioned table must include all partitioning columns", _partition_key),
    ("42704", r'data type (?P<name>.+) has no default operator class for access method "(?P<method>\w+)"', _no_opclass),
    ("42P07 42701 42710 42723 42P06", _DUPLICATES, _duplicate),
    ("0A000 42803 42P20 42P10", r"cannot use|not allowed|not supported", _plain(rules.NOT_ALLOWED_HERE)),
    ("42809", r"", _plain(rules.WRONG_KIND)),
    ("42601", r"", _plain(rules.SYNTAX)),
    ("42804 42846 42P13", r"", _plain(rules.TYPE_MISMATCH)),
    ("22P02 22007 22008 22003 22001", r"", _plain(rules.INVALID_VALUE)),
    ("42P16 42P17 42P13 42611 42P18 42P19 42830", r"", _plain(rules.INVALID_DEFINITION)),
    ("57014", r"", _plain(rules.TIMEOUT)),
)


def diagnose(failure: Failure, context: Context) -> Diagnostic:
    """Describe one failure; never fails itself: what is not known is said in the server's words."""
    for states, pattern, handler in _HANDLERS:
        if failure.sqlstate in states.split():
            match = re.search(pattern, failure.message)
            if match:
                return handler(failure, match, context)
    missing = failure.missing
    if missing is not None:
        return _undefined(failure, missing, context)
    match = re.search("", failure.message)
    assert match is not None
    return _plain(rules.OTHER)(failure, match, context)


def circular(failure: Failure) -> Diagnostic:
    """Describe the first of several statements that need each other."""
    missing = failure.missing
    name = missing.name if missing else ""
    return _finding(
        rules.CIRCULAR,
        failure,
        f"This statement needs {name}, which in turn needs it: none of them can come first.",
        _place(failure, name),
    )
