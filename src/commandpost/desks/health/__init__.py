"""The health desk."""
