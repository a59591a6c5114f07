"""The commands: parse, call down, print. No rules here."""
