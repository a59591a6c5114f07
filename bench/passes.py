"""Made-up gate passes: deterministic, invented people."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from pathlib import Path

HEADER = "登记时间,卡口,方向,姓名,手机号,车牌,体温,核验结果"
_FAMILY = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
_GIVEN = "安邦川达恩帆光海涵嘉静凯兰明宁鹏琪瑞山婷伟欣阳泽志芳宏俊丽娜强"


def person(n: int) -> tuple[str, str]:
    """Name and phone of the n-th invented person. The phone is one a reader accepts."""
    family = _FAMILY[n % len(_FAMILY)]
    given = _GIVEN[n // 7 % len(_GIVEN)] + _GIVEN[n // 211 % len(_GIVEN)]
    return family + given, f"199{n:08d}"


def write_passes(
    path: Path,
    rows: int,
    *,
    people: int = 20_000,
    strangers: float = 0.05,
    bad: float = 0.006,
    repeated: float = 0.01,
    start: datetime = datetime(2022, 1, 1),
    seconds: float = 2.0,
    seed: int = 7,
) -> None:
    """A UTF-8 sheet of `rows` passes, one every `seconds` on average; `bad` of them cannot be read
    (temperature 98.6 in a required place is a date of 2月30日), `repeated` say the line before again."""
    chance = random.Random(seed)
    gates = ("东门", "西门", "南门", "北门")
    last = ""
    at = start
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(HEADER + "\r\n")
        for n in range(rows):
            if last and chance.random() < repeated:
                file.write(last)
                continue
            at += timedelta(seconds=chance.randrange(1, max(2, int(seconds * 2))))
            name, phone = person(people + n if chance.random() < strangers else chance.randrange(people))
            when = f"{at:%Y-%m-%d %H:%M:%S}"
            if chance.random() < bad:
                when = f"{at:%Y}-02-30 {at:%H:%M:%S}"
            last = (
                f"{when},{chance.choice(gates)},{chance.choice('进出')},{name},{phone},,"
                f"36.{chance.randrange(1, 9)},放行\r\n"
            )
            file.write(last)
