"""The supply desk."""
