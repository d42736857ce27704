"""The connection, the inspector and the migration context that a revision gets instead of those of a database."""

from __future__ import annotations

from contextlib import contextmanager
from copy import copy
from functools import cache
from typing import TYPE_CHECKING, Any, Self

from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspection, text
from sqlalchemy.engine.mock import MockConnection
from sqlalchemy.exc import CompileError, SQLAlchemyError
from sqlalchemy.schema import DDLElement
from sqlalchemy.sql.elements import ClauseElement
from sqlalchemy.types import to_instance

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.lint.emit.recorder import Recorder
    from alembic_vibe.lint.emit.unknown import Unknown


class Bind(MockConnection):
    """What ``op.get_bind()`` returns: it keeps what is executed, and knows no answers."""

    def __init__(self, dialect: Any, recorder: Recorder) -> None:
        super().__init__(dialect, self._keep)
        self.recorder = recorder

    def _keep(self, construct: Any, parameters: Any = None, *_: Any, **__: Any) -> Unknown:
        return self.recorder.record(sql_of(construct, self.dialect, parameters))

    def execute(self, obj: Any, parameters: Any = None, *_: Any, **__: Any) -> Any:
        """Keep a statement."""
        return self._keep(obj, parameters)

    def exec_driver_sql(self, statement: str, *_: Any, **__: Any) -> Any:
        """Keep a statement that is text."""
        return self.recorder.record(statement.strip().rstrip(";"))

    def scalar(self, obj: Any, parameters: Any = None, **_: Any) -> Any:
        """Keep a query; its value is unknown."""
        return self._keep(obj, parameters).scalar()

    def scalars(self, obj: Any, parameters: Any = None, **_: Any) -> Any:
        """Keep a query; its values are unknown."""
        return self._keep(obj, parameters).scalars()

    def in_transaction(self) -> bool:
        """Revisions run in a transaction, but in an autocommit block."""
        return not self.recorder.autocommit

    @contextmanager
    def begin(self) -> Iterator[Bind]:
        """A transaction within the revision's own."""
        yield self

    begin_nested = begin

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def commit(self) -> None:
        """Keep a COMMIT."""
        self.recorder.record("COMMIT")

    def rollback(self) -> None:
        """Keep a ROLLBACK."""
        self.recorder.record("ROLLBACK")

    def close(self) -> None:
        """Nothing is open."""

    def invalidate(self, *_: Any) -> None:
        """Nothing is open."""

    @property
    def closed(self) -> bool:
        """It is always open."""
        return False

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(self.recorder.unknown(), name)


def _inspector(bind: Bind) -> Unknown:
    found = bind.recorder.unknown()
    found.__dict__.update(bind=bind, engine=bind, dialect=bind.dialect)  # what it can say without a database
    return found


# ``sa.inspect(op.get_bind())`` answers with what is unknown, instead of failing.
inspection._inspects(Bind)(_inspector)


def sql_of(construct: Any, dialect: Any, parameters: Any = None) -> str:
    """Return the SQL of anything that can be executed, with its values written in where they can be."""
    if isinstance(construct, str):
        construct = text(construct)
    if not isinstance(construct, ClauseElement):
        construct = text(str(construct))
    if isinstance(construct, DDLElement):
        return str(construct.compile(dialect=dialect)).strip().rstrip(";")
    if isinstance(parameters, dict) and parameters and hasattr(construct, "bindparams"):
        known = {name: parameters[name] for name in parameters if name in construct._bindparams}
        construct = construct.bindparams(**known)
        parameters = None
    keys = list(parameters[0] if isinstance(parameters, list) and parameters else parameters or ()) or None
    if keys is None:
        try:
            compiled = construct.compile(dialect=dialect, compile_kwargs={"literal_binds": True})
            return str(compiled).replace("\t", "    ").strip().rstrip(";")
        except (CompileError, NotImplementedError, AttributeError, SQLAlchemyError, TypeError, ValueError):
            pass  # a value that has no literal form, such as one that is not given
    numbered = type(dialect)(paramstyle="numeric_dollar")
    return str(construct.compile(dialect=numbered, column_keys=keys)).strip().rstrip(";")


def migration_context(recorder: Recorder) -> MigrationContext:
    """Return a context in which operations are kept instead of carried out, as on a database that is connected."""
    context = _fresh_context()
    bind = Bind(context.dialect, recorder)
    impl = context.impl

    def execute(construct: Any, _options: Any = None, multiparams: Any = None, params: Any = None) -> Unknown:
        return recorder.record(sql_of(construct, context.dialect, multiparams or params or None))

    @contextmanager
    def autocommit_block() -> Iterator[None]:
        before, recorder.autocommit = recorder.autocommit, True
        try:
            yield
        finally:
            recorder.autocommit = before

    altering = impl.alter_column

    def alter_column(*args: Any, existing_type: Any = None, **kwargs: Any) -> None:
        recorder.existing_type = _type_text(existing_type, context.dialect)
        try:
            altering(*args, existing_type=existing_type, **kwargs)
        finally:
            recorder.existing_type = ""

    def ask(*_: Any, **__: Any) -> Unknown:
        return recorder.unknown()

    # A revision behaves as on a real connection (`if context.as_sql` is how it avoids one).
    changes: dict[Any, dict[str, Any]] = {
        context.dialect: dict.fromkeys(("has_table", "has_index", "has_sequence", "has_schema", "has_type"), ask),
        impl: {"connection": bind, "as_sql": False, "_exec": execute, "alter_column": alter_column},
        context: {"connection": bind, "as_sql": False, "autocommit_block": autocommit_block},
    }
    for target, attributes in changes.items():
        for name, value in attributes.items():
            setattr(target, name, value)
    return context


def _fresh_context() -> MigrationContext:
    """Return a context that no revision has seen; copies of one are made in a tenth of the time."""
    context = copy(_context())
    context.opts = dict(context.opts)
    context.dialect = copy(context.dialect)
    context.impl = copy(context.impl)
    context.impl.dialect, context.impl.context_opts, context.impl.memo = context.dialect, context.opts, {}
    return context


@cache
def _context() -> MigrationContext:
    return MigrationContext.configure(
        dialect_name="postgresql",
        dialect_opts={"paramstyle": "named"},
        opts={"as_sql": True, "literal_binds": True, "transactional_ddl": True, "output_buffer": _Nowhere()},
    )


def _type_text(type_: Any, dialect: Any) -> str:
    """Return a type as SQL, "" where there is none or its module is not installed."""
    try:
        return "" if type_ is None else str(to_instance(type_).compile(dialect=dialect))
    except Exception:  # noqa: BLE001 - the project's own types may raise anything
        return ""


class _Nowhere:
    def write(self, _text: str) -> None:
        """Nothing is printed."""

    def flush(self) -> None:
        """Nothing is printed."""
