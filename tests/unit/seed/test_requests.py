"""What the seeding strategy asks for, however people put it."""

from __future__ import annotations

import pytest

from alembic_vibe.seed.standards import asked_for
from alembic_vibe.seed.standards.requests import requests
from alembic_vibe.source import Source
from alembic_vibe.spec.reader import read_spec_text

HEAD = (
    "## 5. Database\n**Primary Database:** PostgreSQL 15+\n\n### 5.3 Core\n```sql\nCREATE TABLE t (id int);\n```\n\n"
    "### 5.M Database Migration & Versioning\n\n#### 5.M.3 Data Seeding Strategy\n"
)


def asked(text: str) -> list[tuple[str, str, bool]]:
    """Return subject, phrase and whether all are asked for; each request is found where it stands."""
    source = Source("spec.md", HEAD + text)
    spec = read_spec_text(source).spec
    assert spec is not None
    found = requests(spec)
    for request in found:
        assert source.text[request.span.start : request.span.end].lower().find(request.phrase.lower()) >= 0
    return [(request.subject, request.phrase, request.whole) for request in found]


@pytest.mark.parametrize(
    ("text", "subjects"),
    [
        (
            "**Reference Data:** Countries, currencies, time zones, feature flags",
            "countries|currencies|time zones|feature flags",
        ),
        (
            "**Reference data**: Timezones (tzdata) / ISO-4217 currency codes & country list",
            "time zones|currencies|countries",
        ),
        ("- **Lookup tables:** currencies; timezones and feature toggles", "currencies|time zones|feature flags"),
        ("**Seed Data:**\n- ISO 3166 countries\n- Currencies: ISO 4217 with minor units", "countries|currencies"),
        ("- Reference data: countries and currencies", "countries|currencies"),
        ("**Countries:** from ISO 3166\n**Feature Flags:** `a_b`", "countries|feature flags"),
        ("| Data | Source |\n|---|---|\n| Reference data | Countries |", "countries"),
        ("**Reference Data:** Country tax rates, currency exchange rates, supported countries", ""),
        ("**Development Data:** Countries of customers, anonymized", ""),
        ("**Reference Data:** [Countries / Currencies / {others}]", ""),
    ],
)
def test_subjects_are_known_by_their_names(text: str, subjects: str) -> None:
    assert "|".join(subject for subject, *_ in asked(text) if subject) == subjects


def test_what_nobody_knows_is_asked_for_as_well_but_sentences_are_not() -> None:
    text = (
        "**Reference Data:** Product categories, user roles, tax rates (EU), and whatever else the business deems fit\n"
        "**Test Data:** Comprehensive test data sets"
    )
    assert asked(text) == [("", "Product categories", False), ("", "tax rates (EU)", False)]


def test_all_of_a_standard_is_asked_for_by_words_that_say_so() -> None:
    text = "**Reference Data:**\n- All countries\n- Currencies (ISO 4217)\n- the complete list of time zones"
    assert [whole for *_, whole in asked(text)] == [True, False, True]


def test_what_is_asked_for_changes_with_subjects_and_listed_flags_only() -> None:
    def told(text: str) -> str:
        spec = read_spec_text(Source("spec.md", HEAD + text)).spec
        assert spec is not None
        return asked_for(spec)

    one = told("**Reference Data:** Countries, feature flags\n**Feature Flags:** `a_b`, `c_d`")
    assert one == told(
        "Prose.\n\n**Reference  data**: feature flags, countries\n\n**Feature Flags:**\n- `a_b`\n- `c_d`"
    )
    assert one != told("**Reference Data:** Countries, feature flags\n**Feature Flags:** `a_b`, `c_d` (on)")
    assert one != told("**Reference Data:** Feature flags\n**Feature Flags:** `a_b`, `c_d`")
    assert told("**Test Data:** Comprehensive") == ""
