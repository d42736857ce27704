"""Repairs: edits of revision files after which a finding is gone and the database comes out the same.

``engine.repair`` is the run; ``kinds`` has one module for each kind of repair. Nothing here writes a file.
"""
