"""What duty shows: who is on, where nobody will be, until when the roster reaches."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from commandpost.desks.duty.roster import Planned, PostPlan, on_duty, plans
from commandpost.desks.shapes.common import SEVERITIES, Freshness, Look, Severity
from commandpost.desks.shapes.coverage import UnfitOf
from commandpost.words import Message


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of one post's strip with the same people on it. Half-open."""

    start: datetime
    end: datetime
    people: tuple[str, ...]
    """Each a `Name`, or a unit that the settings declare."""
    gap: bool = False
    """No one, within declared hours and a received roster; or everybody planned is unfit."""
    short: bool = False
    """Someone, but below the minimum."""
    required: bool = True
    """False: outside the post's declared hours, or hours not declared."""
    unknown: bool = False
    """Beyond the roster received: `?`, not a gap."""


@dataclass(frozen=True, slots=True)
class Gap:
    post: str
    english: str
    start: datetime
    end: datetime
    severity: Severity = "warning"
    """Critical when it begins within 12 h."""


@dataclass(frozen=True, slots=True)
class UnfitShift:
    """A stretch of a planned shift whose person is isolated or febrile, or may be."""

    id: int
    """Of the shift's version."""
    post: str
    english: str
    person: str
    """A `Name`, or a unit that the settings declare."""
    start: datetime
    end: datetime
    why: Message
    sure: bool
    """False: they count as cover."""
    meant: int
    """How many people the name can mean."""
    by_name: bool
    severity: Severity
    """Of the gap it leaves; a warning where it leaves none."""


@dataclass(frozen=True, slots=True)
class OnDuty:
    post: str
    organisation: str
    person: str
    until: datetime


@dataclass(frozen=True, slots=True)
class PostRow:
    id: str
    """The post's name."""
    name: str
    english: str
    organisation: str
    declared: bool
    on: int
    need: int
    spans: tuple[Span, ...]
    """From one hour before the moment to twelve after; contiguous."""
    roster_until: datetime | None
    severity: Severity | None
    """The loudest of its gaps, being short, and its roster's end."""
    short: bool = False
    """Somebody is there now, fewer than the minimum."""
    roster_ends: bool = False
    """Its roster was never received or ends within 24 h, and somebody must be there."""
    hours_declared: bool = False
    """Somebody must be there at certain hours: without them there are no gaps."""


@dataclass(frozen=True, slots=True)
class HandOver:
    at: datetime
    post: str
    english: str
    leaving: tuple[str, ...]
    coming: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StandIn:
    person: str
    rested_hours: int
    enough: bool


@dataclass(frozen=True, slots=True)
class DutyPicture:
    posts: int = 0
    """Posts that need someone at the moment."""
    covered: int = 0
    """Of these, with at least their minimum."""
    on: int = 0
    """People on duty, over all posts."""
    need: int = 0
    rows: tuple[PostRow, ...] = ()
    on_duty: tuple[OnDuty, ...] = ()
    gaps: tuple[Gap, ...] = ()
    """Within the next 72 h, each maximal."""
    gaps_soon: int = 0
    """Of these, beginning within 12 h."""
    unfit: tuple[UnfitShift, ...] = ()
    """Within the next 72 h."""
    roster_until: datetime | None = None
    """The earliest end of a declared post's received roster; None: none received."""
    next_handover: HandOver | None = None
    stand_ins: tuple[StandIn, ...] = ()
    freshness: Freshness = Freshness()


BEFORE = timedelta(hours=1)
AFTER = timedelta(hours=12)
ROSTER_WARNS = timedelta(hours=24)
"""A roster that ends within this is called for."""
RESTED = timedelta(hours=10)
"""Between two shifts (domain: short rest)."""
RESTING = timedelta(hours=48)
"""Whoever came off duty longer ago is not on this roster any more."""
STAND_INS = 6


def picture(look: Look, unfit_of: UnfitOf, freshness: Freshness) -> DutyPicture:
    """Who is on duty at the look's moment and what is missing ahead."""
    posts = plans(look, unfit_of)
    by_post = {post.name: gaps_of(look, post) for post in posts}
    gaps = sorted((gap for own in by_post.values() for gap in own), key=lambda gap: (gap.start, gap.post))
    needed = [post for post in posts if post.required(look, look.moment, look.moment + timedelta(seconds=1))]
    present = on_duty(look.moment, posts)
    ends = [post.known_until for post in posts if post.declared and post.known_until is not None]
    organisations = {post.name: post.organisation for post in posts}
    return DutyPicture(
        posts=len(needed),
        covered=sum(len(post.at(look.moment)) >= max(post.minimum, 1) for post in needed),
        on=len(present),
        need=sum(post.minimum for post in needed),
        rows=tuple(_row(look, post, by_post[post.name]) for post in posts),
        on_duty=tuple(OnDuty(s.post, organisations[s.post], s.name, s.end) for s in present),
        gaps=tuple(gaps),
        gaps_soon=sum(gap.severity == "critical" for gap in gaps),
        unfit=tuple(lost for post in posts for lost in unfit_shifts(look, post, by_post[post.name])),
        roster_until=min(ends, default=None),
        next_handover=next_hand_over(look, posts),
        stand_ins=stand_ins(look, posts, gaps),
        freshness=freshness,
    )


def post_rows(look: Look, unfit_of: UnfitOf) -> list[PostRow]:
    """Every post with its strip."""
    return [_row(look, post, gaps_of(look, post)) for post in plans(look, unfit_of)]


def spans(look: Look, post: PostPlan, start: datetime, end: datetime) -> tuple[Span, ...]:
    """The post's strip from start to end: contiguous, neighbours differ."""
    start, end = start.astimezone(UTC), end.astimezone(UTC)
    required = post.required(look, start, end)
    shifts = [shift for shift in post.shifts if shift.start < end and shift.end > start]
    lost = [part for part, unfit in post.unfit if unfit.sure and part.start < end and part.end > start]
    edges = {t for shift in (*shifts, *lost) for t in (shift.start, shift.end)}
    edges.update(t for stretch in required for t in stretch)
    edges.update(t for t in (post.known_from, post.known_until) if t is not None)
    within = sorted({start, end, *(t for t in edges if start < t < end)})
    found: list[Span] = []
    # `post.at` of every edge in one pass: the shifts are in the order of their start.
    here: list[Planned] = []
    came = 0
    for begins, ends in itertools.pairwise(within):
        while came < len(shifts) and shifts[came].start <= begins:
            here.append(shifts[came])
            came += 1
        here = [shift for shift in here if shift.end > begins]
        people = tuple(shift.name for shift in here)
        must = any(a <= begins < b for a, b in required)
        if lost and not people:
            must = must or any(part.start <= begins < part.end for part in lost)
        unknown = post.declared and not people and not post.received(begins)
        span = Span(
            begins,
            ends,
            people,
            gap=must and not people and not unknown,
            short=0 < len(people) < post.minimum and (must or post.hours is None),
            required=must,
            unknown=unknown,
        )
        if found and _same(found[-1], span):
            found[-1] = Span(found[-1].start, ends, people, span.gap, span.short, span.required, span.unknown)
        else:
            found.append(span)
    return tuple(found)


def _same(a: Span, b: Span) -> bool:
    return (a.people, a.gap, a.short, a.required, a.unknown) == (
        b.people,
        b.gap,
        b.short,
        b.required,
        b.unknown,
    )


def gaps_of(look: Look, post: PostPlan) -> list[Gap]:
    """When nobody will be where somebody must be, from the moment on, as far as the roster reaches."""
    ahead = look.moment + look.settings.thresholds.gap_ahead
    found: list[Gap] = []
    if (not post.declared or post.hours is None) and not post.unfit:
        return found
    # From yesterday and to the roster's end, so that neither end of a gap moves with the moment.
    start, end = look.day_start - timedelta(days=1), max(ahead, post.known_until or ahead)
    for span in spans(look, post, start, end):
        if span.gap and span.end > look.moment and span.start < ahead:
            near = span.start < look.moment + look.settings.thresholds.gap_critical
            severity: Severity = "critical" if near else "warning"
            found.append(Gap(post.name, post.english, span.start, span.end, severity))
    return found


def unfit_shifts(look: Look, post: PostPlan, gaps: Sequence[Gap]) -> list[UnfitShift]:
    """What of the post's shifts its people are unfit for, from the moment on, as far as gaps are looked for."""
    ahead = look.moment + look.settings.thresholds.gap_ahead
    found = []
    for shift, unfit in post.unfit:
        if shift.end <= look.moment or shift.start >= ahead:
            continue
        left = [gap.severity for gap in gaps if gap.start < shift.end and shift.start < gap.end]
        severity: Severity = "warning"
        if unfit.sure:
            severity = min(left, key=SEVERITIES.index, default=severity)
        found.append(
            UnfitShift(
                shift.id, post.name, post.english, shift.name, shift.start, shift.end,
                unfit.why, unfit.sure, unfit.meant, unfit.by_name, severity,
            )
        )  # fmt: skip
    return sorted(found, key=lambda one: (one.start, one.person, one.id))


def _row(look: Look, post: PostPlan, gaps: Sequence[Gap]) -> PostRow:
    on = len(post.at(look.moment))
    short, ends = is_short(look, post), roster_missing(look, post)
    severity = min((gap.severity for gap in gaps), key=SEVERITIES.index, default=None)
    if severity is None and (short or ends or unfit_shifts(look, post, gaps)):
        severity = "warning"
    return PostRow(
        id=post.name,
        name=post.name,
        english=post.english,
        organisation=post.organisation,
        declared=post.declared,
        hours_declared=post.hours is not None,
        on=on,
        need=post.minimum,
        spans=spans(look, post, look.moment - BEFORE, look.moment + AFTER),
        roster_until=post.known_until,
        severity=severity,
        short=short,
        roster_ends=ends,
    )


def is_short(look: Look, post: PostPlan) -> bool:
    """Somebody is there, fewer than the minimum."""
    if not 0 < len(post.at(look.moment)) < post.minimum:
        return False
    return post.hours is None or bool(post.required(look, look.moment, look.moment + timedelta(seconds=1)))


def roster_missing(look: Look, post: PostPlan) -> bool:
    """The post must be covered and its roster was never received, or ends within 24 h."""
    if not post.declared or post.hours is None:
        return False
    return post.known_until is None or post.known_until < look.moment + ROSTER_WARNS


def next_hand_over(look: Look, posts: Sequence[PostPlan]) -> HandOver | None:
    """The next moment at which some people leave a post and others come."""
    best: HandOver | None = None
    for post in posts:
        for at in sorted({shift.start for shift in post.shifts if shift.start > look.moment}):
            if best is not None and at >= best.at:
                break
            before, after = post.at(at - timedelta(seconds=1)), post.at(at)
            leaving = tuple(s.name for s in before if s.name not in {x.name for x in after})
            coming = tuple(s.name for s in after if s.name not in {x.name for x in before})
            if leaving and coming:
                best = HandOver(at, post.name, post.english, leaving, coming)
                break
    return best


def stand_ins(look: Look, posts: Sequence[PostPlan], gaps: Sequence[Gap]) -> tuple[StandIn, ...]:
    """Who came off duty within 48 h and is free for the first gap (else for the next 8 h), the longest
    rested first."""
    start, end = look.moment, look.moment + timedelta(hours=8)
    if gaps and gaps[0].start < look.moment + look.settings.thresholds.gap_critical:
        start, end = gaps[0].start, gaps[0].end
    now = look.moment.astimezone(UTC)
    busy: set[str] = set()
    off: dict[str, datetime] = {}
    unfit = {shift.name for post in posts for shift, _ in post.unfit}
    for post in posts:
        for shift in post.shifts:
            if shift.end <= now:
                off[shift.name] = max(shift.end, off.get(shift.name, shift.end))
            elif shift.start <= now:
                busy.add(shift.name)
            if shift.start < end and shift.end > start:
                busy.add(shift.name)
    found = []
    for name in off.keys() - busy - unfit:
        rest = now - off[name]
        if rest <= RESTING:
            found.append(StandIn(name, int(rest.total_seconds() // 3600), rest >= RESTED))
    found.sort(key=lambda s: (-s.rested_hours, s.person))
    return tuple(found[:STAND_INS])
