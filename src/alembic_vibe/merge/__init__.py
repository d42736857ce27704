"""Bring the changes of a specification into model files that people wrote, or edited, and leave all else as it is."""

from __future__ import annotations

from alembic_vibe.merge.engine import Merged, Request, merge_models
from alembic_vibe.merge.project import ModelChange, are_foreign, merge_project, model_paths

__all__ = ["Merged", "ModelChange", "Request", "are_foreign", "merge_models", "merge_project", "model_paths"]
