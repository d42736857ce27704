"""What the rules of other linters mean in our words, generously: a rule that warns of the same harm counts as found.

What a linter says of style (types to prefer, ``IF NOT EXISTS``) has no counterpart here, and counts neither as found
nor as a false alarm. What it says of what it cannot know (the time-outs of the session) counts only as found.
"""

from __future__ import annotations

_GONE = frozenset({"downgrade-loses-data", "contract-without-expand"})
_INLINE = frozenset({"add-column-inline-fk", "add-column-inline-check"})

SQUAWK = {
    "require-concurrent-index-creation": {"index-not-concurrent"},
    "require-concurrent-index-deletion": {"drop-index-not-concurrent"},
    "require-concurrent-reindex": {"reindex-not-concurrent"},
    "require-concurrent-partition-detach": {"partition-detach"},
    "ban-concurrent-index-creation-in-transaction": {"concurrently-in-transaction"},
    "adding-not-nullable-field": {"set-not-null", "add-column-not-null-no-default", "add-column-identity-serial"},
    "adding-required-field": {"add-column-not-null-no-default", "add-column-identity-serial"},
    "adding-field-with-default": {
        "add-column-volatile-default",
        "add-column-stored-generated",
        "add-column-identity-serial",
    },
    "adding-serial-primary-key-field": {"pk-without-index", "add-column-identity-serial", "pk-using-nullable-index"},
    "changing-column-type": {"column-type-rewrite", "column-type-reindex", "downgrade-loses-data"},
    "adding-foreign-key-constraint": {"fk-not-valid", "add-column-inline-fk"},
    "constraint-missing-not-valid": {
        "check-not-valid",
        "fk-not-valid",
        "exclusion-constraint",
        "validate-same-transaction",
        "set-not-null",
        *_INLINE,
    },
    "disallowed-unique-constraint": {"unique-without-index", "add-column-inline-unique"},
    "ban-drop-column": {"drop-column", *_GONE},
    "ban-drop-table": {"drop-table", *_GONE},
    "ban-drop-not-null": {"drop-not-null"},
    "ban-drop-default": {"drop-default"},
    "ban-drop-type": {"drop-type"},
    "ban-set-schema": {"set-schema"},
    "ban-drop-constraint": {"drop-constraint-fk"},
    "ban-disable-trigger": {"trigger-lock"},
    "ban-truncate-cascade": {"truncate"},
    "renaming-column": {"rename-column"},
    "renaming-table": {"rename-table"},
    "renaming-object": {"rename-enum-value"},
    "prefer-repack": {"heavy-maintenance"},
    "identifier-too-long": {"identifier-too-long"},
    "require-lock-timeout": {"lock-timeout-missing"},
    "require-timeout-settings": {"lock-timeout-missing"},
}

# Off unless they are asked for, and about a harm of the corpus.
SQUAWK_OPT_IN = (
    "ban-disable-trigger",
    "ban-drop-constraint",
    "ban-drop-default",
    "ban-drop-type",
    "ban-set-schema",
    "identifier-too-long",
    "renaming-object",
    "require-concurrent-partition-detach",
    "require-concurrent-reindex",
)

ALEMBIC_GUARD = {
    "AG001": {"add-column-not-null-no-default", "add-column-identity-serial"},
    "AG002": {"index-not-concurrent"},
    "AG003": {"concurrently-in-transaction"},
    "AG004": {"rename-column", "rename-table", "set-schema"},
    "AG005": {"drop-column", "drop-table", *_GONE},
    "AG006": {"column-type-rewrite", "column-type-reindex", "downgrade-loses-data"},
    "AG007": {"set-not-null"},
    "AG008": {"fk-not-valid", "check-not-valid", "validate-same-transaction", "exclusion-constraint", *_INLINE},
    "AG009": {"add-column-volatile-default", "add-column-identity-serial", "add-column-stored-generated"},
    "AG010": {"unique-without-index", "pk-without-index", "pk-using-nullable-index", "add-column-inline-unique"},
}

ZDM = {
    "R001": {"index-not-concurrent"},
    "R002": {"unique-without-index", "pk-without-index", "pk-using-nullable-index", "add-column-inline-unique"},
    "R003": {"index-not-concurrent"},
    "R004": {"concurrently-in-transaction", "concurrently-not-alone", "validate-same-transaction"},
    "R005": {"drop-column", *_GONE},
    "R006": {"fk-not-valid", "add-column-inline-fk"},
    "R010": {"add-column-not-null-no-default", "add-column-identity-serial"},
    "R011": {"rename-column"},
    "R012": {"missing-downgrade"},
    "R013": {"missing-downgrade"},
    "R015": {"set-not-null"},
    "R016": {"drop-index-not-concurrent", "reindex-not-concurrent"},
    "R017": {"check-not-valid", "exclusion-constraint", "fk-not-valid", "validate-same-transaction", *_INLINE},
    "R018": {"index-not-concurrent"},
    "R019": {"rename-table", "drop-table", "set-schema", *_GONE},
}

ALEMBIC_MIGRATION_LINTER = {
    "ADD_UNIQUE": {"unique-without-index", "pk-without-index", "pk-using-nullable-index", "add-column-inline-unique"},
    "ALTER_COLUMN": {"column-type-rewrite", "column-type-reindex"},
    "CREATE_INDEX": {"index-not-concurrent"},
    "CREATE_INDEX_EXCLUSIVE": {"index-not-concurrent", "scan-after-strong-lock"},
    "DROP_COLUMN": {"drop-column", "contract-without-expand"},
    "DROP_INDEX": {"drop-index-not-concurrent"},
    "DROP_TABLE": {"drop-table"},
    "NOT_NULL": {"add-column-not-null-no-default", "set-not-null", "add-column-identity-serial"},
    "REINDEX": {"reindex-not-concurrent"},
    "RENAME_COLUMN": {"rename-column"},
    "RENAME_TABLE": {"rename-table"},
}

# The environment sets time-outs for the whole session, which one file of SQL does not show.
NOT_HELD_AGAINST = frozenset({"require-lock-timeout", "require-timeout-settings"})
