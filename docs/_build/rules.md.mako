# Rules of the linter

Each rule has a page with an example that does the harm and one that does not; a test carries both out on PostgreSQL.
`alembic-vibe explain NAME` prints the same.

| Rule | Code | Severity | |
| --- | --- | --- | --- |
% for module in modules:
| [${module.RULE.slug}](rules/${module.RULE.slug}.md) | ${module.RULE.code} | ${"off" if getattr(module, "OPT_IN", False) else module.RULE.severity} | ${module.RULE.summary.replace("|", "\\|")} |
% endfor
