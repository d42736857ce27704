"""What annotations stand for in the project: ``type_annotation_map`` and ``Annotated`` types."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from alembic_vibe.merge.scan import dotted, last_name, positional

if TYPE_CHECKING:
    import libcst as cst

    from alembic_vibe.merge.find import FoundModels
    from alembic_vibe.merge.scan import Scan


def canonical(here: Scan, text: str) -> str:
    """Return code with the names that rendered code has: ``sa.Text()``, ``dt.datetime``, ``UUID``."""

    def word(match: re.Match[str]) -> str:
        name = match.group()
        head, _, rest = name.partition(".")
        imported = here.imports.get(head)
        if imported is None:
            return name
        if imported.name:
            module, last = imported.module, ".".join([imported.name, *([rest] if rest else [])])
        else:
            module, last = imported.module, rest
        if module == "sqlalchemy" and last.startswith("dialects."):
            module, last = "sqlalchemy.dialects", last.removeprefix("dialects.")
        if module == "sqlalchemy.dialects":
            return last
        prefix = {"sqlalchemy.dialects.postgresql": "postgresql.", "datetime": "dt."}.get(module, "")
        if not prefix and module.partition(".")[0] == "sqlalchemy" and not module.startswith("sqlalchemy.orm"):
            prefix = "sa."
        return f"{prefix}{last}"

    return re.sub(r"[A-Za-z_][\w.]*", word, text).replace(" ", "")


def _call(node: cst.BaseExpression, code: str) -> str:
    import libcst as cst

    return code if isinstance(node, cst.Call) else f"{code}()"


def type_map(models: FoundModels) -> dict[str, str]:
    """Return the types of ``type_annotation_map``, by annotation, as rendered code spells both."""
    import libcst as cst

    result: dict[str, str] = {}
    for here in list(models.scans.values()):
        values = [
            member.value
            for cls in here.classes.values()
            for name, member in cls.members.items()
            if name == "type_annotation_map"
        ]
        for value in values:
            if isinstance(value, cst.Name):
                value = here.values.get(value.value)
            if not isinstance(value, cst.Dict):
                continue
            for element in value.elements:
                if isinstance(element, cst.DictElement):
                    code = cst.Module([]).code_for_node(element.value)
                    key = canonical(here, cst.Module([]).code_for_node(element.key))
                    result[key.replace(",", ", ")] = _call(element.value, canonical(here, code))
    return result


def annotated_types(models: FoundModels) -> dict[str, tuple[str, str]]:
    """Return the ``Annotated`` names whose only meaning is a type, by that type: (name, module).

    Those that also say a key, a default or a foreign key are not for new columns.
    """
    import libcst as cst

    maps = type_map(models)
    result: dict[str, tuple[str, str]] = {}
    for here in list(models.scans.values()):
        for name, value in here.values.items():
            mapped = maps.get(name)
            if mapped is not None:
                result.setdefault(mapped, (name, here.file.module))
            if not isinstance(value, cst.Subscript) or last_name(value.value) != "Annotated" or len(value.slice) != 2:
                continue
            second = value.slice[1].slice
            call = second.value if isinstance(second, cst.Index) else None
            if not isinstance(call, cst.Call) or last_name(call.func) != "mapped_column" or len(call.args) != 1:
                continue
            args = positional(call)
            if (args and dotted(args[0].value)) or (args and isinstance(args[0].value, cst.Call)):
                code = canonical(here, cst.Module([]).code_for_node(args[0].value))
                result.setdefault(_call(args[0].value, code), (name, here.file.module))
    return result
