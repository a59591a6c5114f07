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


_WIDE = {ord(c): ord(c) + 0xFEE0 for c in "0123456789-:./ABCDEFGHIJKLMNOPQRSTUVWXYZ"} | {ord(" "): 0x3000}


def _hour(at: datetime) -> str:
    words = ("凌晨", 0) if at.hour < 6 else ("上午", 0) if at.hour < 12 else ("中午", 0)
    if at.hour > 12:
        words = ("下午", 12) if at.hour < 18 else ("晚上", 12)
    return f"{words[0]}{at.hour - words[1]}点"


def _when(text: str, form: int) -> str:
    """A canonical moment as people write it; one that cannot be stays as it is but for its width."""
    if form == 0 or "-02-30" in text or "-02-29" in text:
        return text.translate(_WIDE)
    at = datetime.fromisoformat(text)
    if form == 1:
        return f"{at.year}年{at.month}月{at.day}日{_hour(at)}{at.minute:02}分{at.second:02}秒"
    if form == 2:
        return f"{at.year}/{at.month}/{at.day} {_hour(at)}{at.minute}分{at.second}秒"
    return f"{at.year}.{at.month}.{at.day} {at.hour}：{at.minute:02}：{at.second:02}"


def write_messy(path: Path, canonical: Path, *, seed: int = 11) -> None:
    """The same rows with every cell as people write it: full-width signs, 36.8℃, 下午3点, 年月日, blanks."""
    chance = random.Random(seed)
    gates = {"东门": "东 门", "西门": " 西门", "南门": "南门　", "北门": "　北门"}
    ways = {"进": ("入", "进入", " 进"), "出": ("外出", "离开", "出 ")}
    degrees = ("℃", "度", "°C", "")
    with (
        canonical.open(encoding="utf-8", newline="") as rows,
        path.open("w", encoding="utf-8", newline="") as file,
    ):
        file.write(rows.readline())
        for line in rows:
            at, gate, way, name, phone, plate, temperature, _ = line.rstrip("\r\n").split(",")
            form = chance.randrange(4)
            degree = temperature if form else temperature.translate(_WIDE)
            phone = phone.translate(_WIDE) if form % 2 else f"{phone[:3]}-{phone[3:7]}-{phone[7:]}"
            name = f"{name[:1]} {name[1:]}" if form == 2 else f"{name}　"
            file.write(
                f"{_when(at, form)},{gates[gate]},{ways[way][form % 3]},{name},{phone},{plate},"
                f"{degree}{degrees[form]},{('√', '通过', '正常', '放 行')[form]}\r\n"
            )
