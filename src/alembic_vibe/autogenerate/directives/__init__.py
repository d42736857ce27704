"""A hook for ``alembic revision --autogenerate`` that writes what it found in the form that is safe on tables in use.

In env.py, where revisions are written::

    from alembic_vibe.autogenerate.directives import safe_directives

    context.configure(..., process_revision_directives=safe_directives)

``safe_directives.after(theirs)`` runs a hook of the project's own first. docs/autogenerate.md says what becomes of
what.
"""

from alembic_vibe.autogenerate.directives.hook import SafeDirectives

safe_directives = SafeDirectives()

__all__ = ["SafeDirectives", "safe_directives"]
