"""The ways to satisfy an expression: its disjunctive form, in terms of domains and relations.

``strict`` asks that it be true; otherwise it is enough that it is not false, which is what a CHECK asks (manual,
"Check Constraints"). That way the rules of three-valued logic need no case of their own: what satisfies NOT is pushed
inwards, and each condition on a column says whether NULL is among what satisfies it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.data.checks import forms
from alembic_vibe.data.checks.columns import beside_column
from alembic_vibe.data.checks.counting import counted
from alembic_vibe.data.checks.drafts import ANYWAY, MOST_CASES, MOST_DRAFTS, UNKNOWN, Draft, every, only
from alembic_vibe.data.checks.evaluation import regex_of
from alembic_vibe.data.checks.expression import MIRRORED, Expression, NotUnderstoodError, negated
from alembic_vibe.data.checks.kinds import BOOL, TEXT
from alembic_vibe.data.checks.linear import fold
from alembic_vibe.data.checks.values import bounds
from alembic_vibe.data.checks.witnesses import witnesses, witnesses_null
from alembic_vibe.data.model import Case, Domain

if TYPE_CHECKING:
    from alembic_vibe.data.model import Value

_MOST_WORK = 20_000
_FEW = 12
_BRANCHES = frozenset({"case", "coalesce", "greatest", "least", "nullif"})


def cases_of(expression: Expression, *, strict: bool = False) -> tuple[tuple[Case, ...], bool]:
    """Return the ways to satisfy an expression, the likeliest first, and whether each is certain to.

    Args:
        expression: A condition.
        strict: It must be true, not merely not false.
    """
    if _work(expression) > _MOST_WORK:
        return (Case(),), False
    drafts = satisfy(expression, strict=strict)[:MOST_CASES]
    unique: list[Case] = []
    for draft in drafts:
        case = draft.case()
        if case not in unique:
            unique.append(case)
    return tuple(unique), all(draft.exact for draft in drafts)


def _work(expression: Expression) -> int:
    """Return about how many steps it takes: conditions that are compared are looked at in both ways, and so on."""
    own = sum(_work(arg) for arg in expression.args)
    compared = expression.op == "compare" and expression.args[0].kind.name == "bool"
    return 1 + own * (2 if compared or expression.op in {"case", "coalesce"} else 1)


def satisfy(expression: Expression, *, strict: bool) -> list[Draft]:
    """Return the ways to make an expression true, or not false."""
    match expression.op:
        case "const":
            value = expression.value
            return [ANYWAY] if value is True or (value is None and not strict) else []
        case "and":
            return every(satisfy(arg, strict=strict) for arg in expression.args)
        case "or":
            return [draft for arg in expression.args for draft in satisfy(arg, strict=strict)][:MOST_DRAFTS]
        case "is":
            arg = expression.args[0] if expression.value else negated(expression.args[0])
            return satisfy(arg, strict=True)
        case "not":
            return _satisfy_not(expression, strict=strict)
        case "case":
            return _satisfy_case(expression, strict=strict)
        case "coalesce":
            return _satisfy_coalesce(expression, strict=strict)
        case "null":
            return _null(expression.args[0])
        case "distinct":
            return _distinct(*expression.args)
        case "compare":
            return _compare(expression.value, *expression.args, strict=strict)
        case "any" | "all":
            return _each(expression, strict=strict)
    return _condition(expression, wanted=True, strict=strict)


def _satisfy_not(expression: Expression, *, strict: bool) -> list[Draft]:
    inner = negated(expression.args[0])
    if inner.op != "not":
        return satisfy(inner, strict=strict)
    leaf = inner.args[0]
    match leaf.op:
        case "null":
            return _not_null(leaf.args[0])
        case "is":
            arg = negated(leaf.args[0]) if leaf.value else leaf.args[0]
            return satisfy(arg, strict=False)
        case "distinct":
            return _not_distinct(*leaf.args)
        case "case":
            parts = list(leaf.args)
            flipped = [part if i % 2 == 0 and i < len(parts) - 1 else negated(part) for i, part in enumerate(parts)]
            return _satisfy_case(Expression("case", BOOL, tuple(flipped)), strict=strict)
        case "coalesce":
            flipped = [negated(part) for part in leaf.args]
            return _satisfy_coalesce(Expression("coalesce", BOOL, tuple(flipped)), strict=strict)
        case "const":
            return [] if strict else [ANYWAY]
    return _condition(leaf, wanted=False, strict=strict)


def _satisfy_case(expression: Expression, *, strict: bool) -> list[Draft]:
    found: list[Draft] = []
    earlier: list[Draft] = [ANYWAY]  # no condition so far is true
    for condition, result in zip(expression.args[:-1:2], expression.args[1::2], strict=True):
        found += every([earlier, satisfy(condition, strict=True), satisfy(result, strict=strict)])
        earlier = every([earlier, satisfy(negated(condition), strict=False)])
    return (found + every([earlier, satisfy(expression.args[-1], strict=strict)]))[:MOST_DRAFTS]


def _satisfy_coalesce(expression: Expression, *, strict: bool) -> list[Draft]:
    first, *rest = expression.args
    if not rest:
        return satisfy(first, strict=strict)
    found = satisfy(first, strict=True)
    return found + every([_null(first), _satisfy_coalesce(Expression("coalesce", BOOL, tuple(rest)), strict=strict)])


def _condition(leaf: Expression, *, wanted: bool, strict: bool) -> list[Draft]:
    """A leaf that is a boolean of its own: a column, a match, a call."""
    found: list[Draft] | None = None
    if leaf.op == "opaque":
        return [UNKNOWN]
    if leaf.op == "column":
        return only(leaf.value, Domain(null=False if strict else None, choices=(wanted,)))
    if leaf.op == "match":
        ignore_case, like = leaf.value
        pattern = leaf.args[1]
        if pattern.op == "const" and pattern.value is not None:
            try:
                regex = regex_of(pattern.value, like=like)
            except NotUnderstoodError:
                return [UNKNOWN]
            found = forms.matching(leaf.args[0], regex, ignore_case=ignore_case, wanted=wanted, strict=strict)
    elif leaf.op == "call":
        found = forms.condition(leaf, wanted=wanted, strict=strict)
        if found is None and leaf.value == "?|" and wanted and leaf.args[1].is_constant():
            keys = [Expression("const", TEXT, value=key) for key in fold(leaf.args[1]) or ()]
            asked = [Expression("call", BOOL, (leaf.args[0], key), "?") for key in keys]
            return [draft for one in asked for draft in _condition(one, wanted=True, strict=strict)]
    return _searched(leaf if wanted else Expression("not", BOOL, (leaf,)), strict=strict) if found is None else found


def _searched(expression: Expression, *, strict: bool) -> list[Draft]:
    """What is in no known form: look for values that satisfy it, or leave it to ``holds``."""
    columns = expression.columns()
    found, usual = witnesses(expression) if len(columns) == 1 else ([], False)
    if not found or (usual and len(found) > _FEW):  # what nearly every value satisfies needs no list of values
        return [Draft({column: Domain(null=False) for column in columns} if strict else {}, exact=False)]
    null = witnesses_null(expression)
    allowed = null is True or (null is None and not strict)
    return only(columns[0], Domain(null=None if allowed else False, choices=tuple(found)))


# -- NULL --------------------------------------------------------------------------------------------------------------


def _null(arg: Expression) -> list[Draft]:
    if arg.op == "column":
        return only(arg.value, Domain(null=True))
    if arg.op == "coalesce":
        return every(_null(part) for part in arg.args)
    if arg.op == "const":
        return [ANYWAY] if arg.value is None else []
    if arg.op in {"null", "is", "distinct"}:
        return []
    if arg.op == "nullif":
        return _null(arg.args[0]) + _compare("=", *arg.args, strict=True)
    if arg.op in {"cast", "arithmetic", "compare", "match"} or (arg.op == "call" and not arg.value.startswith("num_")):
        return [draft for part in arg.args for draft in _null(part)]
    return [UNKNOWN]


def _not_null(arg: Expression) -> list[Draft]:
    if arg.op == "column":
        return only(arg.value, Domain(null=False))
    if arg.op == "coalesce":
        return [draft for part in arg.args for draft in _not_null(part)]
    if arg.op == "const":
        return [] if arg.value is None else [ANYWAY]
    if arg.op in {"null", "is", "distinct"}:
        return [ANYWAY]
    if arg.op == "nullif":
        return _compare("<>", *arg.args, strict=True)
    if arg.op in {"cast", "arithmetic", "compare", "match"}:
        return every(_not_null(part) for part in arg.args)
    if arg.op == "call" and arg.value in {"->", "->>"} and isinstance(arg.args[1].value, str):
        column = forms.column_of(arg.args[0])
        if column is not None:
            keys = Domain(null=False, json_types=("object",), json_keys=(arg.args[1].value,))
            return only(column.value, keys, exact=arg.value == "->")
    test = Expression("not", BOOL, (Expression("null", BOOL, (arg,)),))
    return _searched(test, strict=True)


def _distinct(left: Expression, right: Expression) -> list[Draft]:
    if left.op == "const":
        left, right = right, left
    if right.op == "const":
        if right.value is None:
            return _not_null(left)
        return _compare("<>", left, right, strict=True) + _null(left)
    differ = _compare("<>", left, right, strict=True)
    return differ + every([_null(left), _not_null(right)]) + every([_not_null(left), _null(right)])


def _not_distinct(left: Expression, right: Expression) -> list[Draft]:
    return _compare("=", left, right, strict=True) + every([_null(left), _null(right)])


# -- comparisons -------------------------------------------------------------------------------------------------------


def _compare(operator: str, left: Expression, right: Expression, *, strict: bool) -> list[Draft]:
    if left.is_constant() and not right.is_constant():
        operator, left, right = MIRRORED[operator], right, left
    whole = Expression("compare", BOOL, (left, right), operator)
    if left.kind.name == "bool":
        return _compare_conditions(operator, left, right, strict=strict)
    left, right = _spread(left), _spread(right)
    for side, other, sign in ((left, right, operator), (right, left, MIRRORED[operator])):
        if side.op in _BRANCHES:
            return _branches(sign, side, other, strict=strict)
    if left.is_constant():
        return _settled(whole, strict=strict)
    if not right.is_constant():
        found = forms.unchanged(operator, left, right, strict=strict)
        return found or beside_column(operator, left, right, strict=strict) or _searched(whole, strict=strict)
    options = counted(operator, left, right)
    if options is not None:
        return satisfy(options, strict=True) or ([] if strict else _null(left))
    try:
        value = fold(right)
    except NotUnderstoodError:
        return _searched(whole, strict=strict)
    if value is None:
        return [] if strict else [ANYWAY]
    found = forms.beside_constant(operator, left, value, strict=strict)
    if found is None:
        found = beside_column(operator, left, right, strict=strict)
    return _searched(whole, strict=strict) if found is None else found


def _spread(side: Expression) -> Expression:
    """Return a cast of one of several values as one of several casts."""
    if side.op != "cast" or side.args[0].op not in {"case", "coalesce"}:
        return side
    inner = side.args[0]
    last = len(inner.args) - 1

    def is_value(place: int) -> bool:
        return inner.op == "coalesce" or place % 2 == 1 or place == last

    parts = (Expression("cast", side.kind, (part,)) if is_value(i) else part for i, part in enumerate(inner.args))
    return Expression(inner.op, side.kind, tuple(parts))


def _settled(expression: Expression, *, strict: bool) -> list[Draft]:
    try:
        answer = fold(expression)
    except NotUnderstoodError:
        return [UNKNOWN]
    return [ANYWAY] if answer is True or (answer is None and not strict) else []


def _compare_conditions(operator: str, left: Expression, right: Expression, *, strict: bool) -> list[Draft]:
    """Conditions that are compared: both true or both false, an implication (``<=``), one of the two."""

    def way(one: Expression, other: Expression) -> list[Draft]:
        return every([satisfy(one, strict=strict), satisfy(other, strict=strict)])

    against, beside = negated(left), negated(right)
    match operator:
        case "=":
            return way(left, right) + way(against, beside)
        case "<>":
            return way(left, beside) + way(against, right)
        case "<=":
            return way(left, right) + way(against, right) + way(against, beside)
        case ">=":
            return way(left, right) + way(left, beside) + way(against, beside)
        case "<":
            return way(against, right)
    return way(left, beside)


def _branches(operator: str, side: Expression, other: Expression, *, strict: bool) -> list[Draft]:
    """``side operator other``, where a side is one of several: take them apart."""

    def beside(part: Expression) -> Expression:
        return Expression("compare", BOOL, (part, other), operator)

    def null(part: Expression) -> Expression:
        return Expression("null", BOOL, (part,))

    match side.op:
        case "case":
            parts = side.args
            made = [part if i % 2 == 0 and i < len(parts) - 1 else beside(part) for i, part in enumerate(parts)]
            return _satisfy_case(Expression("case", BOOL, tuple(made)), strict=strict)
        case "coalesce":
            found: list[Draft] = []
            earlier: list[list[Draft]] = []
            for part in side.args:
                found += every([*earlier, _not_null(part), satisfy(beside(part), strict=strict)])
                earlier.append(_null(part))
            return found if strict else found + every(earlier)
        case "nullif":
            kept = Expression("distinct", BOOL, side.args)
            found = every([satisfy(kept, strict=True), satisfy(beside(side.args[0]), strict=strict)])
            return found if strict else found + _not_distinct(*side.args)
    every_one = (side.op == "greatest") == (operator in {"<", "<="})
    if operator in {"=", "<>"}:
        return [UNKNOWN]
    if every_one:
        parts = tuple(Expression("or", BOOL, (null(part), beside(part))) for part in side.args)
        found = every(satisfy(part, strict=True) for part in parts)
        return found if not strict else every([found, [d for part in side.args for d in _not_null(part)]])
    found = [draft for part in side.args for draft in satisfy(beside(part), strict=True)]
    return found if strict else found + every(_null(part) for part in side.args)


def _each(expression: Expression, *, strict: bool) -> list[Draft]:
    """ANY and ALL over an array: choices where they are constants, otherwise one comparison each."""
    left, right = expression.args
    element = right.kind.element
    assert element is not None
    if right.op == "array" and not right.is_constant():
        items = right.args
    elif right.is_constant():
        try:
            values = fold(right)
        except NotUnderstoodError:
            return [UNKNOWN]
        items = tuple(Expression("const", element, value=value) for value in values or ())
        column = forms.column_of(left)
        if column is not None and column.kind.name != "bool" and None not in (values or (None,)):
            found = _choices(expression, column, items, strict=strict)
            if found is not None:
                return found
    else:
        return _searched(expression, strict=strict)
    op = "or" if expression.op == "any" else "and"
    parts = tuple(Expression("compare", BOOL, (left, item), expression.value) for item in items)
    if expression.value == "=" and op == "or" and (typed := _one_of_types(left, items)) is not None:
        return typed if strict else [Draft({c: Domain(json_types=d.json_types) for c, d in typed[0].domains.items()})]
    return satisfy(Expression(op, BOOL, parts), strict=strict)


def _choices(
    expression: Expression, column: Expression, items: tuple[Expression, ...], *, strict: bool
) -> list[Draft] | None:
    null = False if strict else None
    name = expression.op, expression.value
    if name == ("any", "="):
        choices: list[Value] = []
        for item in items:
            domain = bounds(column.kind, "=", item.value)
            if domain is None or domain.choices is None:
                return None
            choices += domain.choices
        return only(column.value, Domain(null=null, choices=tuple(choices))) if choices else []
    if name == ("all", "<>"):
        return only(column.value, Domain(null=null, excluded=tuple(item.value for item in items)))
    return None


def _one_of_types(left: Expression, items: tuple[Expression, ...]) -> list[Draft] | None:
    if left.op != "call" or left.value not in {"jsonb_typeof", "json_typeof"}:
        return None
    column = forms.column_of(left.args[0])
    if column is None:
        return None
    return only(column.value, Domain(null=False, json_types=tuple(item.value for item in items)))
