"""``--format json``: one object, for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TextIO

    from alembic_vibe.diagnostics import Diagnostic


def report(diagnostics: Sequence[Diagnostic], extra: dict[str, Any], stream: TextIO) -> None:
    """Write one JSON object: ``diagnostics``, and the keys that the command adds."""
    import json

    payload = {"diagnostics": [d.as_dict() for d in diagnostics], **extra}
    json.dump(payload, stream, indent=2, ensure_ascii=False, default=str)
    stream.write("\n")
