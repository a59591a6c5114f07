"""Panes: one per shape of work."""
