"""SQL that several strategies share: columns and their settings, sequence options, comments, owners."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.plan.operations import Execute
from alembic_vibe.sql.compose import Literal, Name, Printed, compose

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from alembic_vibe.catalog.facts import Column, IndexKey, Options, Role, SequenceOptions, Table

_MAXIMUM = {"smallint": 32767, "integer": 2147483647, "bigint": 9223372036854775807}


def name_of(key: Key) -> Name:
    """Return the name of a relation, type or function, qualified where it must be."""
    return Name(key.schema, key.name)


def exact_name(key: Key, *, shadowed: bool) -> Name | Printed:
    """Return the name of a type or function; with ``public`` too, if PostgreSQL would find one of its own first."""
    return Printed(f"{Name(key.schema)}.{Name(key.name)}") if shadowed else name_of(key)


def signature(key: Key, *, shadowed: bool = False) -> Printed:
    """Return ``name(argument types)`` of a function or aggregate, as DROP and COMMENT want it."""
    arguments = key.member or ("*" if key.kind is Kind.AGGREGATE else "")
    return Printed(f"{exact_name(key, shadowed=shadowed)}({arguments})")


def comment_on(what: str, target: Name | Printed, text: str | None) -> Iterator[Execute]:
    """Yield ``COMMENT ON <what> <target> IS …`` if there is a comment; ``what`` is a constant such as ``TABLE``."""
    if text is not None:
        yield Execute(
            compose("COMMENT ON {what} {target} IS {text}", what=Printed(what), target=target, text=Literal(text))
        )


def owner_of(what: str, target: Name | Printed, owner: str | None) -> Iterator[Execute]:
    """Yield ``ALTER <what> <target> OWNER TO …`` if the owner is not the role that runs the migrations."""
    if owner is not None:
        yield Execute(
            compose("ALTER {what} {target} OWNER TO {owner}", what=Printed(what), target=target, owner=Name(owner))
        )


def storage_parameters(options: Options) -> Printed:
    """Return ``(name = 'value', …)`` for WITH and SET."""
    pairs = ", ".join(
        compose("{name} = {value}", name=Printed(_parameter(name)), value=Literal(value)) for name, value in options
    )
    return Printed(f"({pairs})")


def table_clauses(table: Table, options: Callable[[Options], Printed] = storage_parameters) -> Iterator[str]:
    """Yield what follows the columns in CREATE TABLE: partitioning, access method, storage parameters, tablespace.

    Args:
        table: The table.
        options: How its storage parameters are written.
    """
    if table.partition_key is not None:
        yield f"PARTITION BY {table.partition_key}"
    if table.access_method != "heap":
        yield compose("USING {method}", method=Name(table.access_method))
    if table.options:
        yield compose("WITH {options}", options=options(table.options))
    if table.tablespace is not None:
        yield compose("TABLESPACE {name}", name=Name(table.tablespace))


def role_attributes(role: Role) -> Printed:
    """Return what follows the name in CREATE ROLE."""
    words = [
        "LOGIN" if role.login else "NOLOGIN",
        "SUPERUSER" if role.superuser else "",
        "" if role.inherit else "NOINHERIT",
        "CREATEDB" if role.create_db else "",
        "CREATEROLE" if role.create_role else "",
        "REPLICATION" if role.replication else "",
        "BYPASSRLS" if role.bypass_rls else "",
        f"CONNECTION LIMIT {role.connection_limit}" if role.connection_limit >= 0 else "",
    ]
    return Printed(" ".join(word for word in words if word))


def cluster_on(table: Key, index: str) -> Execute:
    """Return ``ALTER TABLE … CLUSTER ON …``: which index CLUSTER goes by, without moving rows."""
    return Execute(compose("ALTER TABLE {table} CLUSTER ON {index}", table=name_of(table), index=Name(index)))


def key_statistics(index: Name, keys: Iterable[IndexKey]) -> Iterator[Execute]:
    """Yield the statistics targets of an index's expressions; they are counted from 1."""
    for number, key in enumerate(keys, 1):
        if key.statistics is not None:
            sql = f"ALTER INDEX {{index}} ALTER COLUMN {number} SET STATISTICS {key.statistics}"
            yield Execute(compose(sql, index=index))


def column_settings(what: str, relation: Key, column: Column) -> Iterator[Execute]:
    """Yield what CREATE cannot say of a column on every supported version; ``what`` is a constant such as ``TABLE``."""
    settings = []
    if column.storage is not None:
        settings.append(f"STORAGE {column.storage.upper()}")
    if column.compression is not None:
        settings.append(f"COMPRESSION {column.compression}")
    if column.statistics is not None:
        settings.append(f"STATISTICS {column.statistics}")
    if column.options:
        settings.append(str(storage_parameters(column.options)))
    for setting in settings:
        target = Printed(f"{what} {name_of(relation)} ALTER COLUMN {Name(column.name)}")
        yield Execute(compose("ALTER {target} SET {setting}", target=target, setting=Printed(setting)))


def _parameter(name: str) -> str:
    """Quote a storage parameter's name; ``toast.`` and other prefixes stay outside the quotes."""
    return ".".join(str(Name(part)) for part in name.split("."))


def sequence_clauses(options: SequenceOptions, *, of_type: bool = True) -> str:
    """Return the clauses of CREATE SEQUENCE that are not PostgreSQL's defaults for an ascending or descending one.

    Args:
        options: How the sequence counts.
        of_type: Whether to name the type (an identity column has it from the column).
    """
    ascending = options.increment > 0
    maximum = _MAXIMUM[options.type]
    default_minimum = 1 if ascending else -maximum - 1
    default_maximum = maximum if ascending else -1
    clauses = []
    if of_type and options.type != "bigint":
        clauses.append(f"AS {options.type}")
    if options.start != (options.minimum if ascending else options.maximum):
        clauses.append(f"START WITH {options.start}")
    if options.increment != 1:
        clauses.append(f"INCREMENT BY {options.increment}")
    if options.minimum != default_minimum:
        clauses.append(f"MINVALUE {options.minimum}")
    if options.maximum != default_maximum:
        clauses.append(f"MAXVALUE {options.maximum}")
    if options.cache != 1:
        clauses.append(f"CACHE {options.cache}")
    if options.cycle:
        clauses.append("CYCLE")
    return " ".join(clauses)


def column_definition(column: Column, *, serial: bool = False) -> Printed:
    """Return a column as CREATE TABLE and ADD COLUMN want it, without its comment.

    Args:
        column: The column.
        serial: Its sequence is the implicit one of ``serial``, so that neither type nor default are written.
    """
    parts = [str(Name(column.name)), column.type.text]
    if serial:
        parts[1] = {"smallint": "smallserial", "integer": "serial", "bigint": "bigserial"}[column.type.text]
        return Printed(" ".join(parts))
    if column.collation:
        parts.append(f"COLLATE {column.collation}")
    if column.generated:
        parts.append(f"GENERATED ALWAYS AS ({column.default}) {column.generated.upper()}")
    elif column.identity:
        parts.append(f"GENERATED {column.identity.upper()} AS IDENTITY")
        clauses = sequence_clauses(column.identity_options, of_type=False) if column.identity_options else ""
        if clauses:
            parts.append(f"({clauses})")
    elif column.default is not None:
        parts.append(f"DEFAULT {column.default}")
    if column.not_null:
        parts.append("NOT NULL")
    return Printed(" ".join(parts))


_RENAME_NOT_NULL = """\
DO $$
BEGIN
    IF current_setting('server_version_num')::integer >= 180000 THEN
        ALTER TABLE {table} RENAME CONSTRAINT {usual} TO {name};
    END IF;
END
$$"""


def rename_not_null(table: Key, column: Column) -> str:
    """Return the renaming of a NOT NULL constraint that has a name of its own.

    PostgreSQL 18 keeps NOT NULL as named constraints; older servers have none to rename.
    """
    usual = Name(f"{table.name}_{column.name}_not_null")
    return compose(_RENAME_NOT_NULL, table=name_of(table), usual=usual, name=Name(column.not_null_name or ""))
