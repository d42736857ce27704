"""Render: plan and catalog → models, revisions and tests, through the templates."""
