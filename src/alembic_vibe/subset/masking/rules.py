"""What can be wrong with a classification, and what masks can fail of."""

from __future__ import annotations

from alembic_vibe.diagnostics import Rule, Severity

UNREADABLE = Rule(
    code="AV660",
    slug="mask-file-unreadable",
    severity=Severity.ERROR,
    summary="The classification of a subset cannot be read.",
    why="It is TOML: a table for each table of the database, named [schema.table], and in it a mask for each column.",
    fix='Write column = "mask" below [schema.table].',
    bad='[public.users]\nemail = ["email"]',
    good='[public.users]\nemail = "email"',
)
UNCLASSIFIED = Rule(
    code="AV661",
    slug="mask-column-unclassified",
    severity=Severity.ERROR,
    summary="A column that could hold personal data is not in the classification; its values are replaced.",
    why="What nobody has looked at must not leave. Columns of texts, json, xml, network addresses and bytes, "
    "and what is made of these, are replaced unless the classification says otherwise.",
    fix="Add the line to the classification, or let `alembic-vibe subset --write` suggest one.",
    bad="[public.users]\n# nothing about nickname",
    good='[public.users]\nnickname = "username"',
)
STALE = Rule(
    code="AV662",
    slug="mask-column-gone",
    severity=Severity.ERROR,
    summary="The classification names a table or column that the database does not have.",
    why="It was dropped or renamed; under its new name it may hold the same data without a mask.",
    fix="Delete the line, or change it to the new name.",
    bad='[public.users]\ne_mail = "email"  # renamed to email',
    good='[public.users]\nemail = "email"',
)
UNKNOWN = Rule(
    code="AV663",
    slug="mask-unknown",
    severity=Severity.ERROR,
    summary="The classification asks for a mask that does not exist.",
    why="A misspelt mask must not become no mask.",
    fix="Take one of the masks that docs/subset.md lists.",
    bad='[public.users]\nemail = "e-mail"',
    good='[public.users]\nemail = "email"',
)
MISFIT = Rule(
    code="AV664",
    slug="mask-does-not-fit",
    severity=Severity.ERROR,
    summary="A mask does not fit its column.",
    why="Its values would not be of the column's type, or break its NOT NULL or UNIQUE.",
    fix="Take a mask that fits the type of the column; null only where NULL is allowed, and constant, empty and null "
    "never where values must differ.",
    bad='[public.users]\nborn_on = "email"  # a date',
    good='[public.users]\nborn_on = "date_shift"',
)
DIFFERENT = Rule(
    code="AV665",
    slug="mask-breaks-reference",
    severity=Severity.ERROR,
    summary="A column is masked otherwise than the column that it refers to.",
    why="A foreign key only holds if both sides are masked alike, so the column that is referred to decides.",
    fix="Delete the line; the column follows what it refers to.",
    bad='[public.users]\nemail = "email"\n[public.notes]\nuser_email = "text"  # REFERENCES users (email)',
    good='[public.users]\nemail = "email"',
)
IMPOSSIBLE = Rule(
    code="AV666",
    slug="mask-cannot-satisfy-check",
    severity=Severity.ERROR,
    summary="No mask was found that satisfies the constraints of a column.",
    why="The masks of its kind, permutations of the characters and samples of the CHECK's patterns were tried.",
    fix="Classify the column as null, as constant:… with a value that the CHECK accepts, or as keep if it says nothing "
    "about anybody.",
    bad="[public.badges]\nlevel = \"text\"  # CHECK (level = 'gold' OR level LIKE 'custom-%')",
    good='[public.badges]\nlevel = "keep"',
)
LEAK = Rule(
    code="AV667",
    slug="mask-original-in-output",
    severity=Severity.ERROR,
    summary="The original of a masked column was found in the output.",
    why="The same value is in another column as well, alone or within a longer text, and that column is kept.",
    fix="Classify the column in which it was found. As an error it has kept the run from writing anything.",
    bad='[public.users]\nemail = "email"\n[public.logs]\nline = "keep"  # "login of anna@…"',
    good='[public.users]\nemail = "email"\n[public.logs]\nline = "text"',
)
RULES = (UNREADABLE, UNCLASSIFIED, STALE, UNKNOWN, MISFIT, DIFFERENT, IMPOSSIBLE, LEAK)
