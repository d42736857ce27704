[alembic]
script_location = ${script_location}
prepend_sys_path = .
path_separator = os

# The module whose Base.metadata env.py compares the database with.
models = ${context.get("models", "app.models")}

# The database, unless DATABASE_URL is set. Keep passwords out of this file.
# sqlalchemy.url = postgresql://user@localhost/database

# What one statement may wait for a lock, and take in all, where a revision does not say itself. PostgreSQL's units;
# 0 is no limit. These travel as options of the connection, and a lock is held by its session: connect to the server
# itself, not to a pooler that shares sessions.
lock_timeout = 5s
statement_timeout = 1h

# How often a revision that did not get a lock is tried again, and the seconds before the first time; they double.
migration_retries = 5
migration_retry_pause = 1

# Seconds to wait for another process that is migrating the same database.
migration_wait = 600

# The role that owns what revisions make (SET ROLE); whoever connects must be a member of it.
<%
    owner = context.get("owner")
%>\
% if owner and owner.made:
# The specification makes it, so it can be set when the first revisions have run; until then they give it what is its.
# migration_role = ${owner.role}
% elif owner:
migration_role = ${owner.role.replace("%", "%%")}
% else:
# migration_role = app_owner
% endif

[loggers]
keys = root,sqlalchemy,alembic

[handlers]
keys = console

[formatters]
keys = generic

[logger_root]
level = WARNING
handlers = console
qualname =

[logger_sqlalchemy]
level = WARNING
handlers =
qualname = sqlalchemy.engine

[logger_alembic]
level = INFO
handlers =
qualname = alembic

[handler_console]
class = StreamHandler
args = (sys.stderr,)
level = NOTSET
formatter = generic

[formatter_generic]
format = %(levelname)-5.5s [%(name)s] %(message)s
datefmt = %H:%M:%S
