"""Header → drop kind and which column is which field."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

from commandpost.contract.kind import Column, Kind
from commandpost.contract.values.text import clean
from commandpost.contract.values.text import header as normal
from commandpost.settings import Settings
from commandpost.words import Message, message


@dataclass(frozen=True, slots=True)
class Recognised:
    """What the table is."""

    kind: Kind
    mapping: Mapping[str, int]
    """Field → index of its column in the header; beyond it, of what the titles say (`Context.stated`)."""
    unknown: tuple[int, ...]
    """Columns nobody knows: kept with the raw line."""
    given: tuple[tuple[str, str], ...] = ()
    """(label, value) of what a person said of every row: behind what the titles say."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a person says a table is."""

    kind: str = ""
    """Its name; empty: the header decides."""
    columns: Mapping[int, str] = field(default_factory=dict)
    """Index of a column → any name of the column of the kind that it is; empty: to be ignored. A column
    left out is what its header says."""
    values: Mapping[str, str] = field(default_factory=dict)
    """Any name of a column of the kind that the table lacks → its value in every row; what a title says of it
    goes before."""


_NOTHING_SAID = Said()


@dataclass(frozen=True, slots=True)
class Asks:
    """A person must say: no kind fits, two fit, or a column is there twice."""

    reason: Message
    kinds: tuple[str, ...] = ()
    """Those that fit, when two or more do."""
    meant: str = ""
    """The kind that it is, but for a column it needs."""


def _names(column: Column) -> Iterable[str]:
    return (normal(name) for name in (column.header, column.english, column.field, *column.aliases))


@lru_cache(8)
def known_headers(kinds: tuple[Kind, ...]) -> frozenset[str]:
    """Every header text of every kind, normalised: what `table.open_table` looks for."""
    return frozenset(name for kind in kinds for column in kind.columns for name in _names(column) if name)


_SENT = frozenset(map(normal, ("Timestamp", "提交时间", "提交答卷时间", "填写时间", "填报时间")))
"""When a form was filled in: when it happened only where nothing else says so."""
_NO_KIND = message("no kind of table has these columns: say which kind it is, or mend the header")
_TWICE = 2
"""A kind that knows twice as many of the columns is meant, though one it needs is missing."""


@dataclass(frozen=True, slots=True)
class _Fit:
    kind: Kind
    mapping: dict[str, int]
    twice: str
    """The header of a column that is there twice, as written; empty: none is."""
    score: tuple[int, int]
    """Columns matched at all, columns matched by their own name."""

    @property
    def explained(self) -> frozenset[int]:
        """The columns of the header that this kind knows."""
        return frozenset(self.mapping.values())


@lru_cache(64)
def _fields(columns: tuple[Column, ...]) -> tuple[dict[str, str], dict[str, str]]:
    """Normalised header → field: by the columns' own headers, and by any of their names."""
    own = {normal(column.header): column.field for column in columns}
    by_name = {name: column.field for column in reversed(columns) for name in _names(column) if name}
    return own, by_name | own


@lru_cache(64)
def _told(kind: Kind) -> tuple[frozenset[str], dict[str, int]]:
    """The fields of which two columns are two values (of a log, 下午 and 晚上 are two readings), and how near each
    name is to what its column means: 0 its own."""
    needed = {column.field for column in kind.columns if column.required}
    if kind.rule == "log":
        needed.update(field for group in kind.any_of for field in group)
    ranks = {name: i for column in kind.columns for i, name in reversed([*enumerate(_names(column))])}
    return frozenset(needed), ranks


@lru_cache(64)
def _again(kind: Kind) -> dict[str, str]:
    """Field → the one that a second column of its names is."""
    return {column.field: column.again for column in kind.columns if column.again}


def field_named(kind: Kind, name: str) -> str | None:
    """The field of the kind's column that has this name, whichever of its names it is."""
    return _fields(kind.columns)[1].get(normal(name))


@lru_cache(16)
def names_of(header: tuple[str, ...]) -> tuple[str, ...]:
    """The header's cells, normalised."""
    return tuple(map(normal, header))


@lru_cache(16)
def _named(header: tuple[str, ...]) -> tuple[int, ...]:
    """Which columns have a name at all: 3 MB of commas are three million columns."""
    return tuple(index for index, name in enumerate(names_of(header)) if name)


@lru_cache(512)
def _fit_untold(kind: Kind, header: tuple[str, ...], dated: bool) -> _Fit | None:
    """`_fit` where nobody says anything: the same few headers come all day."""
    mapped = _mapped(kind, header, {})
    return None if mapped is None or lacking(kind, mapped.mapping, dated) else mapped


_WIDE = 1000
"""Columns: of headers as wide nothing is remembered."""


def _fit(kind: Kind, header: tuple[str, ...], dated: bool, said: Mapping[int, str]) -> _Fit | None:
    """How the header fits this kind; None when a required column is missing. `dated`: but for the day
    that the sheet says once. `said`: what a person says of some columns."""
    if not said and len(header) <= _WIDE:
        return _fit_untold(kind, header, dated)
    mapped = _mapped(kind, header, said)
    return None if mapped is None or lacking(kind, mapped.mapping, dated) else mapped


def _mapped(kind: Kind, header: tuple[str, ...], said: Mapping[int, str]) -> _Fit | None:
    """The columns of the kind that this header has, whether those it needs are there or not; None when one
    is said to be what the kind does not have."""
    own, by_name = _fields(kind.columns)
    needed, ranks = _told(kind)
    mapping: dict[str, int] = {}
    for index, wanted in said.items():
        if wanted:
            found = by_name.get(normal(wanted))
            if found is None or found in mapping:
                return None
            mapping[found] = index
    settled = frozenset(mapping)
    twice = ""
    matched = len(settled)
    names = names_of(header)
    for index in [index for index in _named(header) if names[index] in by_name]:
        name = names[index]
        field = by_name[name]
        if field in settled or index in said:
            continue
        before = mapping.get(field)
        if before is None:
            mapping[field] = index
        elif name in _SENT:
            pass
        elif names[before] in _SENT:
            mapping[field] = index
        elif name != names[before] and (second := _again(kind).get(field)) and second not in mapping:
            mapping[second], mapping[field] = (before, index) if own.get(name) == field else (index, before)
        elif own.get(names[before]) == field != own.get(name):
            # 事由 beside 备注: the column's own name is meant, the other one is kept raw.
            pass
        elif own.get(name) == field != own.get(names[before]):
            mapping[field] = index
        elif name == names[before] or field in needed:
            twice = twice or header[index]
        elif ranks[name] < ranks[names[before]]:
            # 隔离地点 beside 现住址: the name that is nearer to what is meant.
            mapping[field] = index
        matched += own.get(name) == field
    for group in kind.any_of:
        for field in group:
            at = mapping.get(field)
            if (
                at is not None
                and at < len(names)
                and names[at] in _SENT
                and len(mapping.keys() & set(group)) > 1
            ):
                # A visitors' form with Time In and Time Out.
                del mapping[field]
    return _Fit(kind, mapping, twice, (len(mapping), matched))


def lacking(kind: Kind, fields: Iterable[str], dated: bool = False) -> tuple[str, ...]:
    """Which columns the kind needs that are not among `fields`, by their headers; of a group of which any
    one is enough its first. `dated`: the sheet says its day itself."""
    there = set(fields)
    needed = [
        column.header
        for column in kind.columns
        if column.required and not (dated and column.titled == "day") and column.field not in there
    ]
    groups = [kind.column(group[0]).header for group in kind.any_of if there.isdisjoint(group)]
    return (*needed, *groups)


@lru_cache(512)
def with_stated(kind: Kind, header: tuple[str, ...], labels: tuple[str, ...]) -> tuple[str, ...]:
    """The header and, as columns behind it, those of the kind that titles may say and `labels` name; the
    place of any other label is empty. A column of the header goes before a title, the nearer of two names
    before the other."""
    _, by_name = _fields(kind.columns)
    _, ranks = _told(kind)
    titled = {column.field for column in kind.columns if column.titled == "label"}
    there = {by_name[name] for name in names_of(header) if name in by_name}
    named = [normal(label) for label in labels]
    best: dict[str, int] = {}
    for name in named:
        field = by_name.get(name)
        if field in titled - there:
            best[field] = min(ranks[name], best.get(field, ranks[name]))
    meant = [name in by_name and best.get(by_name[name]) == ranks[name] for name in named]
    # Said twice, and both times as plainly: which of the two is meant nobody knows.
    meant = [is_meant and named.count(name) == 1 for name, is_meant in zip(named, meant, strict=True)]
    return (*header, *(label if is_meant else "" for label, is_meant in zip(labels, meant, strict=True)))


@lru_cache(512)
def _known(kind: Kind, header: tuple[str, ...]) -> dict[str, int]:
    """The fields of this kind that the header has, and where, whether those it needs are there or not."""
    _, by_name = _fields(kind.columns)
    return {by_name[name]: index for index, name in enumerate(names_of(header)) if name in by_name}


def _rather(chosen: _Fit, others: Iterable[Kind], headers: Mapping[Kind, tuple[str, ...]]) -> Kind | None:
    """The kind that is meant, though one column it needs is missing: a gate's log without its gate column is no
    health report for having a day, a name and a temperature. It knows more of the columns, and one by which
    it is told (进出, 到岗时间) and of which the kind that fits knows nothing; or twice as many."""
    for kind in others:
        known = _known(kind, headers[kind])
        telling = {known[field] for field in _told(kind)[0] | _grouped(kind) if field in known}
        nearly = len(known) > len(chosen.mapping) and len(lacking(kind, known)) < 2
        more = nearly and telling - chosen.explained
        if more or len(known) >= _TWICE * len(chosen.mapping):
            return kind
    return None


def _grouped(kind: Kind) -> frozenset[str]:
    return frozenset(field for group in kind.any_of for field in group)


def recognise(
    header: tuple[str, ...],
    kinds: Iterable[Kind],
    settings: Settings,
    *,
    team: str = "",
    name: str = "",
    dated: bool = False,
    said: Said | None = None,
    stated: tuple[str, ...] = (),
) -> Recognised | Asks:
    """The kind whose columns this header has. `team` (its declared kinds) and `name` (the file's
    name or folder, may hold a kind's name) only break ties. `dated`: the sheet says its day itself.
    `said`: what a person answered, or taught, before any of it. `stated`: labels in its titles."""
    said = said or _NOTHING_SAID
    kinds = tuple(kind for kind in kinds if not said.kind or kind.name == said.kind)
    headers = {kind: with_stated(kind, header, stated) if stated else header for kind in kinds}
    given = tuple(said.values.items())
    if given:
        if own := _has_itself(kinds, header, said):
            return Asks(message("the table has a column {column} itself", column=own))
        labels = {field_named(kind, label) for kind in kinds for label in headers[kind][len(header) :]}
        at = len(header) + len(stated)
        more = {
            at + n: name
            for n, (name, _) in enumerate(given)
            if not any(field_named(kind, name) in labels - {None} for kind in kinds)
        }
        said = replace(said, columns={**said.columns, **more})
    fits = [fit for kind in kinds if (fit := _fit(kind, headers[kind], dated, said.columns)) is not None]
    if not fits:
        return _short(kinds[0], headers[kinds[0]], said) if said.kind and kinds else Asks(_NO_KIND)
    best = max(fit.score[0] for fit in fits)
    # One column more decides nothing between two kinds that both have all they need.
    close = [fit for fit in fits if fit.score[0] >= best - 1] if len(fits) > 1 else fits
    chosen = _broken_tie(close, settings, team, name)
    if chosen is None:
        return either(fit.kind for fit in close)
    fitting = {fit.kind.name for fit in fits}
    others = [kind for kind in kinds if kind.name not in fitting]
    if not said.kind and (meant := _rather(chosen, others, headers)):
        return _short(meant, headers[meant], said)
    if chosen.twice:
        return Asks(message("the column {column} is there twice", column=clean(chosen.twice)))
    used = set(chosen.mapping.values())
    unknown = tuple(i for i in range(len(header)) if i not in used)
    return Recognised(chosen.kind, chosen.mapping, unknown, given)


def _has_itself(kinds: Iterable[Kind], header: tuple[str, ...], said: Said) -> str:
    """The header of a column that is given a value for every row; empty: there is none."""
    wanted = {(kind, field_named(kind, name)) for kind in kinds for name in said.values}
    for index, cell in enumerate(header):
        name = said.columns.get(index, cell)
        if name and any(
            (kind, field_named(kind, name)) in wanted for kind in kinds if field_named(kind, name)
        ):
            return clean(cell)
    return ""


def either(kinds: Iterable[Kind]) -> Asks:
    """Several kinds fit."""
    fitting = tuple(kinds)
    return Asks(
        message(
            "it may be {kinds}: say which, or name the kind in the file's name",
            kinds=" / ".join(kind.chinese for kind in fitting),
        ),
        tuple(kind.name for kind in fitting),
    )


def _short(kind: Kind, header: tuple[str, ...], said: Said) -> Asks:
    mapped = _mapped(kind, header, said.columns)
    there = mapped.mapping if mapped else {}
    return Asks(
        message(
            "as {kind} it needs {columns}: say which columns these are",
            kind=kind.chinese,
            columns="、".join(lacking(kind, there)),
        ),
        meant=kind.name,
    )


def _broken_tie(close: list[_Fit], settings: Settings, team: str, name: str) -> _Fit | None:
    """The one fit left when those are gone that explain less of the header than another, then after each
    hint in turn: the name, the team's declared kinds. Of fits that explain different columns the one with
    two more of its own names is meant; one more decides nothing."""
    close = [fit for fit in close if not any(fit.explained < other.explained for other in close)]
    declared = {kind for one in settings.team if one.name == team for kind in one.kinds}
    hinted = name.lower()
    own = max(fit.score[1] for fit in close)
    for hints in (
        [fit for fit in close if fit.kind.name in hinted or fit.kind.chinese in hinted],
        [fit for fit in close if fit.kind.name in declared],
        [fit for fit in close if fit.score[1] >= own - 1],
    ):
        if len(close) > 1:
            close = [fit for fit in close if fit in hints] or close
    return close[0] if len(close) == 1 else None
