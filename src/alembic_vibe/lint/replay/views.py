"""Views, functions, and the search path."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.lint import actions as a
from alembic_vibe.lint.reading.session import first_schema
from alembic_vibe.lint.schema import Table

if TYPE_CHECKING:
    from alembic_vibe.lint.schema import Schema
    from alembic_vibe.sql.tree import QualifiedName

_WORST = ("volatile", "stable", "immutable")


def _create(action: a.CreateView, schema: Schema, revision: str) -> None:
    if action.if_not_exists and action.view in schema.views:
        return
    schema.views[action.view] = action.reads
    schema.made_by[action.view] = revision
    if action.materialized:
        schema.put(Table(action.view, created_by=revision, complete=False, materialized=True))


def _drop(action: a.DropView, schema: Schema, revision: str) -> None:
    del revision
    _forget(action.view, schema)
    if action.cascade:
        drop_readers(action.view, schema)


def _forget(view: QualifiedName, schema: Schema) -> None:
    schema.views.pop(view, None)
    schema.made_by.pop(view, None)
    table = schema.tables.get(view)
    if table is not None and table.materialized:
        schema.remove(view)


def drop_readers(name: QualifiedName, schema: Schema) -> None:
    """Drop the views that read something, and those that read them."""
    for view in [view for view, reads in schema.views.items() if name in reads and view != name]:
        _forget(view, schema)
        drop_readers(view, schema)


def _rename(action: a.RenameView, schema: Schema, revision: str) -> None:
    del revision
    old = action.view
    move_view(old, type(old)(action.new_schema or old.schema, action.new_name or old.name), schema)


def move_view(old: QualifiedName, new: QualifiedName, schema: Schema) -> None:
    """Call a view otherwise, everywhere where it is named."""
    if old not in schema.views:
        return
    schema.views[new] = schema.views.pop(old)
    if old in schema.made_by:
        schema.made_by[new] = schema.made_by.pop(old)
    for view, reads in list(schema.views.items()):
        if old in reads:
            schema.views[view] = tuple(new if read == old else read for read in reads)
    table = schema.change(old)
    if table is not None and table.materialized:
        schema.remove(old)
        table.name = new
        for index in table.indexes.values():
            index.table = new
        schema.put(table)


def _function(action: a.CreateFunction, schema: Schema, revision: str) -> None:
    known = schema.functions.get(action.function)
    volatility = action.volatility
    if known is not None and not action.replace:  # another one of that name: the worst of them counts
        volatility = min(known, volatility, key=_WORST.index)
    schema.functions[action.function] = volatility
    schema.made_by[action.function] = revision


def _drop_function(action: a.DropFunction, schema: Schema, revision: str) -> None:
    del revision
    schema.functions.pop(action.function, None)
    schema.made_by.pop(action.function, None)


def _variable(action: a.SetVariable, schema: Schema, revision: str) -> None:
    del revision
    if action.name in {"search_path", "all"}:
        schema.search_path = first_schema(action.value)


HANDLERS = {
    a.CreateView: _create,
    a.DropView: _drop,
    a.RenameView: _rename,
    a.CreateFunction: _function,
    a.DropFunction: _drop_function,
    a.SetVariable: _variable,
}
