<%!
    def fenced(text):
        """A fence longer than any run of backticks in the text."""
        import re
        fence = "`" * max(3, 1 + max((len(run) for run in re.findall(r"`+", text)), default=0))
        return f"{fence}text\n{text.rstrip()}\n{fence}"
%>\
# Diagnostics

Every finding has a code that never changes its meaning, and a name. `alembic-vibe explain CODE` prints the same text as
this page.

An **error** stops the run, and nothing is written. A **warning** and an **info** do not. A warning about a statement can be
silenced with a comment right above it: `-- vibe: ignore CODE reason`.

| Code | Severity | Name | |
| --- | --- | --- | --- |
% for rule in rules:
| [${rule.code}](#${rule.code.lower()}) | ${rule.severity} | `${rule.slug}` | ${rule.summary.replace("|", "\\|")} |
% endfor
% for rule in rules:

## ${rule.code}

**${rule.slug}** (${rule.severity}): ${rule.summary}

${rule.why}

What to do: ${rule.fix}
% if rule.bad:

Reported:

${fenced(rule.bad)}
% endif
% if rule.good:

Write instead:

${fenced(rule.good)}
% endif
% endfor
