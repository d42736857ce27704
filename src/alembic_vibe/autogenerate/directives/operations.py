"""Operations for the revisions that are written, and how each prints itself as plain Alembic.

They exist only while a revision is being written: no revision contains them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

from alembic.autogenerate import render as alembic_render
from alembic.autogenerate import renderers
from alembic.operations import ops
from alembic.util import CommandError

if TYPE_CHECKING:
    from alembic.autogenerate.api import AutogenContext
    from mako.lookup import TemplateLookup


class _Written(ops.MigrateOperation):
    def reverse(self) -> ops.MigrateOperation:
        return Nothing()

    def to_diff_tuple(self) -> tuple[Any, ...]:
        return ("safe_directives", type(self).__name__.lower(), repr(self))


@dataclass(eq=False)
class Statement(_Written):
    """A statement of SQL."""

    sql: str


@dataclass(eq=False)
class Autocommit(_Written):
    """Operations that run outside a transaction; each commits by itself."""

    operations: tuple[ops.MigrateOperation, ...]


@dataclass(eq=False)
class NotValid(_Written):
    """A foreign key or CHECK that is added without a look at the rows."""

    operation: ops.CreateForeignKeyOp | ops.CreateCheckConstraintOp


@dataclass(eq=False)
class Comment(_Written):
    """Lines for whoever reviews the revision."""

    text: str


@dataclass(eq=False)
class Nothing(_Written):
    """A function that does nothing, and says why."""

    text: str = "Nothing to undo: what this revision checked or filled goes with the revisions before it."


@dataclass(eq=False)
class Refusal(_Written):
    """What no revision can be written for: printing it ends the command before any file is written."""

    message: str


@renderers.dispatch_for(Statement)
def _statement(context: AutogenContext, operation: Statement) -> str:
    from alembic_vibe.render.code import layout, needs_dedent
    from alembic_vibe.render.operations import execute

    call = execute(operation.sql)
    if needs_dedent(call):
        context.imports.add("from textwrap import dedent")
    return layout(replace(call, function=call.function.replace("op.", _prefix(context), 1)), 0, 0, 0)


def _prefix(context: AutogenContext) -> str:
    return context.opts["alembic_module_prefix"] or ""


@renderers.dispatch_for(Autocommit)
def _autocommit(context: AutogenContext, operation: Autocommit) -> str:
    lines = [line for one in operation.operations for line in alembic_render.render_op(context, one)]
    return template("autocommit", prefix=_prefix(context), lines=lines)


@renderers.dispatch_for(NotValid)
def _not_valid(context: AutogenContext, operation: NotValid) -> str:
    inner = operation.operation
    prefix = _prefix(context)
    name = alembic_render._render_gen_name(context, inner.constraint_name)
    if isinstance(inner, ops.CreateForeignKeyOp):
        kwargs = {name: value for name, value in inner.kw.items() if value is not None and name != "use_alter"}
        kwargs["postgresql_not_valid"] = True
        return template("foreign_key", prefix=prefix, name=name, operation=inner, kwargs=kwargs)
    from alembic_vibe.autogenerate.directives.situation import sql_text
    from alembic_vibe.render.code import layout
    from alembic_vibe.render.texts import plain_or_text

    condition = layout(plain_or_text(sql_text(inner.condition)), 4, 0, 1)
    return template("check", prefix=prefix, name=name, operation=inner, condition=condition)


@renderers.dispatch_for(Comment)
def _comment(context: AutogenContext, operation: Comment) -> list[str]:  # noqa: ARG001 - Alembic passes it
    return template("comment", text=operation.text).splitlines()


@renderers.dispatch_for(Nothing)
def _nothing(context: AutogenContext, operation: Nothing) -> list[str]:  # noqa: ARG001 - Alembic passes it
    return [*template("comment", text=operation.text).splitlines(), "pass"]


@renderers.dispatch_for(Refusal)
def _refusal(context: AutogenContext, operation: Refusal) -> str:  # noqa: ARG001 - Alembic passes it
    raise CommandError(operation.message)


@cache
def _lookup() -> TemplateLookup:
    from mako.lookup import TemplateLookup

    from alembic_vibe.templates import template_dir

    return TemplateLookup(directories=[str(template_dir())], strict_undefined=True, input_encoding="utf-8")


def template(file: str, **values: object) -> str:
    """Return a text from ``alembic_templates/directives``; names and literals quote themselves when printed."""
    text: str = _lookup().get_template(f"directives/{file}.mako").render_unicode(**values)
    return text.strip("\n")
