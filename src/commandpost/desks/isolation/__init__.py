"""The isolation desk."""
