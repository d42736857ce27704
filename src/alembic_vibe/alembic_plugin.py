"""The plugin of Alembic 1.18 and later (entry point ``alembic.plugins``): what ``--autogenerate`` and ``check`` miss.

Alembic loads this module in the middle of its own import, for every command: it stays tiny, imports nothing heavy, and
nothing that goes wrong here may stop an ``upgrade``. Alembic 1.18.0 to 1.20.0 iterate over what the entry point names
(fixed in 1.20.1), so the module can be iterated; older ones do not know the entry point.
"""

from __future__ import annotations

import logging
import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

NAME = "alembic_vibe.objects"


def setup(plugin: Any) -> None:
    """Register the comparison; it runs only where env.py names the plugin, as in ``"alembic_vibe.*"``."""
    try:
        from alembic.util import DispatchPriority

        plugin.add_autogenerate_comparator(
            _compare, "autogenerate", qualifier="postgresql", priority=DispatchPriority.LAST
        )
    except Exception:
        logging.getLogger(__name__).warning("the plugin of alembic-vibe cannot be set up", exc_info=True)


def _compare(autogen_context: Any, upgrade_ops: Any) -> Any:
    """Compare what Alembic has not, after it has compared what it can."""
    from alembic_vibe.autogenerate.comparator import compare_objects

    return compare_objects(autogen_context, upgrade_ops)


class _Iterable(ModuleType):
    def __iter__(self) -> Iterator[ModuleType]:
        yield self


sys.modules[__name__].__class__ = _Iterable
