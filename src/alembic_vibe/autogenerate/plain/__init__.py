"""From one state to another in one revision, by plain statements: each step with its exact reverse.

No phases and no weak locks: that is what ``generate`` and the hook for safe forms are for.
"""
