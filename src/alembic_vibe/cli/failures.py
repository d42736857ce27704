"""The ways in which a command line fails before or beside the work itself."""

from __future__ import annotations

from alembic_vibe.diagnostics import Rule, Severity

USAGE = Rule(
    code="AV010",
    slug="usage",
    severity=Severity.ERROR,
    summary="The command line is wrong.",
    why="An option or argument is unknown, missing, or has an impossible value.",
    fix="`alembic-vibe COMMAND --help` lists what the command takes.",
    bad="alembic-vibe generate --phase shrink",
    good="alembic-vibe generate --phase contract",
)
OPERATING_SYSTEM = Rule(
    code="AV011",
    slug="operating-system",
    severity=Severity.ERROR,
    summary="The operating system refused to read or write a file.",
    why="A folder without permission, a full disk, or a read-only file system.",
    fix="Check the path, its owner and the free space, then run the command again; nothing was left half-written.",
    bad="alembic-vibe init /",
    good="alembic-vibe init shop",
)
INTERNAL_ERROR = Rule(
    code="AV012",
    slug="internal-error",
    severity=Severity.ERROR,
    summary="alembic-vibe itself failed.",
    why="A state that nobody foresaw. It is never the user's mistake, whatever the input was.",
    fix="Run again with -v for the traceback, and report it with the spec that causes it.",
    bad="",
    good="",
)
FILES_EXIST = Rule(
    code="AV013",
    slug="files-exist",
    severity=Severity.ERROR,
    summary="`init` would overwrite files.",
    why="`init` makes a new project. What is there already may be somebody's work, so it is left as it is.",
    fix="Choose another folder, or move these files away first.",
    bad="alembic-vibe init .   # beside an existing alembic.ini",
    good="alembic-vibe init shop",
)
UNKNOWN_CODE = Rule(
    code="AV014",
    slug="unknown-code",
    severity=Severity.ERROR,
    summary="There is no diagnostic of that code or name.",
    why="`explain` knows the codes that are printed in brackets, such as AV001, and the names beside them.",
    fix="`alembic-vibe explain` without a code lists them all.",
    bad="alembic-vibe explain AV999",
    good="alembic-vibe explain AV001",
)
DEMO_FAILED = Rule(
    code="AV015",
    slug="demonstration-failed",
    severity=Severity.ERROR,
    summary="The demonstration did not end as it should.",
    why="The sample project is part of alembic-vibe and works on every supported PostgreSQL.",
    fix="If `--scratch-url` names a server of yours, try without it; otherwise report it with this output.",
    bad="",
    good="",
)
RULES = (USAGE, OPERATING_SYSTEM, INTERNAL_ERROR, FILES_EXIST, UNKNOWN_CODE, DEMO_FAILED)
