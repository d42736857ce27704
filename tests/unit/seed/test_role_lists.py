from __future__ import annotations

import pytest

from alembic_vibe.seed.role_lists import listed_roles, roles_asked_for
from alembic_vibe.source import Source
from alembic_vibe.spec.reader import read_spec_text

HEAD = (
    "## 5. Database Architecture & Schema Design\n**Primary Database:** PostgreSQL 15+\n\n"
    "### 5.3 Core\n```sql\nCREATE TABLE roles (name text PRIMARY KEY);\n```\n\n"
)
SEEDING = "### 5.M Migration\n#### 5.M.3 Data Seeding Strategy\n"
SECURITY = "### 5.S Security\n#### 5.S.1 Access Control\n"


def roles(text: str) -> dict[str, tuple[str, ...]]:
    spec = read_spec_text(Source("docs/spec.md", HEAD + text)).spec
    assert spec is not None
    found = listed_roles(spec)
    assert bool(roles_asked_for(spec)) == bool(found)
    return {role.name: (role.description, *role.permissions) for role in found}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            SEEDING + "**User Roles:**\n- editor: posts:read, posts:write\n- `Viewer`: `posts:read`\n"
            "- **Super Admin**: full access\n- **Support agent**: answers questions (tickets:*, users:read)\n- guest\n",
            {
                "editor": ("", "posts:read", "posts:write"),
                "Viewer": ("", "posts:read"),
                "super_admin": ("full access", "*"),
                "support_agent": ("answers questions", "tickets:*", "users:read"),
                "guest": ("",),
            },
        ),
        (
            SECURITY + "**Database Users:**\n- Admin user: Full access\n\n#### User Roles and Permissions\n\n"
            "| Role | Description | Permissions |\n|---|---|---|\n"
            "| admin | All of it | `*` |\n| viewer | Reads | posts.read |\n",
            {"admin": ("All of it", "*"), "viewer": ("Reads", "posts.read")},
        ),
        (
            SEEDING + "- **User Roles:** `admin` (everything), `editor` (posts:read, posts:write)\n",
            {"admin": ("everything", "*"), "editor": ("", "posts:read", "posts:write")},
        ),
        (SEEDING + "**User Roles:** Default administrative and user roles with permissions\n", {}),
        (SECURITY + "**Database Roles:**\n- app_rw: reads and writes\n", {}),
        ("### 5.4 Teams\n**Roles:**\n- striker: scores goals\n", {}),
    ],
)  # fmt: skip
def test_roles_that_a_document_lists(text: str, expected: dict[str, tuple[str, ...]]) -> None:
    assert roles(text) == expected
