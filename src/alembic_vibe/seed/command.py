"""``seed``: open the database, bring the rows in, and say what was done."""

from __future__ import annotations
