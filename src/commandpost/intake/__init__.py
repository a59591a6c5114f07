"""Bytes to records, in the order a drop travels."""
