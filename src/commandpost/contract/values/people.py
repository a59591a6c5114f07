"""People as sheets name them: phones, IDs, lists of names, the key of a person as written."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from operator import mul
from typing import Any

from commandpost.contract.reading import Bad, ByColumn, Context, Flagged, Read, Reader
from commandpost.contract.values.english import EITHER, coming, crowd, is_nobody, listed
from commandpost.contract.values.numbers import LOST, LOST_HINT, numeral
from commandpost.contract.values.places import within
from commandpost.contract.values.remarks import bare, beside, is_state
from commandpost.contract.values.text import (
    cell,
    drawn_together,
    fold,
    group_of,
    is_group,
    name,
    narrow_digits,
    person,
    without_blanks,
    without_sex,
)
from commandpost.words import message

_NOTHING = frozenset({"无", "没有", "無"})
_SCIENTIFIC = re.compile(r"[0-9](?:\.[0-9]+)?[eE]\+?[0-9]{1,3}")
_FLOAT = re.compile(r"([0-9]+)\.0+")
_PHONE = re.compile(r"1[3-9][0-9]{9}|0[1-9][0-9]{8,11}|[2-9][0-9]{6,7}|[48]00[0-9]{7}|[1-9][0-9]{2,5}")


_MOBILES = re.compile(r"(?<![0-9])1[3-9][0-9]{9}(?![0-9])")
_EXTENSION = re.compile(r"^(\(?0[0-9]{2,3}\)?-?[0-9]{7,8})(?:-|转|\()[0-9]{1,6}\)?$")
_USUAL = re.compile(r"1[3-9][0-9]{9}")


_DEGREES = re.compile(r"[0-9]{2}\.[0-9]{1,2}")
"""38.9 under 电话: a cell before it was left out."""


def phone() -> Reader:
    """Digits of a telephone number: mobile, landline with or without its area, 400, short numbers.

    Two numbers in a cell: the first, flagged. Digits lost by a spreadsheet: Bad `lost-digits`.
    """

    def one(text: str) -> str | None:
        if _DEGREES.fullmatch(text):
            return None
        digits = re.sub(r"[\s\-–—()_.·]", "", text)
        digits = re.sub(r"^(?:\+|00)?86(?=1[3-9][0-9]{9}$|0?[1-9][0-9]{9,10}$)", "", digits)
        digits = re.sub(r"^0(?=1[3-9][0-9]{9}$)", "", digits)
        return digits if _PHONE.fullmatch(digits) else None

    def read(said: str) -> Any:
        folded = fold(said[:200]).replace(" ", "")
        if folded in _NOTHING:
            return None
        if _SCIENTIFIC.fullmatch(folded):
            return Bad("lost-digits", LOST, LOST_HINT)
        if whole := _FLOAT.fullmatch(folded):
            folded = whole[1]
        folded = re.sub(r"^(?:电话|手机号?|tel|联系电话|ph(?:one)?|mobile)[:.]?", "", folded, flags=re.I)
        folded = _EXTENSION.sub(r"\1", folded.strip("'`,;.、"))
        if number := one(folded):
            return number
        mobiles = _MOBILES.findall(fold(said[:200]))
        if len(mobiles) == 1:
            return mobiles[0]
        parts = mobiles or [one(part) for part in re.split(r"[,/;、|或]", fold(said[:200]))]
        if len(parts) > 1 and parts[0]:
            return Flagged(parts[0], "value", message("Only the first number is kept."))
        return Bad(
            "value", message("Not a telephone number."), message("Write its digits, such as 13800000000.")
        )

    return lambda context: cell(context, read, _USUAL, _digits_alone)


def _digits_alone(texts: str) -> str:
    return without_blanks(narrow_digits(texts).replace("-", "").replace("－", ""))


_POINTED = re.compile(r"(?<=[0-9])\.0+$")
_CITIZEN = re.compile(r"[0-9]{17}[0-9X]")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def check_digit(first17: str) -> str:
    """The 18th character of a citizen's ID from its first 17 digits (GB 11643-1999, ISO 7064 MOD 11-2)."""
    return "10X98765432"[sum(map(mul, map(int, first17), _WEIGHTS)) % 11]


def _birthday(text: str) -> bool:
    try:
        date(int(text[:4]), int(text[4:6]), int(text[6:8]))
    except ValueError:
        return False
    return True


def id_number() -> Reader:
    """A citizen's ID (18 characters with its check digit, or 15 digits), or a passport-like number.

    Wrong check digit or date: Bad `id`; written as 4.2E+17 by a spreadsheet: Bad `lost-digits`.
    """

    def read(said: str) -> Any:
        if _CITIZEN.fullmatch(said) and check_digit(said[:17]) == said[17] and _birthday(said[6:14]):
            return said
        folded = re.sub(r"[\s'`‘’\-·.:]|^(?:身份证号?|护照|证件号)", "", _POINTED.sub("", fold(said))).upper()
        folded = re.sub(r"(?<=^[0-9]{17})[×*✕]$", "X", folded)
        if folded in _NOTHING:
            return None
        if _SCIENTIFIC.fullmatch(fold(said)):
            return Bad("lost-digits", LOST, LOST_HINT)
        if _CITIZEN.fullmatch(folded):
            if check_digit(folded[:17]) == folded[17] and _birthday(folded[6:14]):
                return folded
            if folded.endswith("000"):
                return Bad("id", LOST, LOST_HINT)
        elif re.fullmatch(r"[0-9]{15}", folded):
            if _birthday("19" + folded[6:12]):
                return folded
        elif re.fullmatch(r"[A-Z]{1,3}[0-9]{6,10}(?:\([0-9A-Z]\)|[A-Z])?", folded):
            return folded
        return Bad("id", message("Not a valid ID number."), message("Compare it with the document."))

    return lambda context: cell(context, read)


_BETWEEN = re.compile(r"[、,;/\\|&+。]|(?<![0-9])[0-9]{1,2}[.)](?=[^0-9])")
_PAIR = re.compile(r"([\u4e00-\u9fff]{2,4})[和及与]([\u4e00-\u9fff]{2,4})")
"""张三和李四, but 李和平 is one person."""
_NOBODY = _NOTHING | {
    "休", "休息", "轮休", "调休", "公休", "请假", "空缺", "空岗", "缺", "缺岗", "缺人", "暂缺", "无人", "待排", "待安排", "待补",
    "未定", "未安排", "顶岗", "替补", "候补", "备班", "因公", "出差",
}  # fmt: skip
"""Of a roster's cell: a guard who rests covers nothing."""
_LATIN = re.compile("[A-Za-z]{2}")
_ONE_OR_TWO = Bad(
    "value", message("One person or two?"), message("Write Jim Poe for one; put a semicolon between two.")
)
_SEXES = frozenset({"男", "女", "男性", "女性"})
_CREW = re.compile(
    r"(?:全体|全部|所有|其他|其余)[\u4e00-\u9fff]{0,6}|全员|大家|轮流(?:值班|值守)?"
    r"|(?:志愿者?|物业|保安|安保|门卫|工作|值班|值守|社区|网格|医护|机动|党员|后勤|保洁|环卫|居委会?|村委会?|街道|民警|辅警|城管){1,2}"
    r"(?:者|员|人员|公司|队|队员|组|干部|全体|全员|全体人员|轮流|若干|们)?"
)
"""志愿者, 物业, 全体人员: who is meant has no name here."""
_VACANT = re.compile(
    r"空(?:置|户|房|关|挂)[\u4e00-\u9fff]{0,3}|无人[\u4e00-\u9fff]{0,4}|无住户|闲置[\u4e00-\u9fff]{0,2}"
    r"|未(?:入住|售|出?租|装修)|待(?:出?租|售)"
)
_LEAVE = (
    r"请假|[病事产年婚丧]假|休息|[轮调公]休|缺勤|缺席|未到岗|不在岗?|出差|探亲|阳性|发[热烧]|住院|停班|不来"
    r"|(?:已|被|居家|集中)?隔离中?"
)
_AWAY = re.compile(
    r"(?:[\u4e00-\u9fff]\s[\u4e00-\u9fff]|[a-zA-Z][a-zA-Z .'-]{0,30}|[^、,;/\\|&+。()\[\]【】\s]{0,20})\s?[(\[【](?:已|因[^()替代顶]{0,4})?"
    rf"(?:{_LEAVE}|休|病|未到|调离|离职|候补|替补|备班)[^()点酒处区房替代顶]{{0,4}}[)\]】]"
    rf"|[\u4e00-\u9fff]{{2,4}}\s?(?:{_LEAVE})(?=[、,;/。\s]|$)"
)
"""张某(请假) and 张某 请假 cover nothing; 李某(替张某) does."""
_INSTEAD = re.compile(
    r"→|->|=>|换成|改为|改成|(?<=[\u4e00-\u9fff]{2})[换代替顶](?=[\u4e00-\u9fff]{2})"
    rf"|(?:{_LEAVE}|休|病)[,、;\s]*由?[\u4e00-\u9fff]{{2,4}}[代替顶]"
)
"""张某→李某, 张某代李某, 张某(病假，由李某代): one name put for another, and nobody says for sure who comes."""
_UNFIT = re.compile("阳|隔离|[转住入]院|转[运出移]|确诊|发[热烧]|密接|密切")
"""Of a state beside a guard: they do not come."""
_POSTED = re.compile(
    r"(?:^|[、,;/\s])[\u4e00-\u9fff]{2,4}:\s?[\u4e00-\u9fff0-9]{1,6}(?:门|岗|岗亭|卡口|路口|大厅|监控室|[号#]楼|点|站)(?=[、,;/\s]|$)"
)
"""张某：北门 李某：南门: what stands before the colon is no title."""
_RESTING = re.compile(r"(?<![\u4e00-\u9fff])[\u4e00-\u9fff]{2,3}休(?=[、,;/。\s]|$)")
"""张一休: of a name of two characters it is one (李休)."""
_LINES = re.compile(r"[\r\n①-⑳]+")
_REMARK = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】")
_TITLE = re.compile(r"^[\u4e00-\u9fff]{1,6}:(?=[^0-9])")
_NUMBER = re.compile(r"[:\s/]*(?:电话|手机号?)?[:\s]?(?<![0-9])1[3-9][0-9]-?[0-9]{4}-?[0-9]{4}(?![0-9])")


def people() -> Reader:
    """The names of a cell as a tuple: 张三、李四 → ("张三", "李四").

    Remarks in brackets and titles before a colon are dropped, and who is away by them (张某(请假)). A group
    (王某等3人, 志愿者) is flagged; one name put for another (张某→李某) is Bad `value`.
    """

    def read(said: str) -> Any:
        if is_a_number(said):
            return NUMBER_FOR_NAME
        names: list[str] = []
        whole = fold(said)
        if is_nobody(whole.strip()):
            return None
        if _LATIN.search(whole):
            whole, unsure = coming(whole)
            if unsure:
                return _ONE_OR_TWO
        present = _REMARK.sub("、", _AWAY.sub("、", whole))
        if (
            _INSTEAD.search(present)
            or EITHER.search(whole)
            or (_INSTEAD.search(whole) and re.search(_LEAVE, whole))
        ):
            return Bad(
                "value",
                message("One name is put for another: who comes?"),
                message("Write only the name of who comes."),
            )
        if _POSTED.search(present):
            return Bad(
                "value",
                message("Posts stand beside the names: who stands where?"),
                message("Write one row for each post."),
            )
        if _RESTING.search(present):
            return Bad(
                "value",
                message("A name with 休 behind it: who comes?"),
                message("Write only the name of who comes."),
            )
        for part in _BETWEEN.split(_NUMBER.sub("", present)):
            pair = _PAIR.fullmatch(part.strip())
            names += pair.groups() if pair else _spaced(part.strip())
        names = [n for n in names if n not in _NOBODY and n not in _SEXES and not is_nobody(n)]
        states = [n for n in names[1:] if is_state(n)]
        unfit = [one for one, state in pairwise(names) if state in states and _UNFIT.search(state)]
        names = [n for n in names if n not in states and n not in unfit]
        found = tuple(dict.fromkeys(n for n in names if any(map(str.isalpha, n))))
        if not found:
            return None
        if any(is_group(n) or _CREW.fullmatch(n) for n in found):
            return Flagged(found, "group", message("A group: its members are unknown."))
        return Flagged(found, "value", beside(" ".join(states))) if states else found

    def reader(context: Context) -> Read:
        read_cell = cell(context, read)
        return lambda text: read_cell(_LINES.sub("、", text))

    return reader


def _alone() -> Reader:
    """One name as `name` reads it, without what stands beside it, which is flagged. A number: Bad `columns`."""

    def reader(context: Context) -> Read:
        named = name(drawn_together)(context)

        def read(said: str) -> Any:
            if is_a_number(said):
                return NUMBER_FOR_NAME
            told = bare(said)
            found = named(told.name)
            return found if told.why is None or type(found) is not str else Flagged(found, "value", told.why)

        usual = getattr(named, "many", None)
        return read if usual is None else ByColumn(read, usual)

    return reader


NUMBER_FOR_NAME = Bad(
    "columns",
    message("A number stands where a name belongs."),
    message("Write the name here and the number into its own column."),
)
_NUMBERS_ONLY = re.compile(r"(?:\+?86)?1[3-9][0-9]{9}|[0-9]{7,18}[Xx]?")


def is_a_number(said: str) -> bool:
    """Whether a cell for a name holds a telephone's or a document's number alone."""
    return _NUMBERS_ONLY.fullmatch(re.sub(r"[\s()-]", "", fold(said[:60]))) is not None


def householder() -> Reader:
    """A head's name as `name` reads it; "" where nobody lives (空置, 无人居住)."""

    def reader(context: Context) -> Read:
        named = _alone()(context)

        def read(said: str) -> Any:
            return "" if _VACANT.fullmatch(fold(said[:40]).strip("()")) else named(said)

        usual = getattr(named, "many", None)
        return read if usual is None else ByColumn(read, usual)

    return reader


_SURNAME = re.compile(
    r"(?<![^ ])(欧阳|司[马徒空]|上官|诸葛|独孤|南宫|夏侯|尉迟|皇甫|公孙|慕容|令狐|长孙|宇文|轩辕|端木|呼延|澹台|濮阳|淳于|申屠|钟离"
    r"|闻人|赫连|鲜于|拓跋) (?=[\u4e00-\u9fff]{1,2}(?: |$))"
)
"""欧阳 娜娜 is one person. (西门 and 东方 are gates and buildings too.)"""


def _spaced(text: str) -> list[str]:
    """张三 李四 are two people, 张 三 is one, John Smith is one."""
    parts = [_TITLE.sub("", part) for part in _SURNAME.sub(r"\1", text).split(" ")]
    if len(parts) > 1 and all(len(p) > 1 and not p.isascii() for p in parts):
        return [person(bare(p).name) for p in parts]
    return [person(bare(" ".join(parts)).name)]


@dataclass(frozen=True, slots=True)
class Several:
    """People who are written in one cell."""

    names: tuple[str, ...]
    others: int = 0
    """With them, and not named: 王某等3人 are 王某等3人 and two others."""


@dataclass(frozen=True, slots=True)
class Reached:
    """A name in whose cell a telephone number stands: that of the row, where its own column says none."""

    name: str
    phone: str


_EACH = message("Several people in one cell: each is counted.")
_GROUP_OF = message("A group: its members are unknown.")
GROUP_AT_MOST = 100
"""Others of a group who are counted one by one; of a larger crowd the number is a gate's own count."""


def passers() -> Reader:
    """A person's name as `name` reads it; of several people `Several`, flagged: 张三、李四; 王某等3人."""

    def reader(context: Context) -> Read:
        alone, together = _alone()(context), people()(context)

        def read(said: str) -> Any:
            whole = alone(said)
            written = whole.value if type(whole) is Flagged else whole
            if type(written) is not str:
                return whole
            if type(whole) is Flagged and whole.code != "group":
                number = bare(said).phone
                return Flagged(Reached(written, number), whole.code, whole.reason) if number else whole
            if type(whole) is Flagged:
                told = numeral(group_of(written))
                others = int(told) - 1 if told is not None and told.is_integer() else 0
                if not 0 < others <= GROUP_AT_MOST:
                    return whole
                return Flagged(Several((written,), others), whole.code, whole.reason)
            if 1 < (many := crowd(written)) <= GROUP_AT_MOST + 1:
                return Flagged(Several((written,), many - 1), "group", _GROUP_OF)
            if several := listed(written):
                return Flagged(Several(several), "group", _EACH)
            said = without_sex(bare(said).name)
            if not _MAYBE_SEVERAL.search(said):
                return whole
            found = together(said)
            # One sign alone is nobody's name: a name broken into two lines is one person.
            if type(found) is not tuple or len(found) < 2 or min(map(len, found)) < 2:
                return whole
            return Flagged(Several(found), "group", _EACH)

        usual = getattr(alone, "many", None)
        return read if usual is None else ByColumn(read, usual)

    return reader


_MAYBE_SEVERAL = re.compile(r"[\u4e00-\u9fff].*[、,，;；/／\\|｜&＆+＋。\r\n\s和及与1-9①-⑳]")
"""What may part people who are written in Chinese; Smith, John is one."""


@dataclass(frozen=True, slots=True)
class Either:
    """What one column for 姓名/车牌 says."""

    name: str | Several | None
    plate: str | None


def person_or_plate() -> Reader:
    """A name, a number plate, or both in one cell → `Either`."""

    def reader(context: Context) -> Read:
        named = passers()(context)

        def read(said: str) -> Any:
            plate, rest = within(said)
            who = named(rest) if rest else None
            if type(who) is Bad:
                return who
            if type(who) is Flagged:
                named_so = who.value.name if type(who.value) is Reached else who.value
                return Flagged(Either(named_so, plate), who.code, who.reason)
            return Either(who, plate) if who or plate else None

        return cell(context, read)

    return reader


def person_key(name: str, id_number: str | None, phone: str | None, room: str | None) -> str:
    """Who a row speaks of, as written: the ID number, else phone and name, else name and room."""
    if id_number:
        return f"id:{id_number}"
    if phone:
        return f"tel:{phone}|{name}"
    return f"room:{room or ''}|{name}"
