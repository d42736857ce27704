"""From the text of an expression, as PostgreSQL prints it, to an :class:`Expression` with types."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.data.checks import kinds
from alembic_vibe.data.checks.expression import Expression, NotUnderstoodError
from alembic_vibe.data.checks.functions import result_kind
from alembic_vibe.data.checks.kinds import BOOL, INT4, INT8, INTERVAL, NULL, NUMERIC, TEXT, Kind, Kinds
from alembic_vibe.data.checks.literals import literal
from alembic_vibe.data.checks.moments import PRESENT, PRESENT_DATE, PRESENT_LOCAL
from alembic_vibe.data.checks.operators import arithmetic_kind, known_operator
from alembic_vibe.data.model import UndecidedError
from alembic_vibe.sql import grammar
from alembic_vibe.sql.tree import column_name, name_of, type_name, unwrap, walk

if TYPE_CHECKING:
    from collections.abc import Mapping

    from alembic_vibe.sql.tree import Node

_MATCHES = {
    "~": (False, False, False), "~*": (True, False, False), "!~": (False, False, True), "!~*": (True, False, True),
    "~~": (False, True, False), "~~*": (True, True, False), "!~~": (False, True, True), "!~~*": (True, True, True),
}  # ignore case, LIKE, negated  # fmt: skip
_COMPARISONS = frozenset({"<", "<=", "=", "<>", ">=", ">"})
_ARITHMETIC = frozenset({"+", "-", "*", "/", "%"})
_PRESENT = {
    "SVFOP_CURRENT_DATE": (kinds.DATE, PRESENT_DATE),
    "SVFOP_CURRENT_TIMESTAMP": (kinds.TIMESTAMPTZ, PRESENT),
    "SVFOP_LOCALTIMESTAMP": (kinds.TIMESTAMP, PRESENT_LOCAL),
}
_NOW = frozenset({"now", "transaction_timestamp", "statement_timestamp", "clock_timestamp"})


def read(text: str, columns: Mapping[str, Kind], known: Kinds, names: Mapping[str, str] | None = None) -> Expression:
    """Read an expression.

    Args:
        text: As PostgreSQL prints it.
        columns: The kinds of the columns it may name.
        known: Finds the kind of a type by its name.
        names: What a column is called in a row, if not as in the text.

    Raises:
        NotUnderstoodError: It has a part that is not understood.
    """
    if grammar.is_too_large(text):
        message = "it is too large"
        raise NotUnderstoodError(message)
    try:
        parsed = grammar.parse(f"SELECT ({text})")
    except grammar.GrammarError as error:
        raise NotUnderstoodError(error.message) from error
    targets: list[Node] = parsed[0].get("SelectStmt", {}).get("targetList", []) if len(parsed) == 1 else []
    if len(targets) != 1:
        message = "it is not one expression"
        raise NotUnderstoodError(message)
    try:
        expression = _Reader(columns, known, names or {}).read(targets[0].get("ResTarget", {}).get("val", {}))
    except (RecursionError, UndecidedError) as error:
        message = "it has a constant or a depth that is not understood"
        raise NotUnderstoodError(message) from error
    if expression.kind.name not in {"bool", "null"}:
        message = "it is no condition"
        raise NotUnderstoodError(message)
    return expression


_FLAGS = ((), (Expression("const", TEXT, value="i"),))


def _unknown(what: str) -> NotUnderstoodError:
    return NotUnderstoodError(f"{what} is not understood")


class _Reader:
    def __init__(self, columns: Mapping[str, Kind], known: Kinds, names: Mapping[str, str]) -> None:
        self.columns = columns
        self.names = names
        self.known = known

    def read(self, node: Node) -> Expression:
        sort, body = unwrap(node)
        method = getattr(self, f"_read_{sort.lower()}", None)
        if method is None:
            raise _unknown(sort)
        found: Expression = method(body)
        return found

    def all(self, nodes: list[Node]) -> tuple[Expression, ...]:
        return tuple(self.read(node) for node in nodes)

    def condition(self, node: Node) -> Expression:
        """Read one of several conditions; what is not understood stands there with its columns."""
        try:
            return self.read(node)
        except (NotUnderstoodError, UndecidedError):
            names = [column_name(body) for kind, body in walk(node) if kind == "ColumnRef"]
            known = [name for name in dict.fromkeys(names) if name in self.columns]
            return Expression(
                "opaque", BOOL, tuple(Expression("column", self.columns[n], value=self.names.get(n, n)) for n in known)
            )

    def _read_columnref(self, body: Node) -> Expression:
        name = column_name(body)
        if len(body.get("fields", ())) != 1 or name not in self.columns:
            raise _unknown(f'"{name}"')
        return Expression("column", self.columns[name], value=self.names.get(name, name))

    def _read_a_const(self, body: Node) -> Expression:
        if "isnull" in body:
            return Expression("const", NULL)
        if "ival" in body:
            return Expression("const", INT4, value=body["ival"].get("ival", 0))
        if "boolval" in body:
            return Expression("const", BOOL, value=body["boolval"].get("boolval", False))
        if "sval" in body:
            return Expression("const", TEXT, value=body["sval"].get("sval", ""))
        if "fval" in body:
            text = body["fval"]["fval"]
            if text.isdigit():
                return Expression("const", INT8, value=int(text))
            return Expression("const", NUMERIC, value=literal(NUMERIC, text))
        raise _unknown("a constant")

    def _read_typecast(self, body: Node) -> Expression:
        target = body.get("typeName", {})
        modifier = self._modifier(target)
        kind = self.known.named(type_name(target), modifier, array="arrayBounds" in target)
        sort, inner = unwrap(body.get("arg", {}))
        if sort == "A_Const" and ("sval" in inner or "isnull" in inner):
            if "isnull" in inner:
                return Expression("const", kind)
            if kind.name == "other":
                raise _unknown("a constant of this type")
            return Expression("const", kind, value=literal(kind, inner["sval"].get("sval", "")))
        arg = self.read(body.get("arg", {}))
        if arg.op == "array" and not arg.args:
            return Expression("const", kind, value=[])
        return self._cast(arg, kind)

    def _cast(self, arg: Expression, kind: Kind) -> Expression:
        if kind == arg.kind:
            return arg
        if kind.is_text() and arg.kind.is_text():
            kind = kinds.collated(kind, by_code_points=arg.kind.by_code_points, loose=arg.kind.loose)
        return Expression("cast", kind, (arg,))

    def _modifier(self, target: Node) -> int:
        numbers = [item.get("A_Const", {}).get("ival", {}).get("ival", 0) for item in target.get("typmods", ())]
        name = type_name(target).name
        if not numbers:
            return -1
        if name == "numeric":
            return int(numbers[0] << 16 | ((numbers[1] if len(numbers) > 1 else 0) & 0x7FF)) + 4
        size = int(numbers[0])
        return size + 4 if name in {"varchar", "bpchar"} else size

    def _read_boolexpr(self, body: Node) -> Expression:
        op = {"AND_EXPR": "and", "OR_EXPR": "or", "NOT_EXPR": "not"}[body["boolop"]]
        return Expression(op, BOOL, tuple(self.condition(node) for node in body["args"]))

    def _read_nulltest(self, body: Node) -> Expression:
        test = Expression("null", BOOL, (self.read(body["arg"]),))
        return test if body.get("nulltesttype") == "IS_NULL" else Expression("not", BOOL, (test,))

    def _read_booleantest(self, body: Node) -> Expression:
        what = body.get("booltesttype", "")
        arg = self.read(body["arg"])
        if what.endswith("UNKNOWN"):
            test = Expression("null", BOOL, (arg,))
        else:
            test = Expression("is", BOOL, (arg,), what.endswith("TRUE"))
        return Expression("not", BOOL, (test,)) if "_NOT_" in what else test

    def _read_collateclause(self, body: Node) -> Expression:
        arg = self.read(body["arg"])
        by_code_points = name_of(body.get("collname")).name in {"C", "POSIX", "ucs_basic"}
        kind = kinds.collated(arg.kind, by_code_points=by_code_points, loose=not by_code_points)
        return Expression("cast", kind, (arg,))

    def _read_a_arrayexpr(self, body: Node) -> Expression:
        args = self.all(body.get("elements", []))
        element = next((arg.kind for arg in args if arg.kind.name != "null"), TEXT)
        return Expression("array", Kind("array", element=element), args)

    def _read_coalesceexpr(self, body: Node) -> Expression:
        args = self.all(body["args"])
        kind = next((arg.kind for arg in args if arg.kind.name != "null"), NULL)
        return Expression("coalesce", kind, args)

    def _read_minmaxexpr(self, body: Node) -> Expression:
        args = self.all(body["args"])
        return Expression("greatest" if body.get("op") == "IS_GREATEST" else "least", args[0].kind, args)

    def _read_caseexpr(self, body: Node) -> Expression:
        subject = self.read(body["arg"]) if "arg" in body else None
        parts: list[Expression] = []
        for item in body.get("args", ()):
            when = item["CaseWhen"]
            condition = self.read(when["expr"])
            if subject is not None:
                condition = self._compare("=", subject, condition)
            parts += [condition, self.read(when["result"])]
        parts.append(self.read(body["defresult"]) if "defresult" in body else Expression("const", NULL))
        results = [*parts[1::2], parts[-1]]
        kind = next((part.kind for part in results if part.kind.name != "null"), NULL)
        return Expression("case", kind, tuple(parts))

    def _read_sqlvaluefunction(self, body: Node) -> Expression:
        if body.get("op") not in _PRESENT:
            raise _unknown(body.get("op", ""))
        kind, span = _PRESENT[body["op"]]
        return Expression("present", kind, value=span)

    def _read_funccall(self, body: Node) -> Expression:
        name = name_of(body.get("funcname"))
        others = {"agg_filter", "over", "agg_order", "agg_star", "agg_distinct", "func_variadic"}
        if name.schema not in {"", "pg_catalog"} or others & body.keys():
            raise _unknown(str(name))
        if name.name in _NOW and "args" not in body:
            return Expression("present", kinds.TIMESTAMPTZ, value=PRESENT)
        args = self.all(body.get("args", []))
        if name.name == "similar_to_escape" and all(arg.op == "const" for arg in args):
            return Expression("const", TEXT, value=self.known.similar(*(arg.value for arg in args)))
        if name.name == "regexp_like" and all(arg.kind.is_text() for arg in args) and args[2:] in _FLAGS:
            return Expression("match", BOOL, args[:2], (args[2:] != () or args[0].kind.name == "citext", False))
        if name.name in {"num_nulls", "num_nonnulls"}:
            return Expression("call", INT4, args, name.name)
        kind = result_kind(name.name, tuple(arg.kind for arg in args))
        if kind is None:
            raise _unknown(f"{name.name}()")
        return Expression("call", kind, args, name.name)

    def _read_a_indirection(self, body: Node) -> Expression:
        arg = self.read(body["arg"])
        steps = body.get("indirection", [])
        index = steps[0].get("A_Indices", {}) if len(steps) == 1 else {}
        if arg.kind.name != "array" or arg.kind.element is None or "uidx" not in index or "lidx" in index:
            raise _unknown("an element")
        return Expression("call", arg.kind.element, (arg, self.read(index["uidx"])), "element")

    def _read_a_expr(self, body: Node) -> Expression:
        name = name_of(body.get("name"))
        sort = body.get("kind")
        right = self.read(body["rexpr"])
        if "lexpr" not in body:
            if name.name != "-" or right.kind.name not in kinds.NUMBERS | {"interval"}:
                raise _unknown(f"operator {name.name}")
            zero = Expression(
                "const", right.kind, value=literal(right.kind, "0" if right.kind != INTERVAL else "00:00:00")
            )
            return Expression("arithmetic", right.kind, (zero, right), "-")
        left = self.read(body["lexpr"])
        if name.schema not in {"", "pg_catalog"} and "citext" not in {left.kind.name, right.kind.name}:
            raise _unknown(str(name))
        match sort:
            case "AEXPR_OP":
                return self._operator(name.name, left, right)
            case "AEXPR_DISTINCT" | "AEXPR_NOT_DISTINCT":
                self._compare("=", left, right)
                test = Expression("distinct", BOOL, (left, right))
                return test if sort == "AEXPR_DISTINCT" else Expression("not", BOOL, (test,))
            case "AEXPR_NULLIF":
                self._compare("=", left, right)
                return Expression("nullif", left.kind, (left, right))
            case "AEXPR_OP_ANY" | "AEXPR_OP_ALL":
                return self._each("any" if sort == "AEXPR_OP_ANY" else "all", name.name, left, right)
        raise _unknown(str(sort))

    def _each(self, op: str, name: str, left: Expression, right: Expression) -> Expression:
        if right.kind.name != "array" or right.kind.element is None:
            raise _unknown("ANY")
        if name in _MATCHES and right.op == "array":
            parts = tuple(self._operator(name, left, item) for item in right.args)
            return Expression("or" if op == "any" else "and", BOOL, parts)
        if name not in _COMPARISONS:
            raise _unknown(f"operator {name}")
        self._compare(name, left, Expression("const", right.kind.element))
        return Expression(op, BOOL, (left, right), name)

    def _operator(self, name: str, left: Expression, right: Expression) -> Expression:
        if name in _COMPARISONS:
            return self._compare(name, left, right)
        if name in _MATCHES and left.kind.is_text():
            ignore_case, like, negated = _MATCHES[name]
            ignore_case = ignore_case or left.kind.name == "citext"
            test = Expression("match", BOOL, (left, right), (ignore_case, like))
            return Expression("not", BOOL, (test,)) if negated else test
        if name in _ARITHMETIC:
            kind = arithmetic_kind(name, left.kind, right.kind)
            if kind is None:
                raise _unknown(f"operator {name}")
            return Expression("arithmetic", kind, (left, right), name)
        kind = known_operator(name, left.kind, right.kind)
        if kind is None:
            raise _unknown(f"operator {name}")
        return Expression("call", kind, (left, right), name)

    def _compare(self, name: str, left: Expression, right: Expression) -> Expression:
        if not _comparable(left.kind, right.kind):
            raise _unknown(f"{left.kind.name} {name} {right.kind.name}")
        return Expression("compare", BOOL, (left, right), name)


def _comparable(one: Kind, other: Kind) -> bool:
    if "null" in {one.name, other.name}:
        return True
    for group in (kinds.NUMBERS, kinds.TEXTS, kinds.MOMENTS):
        if one.name in group and other.name in group:
            return True
    if one.name == "array" == other.name and one.element is not None and other.element is not None:
        return _comparable(one.element, other.element)
    return one.name == other.name and one.name not in {"json", "other"} and one.element == other.element
