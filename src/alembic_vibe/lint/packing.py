"""A schema as plain data and back, so that the next run can go on from it: lists that begin with what they are."""

from __future__ import annotations

from dataclasses import fields
from functools import cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from alembic_vibe.lint.actions import ConstraintSpec, Expression, Type
from alembic_vibe.lint.schema import Column, Constraint, Index, Schema, Table
from alembic_vibe.sql.tree import QualifiedName

if TYPE_CHECKING:
    from collections.abc import Callable

_CLASSES: tuple[Any, ...] = (Schema, Table, Column, Constraint, Index, ConstraintSpec, Type)
_ATOMS = frozenset({str, int, bool, float, type(None)})
_NAME, _TREE, _MAP, _TUPLE, _LIST, _SET, _FROZEN, _FIRST = range(8)  # the classes follow
_GROUPS: dict[type, int] = {tuple: _TUPLE, list: _LIST, set: _SET, frozenset: _FROZEN}


def pack(value: Any) -> Any:
    """Return plain data for a value of a schema; raises ``TypeError`` for what has no such form."""
    kind = type(value)
    if kind in _ATOMS:
        return value
    if kind is QualifiedName:
        return [_NAME, value.schema, value.name]
    if kind is Expression:
        return [_TREE, value.text, value.node]
    if kind is dict:
        return [_MAP, *(pack(part) for pair in value.items() for part in pair)]
    if kind in _GROUPS:
        return [_GROUPS[kind], *map(pack, value)]
    return [_numbers()[kind] + _FIRST, *map(pack, _values()[kind](value))]


def unpack(data: Any) -> Any:
    """Return what was packed; raises ``ValueError`` or ``TypeError`` for other data."""
    if type(data) is not list:
        return data
    tag = data[0]
    if tag == _NAME:
        return QualifiedName(data[1], data[2])
    if tag == _TREE:
        return Expression(data[1], data[2])
    parts = [unpack(part) for part in data[1:]]
    if tag >= _FIRST:
        return _CLASSES[tag - _FIRST](*parts)
    if tag == _MAP:
        return dict(zip(parts[::2], parts[1::2], strict=True))
    return (tuple, list, set, frozenset)[tag - _TUPLE](parts)


@cache
def _numbers() -> dict[type, int]:
    return _Numbers((kind, number) for number, kind in enumerate(_CLASSES))


class _Numbers(dict[type, int]):
    def __missing__(self, kind: type) -> int:
        raise TypeError(f"a {kind.__name__} is not packed")


@cache
def _values() -> dict[type, Callable[[Any], tuple[Any, ...]]]:
    return {kind: attrgetter(*(one.name for one in fields(kind))) for kind in _CLASSES}
