"""Scenarios: what the teams of a post write, drop by drop, on the scenario's own clock."""
