"""What is known of headers when a drop comes: the kinds, the post's aliases, the team's answers, `--map`."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches

from sqlalchemy import Engine

from commandpost.contract.kind import Kind
from commandpost.contract.values.text import clean
from commandpost.contract.values.text import header as normal
from commandpost.desks.aliases import kinds_of
from commandpost.errors import UsageError
from commandpost.intake import answers
from commandpost.intake.across import NOTHING_SPREAD, Spreads, kinds_across
from commandpost.intake.giveback import added_columns, is_mended
from commandpost.intake.recognise import Asks, Recognised, Said, either, field_named, known_headers, recognise
from commandpost.settings import Settings
from commandpost.store.records import Drop


@dataclass(frozen=True, slots=True)
class Mapped:
    """What a command line says of the columns of its files."""

    kind: str = ""
    columns: tuple[tuple[str, str], ...] = ()
    """(a column's header as written, or #3; any name of the column of the kind that it is, empty: ignored)."""
    values: tuple[tuple[str, str], ...] = ()
    """(any name of a column of the kind that the table lacks, its value in every row)."""

    def __bool__(self) -> bool:
        return bool(self.kind or self.columns or self.values)

    def of(self, header: Sequence[str]) -> Said:
        """For a file with this header. Raises UsageError where it has no such column."""
        said: dict[int, str] = {}
        for column, name in self.columns:
            said[index_of(header, column)] = name
        return Said(self.kind, said, dict(self.values))


def index_of(header: Sequence[str], column: str) -> int:
    """The column that is named as the header has it, or by its number (#3). Raises UsageError."""
    if column[:1] in "#＃" and column[1:].isdecimal() and 1 <= int(column[1:]) <= len(header):
        return int(column[1:]) - 1
    names = [normal(cell) for cell in header]
    found = [index for index, name in enumerate(names) if name == normal(column)]
    if len(found) == 1:
        return found[0]
    shown = clean(column)
    if found:
        raise UsageError(
            "the column {column} is there twice: name it by its number, {numbers}",
            column=shown, numbers=" / ".join(f"#{index + 1}" for index in found),
        )  # fmt: skip
    near = get_close_matches(normal(column), names, 1)
    if near:
        index = names.index(near[0])
        raise UsageError(
            "no column {column}; did you mean {near}?",
            column=shown,
            near=f"{clean(header[index])} (#{index + 1})",
        )
    raise UsageError(
        "no column {column}; there are {names}",
        column=shown,
        names=", ".join(f"{clean(cell) or '?'} (#{index + 1})" for index, cell in enumerate(header)),
    )


@dataclass(frozen=True, slots=True)
class Taught:
    """How headers of one team are recognised."""

    settings: Settings
    team: str
    kinds: tuple[Kind, ...]
    known: frozenset[str]
    """What a header may be made of, normalised: `open_table` looks for it."""
    answers: Mapping[str, Said] = field(default_factory=dict)
    """`answers.key_of` a header → what a person answered."""
    mapped: Mapped = Mapped()
    sha: str = ""
    """Of everything that may change what becomes of a row."""

    def recognise(
        self,
        header: tuple[str, ...],
        name: str,
        *,
        dated: bool,
        spread: Spreads = NOTHING_SPREAD,
        other_than: Kind | None = None,
        say: Said | None = None,
        stated: tuple[str, ...] = (),
    ) -> Recognised | Asks:
        """As `recognise.recognise`; what the command line says goes before an answer, both before all else.
        `spread`: the columns that are days or posts. `other_than`: a kind that the cells below the header
        speak against, where nobody said anything. `say`: what is about to be answered.
        `stated`: labels in its titles."""
        try:
            said = say or (
                self.mapped.of(header) if self.mapped else self.answers.get(answers.key_of(header))
            )
        except UsageError as error:
            # One of several files, or sheets, that has other columns.
            return Asks(error.message)
        if is_mended(header):
            # Its Reason is no column of the sheet its rows came from, where people give theirs for coming.
            added = frozenset(added_columns(header).values())
            header = tuple("" if index in added else cell for index, cell in enumerate(header))
        kinds = self.kinds
        if other_than is not None and not said:
            kinds = tuple(kind for kind in kinds if kind.name != other_than.name)
        found = self._across(header, name, kinds, spread, said or Said(), stated) if spread else None
        plain = recognise(
            header, kinds, self.settings, team=self.team, name=name, dated=dated, said=said, stated=stated
        )
        if not isinstance(found, Recognised):
            return plain if found is None or isinstance(plain, Recognised) else found
        if isinstance(plain, Recognised) and not set(plain.mapping.values()) <= set(found.mapping.values()):
            # A ledger of isolations with a temperature a day: of one row two kinds of facts.
            return either((plain.kind, found.kind))
        return found

    def _across(
        self,
        header: tuple[str, ...],
        name: str,
        kinds: Sequence[Kind],
        spread: Spreads,
        said: Said,
        stated: tuple[str, ...],
    ) -> Recognised | Asks | None:
        """As the kind with these columns: what it is, or the one thing it lacks; None: it is none of those."""
        fits = kinds_across(kinds, header, spread)
        # The kind that knows the most columns first.
        told = {kind: sum(field_named(kind, cell) is not None for cell in header) for kind in fits}
        found = []
        for kind in sorted(fits, key=lambda kind: -told[kind]):
            of_this = Said(said.kind or kind.name, {**fits[kind], **said.columns}, said.values)
            found.append(
                recognise(
                    header, [kind], self.settings, team=self.team, name=name, said=of_this, stated=stated
                )
            )
        taken = [one for one in found if isinstance(one, Recognised)]
        best = max((len(one.mapping) for one in taken), default=0)
        taken = [one for one in taken if len(one.mapping) == best]
        return taken[0] if len(taken) == 1 else None if taken else next(iter(found), None)

    def begun(self, drop: Drop | None) -> Recognised | None:
        """As a load was begun that goes on now, where more than the header decided; None: it decided."""
        if drop is None or not drop.mapping:
            return None
        kind = next(kind for kind in self.kinds if kind.name == drop.kind)
        noted = json.loads(drop.mapping)
        mapping = {field: at for field, at in noted.items() if field[:1] != "="}
        given = tuple((field[1:], value) for field, value in noted.items() if field[:1] == "=")
        told = {column.field for column in kind.columns}.issuperset(mapping)
        return Recognised(kind, mapping, (), given) if told else None

    def noted(self, mapping: Mapping[str, int], given: Sequence[tuple[str, str]]) -> str:
        """`Drop.mapping` of a drop that begins."""
        more = self.answers or self.mapped or self.settings.aliases
        said = {**mapping, **{f"={label}": value for label, value in given}}
        return json.dumps(said, ensure_ascii=False) if more else ""


def header_told(header: Sequence[str]) -> str:
    """`Drop.header` of a file that asks."""
    return json.dumps([clean(cell) for cell in header], ensure_ascii=False)


def taught(
    settings: Settings, team: str = "", post: Engine | None = None, mapped: Mapped | None = None
) -> Taught:
    """With `post` its answers of the team count."""
    kinds = kinds_of(settings)
    given = answers.of_team(post, team) if post is not None else {}
    mapped = mapped or Mapped()
    more = {name for key in given for name in json.loads(key)} | {normal(name) for name, _ in mapped.columns}
    known = known_headers(kinds)
    known = known | more - {""} if more else known
    return Taught(settings, team, kinds, known, given, mapped, _sha(settings, given, mapped))


def _sha(settings: Settings, given: Mapping[str, Said], mapped: Mapped) -> str:
    if not given and not mapped:
        return settings.sha
    told = {
        key: [one.kind, sorted(one.columns.items()), *([dict(one.values)] if one.values else ())]
        for key, one in sorted(given.items())
    }
    said = [settings.sha, told, mapped.kind, mapped.columns, *([mapped.values] if mapped.values else ())]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()
