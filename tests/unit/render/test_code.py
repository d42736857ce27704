"""Printed expressions mean what they hold, and ``ruff format`` leaves them as they are."""

from __future__ import annotations

import ast
import subprocess
import sys
from textwrap import dedent
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from alembic_vibe.render.code import Call, Expr, Mapping, Raw, Sequence, Sql, Str, layout, quote, quote_docstring

TEXTS = st.text(st.characters(codec="utf-8"), max_size=60) | st.text(
    st.sampled_from("ab \n\t\r\\\"'%:{}$\x0b\x0c\u2028\u00a0"), max_size=60
)
QUOTES = 'say """'
LEAVES = st.builds(Str, TEXTS) | st.builds(Sql, TEXTS) | st.builds(Raw, st.sampled_from(["1", "True", "None"]))
EXPRESSIONS = st.recursive(
    LEAVES,
    lambda inner: (
        st.builds(
            lambda args, kwargs, explode: Call("f", tuple(args), tuple(kwargs.items()), explode),
            st.lists(inner, max_size=4),
            st.dictionaries(st.sampled_from(["name", "nullable", "server_default"]), inner, max_size=2),
            st.booleans(),
        )
        | st.builds(
            lambda items, b: Sequence(tuple(items), b), st.lists(inner, max_size=4), st.sampled_from(["[]", "()"])
        )
        | st.builds(lambda items: Mapping(tuple(items.items())), st.dictionaries(TEXTS, inner, max_size=3))
    ),
    max_leaves=8,
)


def f(*args: Any, **kwargs: Any) -> Any:
    return ("f", args, kwargs)


def value(expr: Expr) -> Any:
    match expr:
        case Raw(text):
            return eval(text)
        case Str(text):
            return text
        case Call(_, args, kwargs):
            return f(*map(value, args), **{name: value(item) for name, item in kwargs})
        case Sequence(items, brackets):
            return (list if brackets == "[]" else tuple)(map(value, items))
        case Mapping(items):
            return {name: value(item) for name, item in items}
        case Sql(text):
            return text
    raise AssertionError(expr)


def bare(found: Any) -> Any:
    """Leave out the line breaks that a dedented block has around the SQL."""
    match found:
        case str():
            return found.strip("\n")
        case ("f", tuple() as args, dict() as kwargs):
            return ("f", tuple(map(bare, args)), {name: bare(item) for name, item in kwargs.items()})
        case list() | tuple():
            return type(found)(map(bare, found))
        case dict():
            return {name.strip("\n"): bare(item) for name, item in found.items()}
    return found


@given(text=TEXTS)
def test_quote_is_exact(text: str) -> None:
    assert eval(quote(text)) == text
    assert "\n" not in quote(text)
    assert "\r" not in quote(text)


@given(text=TEXTS)
def test_docstring_is_exact(text: str) -> None:
    normal = text.replace("\r\n", "\n").replace("\r", "\n")  # as Python reads source
    assert eval(f'"""x{quote_docstring(text)}"""') == "x" + normal


@settings(max_examples=300, deadline=None)
@given(expr=EXPRESSIONS, column=st.sampled_from([0, 4, 8]))
def test_what_is_printed_means_the_same(expr: Expr, column: int) -> None:
    text = layout(expr, column)
    found = eval(f"(\n{' ' * column}{text}\n)" if column else text, {"f": f, "dedent": dedent})
    assert bare(found) == bare(value(expr))


@given(text=TEXTS)
def test_sql_is_exact_but_for_the_line_breaks_around_it(text: str) -> None:
    found = eval(layout(Sql(text), 4), {"dedent": dedent})
    assert found in {text, f"\n{text}\n"}


TIDY = st.text(st.sampled_from("abc xyz_,()='"), min_size=1, max_size=70)
TIDY_LEAVES = st.builds(Str, TIDY) | st.builds(Raw, st.sampled_from(["1", "True"])) | st.builds(Sql, TIDY)
TIDY_EXPRESSIONS = st.recursive(
    TIDY_LEAVES,
    lambda inner: (
        st.builds(lambda args: Call("sa.f", tuple(args)), st.lists(inner, min_size=1, max_size=4))
        | st.builds(
            lambda args: Call("sa.g", (), tuple(args.items())),
            st.dictionaries(st.sampled_from("abc"), inner, min_size=1),
        )
    ),
    max_leaves=8,
)


@settings(max_examples=3, deadline=None)
@given(exprs=st.lists(TIDY_EXPRESSIONS.filter(lambda e: isinstance(e, Call)), min_size=30, max_size=60))
def test_ruff_format_changes_nothing(exprs: list[Expr]) -> None:
    text = "import sqlalchemy as sa\n\n\ndef upgrade() -> None:\n" + "".join(f"    {layout(e, 4)}\n" for e in exprs)
    done = subprocess.run(
        [sys.executable, "-m", "ruff", "format", "--isolated", "--no-cache", "-"],
        input=text,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == text


def test_a_docstring_may_end_in_three_quotes() -> None:
    assert ast.literal_eval(f'"""{quote_docstring(QUOTES)}"""') == QUOTES
