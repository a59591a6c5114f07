"""Which lines of one sheet are lines of another, by the hashes of their texts.

Stretches in the same order, or in the opposite one, are compared as they lie, at next to no cost; the lines
left over are looked up, 3 µs each.
"""

from __future__ import annotations

from array import array
from collections.abc import Generator, Iterator, Sequence
from itertools import compress, repeat
from operator import ne, not_

_TOGETHER = 1 << 18
"""Lines looked up together: a dictionary of them takes 26 MB."""
_NEAR = 32
"""Lines within which two sheets that differ are the same again."""
_FAR = 3
"""Times that they may be so further on."""
_WORTH = 1 << 12
"""Lines of which more than half lie in order where all may."""
_TWICE = -1


def matched(
    theirs: array[int], mine: array[int], versions: array[int], body: tuple[int, int]
) -> Generator[None, None, array[int]]:
    """By line of an earlier sheet: the line of `mine` that is the same, where it has a version; 0 where there
    is none, or where several are the same and not all of one version (none is used twice). A step is a
    fraction of a second.

    Arrays by line number. `versions`: of the earlier sheet's lines. `body`: the first line of each behind its
    header.
    """
    at = array("q", bytes(8 * len(theirs)))
    taken = bytearray(len(mine))
    at[: body[0]] = array("q", [_TWICE] * body[0])
    taken[: body[1]] = b"\1" * body[1]
    _in_order(theirs, mine, at, taken, body)
    yield
    if 2 * sum(taken) < len(mine):
        _in_opposite_order(theirs, mine, at, taken, body)
        yield
    yield from _anywhere(theirs, mine, versions, at, taken)
    for line, (here, version) in enumerate(zip(at, versions, strict=True)):
        if here == _TWICE or not version:
            at[line] = 0
    return at


def _in_order(
    theirs: array[int], mine: array[int], at: array[int], taken: bytearray, body: tuple[int, int]
) -> None:
    for there, here, n in _stretches(theirs, mine, *body):
        at[there : there + n] = array("q", range(here, here + n))
        taken[here : here + n] = b"\1" * n


def _in_opposite_order(
    theirs: array[int], mine: array[int], at: array[int], taken: bytearray, body: tuple[int, int]
) -> None:
    last = len(theirs) - 1
    back = theirs[: body[0] - 1 : -1]
    for there, here, n in _stretches(back, mine, 0, body[1]):
        for i in range(n):
            if not at[last - there - i] and not taken[here + i]:
                at[last - there - i] = here + i
                taken[here + i] = 1


def _stretches(
    theirs: Sequence[int], mine: Sequence[int], there: int, here: int
) -> Iterator[tuple[int, int, int]]:
    """(where in `theirs`, where in `mine`, how long) of what both have in the same order, one behind the
    other; it is given up where they are too different."""
    far, common, begun = _FAR, 0, here
    while there < len(theirs) and here < len(mine):
        n = _common(theirs, mine, there, here)
        if n:
            yield there, here, n
            there, here, common = there + n, here + n, common + n
            continue
        if here - begun > _WORTH and 2 * common < here - begun:
            return
        where = {key: i for i, key in enumerate(theirs[there : there + _NEAR])}
        found = next(
            ((where[key], j) for j, key in enumerate(mine[here : here + _NEAR]) if key in where), None
        )
        if found is None and far:
            far -= 1
            try:
                found = 0, mine.index(theirs[there], here) - here
                begun += found[1]
            except ValueError:
                found = 1, 0
        if found is None:
            return
        there, here = there + found[0], here + found[1]


def _common(theirs: Sequence[int], mine: Sequence[int], there: int, here: int) -> int:
    """How many follow here and there that are the same."""
    n, step = 0, 64
    most = min(len(theirs) - there, len(mine) - here)
    while step and n < most:
        size = min(step, most - n)
        if theirs[there + n : there + n + size] == mine[here + n : here + n + size]:
            n += size
            step *= 2
        else:
            step = size // 2
            while step:
                if theirs[there + n : there + n + step] == mine[here + n : here + n + step]:
                    n += step
                step //= 2
    return n


def _anywhere(
    theirs: array[int], mine: array[int], versions: array[int], at: array[int], taken: bytearray
) -> Generator[None]:
    """Looks up the lines that are not matched yet, a part of them at a time."""
    parts = min(128, 1 + min(at.count(0), taken.count(0)) // _TOGETHER)
    free = bytearray(map(not_, at))
    for part in range(parts):
        keys, lines = _part(theirs, free, part, parts)
        line_of = dict(zip(keys, lines, strict=True))
        alike: dict[int, list[int]] = {}
        if len(line_of) < len(keys):
            earlier = bytes(map(ne, map(line_of.__getitem__, keys), lines))
            alike = {key: [line_of[key]] for key in compress(keys, earlier)}
            for key, line in zip(compress(keys, earlier), compress(lines, earlier), strict=True):
                alike[key].append(line)
        for key, those in alike.items():
            line_of[key] = 0
            if len({versions[line] for line in those}) > 1:
                those.clear()
        yield
        keys, lines = _part(mine, taken.translate(_TURNED), part, parts)
        found = array("q", map(line_of.get, keys, repeat(0)))
        for line, there in zip(compress(lines, found), filter(None, found), strict=True):
            at[there] = _TWICE if at[there] else line
        for key, line in zip(keys, lines, strict=True) if alike else ():
            if same := alike.get(key):
                at[same.pop()] = line
        # The next part has its own.
        del line_of, found
        yield


def _part(
    hashes: array[int], free: bytes | bytearray, part: int, parts: int
) -> tuple[array[int], array[int]]:
    """The hashes of one part and their lines, of those that are free: parts are told by a byte of each."""
    keys, lines = array("q", compress(hashes, free)), array("q", compress(range(len(hashes)), free))
    if parts == 1:
        return keys, lines
    marks = keys.tobytes()[:: keys.itemsize].translate(bytes(byte % parts == part for byte in range(256)))
    return array("q", compress(keys, marks)), array("q", compress(lines, marks))


_TURNED = bytes([1, *bytes(255)])
