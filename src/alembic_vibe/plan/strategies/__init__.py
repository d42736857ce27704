"""How each kind of change is carried out on objects that are in use: one module a kind, found by discovery."""
