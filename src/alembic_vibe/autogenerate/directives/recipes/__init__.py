"""One module a kind of operation: ``HANDLES``, and ``rewrite``, which gives the pieces it becomes."""
