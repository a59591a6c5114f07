"""The wall's picture: whatever is private in the officer's picture is nowhere in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session

from commandpost import desks, picture
from commandpost.desks.duty.tables import Shift
from commandpost.desks.gate.picture import GatePicture, PassRow
from commandpost.desks.isolation.picture import IsolationPicture, IsolationRow, Slot
from commandpost.desks.shapes import masking
from commandpost.desks.shapes.common import (
    Alert,
    Celsius,
    Name,
    Phone,
    Plate,
    Private,
    Room,
)
from commandpost.desks.supply.picture import RequestRow, SupplyPicture
from commandpost.picture import DropRow, DropsPicture, Picture
from commandpost.words import Message, message
from desks.given import Given, local, passed, shift
from desks.test_board_night import SETTINGS, the_night

PRIVATE = (Name, Plate, Room, Phone, Private)


def words(value: Any) -> Iterator[str]:
    """Every string in a picture, whatever its type."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from words(part)
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from words(getattr(value, field.name))


han = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x4E60), min_size=2, max_size=4)
rooms = st.one_of(st.tuples(*[st.integers(1, 30)] * 3).map(lambda t: "-".join(map(str, t))), han)
plates = st.one_of(st.from_regex(r"[鄂京][A-Z][A-Z0-9]{5,6}", fullmatch=True), han)
phones = st.from_regex(r"1[0-9]{10}", fullmatch=True)
celsius = st.one_of(st.none(), st.integers(350, 420).map(lambda n: Celsius(n / 10)))
slots = st.builds(lambda t: Slot("reported", t, t is not None and t >= 37.3), celsius)
MOMENT = local("2020-02-10 20:14")

passes = st.builds(
    lambda name, plate, t, purpose: PassRow(
        1, 1, MOMENT, "IN", Name(name), Plate(plate), t, t is not None and t >= 37.3, "ADMITTED", "大门", Private(purpose), None, None,
    ),
    han, plates, celsius, han,
)  # fmt: skip
isolations = st.builds(
    lambda name, room, phone, am, pm, needs: IsolationRow(
        1, 1, Name(name), "HOME", "", date(2020, 2, 1), 10, 14, date(2020, 2, 14), "active", am, pm, Room(room),
        Phone(phone), (message("{needs}", needs=Private(needs)),), None, ((date(2020, 2, 9), am, pm),),
    ),
    han, rooms, phones, slots, slots, han,
)  # fmt: skip
requests = st.builds(
    lambda who, to: RequestRow(
        1, 1, "7", "米", "", 1.0, "袋", Name(who), "HIGH", MOMENT, 3, None, "SUBMITTED", Private(to), None
    ),
    han, han,
)  # fmt: skip
alerts = st.builds(
    lambda name, room, inner: Alert(
        "fever", "critical", "gate_pass:1",
        message("{name} {room}: {why}", name=Name(name), room=Room(room), why=message("{file}", file=Private(inner))),
    ),
    han, rooms, han,
)  # fmt: skip
drops = st.builds(
    lambda name, why: DropRow(1, MOMENT, Private(name), "t", "k", "asks", message("{x}", x=Private(why)), 1, 1, 0, 0, True),
    han, han,
)  # fmt: skip


def several(of: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(of, max_size=3).map(tuple)


@given(several(passes), several(isolations), several(requests), several(alerts), several(drops))
def test_nothing_private_is_anywhere_in_a_masked_picture(
    some: tuple[Any, ...],
    open_: tuple[Any, ...],
    asked: tuple[Any, ...],
    todo: tuple[Any, ...],
    came: tuple[Any, ...],
) -> None:
    full = Picture(
        MOMENT, 1, "p", "p", "", "Asia/Shanghai",
        gate=GatePicture(rows=some), isolation=IsolationPicture(rows=open_), supply=SupplyPicture(rows=asked),
        todo=todo, drops=DropsPicture(rows=came),
    )  # fmt: skip
    assert leaks(full, picture.masked(full)) == []


def leaks(full: Any, hidden: Any) -> list[str]:
    """Private words of `full` that can still be read in `hidden`."""
    secrets = {str(word) for word in words(full) if isinstance(word, PRIVATE) and len(word) >= 2}
    told = list(words(hidden))
    return [secret for secret in secrets if any(secret in word for word in told)]


def test_a_real_night_is_masked(post: Given) -> None:
    full = the_night(post)
    hidden = picture.masked(full)
    assert hidden.masked
    secrets = {str(w) for w in words(full) if isinstance(w, PRIVATE) and len(w) >= 2}
    assert {"张海涛", "王秀兰", "3-2-501", "鄂A12345", "证明不全", "5栋杨文", "刘洋"} <= secrets
    assert leaks(full, hidden) == []
    assert [row.name for row in hidden.gate.rows[:1]] == ["张*"]
    assert hidden.gate.rows[0].temperature == 37.6
    assert hidden.gate.rows[1].plate == "鄂A***45"
    assert {row.temperature for row in hidden.gate.rows[1:]} == {None}
    assert hidden.isolation.rows[0].place == "3栋"
    assert {slot.temperature for row in hidden.isolation.rows for slot in (row.am, row.pm)} == {None}
    assert hidden.drops.rows[0].name == ""


def test_masking_twice_changes_nothing_more() -> None:
    full = Picture(MOMENT, 1, "p", "p", "", "Asia/Shanghai", gate=GatePicture(rows=()))
    assert picture.masked(picture.masked(full)) == picture.masked(full)


def test_a_unit_the_settings_name_is_not_hidden(post: Given) -> None:
    from commandpost.desks.supply.tables import SupplyRequest
    from desks.given import asked

    post.set(SETTINGS)
    post.drop(
        SupplyRequest,
        asked("1", "米", "2020-02-10 19:00", requester="北门"),
        asked("2", "米", "2020-02-10 19:00", requester="周敏"),
    )
    assert {row.requester for row in picture.masked(post.take()).supply.rows} == {"北门", "周*"}  # fmt: skip


def test_a_unit_on_a_roster_is_not_hidden(post: Given) -> None:
    post.set(
        '[[duty_post]]\nname = "值班室"\norganisation = "物业"\naliases = ["值班"]\n[[team]]\nname = "gate"\nlabel = "北门岗"\n'
    )
    start = "2020-02-10 16:00"
    post.drop(Shift, *(shift("值班室", who, start) for who in ("物业", "值班", "北门岗", "周文")))
    hidden = picture.masked(post.take()).duty
    assert {on.person for on in hidden.on_duty} == {"物业", "值班", "北门岗", "周*"}
    assert {name for row in hidden.rows for span in row.spans for name in span.people} == {
        "物业", "值班", "北门岗", "周*",
    }  # fmt: skip


def test_a_records_details_are_masked_too(post: Given) -> None:
    from commandpost.desks.gate.tables import GatePass

    post.drop(GatePass, passed("2020-02-10 20:01", "张海涛", phone="13800001111", purpose="复诊"))
    with Session(post.engine) as session:
        detail = desks.detail(post.look(session), "gate_pass", 1)
    assert detail is not None
    assert dict(detail.fields)["phone"] == "13800001111"
    assert leaks(detail, masking.masked(detail)) == []


def test_a_message_keeps_its_words() -> None:
    said = masking.masked(Message("{name}", (("name", Name("张海涛")),)))
    assert said == Message("{name}", (("name", Name("张*")),))
