"""Carriage returns inside of literals: a document has lines, and forgets how they ended."""

from __future__ import annotations

import re

from alembic_vibe.sql import grammar

_ESCAPES = re.compile(r"(?<![\w$])[eE]\Z")
_DOLLAR = re.compile(r"\$(?P<tag>[^$]*)\$(?P<body>.*)\$(?P=tag)\$\Z", re.DOTALL)


def kept_in_lines(sql: str) -> str:
    """Return a statement in which no literal holds a carriage return: an ``E''`` string says it with an escape."""
    if "\r" not in sql:
        return sql
    text, end = "", 0
    for found in grammar.quoted_ranges(sql):
        token = sql[found.start : found.end]
        if found.kind == "string" and "\r" in token:
            escape = _ESCAPES.search(sql[max(0, found.start - 2) : found.start]) is not None
            text += sql[end : found.start - escape] + _escaped(token, escape=escape)
            end = found.end
    return text + sql[end:]


def _escaped(token: str, *, escape: bool) -> str:
    dollar = _DOLLAR.fullmatch(token)
    body = dollar["body"].replace("'", "''") if dollar else token[1:-1]
    body = body if escape and not dollar else body.replace("\\", "\\\\")
    return "E'" + body.replace("\r", "\\r") + "'"
