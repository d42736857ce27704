""".pre-commit-config.yaml: the linter of revisions and the check of the specification, on every commit."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any

from alembic_vibe.adopt.model import Edit
from alembic_vibe.adopt.request import Proposal
from alembic_vibe.adopt.texts import read_text

if TYPE_CHECKING:
    from alembic_vibe.adopt.request import Adoption

NAME = ".pre-commit-config.yaml"
_WHY = "two hooks: revisions are linted and the specification is checked before they are committed"
_INDENTS = ((4, 2), (2, 0))  # of a list's items and of their dashes, as people write these files
_BY_HAND = "docs/pre-commit.md of alembic-vibe has the lines to add"


def propose(adoption: Adoption) -> Proposal:
    """Say which hooks would be added; a project without git has none."""
    from alembic_vibe.render.template import render

    findings = adoption.findings
    path = findings.pre_commit or adoption.root / NAME
    values: dict[str, Any] = {"config": adoption.nested, "files": _files(adoption)}
    if findings.pre_commit is None:
        if not findings.has_git:
            return Proposal()
        if not (adoption.root / ".git").exists():  # pre-commit reads the file at the top of the repository only
            return Proposal(
                notes=(f"the repository begins above the project: {NAME} there can have hooks; {_BY_HAND}",)
            )
        return Proposal((Edit(path, None, render("adopt/hooks.yaml.mako", **values), (_WHY,)),))
    source = read_text(path)
    if source is None:
        return Proposal(notes=(f"{NAME} is no UTF-8 text with one kind of line ends, and is left as it is",))
    if "alembic-vibe" in source.text:
        return Proposal()
    after = _extended(source.text, render("adopt/hooks.yaml.mako", **values))
    if after is None:
        return Proposal(notes=(f"{NAME} has a form that cannot be kept, and is left as it is; {_BY_HAND}",))
    return Proposal((Edit(path, source.whole, source.restore(after), (_WHY,)),))


def _files(adoption: Adoption) -> str:
    """Return the pattern of the files that the linter's hook looks at: folders of revisions by the name they have."""
    folders = sorted(
        f"{folder.relative_to(adoption.root).as_posix()}/"
        for folder in adoption.environment.version_locations
        if folder.is_relative_to(adoption.root) and "versions" not in folder.relative_to(adoption.root).parts
    )
    names = ["versions/", *(re.escape(folder).replace(r"\-", "-") for folder in folders)]
    one = names[0] if len(names) == 1 else f"({'|'.join(names)})"
    return rf"(^|/)({one}.+\.py|env\.py|alembic\.ini|pyproject\.toml)$"


def _extended(text: str, hooks: str) -> str | None:
    """Return a configuration with more hooks; ``None`` where the rest of it would not stay byte for byte."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    for sequence, offset in _INDENTS:
        yaml = YAML()
        yaml.preserve_quotes = True
        yaml.width = 4096
        yaml.indent(mapping=2, sequence=sequence, offset=offset)
        yaml.explicit_start = text.startswith("---")
        try:
            document = yaml.load(text)
            added = YAML().load(hooks)["repos"]
        except YAMLError:
            return None
        if not isinstance(document, dict) or not isinstance(document.get("repos"), list):
            return None
        if _dumped(yaml, document) == text:
            document["repos"].extend(added)
            return _dumped(yaml, document)
    return None


def _dumped(yaml: Any, document: Any) -> str:
    stream = io.StringIO()
    yaml.dump(document, stream)
    return stream.getvalue()
