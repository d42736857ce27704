"""The roles that a document lists, with what each may do.

**User Roles:**                                      | Role   | Permissions               |
- `editor`: posts:read, posts:write                  |--------|---------------------------|
- **Support agent**: answers questions (tickets:*)   | viewer | `posts:read`, `tags:read` |
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from alembic_vibe.seed.standards.lists import find_lists, plain, split_outside
from alembic_vibe.spec.model import SectionKind

if TYPE_CHECKING:
    from alembic_vibe.seed.standards.lists import Entry, NamedList
    from alembic_vibe.source import Span
    from alembic_vibe.spec.model import Spec

# Below such a title anywhere in the document; below the shorter ones only where data or access is the subject. A list
# of database users or database roles is about accounts, not about what an application checks.
_TITLE = re.compile(
    r"(?P<whole>(?:default |initial |application |system )?(?:user |application )?roles? (?:and|with) permissions?"
    r"|(?:default |initial )?(?:user|application|app) roles|default roles|role permissions|permissions by role)"
    r"|(?:default |initial |system )?roles|roles? definitions?"
)
_NAMED = re.compile(r"[A-Za-z][\w-]*(?::[\w*-]+)+|(?<![\w*])\*(?![\w*])")
_WHOLE = re.compile(r"[A-Za-z][\w-]*(?:[:.][\w*-]+)*|\*")
_ALL = re.compile(r"(?:has |may do )?(?:full access|all permissions|everything|all|full)\b[.]?", re.IGNORECASE)
_LISTED = ("permissions", "permission", "scopes", "grants", "privileges", "rights", "may", "can", "access")
_TOLD = ("description", "purpose", "meaning", "notes")


@dataclass(frozen=True, slots=True)
class Role:
    """A role: its name, what it is, and its permissions; ``span`` is its line."""

    name: str
    description: str
    permissions: tuple[str, ...]
    span: Span | None = None
    shown: str = ""  # its name as people read it


def listed_roles(spec: Spec) -> tuple[Role, ...]:
    """Return the roles of the lists and tables of a document, each once, in its order; none where it lists none."""
    found: dict[str, Role] = {}
    for roles in find_lists(spec, _TITLE):
        if _counts(spec, roles):
            for entry in roles.entries:
                role = _role(entry)
                found.setdefault(role.name, role)
    return tuple(found.values())


def roles_asked_for(spec: Spec) -> str:
    """Return the listed roles as a text that changes with them; "" for none."""
    return "\n".join(f"{role.name} {role.description} {' '.join(role.permissions)}" for role in listed_roles(spec))


def _counts(spec: Spec, roles: NamedList) -> bool:
    match = _TITLE.fullmatch(" ".join(re.findall(r"[a-z0-9]+", roles.title.lower())))
    kinds = {SectionKind.MIGRATION, SectionKind.SECURITY}
    near = any(s.kind in kinds and s.span.start <= roles.span.start < s.span.end for s in spec.sections)
    return near or bool(match and match["whole"])


def _role(entry: Entry) -> Role:
    column = next((name for name in _LISTED if name in entry.cells), "")
    text = entry.cells[column] if column else re.sub(r"\A\((.*)\)\Z", r"\1", entry.text)
    told = next((entry.cells[name] for name in _TOLD if name in entry.cells), "")
    parts = [plain(part).strip(" .") for part in split_outside(text)]
    permissions = _permissions(parts, told=bool(column))
    if not permissions:
        permissions = [name for child in entry.children for name in _permissions([plain(child)])]
    if not permissions:
        permissions = _NAMED.findall(text)
        told = told or _without(text, permissions)
    if not permissions and _ALL.match(text.strip()):
        permissions = ["*"]
    name = entry.name if entry.marked else re.sub(r"[\s-]+", "_", entry.name.strip().lower())
    return Role(name, told, tuple(dict.fromkeys(permissions)), entry.span, entry.name)


def _permissions(parts: list[str], *, told: bool = False) -> list[str]:
    """Return the parts, if each is a permission; a single plain word is none, unless the document says it is."""
    parts = [part for part in parts if part]
    plainly = told or len(parts) > 1 or any(_NAMED.fullmatch(part) for part in parts)
    if plainly and all(_WHOLE.fullmatch(part) and not _ALL.fullmatch(part) for part in parts):
        return parts
    return []


def _without(text: str, permissions: list[str]) -> str:
    """Return what a text says beside the permissions."""
    for permission in permissions:
        text = text.replace(permission, "")
    text = re.sub(r"\(\W*\)", "", plain(text))
    return re.sub(r"\s+", " ", text).strip(" ,;:.-")
