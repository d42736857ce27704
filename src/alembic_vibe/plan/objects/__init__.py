"""How each kind of object is made and unmade: one module a kind, found by discovery."""
