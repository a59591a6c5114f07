"""The columns' names that `[aliases.KIND]` of post.toml adds: which are allowed, and the kinds that know them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from difflib import get_close_matches
from functools import lru_cache

from commandpost.contract.kind import Column, Kind
from commandpost.contract.values.text import header as normal
from commandpost.desks.kinds import KINDS
from commandpost.settings import Settings, SettingsError
from commandpost.words import Message, message

Taught = tuple[tuple[str, str, str], ...]
"""(kind, name a team writes, any name of the column it is)."""


def kinds_of(settings: Settings) -> tuple[Kind, ...]:
    """Every kind, its columns known by the names this post taught too."""
    taught = tuple(
        (kind, alias, column) for kind, names in settings.aliases.items() for alias, column in names.items()
    )
    return _kinds(taught) if taught else KINDS


@lru_cache(8)
def _kinds(taught: Taught) -> tuple[Kind, ...]:
    made = []
    for kind in KINDS:
        mine: dict[str, list[str]] = {}
        for name, alias, column in taught:
            found = _column(kind, column) if name == kind.name else None
            if found is not None:
                mine.setdefault(found.field, []).append(alias)
        columns = tuple(
            replace(column, aliases=(*column.aliases, *mine.get(column.field, ()))) for column in kind.columns
        )
        made.append(replace(kind, columns=columns) if mine else kind)
    return tuple(made)


def names_of(column: Column) -> Iterable[str]:
    """Every name of a column, normalised as a header is."""
    names = (column.header, column.english, column.field, *column.aliases)
    return (normalised for name in names if (normalised := normal(name)))


def _column(kind: Kind, name: str) -> Column | None:
    """The column whose own header (Chinese, English) or field this is; else the first that has this alias."""
    wanted = normal(name)
    for column in kind.columns:
        if wanted in map(normal, (column.header, column.english, column.field)):
            return column
    return next((column for column in kind.columns if wanted in names_of(column)), None)


def no_column(kind: Kind, name: str) -> Message:
    """Why a name is no column of the kind: the nearest one, else all there are."""
    every = {name: column for column in kind.columns for name in names_of(column)}
    near = get_close_matches(normal(name), every, 1, 0.5)
    if near:
        column = every[near[0]]
        return message(
            "{kind} has no column {name}; did you mean {near}?",
            kind=kind.chinese, name=name, near=f"{column.header} ({column.field})",
        )  # fmt: skip
    return message(
        "{kind} has no column {name}; there are {names}",
        kind=kind.chinese, name=name,
        names=", ".join(f"{column.header} ({column.field})" for column in kind.columns),
    )  # fmt: skip


def check_aliases(settings: Settings, file: str) -> None:
    """Raises SettingsError naming `file`, the key and what is allowed, at the first alias that cannot be."""
    for kind in KINDS:
        seen: dict[str, str] = {}
        for alias, name in settings.aliases.get(kind.name, {}).items():  # type: ignore[call-overload]
            wrong = _wrong(kind, alias, name, seen)
            if wrong is not None:
                key = f"aliases.{kind.name}.{alias}"
                raise SettingsError(
                    "{file}: {what}", file=file, what=message("{key}: {what}", key=key, what=wrong)
                )


def _wrong(kind: Kind, alias: str, name: str, seen: dict[str, str]) -> Message | None:
    column = _column(kind, name)
    if column is None:
        return no_column(kind, name)
    written = normal(alias)
    other = _column(kind, alias)
    if other is not None and other.field != column.field:
        return message("this is the name of the column {column} already", column=other.header)
    if seen.setdefault(written, column.field) != column.field:
        return message("is there twice, as two columns")
    return None
