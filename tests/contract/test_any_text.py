"""Whatever a cell holds, every reader answers in its own type and never raises."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from time import process_time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reading_case import POST, here
from tests.examples import examples

from commandpost.contract.reading import Bad, Flagged, Reader
from commandpost.contract.values import (
    counts,
    dates,
    daycounts,
    numbers,
    people,
    places,
    supplies,
    text,
    words,
)
from commandpost.contract.values.clocktimes import TimeOfDay
from commandpost.words import Words

READERS: dict[str, tuple[Reader, Callable[[Any], bool]]] = {
    "date": (dates.date_(), lambda v: type(v) is date),
    "planned date": (dates.date_(planned=True), lambda v: type(v) is date),
    "moment": (dates.moment(), lambda v: type(v) is int or isinstance(v, TimeOfDay)),
    "planned moment": (dates.moment(observed=False), lambda v: type(v) is int or isinstance(v, TimeOfDay)),
    "time": (dates.time_of_day(), lambda v: isinstance(v, TimeOfDay) and 0 <= v.second <= 172_800),
    "hours": (dates.hours(), lambda v: len(v) == 2 and all(isinstance(t, TimeOfDay) for t in v)),
    "temperature": (numbers.temperature(), lambda v: type(v) is float and 30 <= v <= 45),
    "quantity": (
        numbers.quantity(),
        lambda v: isinstance(v, numbers.Quantity) and (v.value is None or v.value >= 0),
    ),
    "count": (counts.count(), lambda v: type(v) is int and v >= 0),
    "days": (daycounts.days(), lambda v: type(v) is int and 1 <= v <= 366),
    "room": (places.room(), lambda v: type(v) is str and v != ""),
    "plate": (places.plate(), lambda v: type(v) is str and v != ""),
    "gate": (places.declared("gate"), lambda v: v in ("东门", "北门")),
    "item": (places.item(), lambda v: type(v) is str and v != ""),
    "phone": (people.phone(), lambda v: v.isdecimal() and v.isascii()),
    "id": (people.id_number(), lambda v: type(v) is str and v.isascii()),
    "people": (people.people(), lambda v: type(v) is tuple and all(v)),
    "name": (text.name(), lambda v: type(v) is str and v != ""),
    "text": (text.text(), lambda v: type(v) is str and v != ""),
    "wanted": (supplies.wanted(), lambda v: all(isinstance(w, supplies.Wanted) and w.item for w in v)),
    "verdict": (words.one_of(words.VERDICTS), lambda v: v in words.VERDICTS),
    "yes": (words.one_of(words.YES_NO), lambda v: type(v) is bool),
}
PIECES = [
    "2022-03-28",
    "3月28日",
    "2月30日",
    "44648",
    ".25",
    "06:13:21",
    "24:00",
    "下午",
    "点",
    "半",
    "十",
    "百",
    "万",
    "余",
    "几",
    "约",
    "3栋",
    "2单元",
    "-",
    "--",
    "/",
    "、",
    "，",
    "(",
    "（",
    ")",
    "）",
    "36",
    ".",
    "。",
    "℃",
    "368",
    "98.6",
    "E+10",
    "鄂A",
    "12345",
    "13812345678",
    "王某等",
    "人",
    "无",
    "正常",
    "若干",
    "瓶",
    "箱",
    "×",
    "√",
    "次密接",
    "同上",
    "次日",
    "至",
    "+",
    "负",
    "11010519491231002X",
    "Mar",
    "th",
    "\x1b[31m",
    "\u202e",
    "�",
    "\u200b",
    "ﷺ",
    "²",
    "½",
    "٣",
    "〇",
    "廿",
    "＃",
]
cells = st.text(max_size=12) | st.lists(st.sampled_from([*PIECES, " "]), max_size=6).map("".join)


@pytest.mark.parametrize("name", sorted(READERS))
def test_any_text_is_answered_in_the_readers_own_type(name: str) -> None:
    reader, fits = READERS[name]
    contexts = [here(POST), here(POST, sheet=date(2022, 3, 28), zone="Europe/Berlin")]
    reads = [reader(context) for context in contexts]

    @examples(120)
    @given(cells)
    def check(came: str) -> None:
        for read, context in zip(reads, contexts, strict=True):
            found = read(came)
            assert found == read(came) == reader(context)(came)
            if isinstance(found, Bad):
                for language in ("zh", "en"):
                    assert Words(language).say(found.reason)
                    assert found.hint is None or "{" not in Words(language).say(found.hint)
                continue
            if isinstance(found, Flagged):
                assert found.code
                assert Words("zh").say(found.reason) != found.reason.id
                found = found.value
            assert found is None or fits(found)

    check()


@pytest.mark.parametrize("name", sorted(READERS))
def test_no_reader_hangs_on_a_long_cell(name: str) -> None:
    """All pieces cost about a second; one that grows with the square of its length costs minutes."""
    read = READERS[name][0](here(POST))
    before = process_time()
    for piece in PIECES:
        read((piece * 10_000)[:10_000])
        assert process_time() - before < 60, piece
