"""The things of a row with how much of each: the one shape of requests, movements and donations."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from commandpost.contract.kind import Row
from commandpost.contract.reading import Bad, Context, Flagged
from commandpost.contract.values.lists import Things, parts
from commandpost.contract.values.numbers import Quantity, unpacked
from commandpost.contract.values.supplies import Wanted
from commandpost.words import message

_EACH_ITS_OWN = message("Write one row for each thing, or as many numbers as things, in their order.")


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing of a row."""

    item: str
    quantity: Quantity
    """Without a value: nobody said how much."""
    unit: str
    """As written with its number, else in the row, else as declared; empty: nobody says."""


def _declared_unit(name: str, context: Context) -> str:
    return next((thing.unit for thing in context.settings.item if thing.name == name), "")


def things_of(
    row: Row, context: Context, field: str = "quantity", *, needed: bool
) -> tuple[list[Thing], list[Flagged | Bad]] | Bad:
    """The things of a row and what is doubtful. `field`: the column of the numbers. `needed`: one without a
    number sends the row back.

    A number in the thing's own cell is its own. A number beside one thing is that one's; beside several there
    must be as many as things, and so with units, else nobody knows whose they are: Bad.
    """
    named: Things = row["item"]
    beside = row.get(field)
    if field in row and beside is None and len(named.entries) == 1:
        # Hand sanitizer 5L beside a number nobody can read: 5 L is what a can holds.
        named = replace(named, entries=(Wanted(named.written, None),), apart=())
    each = beside if isinstance(beside, Quantity) and beside.each and beside.value is not None else None
    entries = named.entries
    if each and named.apart:
        entries = tuple(Wanted(name, None) for name in named.apart)
    n = len(entries)
    listed = beside if isinstance(beside, tuple) else None
    flags: list[Flagged | Bad] = []
    if listed is not None and len(listed) != n:
        told = message("{numbers} numbers for {things} things.", numbers=len(listed), things=n)
        bad = Bad("value", told, _EACH_ITS_OWN, field)
        if needed or n > 1:
            return bad
        # 500、50 or 1,5 of one thing that counts without a number.
        flags.append(bad)
        listed = None
    shared = n > 1 and not each and isinstance(beside, Quantity) and beside.value is not None
    shared = shared and not needed and any(one.quantity is None for one in entries)
    if shared:
        # 5 of 口罩、手套: they are asked for, and the 5 is nobody knows whose.
        told = message("{numbers} numbers for {things} things.", numbers=1, things=n)
        flags.append(Bad("value", told, _EACH_ITS_OWN, field))
    units = parts(row.get("unit", "")) if n > 1 else [row.get("unit", "")]
    if len(units) not in (0, 1, n):
        told = message("{units} units for {things} things.", units=len(units), things=n)
        return Bad("value", told, message("Write one unit for all, or one for each, in their order."), "unit")
    units = (units or [""]) * (n if len(units) < 2 else 1)
    alone = beside if n == 1 and isinstance(beside, Quantity) else None
    found: list[Thing] = []
    for i, one in enumerate(entries):
        much: Quantity | None = listed[i] if listed is not None else alone or one.quantity or each
        if listed is not None and one.quantity and one.quantity.value != listed[i].value:
            return Bad("value", message("Two numbers for one thing."), _EACH_ITS_OWN, field)
        if much and one.quantity and not much.unit and much.value == one.quantity.value:
            much = one.quantity
        name = one.item
        if n == 1 and (one.quantity is None or (alone and one.quantity.value != alone.value)):
            # 消毒液5L beside another number is the name of a thing.
            name = named.written if needed or one.quantity is not None else name
        if needed and (much is None or (much.value is None and n > 1)):
            told = message("No quantity is given.") if n == 1 else message("Not every thing has a number.")
            return Bad("empty", told, message("Write a number.") if n == 1 else _EACH_ITS_OWN, field)
        declared = _declared_unit(name, context)
        counted = unpacked(much or Quantity(None), units[i], declared)
        if isinstance(counted, Bad):
            if needed:
                return replace(counted, field=field)
            flags.append(replace(counted, field=field))
            counted = Quantity(None)
        if counted.value is None and not needed and not shared:
            flags.append(Flagged(None, "quantity", message("No quantity is given.")))
        found.append(Thing(name, counted, counted.unit or units[i] or declared))
    return found, flags


def as_kept(thing: Thing) -> dict[str, Any]:
    """The fields of a record that say it."""
    return {
        "item": thing.item,
        "quantity": thing.quantity.value,
        "unit": thing.unit,
        "approximate": thing.quantity.approximate,
    }
