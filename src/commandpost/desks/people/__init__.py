"""The people desk."""
