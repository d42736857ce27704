"""Harbourdesk."""
