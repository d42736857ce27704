"""How long a subset takes, how much memory, and whether it is what it promises."""
