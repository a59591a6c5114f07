"""What stands around the data of a sheet: titles, totals, footers, other tables' headers, its date."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Literal

from commandpost.contract.values.shifts import Hours
from commandpost.contract.values.text import fold
from commandpost.contract.values.text import header as normal
from commandpost.intake.stated import Stated, stated_in

Judged = Literal["data", "blank line", "repeated header", "total", "footer", "another table", "title"]

REMEMBERED = 50_000
"""Distinct first cells known to be plain; forgotten all at once beyond that."""

_WORD = r"(?:本[页日月周班次栋]|当[日月]|今日|累计|全[天日部])?(?:[合小总共]计|总数)"
_TOTAL = re.compile(rf"{_WORD}|累计|(?:sub|grand)?totals?")
_TOTAL_WITH = re.compile(
    rf"(?:.{{0,12}}{_WORD}|(?:sub|grand)?total):?\s*(?:共?\d+[\u4e00-\u9fff]{{0,3}})?|共\d+[人户名条辆]次?"
)
_TOTAL_SAID = re.compile(rf"{_WORD}(?:金额|数量|人数|人次|件数|份数|总数)?:")
"""总计：进1人 出0人, 合计金额：5000元, alone in its row."""
_FIGURES = re.compile(r"[0-9][0-9,]*(?:\.[0-9]+)?")
_FOOTER = re.compile(
    r"(?:填表|制表|填报|填写|审核|审批|复核|校对|负责|经办|统计|报送|上报|打印|导出|值班|带班|签发)"
    r"(?:人|员|人员|日期|时间|单位|部门|者|领导|负责人)?(?:签字|签名|签章|\(签字\)|\(签章\))?\s*:"
    r"|(?:prepared|checked|approved|reviewed|printed|exported)\s+(?:by|on|at)\b"
    r"|(?:注|备注|说明|注意事项|填表说明|note|notes)\s*:"
    r"|应[到报检查测][:共]?\s*\d+|(?:平均|均)值?(?:体温)?:?$"
)
_SIGNED = re.compile(
    r"(?:[\u4e00-\u9fff]{0,8}(?:人|员|长|主任|领导|签字|签名|签章|盖章|签收)"
    r"|(?:审核|审批|复核|核对|交班|接班|登记|记录|测温|检测|测量|制表|填表|统计|汇总|监督))(?:\([^()]*\))?\s*:"
    r"|\(?(?:以下空白|以下无正文|本页完|本页结束)\)?$"
    r"|本[班页表日][\u4e00-\u9fff]{0,4}人数\s*:"
)
"""组长签字：; 交班：王某; 社区负责人（签字）："""
_ABOUT = re.compile(
    r"(?:[\u4e00-\u9fff]{0,4}(?:单位|部门|班级|学校|学院|年级|日期|时间|地点|社区|小区|街道|网格|楼栋|门岗|卡点|班次))\s*:"
)
"""单位：滨江社区; 日期：3月28日"""
_TITLE = re.compile(
    r"[(]?[一二三四五六七八九十]+[)、.].*|(?:表|附表|附件)\s*[一二三四五六七八九十\d]+.*"
    r"|.*(?:登记表|统计表|明细表|汇总表|值班表|排班表|台账|名单|一览表)(?:\(.*\))?"
)
_SERIAL = frozenset(normal(name) for name in ("序号", "序", "顺序号", "行号", "No.", "#"))
_HEADED = re.compile(
    r"(?:.{0,30}?(?:表|登记|名单|台账|记录|统计|汇总|日报|签到|考勤)(?:\([^()]*\))?)?"
    r"(?:(?:[a-z ]{0,30}(?:log|record|register|sheet|list|roster|counts?|visitors?))?(?:page\d+)?(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6})?,?)"
    r"(?:\(?(?:周|星期|礼拜)[一二三四五六日天]\)?)?(?:\(?(?:[早中晚夜白]班|[上下]午|白天|夜间)\)?)?(?:\(?第\d+页\)?)?"
)
"""What may stand beside the day in a title among the rows."""
TELLING = ("计", "总数", "otal", "OTAL", "Sum", "SUM", "姓名", "时间", "日期", "数量")
"""Text without any of these holds no total, and no header of another table."""


class Margin:
    """Tells the rows of one table from what stands around them."""

    def __init__(
        self,
        header: Sequence[str],
        known: frozenset[str],
        parts: Sequence[Sequence[str]] = (),
        stated: Sequence[Stated] = (),
    ) -> None:
        """`parts`: the lines of a header of two lines. `stated`: what the titles above it say."""
        lasting = [label for label, value in stated if not heads_a_day(fold(value).lower())]
        self._stated = frozenset(map(normal, lasting))
        self.telling = (*TELLING, *lasting)
        """Text without any of these holds nothing but data, as far as its first cell does."""
        self._headers = [_trimmed([normal(cell) for cell in line]) for line in (header, *parts)]
        self._own = frozenset(name for line in self._headers for name in line if name)
        self._known = known
        self._width = len(header)
        self._dated = frozenset(
            i for i, cell in enumerate(header) if "日期" in (name := normal(cell)) or name == "date"
        )
        self._serial = [i for i, cell in enumerate(header) if normal(cell) in _SERIAL]
        self._plain: set[str] = set()

    def plain(self, first: str) -> bool:
        """Whether a row that begins with this cell is nothing but data."""
        if first in self._plain:
            return True
        folded = fold(first).lower()
        plain = not (
            not folded
            or _TOTAL_WITH.fullmatch(folded)
            or _TOTAL.fullmatch(folded)
            or _TOTAL_SAID.match(folded)
            or _FOOTER.match(folded)
            or _TITLE.fullmatch(folded)
            or _SIGNED.match(folded)
            or _ABOUT.match(folded)
            or heads_a_day(folded)
            or (name := normal(first)) in self._known
            or name in self._own
        )
        if plain:
            if len(self._plain) >= REMEMBERED:
                self._plain.clear()
            self._plain.add(first)
        return plain

    def certainly_data(self, cells: Sequence[str]) -> bool:
        """Whether `judge` need not be asked, which takes five times as long."""
        if len(cells) != self._width or self._serial:
            return False
        first, others = cells[0], "".join(cells[1:])
        if any(letter in first or letter in others for letter in self.telling):
            return False
        return bool(fold(others)) and (first[:1].isdecimal() or self.plain(first))

    def numbered(self, lines: Sequence[str]) -> list[int]:
        """Which lines are numbered and else empty: a form printed with its row numbers and not filled."""
        if not self._serial:
            return []
        return [i for i, line in enumerate(lines) if not line.strip('0123456789 ,;|，"\t\u3000')]

    def judge(self, cells: Sequence[str]) -> Judged:
        """What this row is."""
        filled = [fold(cell).lower() for cell in cells if cell.strip(" \t\x1a\u3000\xa0")]
        filled = [cell for cell in filled if cell]
        if not filled:
            return "blank line"
        if (
            len(filled) == 1
            and filled[0].isdecimal()
            and any("".join(cells[i : i + 1]).strip() for i in self._serial)
        ):
            return "blank line"
        names = [normal(cell) for cell in cells]
        if _trimmed(names) in self._headers:
            return "repeated header"
        if self._stated and self._states(cells):
            return "title"
        bare = [re.sub(r"[\s:()\[\]]", "", cell) for cell in filled]
        alone = len(filled) == 1 and _TOTAL_SAID.match(filled[0])
        if alone or any(_TOTAL.fullmatch(cell) for cell in bare) or _TOTAL_WITH.fullmatch(filled[0]):
            return "total"
        if filled[0] == "sum" and len(filled) > 1 and all(_FIGURES.fullmatch(cell) for cell in filled[1:]):
            return "total"
        if _FOOTER.match(filled[0]):
            return "footer"
        hits = len({name for name in names if name in self._known})
        if hits >= 2 and hits * 2 >= len(filled) and (hits >= 3 or len(filled) == 2):
            return "another table"
        if self._width < 3:
            return "data"
        if all(_SIGNED.match(cell) or _ABOUT.match(cell) or heads_a_day(cell) for cell in filled) and (
            _SIGNED.match(filled[0]) or _ABOUT.match(filled[0])
        ):
            return "footer" if any(_SIGNED.match(cell) for cell in filled) else "title"
        if len(filled) == 1:
            at = next(i for i, cell in enumerate(cells) if fold(cell))
            if _TITLE.fullmatch(filled[0]) or (at not in self._dated and heads_a_day(filled[0])):
                return "title"
        return "data"

    def _states(self, cells: Sequence[str]) -> bool:
        """Whether a row says what the titles above the header say, for the rows below it: 门岗：北门."""
        filled = [cell for cell in cells if cell.strip()]
        said = stated_in([filled], self._known)
        if all(normal(label) not in self._stated for label, _ in said):
            return False
        folded = [fold(cell).lower() for cell in filled]
        others = [cell for cell in folded if ":" not in cell and not heads_a_day(cell)]
        return len(others) <= 1 + sum(cell.endswith(":") for cell in folded)

    @staticmethod
    def grand(cells: Sequence[str]) -> bool | None:
        """Of a total: True sums all (总计), False its part (小计), None: whichever there are (合计)."""
        said = fold("".join(cells)).lower()
        if re.search("小计|本[页班次栋]|sub", said):
            return False
        return True if re.search("总|累计|grand", said) else None


def _trimmed(names: list[str]) -> list[str]:
    end = len(names)
    while end and not names[end - 1]:
        end -= 1
    return names[:end]


_FULL = re.compile(r"(?<!\d)((?:19|20)\d\d)\s*[-年/._]\s*(\d{1,2})\s*[-月/._]\s*(\d{1,2})(?!\d)\s*[日号]?")
_SHORT = re.compile(r"(?<![\d年])(\d{1,2})\s*月\s*(\d{1,2})\s*[日号]")
_DENSE = re.compile(r"(?<!\d)((?:19|20)\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?!\d)")
_SPAN = re.compile(r"\s*(?:[-—–~～至到]+)\s*\d")
_LABEL = re.compile(r"(?:填报|填表|制表|统计|上报|报送|登记|日报)?(?:日期|时间)\s*:\s*|date\s*:\s*")
AHEAD = timedelta(days=7)
"""How far ahead of its arrival a sheet without a year may be dated (next week's roster)."""


def date_in(texts: Iterable[str], received: date) -> date | None:
    """The one day these texts are about; None when they name none, several, or a span of days.

    A labelled day (填报日期：…) is preferred. A day without a year is the last one up to a week after
    `received`.
    """
    folded = [_one_night(fold(text).lower(), received) for text in texts]
    labelled = {
        day
        for text in folded
        for m in _LABEL.finditer(text)
        for day in _days(text[m.end() :][:20], received)[:1]
    }
    days = labelled if len(labelled) == 1 else {day for text in folded for day in _days(text, received)}
    found = days.pop() if len(days) == 1 else None
    return None if found == date.max else found


_CLOCK = r"([0-9]{1,2})(?:[:.点时]([0-9]{2})?分?|(?=-))"
_TO = r"\s*(?:[-–—―−~～→]+|至|到)\s*"
_HOURS = re.compile(
    rf"(?<![0-9.:/-]){_CLOCK}{_TO}(次日|翌日|第二天)?\s*([0-9]{{1,2}})(?:[:.点时]([0-9]{{2}})?|$|(?![0-9月/-]))"
)
_BETWEEN = re.compile(rf"\s*{_CLOCK}{_TO}")
_NIGHT = re.compile(r"(?<![早中白日昼大、/])(?:[晚夜]班|夜间|通宵|夜里|小夜)|night shift|overnight")
_BY_DAY = re.compile(r"[早中白日]班|白天|昼夜|日夜|24小时")
_WHOLE, _NIGHTS_END = 86_400, 10 * 3600
_AFTER_IT = 3 * 3600
"""How late after a shift's end its last rows may be written."""


def _one_night(text: str, received: date) -> str:
    """3月27日22:00—3月28日6:00 as 3月27日22:00—6:00: one night has two days."""
    found = sorted(
        (m for pattern in (_FULL, _DENSE, _SHORT) for m in pattern.finditer(text)), key=lambda m: m.start()
    )
    if len(found) != 2:
        return text
    first, last = (_day([int(part) for part in m.groups()], received) for m in found)
    between = text[found[0].end() : found[1].start()]
    if date.max in (first, last) or last - first != timedelta(days=1) or not _BETWEEN.fullmatch(between):
        return text
    joined = text[: found[1].start()] + text[found[1].end() :].lstrip()
    return joined if night_until([joined], {}) is not None else text


def night_until(texts: Iterable[str], words: Mapping[str, Hours]) -> int | None:
    """Before which time of day (seconds) the rows of a sheet are of the day after the one it names, as these
    titles say: 夜班 (10:00), 22:00-6:00 (9:00). `words`: the shifts the post
    declares. None: they name no night, or several shifts."""
    text = "\n".join(fold(text).lower() for text in texts)
    for pattern in (_FULL, _DENSE, _SHORT):
        text = pattern.sub(" ", text)
    spans = []
    for h, m, tomorrow, until, minute in _HOURS.findall(text):
        start, end = int(h) * 3600 + int(m or 0) * 60, int(until) * 3600 + int(minute or 0) * 60
        if max(start, end) <= _WHOLE and (end <= start or tomorrow):
            spans.append((start, end))
        else:
            return None
    declared = {
        of
        for word, of in words.items()
        if len(word) > 1 and re.search(rf"(?<![大小昼日]){re.escape(word)}", text)
    }
    spans += [(start.second, end.second) for start, end in declared]
    if len(set(spans)) == 1:
        start, end = spans[0]
        return None if end > start or end == 0 else min((start + end) // 2, end + _AFTER_IT)
    said = _NIGHT.search(text) is not None and not _BY_DAY.search(text)
    return _NIGHTS_END if said and not spans else None


def heads_a_day(text: str) -> bool:
    """Whether a folded text names one day, of its own or of a sheet (3月28日（周一）, 2022-03-28 门岗登记表), and
    says nothing else: what stands above the rows of a day, or of a page."""
    if len(text) > 60 or not _MAYBE_DAY.search(text):
        return False
    rest, days = text, 0
    for pattern in (_FULL, _DENSE, _SHORT, *_FOREIGN):
        rest, found = pattern.subn("", rest)
        days += found
    return days == 1 and _HEADED.fullmatch(_LABEL.sub("", re.sub(r"\s+", "", rest)).strip(":-,")) is not None


_MAYBE_DAY = re.compile(r"\d\s*[-年月/._]\s*\d|\d{8}|\d(?:st|nd|rd|th)?[ -][a-z]{3}|[a-z]{3} \d")


def _days(text: str, received: date) -> list[date]:
    """The days in a text in order; `date.max` for a span of days or an impossible one."""
    found: list[tuple[int, date]] = []
    for pattern in (_FULL, _DENSE, _SHORT):
        for m in pattern.finditer(text):
            day = _day([int(part) for part in m.groups()], received)
            found.append((m.start(), date.max if _SPAN.match(text, m.end()) else day))
    found += _foreign_days(text, received)
    return [day for _, day in sorted(found)]


_MONTHS = {
    name: i
    for i, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1
    )
}
_MONTH = (
    r"(?P<mon>jan|feb|mar|apr|jun|jul|aug|sep|oct|nov|dec|may(?=,?[ -]\d|$|[),;]))"
    r"(?:uary|ruary|ch|il|e|y|ust|t|tember|ober|ember)?\.?(?![a-z])"
)
_FOREIGN = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?<![\d/.-])(?P<d>\d{{1,2}})(?:st|nd|rd|th)?[ -]{_MONTH}(?:,?[ -](?P<y>\d{{4}})(?!\d))?",
        rf"(?<![a-z]){_MONTH} (?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?![\d:])(?:,? (?P<y>\d{{4}})(?!\d))?",
        r"(?<![\d/.-])(?P<a>\d{1,2})/(?P<b>\d{1,2})/(?P<y>\d{4})(?![\d/])",
    )
)
"""28 March 2022, Mar 28, 28/03/2022."""
_NOT_ONE = re.compile(
    r"(?:\d(?:st|nd|rd|th)?\s*(?:[-–—~]|to|and|&)|w/c|w/e|week(?: commencing| ending| of)?|from|since|until):?\s*$"
)
_NOTICE = 300
"""Characters: what is longer is no title."""
_BEFORE = 30
"""Characters before a day in which such a word may stand."""
_GOES_ON = re.compile(r"\s*(?:[-–—~]|to\b|until\b|and\b|&)\s*(?:\d|[a-z]{3,9} \d)")


def _foreign_days(text: str, received: date) -> list[tuple[int, date]]:
    """Where the days stand that are written with an English month, or as 28/03/2022 where that is one day only."""
    if len(text) > _NOTICE or ("/" not in text and not any(month in text for month in _MONTHS)):
        return []
    found = []
    for pattern in _FOREIGN:
        for m in pattern.finditer(text):
            said = m.groupdict()
            if "a" in said:
                a, b = int(said["a"]), int(said["b"])
                month, day = (a, b) if b > 12 or a == b else (b, a) if a > 12 else (0, 0)
            else:
                month, day = _MONTHS[said["mon"]], int(said["d"])
            whole = [int(said["y"]), month, day] if said["y"] else [month, day]
            several = _NOT_ONE.search(text, max(0, m.start() - _BEFORE), m.start()) or _GOES_ON.match(
                text, m.end()
            )
            found.append((m.start(), date.max if several else _day(whole, received)))
    return found


def _day(parts: list[int], received: date) -> date:
    try:
        if len(parts) == 3:
            return date(*parts)
        latest = received + AHEAD
        day = date(latest.year, *parts)
        return day if day <= latest else date(latest.year - 1, *parts)
    except (ValueError, OverflowError):
        return date.max
