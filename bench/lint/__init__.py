"""Linters of migrations, compared on one corpus: ``python -m bench.lint.peers``.

``corpus`` is an Alembic project with one long chain, ``projects`` holds small ones for what does not fit into it:
revisions that a server refuses, several heads, another env.py. ``labels.toml`` says what is wrong in each, and where.
"""
