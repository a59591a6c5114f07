"""The gate desk."""
