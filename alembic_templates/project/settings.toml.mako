[tool.alembic-vibe]
spec = "${spec}"
package = "${package}"
