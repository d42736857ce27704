"""Another argument for a call, in the layout that the call has: everything else stays byte for byte."""

from __future__ import annotations

import libcst as cst

_LONGEST = 80  # characters of a call on one line


def argument(call: cst.Call, keyword: str) -> cst.Arg | None:
    """Return an argument by its keyword."""
    return next((arg for arg in call.args if arg.keyword is not None and arg.keyword.value == keyword), None)


def with_argument(call: cst.Call, keyword: str, value: str) -> cst.Call:
    """Return a call with one more keyword argument, behind the others.

    A call with an argument a line gets another line; a comment behind the last argument stays where it is.

    Args:
        call: The call.
        keyword: The name of the new argument.
        value: Its expression, as source.
    """
    new = cst.Arg(
        keyword=cst.Name(keyword),
        value=cst.parse_expression(value),
        equal=cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace("")),
    )
    if not call.args:
        return call.with_changes(args=[new])
    *others, last = call.args
    behind = last.comma.whitespace_after if isinstance(last.comma, cst.Comma) else last.whitespace_after_arg
    lines = isinstance(call.whitespace_before_args, cst.ParenthesizedWhitespace)
    if not lines or not isinstance(behind, cst.ParenthesizedWhitespace):
        comma = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
        longer = call.with_changes(args=[*others, last.with_changes(comma=comma), new])
        return _on_lines(longer) if not lines and len(cst.Module([]).code_for_node(longer)) > _LONGEST else longer
    assert isinstance(call.whitespace_before_args, cst.ParenthesizedWhitespace)
    # The comment at the end of the last line stays there; the line of the closing parenthesis moves down.
    between = behind.with_changes(empty_lines=[], indent=True, last_line=call.whitespace_before_args.last_line)
    closing = behind.with_changes(first_line=cst.TrailingWhitespace())
    if isinstance(last.comma, cst.Comma):
        last = last.with_changes(comma=last.comma.with_changes(whitespace_after=between))
        new = new.with_changes(comma=cst.Comma(whitespace_after=closing))
    else:
        last = last.with_changes(
            comma=cst.Comma(whitespace_after=between), whitespace_after_arg=cst.SimpleWhitespace("")
        )
        new = new.with_changes(whitespace_after_arg=closing)
    return call.with_changes(args=[*others, last, new])


def _on_lines(call: cst.Call) -> cst.Call:
    """Return a call with each argument on a line of its own."""
    line = cst.ParenthesizedWhitespace(indent=True, last_line=cst.SimpleWhitespace("    "))
    end = cst.ParenthesizedWhitespace(indent=True)
    args = [arg.with_changes(comma=cst.Comma(whitespace_after=line)) for arg in call.args]
    args[-1] = args[-1].with_changes(comma=cst.Comma(whitespace_after=end))
    return call.with_changes(whitespace_before_args=line, args=args)
