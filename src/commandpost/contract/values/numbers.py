"""Numbers as people write them: temperatures, quantities with their units, counts."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal
from enum import Enum
from typing import Any

from commandpost.contract.reading import Bad, Context, Flagged, Read, Reader
from commandpost.contract.values.text import cell, fold
from commandpost.contract.values.units import UNITS
from commandpost.words import Message, message

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {
    "〇": 0, "○": 0, "两": 2, "俩": 2, "仨": 3, "幺": 1, "壹": 1, "贰": 2, "叁": 3, "肆": 4,
    "伍": 5, "陆": 6, "柒": 7, "捌": 8, "玖": 9,
}  # fmt: skip
_UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000, "k": 1000}
_MYRIADS = {"万": 10_000, "萬": 10_000, "w": 10_000, "亿": 100_000_000}
NUMERAL = "".join(_DIGITS) + "十拾百佰千仟万萬亿"
_PLAIN = r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]{1,15}(?:\.[0-9]{1,15})?|\.[0-9]{1,15}"
_TOKEN = re.compile(rf"(?P<number>{_PLAIN})|(?P<digit>[{''.join(_DIGITS)}])|(?P<unit>[十拾百佰千仟kw万萬亿])")


_ZERO = re.compile("[零〇○]")


def numeral(text: str) -> float | None:
    """A number written with digits, Chinese numerals or both (1万7千, 两百三, １．５万, 二〇二二).

    None when the whole of `text` is not one number.
    """
    text = text.lower()
    if len(text) > 40:
        return None
    if len(text) > 1 and all(c in _DIGITS for c in text):
        if len(text) == 2 and not _ZERO.search(text):
            return None  # 三五 is three to five
        return float("".join(str(_DIGITS[c]) for c in text))
    total = section = 0.0
    pending: float | None = None
    last = 1
    at = 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            return None
        at = found.end()
        if found["unit"]:
            if found["unit"] in _MYRIADS:
                last = _MYRIADS[found["unit"]]
                below = section + (pending or 0)
                if below == 0 and pending is None and total == 0:
                    return None
                total = (total + below) * last if last > 10_000 else total + below * last
                section = 0.0
            else:
                last = _UNITS[found["unit"]]
                if pending is None and last != 10:
                    return None
                section += (1 if pending is None else pending) * last
            pending = None
        else:
            if pending not in (None, 0.0):
                return None
            pending = (
                float(found["number"].replace(",", "")) if found["number"] else float(_DIGITS[found["digit"]])
            )
            if pending == 0 and last > 1:
                last = 10
    if pending is not None and last > 10 and float(pending).is_integer() and 0 < pending < 10:
        pending *= last / 10  # 1万7 is 17,000; 两百三 is 230
    if not text:
        return None
    return total + section + (pending or 0)


_MEASURED = frozenset([
    "正常", "已测", "已测量", "体温正常", "合格", "测量正常", "未发热", "无发热", "不发热", "已测体温", "正常体温", "ok", "normal",
    "√", "✓", "✔",
])  # fmt: skip
_FEVERISH = frozenset(["发热", "发烧", "高热", "高烧", "低热", "低烧", "有发热", "有发烧", "fever"])
_UNMEASURED = frozenset(["未测", "没测", "未测量", "未检", "未检测", "无", "没有", "漏测", "未报"])
_DEGREES = re.compile(r"(?<![0-9])([0-9]{1,4})(?:[.,。、·度°]([0-9]{1,15})|\.)?(?![0-9])")
_AROUND = re.compile(
    r"[()\[\]:=!√✓↑°℃c度/.]*(?:(?:体温|测温|[额腋耳腕]温|[早中晚]|[上下]午|正常|已测|复测|摄氏度?|发热|发烧|低热|高热|偏高|额|腋|耳|腕|t|ok)[()\[\]:=!√✓↑°℃c度/.]*)*"
)
"""What may stand beside the number: nothing that makes it a limit or a range."""
_OF_THE_PERSON = re.compile(r"(?<=[0-9c°度])[(\[][^()\[\]0-9<>≥≤-]{1,20}[)\]]$")
"""37.8(咳嗽): a remark that takes nothing from the number."""
_SPELLED = re.compile(r"([三四][一二三四五六七八九十]{1,2})[度点]([零一二三四五六七八九])?")


def _spelled(found: re.Match[str]) -> str:
    whole = numeral(found[1])
    return found[0] if whole is None else f"{whole:.0f}.{_DIGITS.get(found[2] or '零', 0)}"


_BELOW = re.compile(
    r"(?:[<≤]=?|低于|小于|不超过)3[78](?:\.[0-9])?(?:°c|度)?|3[78](?:\.[0-9])?(?:°c|度)?(?:以下|及以下)"
)
_ABOVE = re.compile(
    r"(?:[>≥]=?|高于|大于|超过?|约为?|大约|近|接近|将近)(3[0-9]|4[0-5])(?:\.([0-9]))?(?:°c|度|c)?"
    r"|(3[0-9]|4[0-5])(?:\.([0-9]))?(?:°c|度|c)?(?:\+|多度?|几度?|以上|及以上|左右|上下)(?:°c|度|c)?"
)
"""A fever that is written without saying how high, where its number is one already."""
_HOW = message("Write a number such as 36.5.")


def _tenth(number: str) -> float:
    """Rounded half up to the tenth: spreadsheets write 36.799999 for 36.8."""
    return float(Decimal(number).quantize(Decimal("0.1"), ROUND_HALF_UP))


def _bad_temperature(hint: Message = _HOW) -> Bad:
    return Bad("temperature", message("Not a body temperature in °C."), hint)


def meant(value: str) -> Message:
    """The hint of a cell that most likely means `value`: a suggestion, for who wrote it to take or not."""
    return message("If {value} is meant, write it so.", value=value)


_FAHRENHEIT = re.compile(r"[0-9]{2,3}(?:\.[0-9]+)?(?:°?f|℉|华氏度?)")
_NUMBER_IN_IT = re.compile(r"[0-9]+(?:\.[0-9]+)?")


def _fahrenheit(number: str) -> Bad:
    """Of a number written in °F: its hint says it in °C, where a body can have it."""
    celsius = _tenth(str((Decimal(number) - 32) * 5 / 9))
    if not 30 <= celsius <= 45:
        return _bad_temperature()
    return _bad_temperature(
        message("This looks like Fahrenheit: if so, write {value}.", value=f"{celsius:.1f}")
    )


def _out_of_range(whole: int, part: str) -> Bad:
    """Of a number no body has: where its digits are a temperature with the point moved, the hint says it."""
    digits = f"{whole}{part.rstrip('0')}"
    if 3 <= len(digits) <= 4 and 340 <= int(digits[:3]) <= 430:
        return _bad_temperature(meant(f"{_tenth(f'{digits[:2]}.{digits[2:]}'):.1f}"))
    return _bad_temperature()


class Stated(Enum):
    """What a cell for a temperature says of it in words."""

    FEVER = "发热"


def _at_least(folded: str) -> float:
    """The number of ≥37.3, 38多, 约38; 0: it is nothing of the kind."""
    found = _ABOVE.fullmatch(folded)
    return float(f"{found[1] or found[3]}.{found[2] or found[4] or 0}") if found else 0


def temperature(*, report: bool = False) -> Reader:
    """Body temperature in °C, one decimal. 发热 without a number, and ≥37.3, 38多 from the post's threshold
    on: `Stated.FEVER`, flagged `temperature`.

    正常, 已测 (measured, no number given): None; with `report` flagged `temperature`, so that a column
    that must be filled counts as filled. 368 (an integer 340–430) is 36.8, flagged. Below 30 or above
    45, a range, °F: Bad.
    """

    def read(said: str, limit: float) -> Any:
        folded = fold(said[:60]).lower().replace(" ", "").lstrip("'‘’`")
        if folded in _MEASURED or _BELOW.fullmatch(folded):
            return (
                Flagged(None, "temperature", message("Measured, but no number is given.")) if report else None
            )
        if folded in _UNMEASURED:
            return None
        if folded.strip("()!") in _FEVERISH or _at_least(folded) >= limit:
            return Flagged(Stated.FEVER, "temperature", message("A fever, but no number is given."))
        if _FAHRENHEIT.fullmatch(folded) and (number := _NUMBER_IN_IT.match(folded)):
            return _fahrenheit(number[0])
        spelled = _SPELLED.sub(_spelled, _OF_THE_PERSON.sub("", folded))
        numbers = list(_DEGREES.finditer(spelled))
        if len(numbers) != 1 or not _AROUND.fullmatch(_DEGREES.sub("", spelled)):
            return _bad_temperature()
        whole, part = int(numbers[0][1]), numbers[0][2] or "0"
        value = _tenth(f"{whole}.{part}")
        if 340 <= whole <= 430 and not part.strip("0"):
            return Flagged(
                whole / 10,
                "temperature",
                message("Read as {value} °C: the point was missing.", value=f"{whole / 10:.1f}"),
            )
        if 86 <= value <= 113:
            return _fahrenheit(str(value))
        if not 30 <= value <= 45:
            return _out_of_range(whole, part)
        return value

    def reader(context: Context) -> Read:
        limit = context.settings.thresholds.fever
        return cell(context, lambda said: read(said, limit))

    return reader


@dataclass(frozen=True, slots=True)
class Quantity:
    """How much of something."""

    value: float | None
    """None: asked for without a number (若干)."""
    unit: str = ""
    approximate: bool = False
    packs: str = ""
    """The unit of the packs in a number like 2箱×50: what is in them must be said elsewhere, see `unpacked`."""
    each: bool = field(default=False, compare=False)
    """各100: so many of each thing it stands beside."""


_VAGUE = frozenset([
    "若干", "适量", "一批", "一些", "少量", "大量", "不限", "多多益善", "越多越好", "急需", "尽量多", "尽快", "充足", "少许", "许多", "很多", "几十",
    "数十", "数百", "几百", "数千", "几千", "数万", "几万", "多", "some",
])  # fmt: skip
_VAGUE_SOME = re.compile(r"(?:好几|几|数|若干)[十百千万]*([^0-9十百千万]{1,6})")
_ABOUT_BEFORE = re.compile(
    r"^(?:约为?|大约|大概|近|将近|接近|上|超过?|逾|至少|不少于|不低于|共计?|合计|总计|各|[~≈><≥≤]"
    r"|(?:approx(?:imately)?|about|around|circa|ca|nearly|almost|atleast|over|morethan|upto)\.?(?=[0-9]))"
)
_EXACT_BEFORE = ("共", "合计", "总计", "各")
_LEADING = re.compile(rf"(?:{_PLAIN}|[{NUMERAL}])(?:{_PLAIN}|[{NUMERAL}]|[kw](?![a-z]))*")
_ABOUT_AFTER = re.compile(r"^(?:多|余|来|几|左右|上下|以上|许|\+)")
_SCALE_AFTER = re.compile(r"^([十百千万亿]+)")
_ABOUT_END = re.compile(r"(?:左右|上下|以上|以内|余|多|\+)$")
_ANOTHER = re.compile(rf"[^0-9()\[【]*[、,;]\s*[{NUMERAL}0-9]")
"""500、50; 3箱,5包: two numbers, of which things?"""
_SPLIT = re.compile(r"[(\[{【,。;、!].*$")
_BRACKETED = re.compile(r"[(\[【]([^()\[\]【】]+)[)\]】]")
_UNIT_LIKE = re.compile(r"[^\W\d_][^%‰/<>=+*~^&$#@\-−–—]*")
"""What a unit looks like. 50% is of something, 5只/人 of nobody knows how many, 20- a minus or a slip."""
_SCIENTIFIC = re.compile(r"[-+]?[0-9](?:\.[0-9]+)?e\+?[0-9]{1,3}")
LOST = message("The spreadsheet lost digits.")
LOST_HINT = message("Format the column as text and type it again.")


NEGATIVE = Bad(
    "negative",
    message("A quantity cannot be negative."),
    message("Write how many there are, without a minus."),
)


def negative(without: str) -> Bad:
    """A quantity below nothing; `without`: as written, without its minus."""
    return replace(NEGATIVE, hint=meant(without))


_ALONE = {"百": 100.0, "千": 1000.0, "万": 10_000.0}
"""上百, 千余: said without a number before it."""


def _leading(lower: str, folded: str) -> tuple[float | None, str]:
    """The number that begins the text, and the rest of it as written."""
    if lower.startswith("半"):
        return 0.5, folded[1:]
    found = _LEADING.match(lower)
    if found is None:
        return None, folded
    value = _ALONE[found[0]] if found[0] in _ALONE else numeral(found[0])
    return value, folded[found.end() :]


_PACKS = re.compile(
    r"([0-9]{1,6})([箱盒包袋件提打])[x×*]([0-9]{1,6})([个只瓶双副套片支桶罐张条袋盒包]|毫升|升)?", re.I
)
"""2箱×50个 are 100 个; of 2箱×50 the unit must be known otherwise."""
_HOUSEHOLD = re.compile(rf"(?:一家|全家)(?=[{NUMERAL}0-9])")
"""一家三口 are three."""
_LONGEST = 80
"""Characters; no quantity is longer."""


def amount(said: str) -> Quantity | Bad | None:
    """A quantity in words: "近1万7千" → 17000 approximately, "240余瓶" → 240 瓶 approximately.

    None when no number begins the text.
    """
    if len(said) > _LONGEST:
        return None
    folded = re.sub(r"\s+(?=\D)|(?<=\D)\s+", "", fold(said)).lstrip(" :=x*×+").rstrip(" :=x*×")
    lower = folded.lower()
    if lower in _VAGUE:
        return Quantity(None, "", True)
    if some := _VAGUE_SOME.fullmatch(folded):
        return Quantity(None, some[1], True)
    if _SCIENTIFIC.fullmatch(lower):
        return Bad("lost-digits", LOST, LOST_HINT)
    if packs := _PACKS.fullmatch(folded):
        many = float(packs[1]) * float(packs[3])
        return Quantity(many, packs[4]) if packs[4] else Quantity(many, packs=packs[2])
    approximate = each = False
    if household := _HOUSEHOLD.match(lower):
        folded, lower = folded[household.end() :], lower[household.end() :]
    if found := _ABOUT_BEFORE.match(lower):
        approximate = not found[0].startswith(_EXACT_BEFORE)
        each = found[0] == "各"
        folded, lower = folded[found.end() :], lower[found.end() :]
    if re.match(r"[-−负]\s*[0-9.]", lower):
        without = folded[1:].strip()
        meaning = amount(without)
        readable = isinstance(meaning, Quantity) and meaning.value is not None
        return negative(without) if readable else NEGATIVE
    number, rest = _leading(lower, folded)
    if number is None:
        return None
    value = number
    if lower[:1] in _ALONE and value == _ALONE.get(lower[:1]):
        approximate = True
    vague = _ABOUT_AFTER.match(rest)
    if vague:
        approximate = True
        rest = rest[vague.end() :]
        if scale := _SCALE_AFTER.match(rest):  # 10多万, 十几万
            scaled = numeral("1" + scale[1])
            if scaled is None:
                return None
            value, rest = value * scaled, rest[scale.end() :]
    if re.match(r"[-~–—―至到][0-9]|[.,/:][0-9]|[oO](?![a-zA-Z])", rest) or _ANOTHER.match(rest):
        return None
    bracketed = _BRACKETED.fullmatch(rest)
    unit = bracketed[1] if bracketed and bracketed[1].lower() in UNITS else _SPLIT.sub("", rest)
    if end := _ABOUT_END.search(unit):
        approximate = True
        unit = unit[: end.start()]
    if unit == "半":  # 一半: of what?
        return None
    if unit.endswith("半"):  # 两箱半
        unit, value = unit[:-1], value + 0.5
    unit = unit.strip(" .。,、;:/")
    if len(unit) > 12 or re.search(r"[0-9]", unit) or (unit and not _UNIT_LIKE.fullmatch(unit)):
        return None
    return Quantity(value, unit, approximate, each=each or unit.lower() == "each")


_FLOAT = re.compile(r"([0-9]+)\.0+")
_LOST = re.compile(r"[0-9](?:\.[0-9]+)?e\+[0-9]{2,3}")


def label() -> Reader:
    """A number that names something (单号), or words. Digits lost by a spreadsheet: Bad `lost-digits`."""

    def read(said: str) -> Any:
        folded = fold(said[:_LONGEST]).lower()
        if folded in ("无", "没有"):
            return None
        if _LOST.fullmatch(folded):
            return Bad("lost-digits", LOST, LOST_HINT)
        whole = _FLOAT.fullmatch(folded)
        return whole[1] if whole else said

    return lambda context: cell(context, read)


def _no_number() -> Bad:
    return Bad("value", message("Not a quantity."), message("Write a number, and its unit after it."))


def unpacked(much: Quantity, *units: str | None) -> Quantity | Bad:
    """2箱×50 in the first unit that is said (the row's, the declared one of the item): 100 个. Without one,
    or where that is the packs' own (箱), nobody knows what they are: Bad `value`."""
    if not much.packs:
        return much
    unit = next((unit for unit in units if unit), "")
    return _no_number() if unit in ("", much.packs) else replace(much, unit=unit, packs="")


_MINUS = re.compile(r"^[-−负]\s*(?=[0-9.])")


def quantity(*, signed: bool = False) -> Reader:
    """`Quantity`: number, the unit written with it, whether it is vague. Negative: Bad, unless `signed`.

    若干, 一批: a Quantity without a value, flagged `approximate`.
    """

    def read(said: str) -> Any:
        folded = fold(said)
        if folded in ("无", "没有"):
            return None
        if signed and (minus := _MINUS.match(folded)):
            below = amount(folded[minus.end() :])
            if isinstance(below, Quantity) and below.value is not None:
                return replace(below, value=-below.value)
        found = amount(said)
        if found is None:
            return _no_number()
        if isinstance(found, Quantity) and found.value is None:
            return Flagged(found, "approximate", message("No number is given."))
        return found

    return lambda context: cell(context, read)
