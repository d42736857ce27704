[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "${distribution}"
version = "0.1.0"
description = "${title}"
requires-python = ">=3.11"
dependencies = [
  "alembic>=1.13.3",
% if asynchronous:
  "sqlalchemy[asyncio]>=2.0.30",
% else:
  "sqlalchemy>=2.0.30",
% endif
  "psycopg[binary]>=3.2",
]

[dependency-groups]
dev = ["alembic-vibe", "pytest>=8"]

[tool.hatch.build.targets.wheel]
packages = ["${package}"]

<%include file="settings.toml.mako"/>\
