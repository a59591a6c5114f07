"""`--kind`, `--map` and `--ignore`, read and checked before any file is opened."""

from __future__ import annotations

import argparse
from datetime import datetime
from difflib import get_close_matches
from typing import TYPE_CHECKING

from commandpost.errors import UsageError
from commandpost.words import Message, Words, message

if TYPE_CHECKING:
    from commandpost.cli.options import Parser
    from commandpost.contract.kind import Kind
    from commandpost.intake.taught import Mapped
    from commandpost.settings import Settings


def add_mapping(made: Parser, words: Words) -> None:
    """`--kind`, `--map` and `--ignore`, as `drops answer`, `import` and `check` have them."""
    made.own.add_argument("--kind", metavar="KIND", help=words("which kind of table it is"))
    made.own.add_argument(
        "--map", metavar=words("COLUMN=FIELD"), action="append", default=[],
        help=words("which column is which field; a column by its header or as #3, a field in either language"),
    )  # fmt: skip
    made.own.add_argument(
        "--ignore",
        metavar=words("COLUMN"),
        action="append",
        default=[],
        help=words("a column that means nothing"),
    )
    made.own.add_argument(
        "--value", metavar=words("FIELD=VALUE"), action="append", default=[],
        help=words('what a column that the table lacks is in every row, such as "门岗=东门"'),
    )  # fmt: skip


def mapped_of(options: argparse.Namespace, settings: Settings) -> Mapped:
    """What the command line says of columns. Raises UsageError: no such kind, no such field, one field twice."""
    from commandpost.desks.aliases import kinds_of
    from commandpost.intake.taught import Mapped

    kinds = kinds_of(settings)
    name = ""
    if options.kind:
        kind = kind_named(kinds, options.kind)
        kinds, name = (kind,), kind.name
    columns: list[tuple[str, str]] = []
    for text in options.map:
        column, sign, field = text.rpartition("=")
        if not sign or not column.strip() or not field.strip():
            raise UsageError('--map {text}: write "COLUMN=FIELD", such as "经过时刻=时间"', text=text)
        _check_field(kinds, field)
        columns.append((column.strip(), field.strip()))
    values = [_value(text, kinds, settings) for text in options.value]
    if name:
        _check_once(kinds[0], [*(field for _, field in columns), *(field for field, _ in values)])
    return Mapped(name, (*columns, *((column.strip(), "") for column in options.ignore)), tuple(values))


def _value(said: str, kinds: tuple[Kind, ...], settings: Settings) -> tuple[str, str]:
    """A column's field as it was named, and its value, which its kinds can read. Raises UsageError."""
    from commandpost.contract.reading import Bad, Context
    from commandpost.intake.looks import ALIKE, look_of
    from commandpost.intake.recognise import field_named

    name, sign, value = (part.strip() for part in said.partition("="))
    if not sign or not name or not value:
        raise UsageError('--value {text}: write "FIELD=VALUE", such as "门岗=东门"', text=said)
    _check_field(kinds, name)
    columns = [kind.column(field) for kind in kinds if (field := field_named(kind, name))]
    if not any(look_of(column, False) in ALIKE for column in columns):
        raise UsageError("{name} is another one in every row: have the team add the column", name=name)
    context = Context(datetime.now().astimezone(), settings.zone, settings)
    found = [column.read(context)(value) for column in columns]
    if not any(one is not None and type(one) is not Bad for one in found):
        why = next((one for one in found if type(one) is Bad), None)
        hint = why.hint if why else None
        told = why.reason if why else message("The cell is empty.")
        raise UsageError("--value {text}: {what} {hint}", text=said, what=told, hint=hint or Message(""))
    return name, value


def kind_named(kinds: tuple[Kind, ...], text: str) -> Kind:
    """By its English or Chinese name. Raises UsageError."""
    for kind in kinds:
        if text in (kind.name, kind.chinese):
            return kind
    names = [name for kind in kinds for name in (kind.name, kind.chinese)]
    near = get_close_matches(text, names, 1, 0.4)
    if near:
        raise UsageError("no kind {name}; did you mean {near}?", name=text, near=near[0])
    raise UsageError("no kind {name}; there are {kinds}", name=text, kinds=", ".join(names[::2]))


def _check_field(kinds: tuple[Kind, ...], field: str) -> None:
    from commandpost.desks.aliases import no_column
    from commandpost.intake.recognise import field_named

    if any(field_named(kind, field) for kind in kinds):
        return
    if len(kinds) == 1:
        raise UsageError("{what}", what=no_column(kinds[0], field))
    every = {
        name: None for kind in kinds for column in kind.columns for name in (column.header, column.field)
    }
    near = get_close_matches(field, every, 1, 0.5)
    if near:
        raise UsageError("no kind has a column {name}; did you mean {near}?", name=field, near=near[0])
    raise UsageError(
        "no kind has a column {name}; say the kind too, and see what it has: --kind KIND", name=field
    )


def _check_once(kind: Kind, fields: list[str]) -> None:
    from commandpost.intake.recognise import field_named

    found = [field_named(kind, field) for field in fields]
    for field in found:
        if field is not None and found.count(field) > 1:
            raise UsageError(
                "{what}", what=message("two columns are said to be {field}", field=kind.column(field).header)
            )
