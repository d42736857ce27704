import keyword

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alembic_vibe.source import Source
from alembic_vibe.spec.headings import kind_of, read_heading, slug_of, title_score
from alembic_vibe.spec.markdown import parse
from alembic_vibe.spec.model import SectionKind


@pytest.mark.parametrize(
    ("markdown", "number", "title"),
    [
        ("### 5.3 Core System Tables", "5.3", "Core System Tables"),
        ("#### 5.X.1 Primary Tables", "5.X.1", "Primary Tables"),
        ("## Section 5.P: Performance & Optimization", "5.P", "Performance & Optimization"),
        ("## section 5 - Database", "5", "Database"),
        ("# 5.s Security", "5.S", "Security"),
        ("## 5: Database", "5", "Database"),
        ("## 2FA Tables", "", "2FA Tables"),
        ("## 24/7 operation", "24", "/7 operation"),
        ("## Users and Authentication ##", "", "Users and Authentication"),
        ("## `5.4` *Orders*", "5.4", "*Orders*"),
        ("## {Feature Name} Schema", "", "{Feature Name} Schema"),
        ("## 5", "5", ""),
    ],
)
def test_numbers_and_titles(markdown: str, number: str, title: str) -> None:
    (block,) = parse(Source("x", markdown)).blocks
    heading = read_heading(block)
    assert (heading.number, heading.title) == (number, title)


@pytest.mark.parametrize(
    ("title", "score"),
    [
        ("Database Architecture & Schema Design", 3),
        ("Database Architecture", 2),
        ("DB schema", 2),
        ("Data Architecture & Schema", 2),
        ("Performance Optimization Strategy", 0),
        ("Database", 0),
        ("System Architecture", 0),
    ],
)
def test_title_score(title: str, score: int) -> None:
    assert title_score(title) == score


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Core System Tables", "core_system"),
        ("Booking & Scheduling Schema", "booking_scheduling"),
        ("Users and Authentication", "users_authentication"),
        ("Schema", "section_5_7"),
        ("{Feature Name} Schema", "section_5_7"),
        ("Gäste-Buch (neu)", "gaste_buch_neu"),
        ("User's data", "users_data"),
        ("予約", "section_5_7"),
        ("Class", "class_"),
        ("2FA", "section_2fa"),
        ("A very long title about bookings, schedules, invoices and payments", "very_long_title_about_bookings"),
    ],
)
def test_slug(title: str, slug: str) -> None:
    assert slug_of(title, "5.7", set()).startswith(slug)
    if not title.startswith("A very"):
        assert slug_of(title, "5.7", set()) == slug


@given(st.lists(st.text(max_size=60), max_size=6))
def test_slugs_are_unique_identifiers(titles: list[str]) -> None:
    taken: set[str] = set()
    slugs = [slug_of(title, "5.3", taken) for title in titles]
    assert len(set(slugs)) == len(slugs) == len(taken)
    assert all(slug.isidentifier() and slug.isascii() and not keyword.iskeyword(slug) for slug in slugs)


@pytest.mark.parametrize(
    ("number", "title", "tables", "kind"),
    [
        ("5.1", "Database Architecture Overview", False, SectionKind.OVERVIEW),
        ("5.2", "Connection and Performance Configuration", False, SectionKind.CONFIGURATION),
        ("5.1", "Users", True, SectionKind.FEATURE),
        ("5.P", "Anything", True, SectionKind.PERFORMANCE),
        ("5.M", "Anything", False, SectionKind.MIGRATION),
        ("5.S", "Anything", False, SectionKind.SECURITY),
        ("5.7", "Security Events", True, SectionKind.FEATURE),
        ("5.7", "Security & Compliance", False, SectionKind.SECURITY),
        ("5.8", "Billing", False, SectionKind.FEATURE),
        ("", "Database Migration & Versioning", False, SectionKind.MIGRATION),
        ("", "Database Performance & Optimization", False, SectionKind.PERFORMANCE),
        ("", "Connection and Performance Configuration", False, SectionKind.CONFIGURATION),
        ("", "Migration Tables", False, SectionKind.FEATURE),
    ],
)
def test_kinds(number: str, title: str, tables: bool, kind: SectionKind) -> None:
    assert kind_of(tuple(number.split(".")) if number else (), title, makes_tables=tables) is kind
