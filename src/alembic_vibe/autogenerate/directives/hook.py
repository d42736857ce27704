"""What env.py imports: light, since every command of Alembic executes env.py."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from alembic.operations.ops import MigrationScript
    from alembic.runtime.migration import MigrationContext

Hook = Callable[["MigrationContext", Any, "list[MigrationScript]"], None]


@dataclass(frozen=True, slots=True)
class SafeDirectives:
    """A value for ``process_revision_directives``.

    ``earlier``: hooks that run first, in this order; ``lock_timeout``: how long a revision waits for a lock on a table.
    """

    earlier: tuple[Hook, ...] = ()
    lock_timeout: str = "2s"

    def after(self, *hooks: Hook) -> SafeDirectives:
        """Return the same with hooks that run first; a ``Rewriter`` of Alembic is such a hook too."""
        return replace(self, earlier=(*self.earlier, *hooks))

    def waiting(self, lock_timeout: str) -> SafeDirectives:
        """Return the same with another ``lock_timeout``, as PostgreSQL writes it: ``"500ms"``, ``"5s"``."""
        return replace(self, lock_timeout=lock_timeout)

    def __call__(
        self,
        context: MigrationContext,
        revision: str | Iterable[str | None] | Iterable[str],
        directives: list[MigrationScript],
    ) -> None:
        """Rewrite ``directives`` in place; those of another database than PostgreSQL stay as they are."""
        for hook in self.earlier:
            hook(context, revision, directives)
        if context.dialect.name != "postgresql" or not directives:
            return
        from alembic_vibe.autogenerate.directives.rewriting import rewrite

        directives[:] = rewrite(context, directives, self.lock_timeout)
