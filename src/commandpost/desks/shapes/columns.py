"""Columns that several drop kinds have, and what their `expand` functions share."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from commandpost.contract.kind import Column, Row
from commandpost.contract.reading import Bad, Context, Flagged, Read, Reader
from commandpost.contract.values.dates import TimeOfDay, date_, midnight, moment
from commandpost.contract.values.people import id_number, phone
from commandpost.contract.values.places import room
from commandpost.contract.values.text import text
from commandpost.words import message

PHONE = Column(
    "phone", "电话", "Phone", phone(),
    ("手机号", "手机", "手机号码", "联系电话", "电话号码", "联系方式", "本人电话", "tel", "telephone", "mobile",
     "phone number", "contact",
     "contact no", "contact number", "phone no", "mobile no", "mobile number", "mobile phone",
     "cell", "cell phone", "telephone no", "telephone number", "手机号/电话", "联系电话/手机"),
    example="13800000000",
)  # fmt: skip

ID_NUMBER = Column(
    "id_number", "证件号", "ID number", id_number(),
    ("身份证", "身份证号", "身份证号码", "证件号码", "证件", "有效证件号", "id", "id no", "passport",
     "id card", "id card no", "id document", "passport no", "national id", "身份证件号", "证件号/身份证号"),
)  # fmt: skip

ROOM = Column(
    "room", "楼栋房号", "Room", room(),
    ("房号", "房间", "房间号", "宿舍", "宿舍号", "寝室", "寝室号", "门牌号", "门牌", "室", "室号", "房间号码", "楼栋及房号",
     "所在楼栋及房号", "楼栋/房号", "room no", "room number", "flat", "flat no", "apartment", "apartment no", "apt", "dorm",
     "dorm room", "unit no"),
    titled="label", key=True, example="3栋2单元501",
)  # fmt: skip

ROOM_NUMBER = Column(
    "room", "房号", "Room", room(),
    ("房间号", "房间", "室", "室号", "宿舍号", "寝室号", "房间号码", "room no", "room number", "flat", "flat no", "apartment",
     "apartment no", "apt", "unit no"),
    key=True,
)  # fmt: skip
"""Beside a place, in kinds whose address has a column of its own."""

PLACE = Column("place", "住址", "Address", room(), ("地址", "居住地址", "现住址", "家庭住址"), key=True)
"""Beside a room, or instead of it."""

BUILDING = Column(
    "building", "楼栋", "Building", text(),
    ("楼号", "栋号", "楼栋号", "栋", "幢", "幢号", "楼宇", "宿舍楼", "block", "tower", "building no", "building name"),
    titled="label", key=True, fill_down=True,
)  # fmt: skip
"""Beside a room that does not name it; a merged cell above many rooms."""

UNIT = Column(
    "staircase",
    "单元",
    "Staircase",
    text(),
    ("单元号",),
    titled="label",
    key=True,
    fill_down=True,
    within="building",
)

UPDATED = Column(
    "updated", "更新时间", "Updated", moment(),
    ("更新日期", "最后更新", "最后更新时间", "修改时间", "最后修改时间", "last updated", "modified"),
    after="",
)  # fmt: skip
"""The row's own date: how new what it says is."""


def day_text(aliases: tuple[str, ...] = ()) -> Column:
    """A date column beside a time column (日期 + 时间); read together with it."""
    return Column(
        "date", "日期", "Date", text(), ("登记日期", "填报日期", "填表日期", *aliases), fill_down=True
    )


def day_of(row: Row, context: Context) -> date:
    """The row's day, else the sheet's: a sheet that says neither is not taken for a kind that needs it."""
    day = row.get("date") or context.sheet_date
    assert isinstance(day, date)
    return day


def moment_or_day() -> Reader:
    """A moment; a day without a time of day is its first moment, flagged `approximate`."""

    def reader(context: Context) -> Read:
        exact, day = moment()(context), date_()(context)

        def read(said: str) -> Any:
            value = exact(said)
            time = value.value if type(value) is Flagged else value
            # 3.21 is the 21st of March where no day makes a moment of it as a time.
            if (type(value) is not Bad or value.code != "date") and not isinstance(time, TimeOfDay):
                return value
            found = day(said)
            if type(found) is Bad and found.code == "future":
                return found
            if found is None or type(found) in (Bad, Flagged):
                return value
            return Flagged(
                midnight(found, context.zone),
                "approximate",
                message("No time of day: taken as the beginning of the day."),
            )

        return read

    return reader


def moment_or_time() -> Reader:
    """A moment; a time alone stays a `TimeOfDay`, whatever the sheet's date: its day is another cell's."""

    def reader(context: Context) -> Read:
        whole, alone = moment()(context), moment()(replace(context, sheet_date=None))

        def read(text: str) -> Any:
            found = alone(text)
            time = found.value if isinstance(found, Flagged) else found
            return found if isinstance(time, TimeOfDay) else whole(text)

        return read

    return reader
