"""The metadata of a Flask application: env.py of Flask-Migrate asks the running application for it."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from alembic_vibe.adopt.origins import Origins, called

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.adopt.modules import Modules
    from alembic_vibe.adopt.origins import Origin


def flask_databases(modules: Modules) -> Iterator[Origin]:
    """Yield what the project hands to ``Migrate(app, db)`` or ``migrate.init_app(app, db)`` (Flask-Migrate, Usage)."""
    origins = Origins(modules)
    for path in modules.mentioning(b"Migrate", b"migrate"):
        module = modules.at(path)
        if module is None:
            continue
        for call in ast.walk(module.tree):
            if not isinstance(call, ast.Call) or not _is_migrate(call):
                continue
            given = {keyword.arg: keyword.value for keyword in call.keywords}
            database = given.get("db") or (call.args[1] if len(call.args) > 1 else None)
            if database is not None:
                yield from origins.of_base(module, database)


def _is_migrate(call: ast.Call) -> bool:
    if called(call) == "Migrate":
        return True
    match call.func:
        case ast.Attribute(value=ast.Name(id=name), attr="init_app"):
            return "migrate" in name.lower()
    return False
