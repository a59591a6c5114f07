"""Text → value, pure: one module per family.

Every function that is named after what a column holds (`date_()`, `phone()`, …) makes a `Reader`.
A reader takes the cell as it came and cleans it itself; it returns a value, None (unknown), `Flagged`
or `Bad`, and never raises. Moments are integer UTC seconds, days are `datetime.date`.
"""
