"""A script of a team's own that mends a returned file by what stands in its 建议/Hint, and knows nothing else.

A hint that names what to write is followed to the letter. One that asks for something only people know is left,
and with it the cell.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from commandpost.words import Language, Words

FOLLOWED: Mapping[str, str] = {
    "If {value} is meant, write it so.": "value",
    "This looks like Fahrenheit: if so, write {value}.": "value",
    "If {nearest} is meant, write it so, or add this spelling to its aliases in post.toml.": "nearest",
    "Write the state it has: {state}.": "state",
    "put the cell in quotes, and double those inside": "",
}
"""Hint → which part of it is to be written into the cell; empty: the returned file has it so already."""

_UNSAID = "only the team knows what was there"
_DIGITS = "the digits are gone, or are not those of the document"
_WHICH = "it names several, and only the team knows which"
_TIME = "it was written as what it is not: only the team knows when it was"
LEFT: Mapping[str, str] = {
    "Fill it in.": _UNSAID,
    "Type the value in its place.": _UNSAID,
    "Write Jim Poe for one; put a semicolon between two.": _WHICH,
    "Write {night} for the night, {noon} for noon.": _WHICH,
    "Fill the direction in.": _UNSAID,
    "Fill the date in.": _UNSAID,
    "Fill both in.": _UNSAID,
    "Fill both in, or the shift.": _UNSAID,
    "Fill the kind of movement in.": _UNSAID,
    "Write a number.": _UNSAID,
    "Write a number such as 36.5.": _UNSAID,
    "Write a number, and its unit after it.": _UNSAID,
    "Write a whole number such as 12.": _UNSAID,
    "Write a whole number such as 14.": _UNSAID,
    "Write how many there are, without a minus.": "behind the minus is no number",
    "Write: 进3人，出7人": _UNSAID,
    "Write one row for each thing, or as many numbers as things, in their order.": _UNSAID,
    "Write one unit for all, or one for each, in their order.": _UNSAID,
    "Write one row for each person.": _UNSAID,
    "Write its hours into the header: {header}": "only the team knows them",
    "Write one row for each post.": _UNSAID,
    "Write the name here and the number into its own column.": _UNSAID,
    "Write one row for each.": "two passes: a script would have to add a row",
    "Write only the name of who comes.": _UNSAID,
    "Write the value out.": "the row above is not in the returned file",
    "Write its digits, such as 13800000000.": _DIGITS,
    "Format the column as text and type it again.": _DIGITS,
    "Compare it with the document.": _DIGITS,
    "Write one of: {words}": _WHICH,
    "Write one of: {words}; or add this spelling to the aliases of its place in post.toml.": _WHICH,
    "Write {one} or {other}, whichever it is.": _WHICH,
    "Write it like 2022-03-28.": _TIME,
    "Write it like 2022-03-28 06:13.": _TIME,
    "Write it like 15:30.": _TIME,
    "Write the date before it, or in a title above.": _TIME,
    "Check the date and the clock.": _TIME,
    "Check both times.": "either may be the wrong one",
    "Check the day at the head of the column.": "the day and its weekday may both be meant",
    "Write the day alone, {day}, if it is right.": "the day and its weekday may both be meant",
    "Check both dates.": "either may be the wrong one",
    "Check both dates and the days.": "any of the three may be the wrong one",
    "If it was ended by mistake, tell the duty officer.": "it asks for an officer, not for another cell",
    "one cell for each column; a delimiter inside a cell needs quotes around the cell": "which cells are one?",
    "one cell for each column; leave the cell of what is unknown empty": "which cell is missing?",
    "save the file anew in one encoding (UTF-8 is best)": "the bytes are in the original alone",
    "Write at most {n} characters.": "what is to be left out?",
    "shorten it, or look for a missing line end": "what is to be left out?",
}
"""Hint → why no script can follow it."""


@dataclass
class Mended:
    """A returned file as the script leaves it."""

    text: str
    rows: list[list[str]] = field(default_factory=list)
    """As they were returned, header first; titles apart."""
    followed: list[tuple[str, str]] = field(default_factory=list)
    """(line number, hint followed)."""
    left: list[tuple[str, str]] = field(default_factory=list)
    """(line number, hint left)."""


def hint_said(said: str, language: Language) -> tuple[str, dict[str, str]]:
    """Which hint a text is, and what it names."""
    words = Words(language)
    # The longest sentence first: one may begin like another.
    for hint in sorted((*FOLLOWED, *LEFT), key=lambda hint: -len(words(hint))):
        form = re.sub(r"\\{([a-z]+)\\}", r"(?P<\1>.+?)", re.escape(words(hint)))
        # A name that stands twice is said twice.
        for name in set(re.findall(r"\?P<([a-z]+)>", form)):
            head, sign, tail = form.partition(f"(?P<{name}>.+?)")
            form = head + sign + tail.replace(f"(?P<{name}>.+?)", f"(?P={name})")
        if found := re.fullmatch(form, said):
            return hint, found.groupdict()
    raise AssertionError(f"a hint that the script does not know: {said}")


def follow(text: str, language: Language = "zh", delimiter: str = ",") -> Mended:
    """What the script makes of a returned file's text; `delimiter`: how it saves it."""
    words = Words(language)
    number, column, hints = words("Line"), words("Column"), words("Hint")
    rows = list(csv.reader(io.StringIO(text)))
    top = next(i for i, row in enumerate(rows) if hints in row and number in row)
    head = rows[top]
    # A sheet may have columns of these names itself; those that were added stand behind them.
    at = {name: len(head) - 1 - head[::-1].index(name) for name in (number, column, hints)}
    mended = Mended("", [head, *([*row] for row in rows[top + 1 :] if len(row) > at[hints])])
    for row in rows[top + 1 :]:
        if len(row) <= at[hints]:
            continue  # a title among the rows, with their day
        told = zip(row[at[column]].split("\n"), row[at[hints]].split("\n"), strict=True)
        for name, said in told:
            hint, names = hint_said(said, language)
            part = FOLLOWED.get(hint)
            if part is None or (part and name not in head):
                mended.left.append((row[at[number]], hint))
                continue
            if part:
                row[head.index(name)] = names[part]
            mended.followed.append((row[at[number]], hint))
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    mended.text = out.getvalue()
    return mended
