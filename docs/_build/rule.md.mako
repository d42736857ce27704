<%!
    def indented(text):
        return "\n".join(f"    {line}" if line else "" for line in text.rstrip().split("\n"))
%>\
# ${rule.slug}

${rule.code}, ${rule.severity}${" (silent unless it is switched on)" if opt_in else ""}. ${rule.summary}

${rule.why}

**What to do.** ${rule.fix}
% for number, example in enumerate(examples):
% if example.bad.strip():

${'##'} ${"Reported" if not number else "Reported as well"}
% if example.before.strip():

On these tables:

${indented(example.before.strip() if "def " in example.before else "\n".join(part.strip() + ";" for part in example.before.split(";") if part.strip()) if "$$" not in example.before else example.before.strip())}
% endif

${indented(example.bad)}

${shown(example)}

${'##'} Write instead

${indented(example.good)}
% endif
% endfor
% if hazards:

${'##'} Accepted

A line `Accepted: ${hazards[0]}: why` in the docstring of the revision accepts it\
${" (or " + ", ".join(f"`{one}`" for one in hazards[1:]) + ")" if hazards[1:] else ""}, and so does a comment on the line above:
% else:

${'##'} Accepted

A comment on the line above accepts it:
% endif

    # vibe: ignore[${rule.slug}] reason="…"
