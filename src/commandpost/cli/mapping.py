"""`--kind`, `--map` and `--ignore`, read and checked before any file is opened."""

from __future__ import annotations

import argparse
from difflib import get_close_matches
from typing import TYPE_CHECKING

from commandpost.errors import UsageError
from commandpost.words import Words, message

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
    if name:
        _check_once(kinds[0], [field for _, field in columns])
    return Mapped(name, (*columns, *((column.strip(), "") for column in options.ignore)))


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
