"""Lists in the document: names below headings and labels, however they are written."""

from __future__ import annotations

import re

import pytest

from alembic_vibe.seed.standards.lists import find_lists
from alembic_vibe.source import Source, Span
from alembic_vibe.spec.model import Spec

FLAGS = re.compile(r"(?:default )?feature (?:flags?|toggles?)")
WRITTEN = {
    "label": "**Feature Flags:** `new_checkout` (on), `beta_search` and `dark-mode`",
    "label, then a list": "**Feature flags:**\n- `new_checkout`: on\n- `beta_search` - off\n- dark-mode",
    "label, a sentence, then a list": "**Flags:** none yet\n**Feature flags:** What ships dark, by name\n\n"
    "- `new_checkout`: on\n- `beta_search` - off\n- dark-mode",
    "heading, list": "#### 5.M.4 Feature Flags\n\nWhat ships dark:\n\n- **new_checkout** — the new one\n"
    "- All flags are off by default.\n- beta_search (off)\n- dark-mode\n\n#### Other\n- `not_this`",
    "heading, table": "## Feature toggles\n\n| Flag | Default | Description |\n|---|---|---|\n"
    "| `new_checkout` | on | New |\n"
    "| beta_search | off | |\n| dark-mode | off | Dark |",
    "list item": "- Reference data\n  - Countries\n  - Feature flags: new_checkout, beta_search, dark-mode\n"
    "  - Others: a_b, c_d",
    "nested list": "**Reference Data:**\n- Countries\n- Feature flags:\n"
    "  - new_checkout\n  - beta_search\n  - dark-mode\n"
    "- Roles",
    "label below its heading": "### Feature Flags\n**Default feature flags:** new_checkout, beta_search, dark-mode",
}


def spec_of(text: str) -> Spec:
    source = Source("spec.md", text)
    return Spec(source=source, span=Span(0, len(text)), title="")


@pytest.mark.parametrize("style", WRITTEN)
def test_names_are_read_however_they_are_written(style: str) -> None:
    names = [entry.name for found in find_lists(spec_of(WRITTEN[style]), FLAGS) for entry in found.entries]
    assert names == ["new_checkout", "beta_search", "dark-mode"]


@pytest.mark.parametrize(
    "text",
    [
        "**Feature Flags:** Managed in an external service",
        "**Feature Flags:** LaunchDarkly",
        "- Redis for frequently accessed data (user sessions, feature flags)",
        "### Feature flags\n\n| Column | Type |\n|---|---|\n| key | text |\n\n```sql\nSELECT 1;\n```",
        "### Feature flags\n- Flags are evaluated in order\n- Every change is logged",
    ],
)
def test_prose_is_no_list(text: str) -> None:
    assert find_lists(spec_of(text), FLAGS) == ()


def test_what_is_said_of_a_name_is_kept() -> None:
    roles = re.compile("user roles")
    text = "### User roles\n- **admin**: may do everything\n  - `users:write`\n  - `users:read`\n- viewer (reads)\n"
    (found,) = find_lists(spec_of(text), roles)
    assert [(entry.name, entry.text, entry.children) for entry in found.entries] == [
        ("admin", "may do everything", ("`users:write`", "`users:read`")),
        ("viewer", "(reads)", ()),
    ]
    assert text[found.entries[1].span.start :].startswith("viewer")
    table = "### User roles\n\n| Role | Permissions |\n|---|---|\n| `admin` | `a:read`, `a:write` |\n"
    (found,) = find_lists(spec_of(table), roles)
    assert found.entries[0].cells == {"role": "admin", "permissions": "a:read, a:write"}
    assert found.entries[0].marked
