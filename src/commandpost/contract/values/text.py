"""Text as people type it: cleaned at the door, folded for comparing, read as names and remarks."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import groupby, islice
from typing import Any

from commandpost.contract.reading import Bad, ByColumn, Context, Flagged, Read, Reader
from commandpost.words import message

# Default_Ignorable_Code_Point of Unicode 15 that is not category Cf, and the braille blank:
# invisible, so two names that look the same would differ.
_IGNORABLE = (
    "\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2065\u2800\u3164\ufe00-\ufe0f\uffa0\ufff0-\ufff8"
    "\U000e0000-\U000e0fff"
)
_NONCHARACTER = "\ufdd0-\ufdef" + "".join(
    f"{chr(p * 0x10000 + 0xFFFE)}-{chr(p * 0x10000 + 0xFFFF)}" for p in range(17)
)
# Category Cf (Unicode 15.1): soft hyphen, zero-width, bidi marks, overrides and isolates, the mark, tags.
_FORMAT = (
    "\u00ad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\ufeff\ufff9-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a"
)
_HIDDEN = re.compile(f"[{_IGNORABLE}{_NONCHARACTER}{_FORMAT}]+")
_UNSEEN = re.compile(f"[{_IGNORABLE}]")
"""What Python counts as printable and nobody sees."""
_SPACE = re.compile(r"\s+")
_SURROGATE = re.compile("[\ud800-\udfff]")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]+")
# ECMA-48: CSI, the strings (OSC, DCS, SOS, PM, APC) up to their end, then any other escape. What may be a
# string is gone over once, whether it ends or not: text in the wrong encoding is full of their beginnings.
_CSI = re.compile("(?:\x1b\\[|\x9b)[0-?]*[ -/]*[@-~]")
_ESCAPE = re.compile(
    f"{_CSI.pattern}"
    "|(?:\x1b[\\]PX^_]|[\x9d\x90\x98\x9e\x9f])([^\x07\x1b\x9c]*+)(\x07|\x1b\\\\|\x9c)?"
    "|\x1b[ -/]*[0-~]"
)
_ODD = re.compile(
    f"[\x00-\x1f\x7f-\x9f{_IGNORABLE}{_NONCHARACTER}{_FORMAT}\ud800-\udfff]|\\s\\s|[^\\S ]|^\\s|\\s$"
)


def _visible(found: re.Match[str]) -> str:
    code = ord(found[0])
    return f"\\x{code - 0xDC00:02x}" if 0xDC80 <= code <= 0xDCFF else f"\\u{code:04x}"


def _unescaped(found: re.Match[str]) -> str:
    """Nothing; of a string that does not end what is said in it."""
    return _CSI.sub("", found[1]) if found[1] and found[2] is None else ""


def clean(text: str) -> str:
    """The door: what comes from outside, without what could speak to a terminal or hide.

    Escape sequences (ECMA-48), C0 and C1 controls, zero-width and other invisible characters, bidi
    marks, overrides and isolates, byte-order marks are removed; every run of white space and line
    ends becomes one space; surrogates are written out (`\\xff` for an undecodable byte). Trimmed.
    All other text stays as it is. `clean(clean(text)) == clean(text)`.
    """
    if text.isprintable() and (text.isascii() or not _UNSEEN.search(text)):
        if "  " not in text and text[:1] != " " != text[-1:]:
            return text
    elif not _ODD.search(text):
        return text
    text = _HIDDEN.sub("", text)
    text = _ESCAPE.sub(_unescaped, text)
    text = _SPACE.sub(" ", text)
    text = _CONTROL.sub("", text)
    text = _SURROGATE.sub(_visible, text)
    return _SPACE.sub(" ", text).strip()


def fold(text: str) -> str:
    """Cleaned and in NFKC: full-width forms become the usual ones. For comparing and for numbers."""
    text = clean(text)
    if text.isascii():
        return text
    if len(text) > _LONG:
        text = _few_marks(text)
    usual = unicodedata.normalize("NFKC", text)
    return text if usual == text else clean(usual)


_LONG = 1000
_MARKS = 30
"""Combining marks on one letter (UAX #15, stream-safe text): a hundred thousand are sorted for a minute."""


def _few_marks(text: str) -> str:
    """Without the marks beyond `_MARKS` in a row."""
    runs = groupby(text, key=lambda sign: unicodedata.combining(sign) != 0)
    return "".join("".join(islice(run, _MARKS) if marks else run) for marks, run in runs)


_CJK = "\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_NEEDLESS_SPACE = re.compile(f"(?<=[{_CJK}()\\[\\]]) (?=[{_CJK}()\\[\\]])")
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}


def wide_as_narrow(text: str) -> str:
    """（Ａ） → (A)."""
    return text.translate(_FULL_WIDTH)


def joined(text: str) -> str:
    """Folded only in width (（Ａ） → (A)), without the spaces typed between Chinese characters."""
    return clean(_NEEDLESS_SPACE.sub("", clean(wide_as_narrow(text))))


_BRACKETS = re.compile(r"[(\[{<【〔〈《「](.*?)(?:[)\]}>】〕〉》」]|$)")
_TELLING = frozenset(
    [
        "早",
        "晨",
        "午",
        "晚",
        "中",
        "夜",
        "上午",
        "中午",
        "下午",
        "早上",
        "晚上",
        "am",
        "pm",
        "noon",
        "进",
        "出",
        "起",
        "止",
        "开始",
        "结束",
        "in",
        "out",
    ]
)
_JOINTS = re.compile(r"[\s_\-*＊:：.。#]+")
_UNIT = re.compile(
    r"(?<=.)(?:/?(?:°c|摄氏度)|/(?:度|天|日|小时|人|户|个|只|件|套|份|次|瓶|桶|箱|盒|包|袋|升|l|公斤|kg|元))$"
)
"""体温℃, 体温/℃, 隔离天数/天; not 进/出, 早/晚."""


def _bracket(found: re.Match[str]) -> str:
    inside = _JOINTS.sub("", found[1])
    return inside if inside in _TELLING else ""


_PAIRS = (
    "時时間间門门崗岗進进離离開开體体溫温檢检測测號号碼码證证電电話话類类別别數数單单區区樓楼棟栋點点員员觀观車车輛辆"
    "種种備备註注療疗結结處处級级緊紧狀状態态請请領领發发現现復复採采樣样隊队導导帶带聯联繫系絡络機机構构貨货庫库軌轨跡迹"
    "報报誌志東东來来訪访歸归齡龄戶户實实應应總总計计務务達达簽签贈赠資资稱称職职責责動动監监護护辦办無无確确診诊陰阴陽阳勸劝絕绝"
)
_SIMPLIFIED = str.maketrans(dict(zip(_PAIRS[::2], _PAIRS[1::2], strict=True)))


def simplified(text: str) -> str:
    """Headers and words of closed lists in traditional characters (體溫, 進) as those we know. Names and
    places stay as they are written."""
    return text if text.isascii() else text.translate(_SIMPLIFIED)


_ASKED = re.compile(
    r"\(?[0-9]{1,2}(?:[、.,:)]+\s*|\s+)(?=[^\W\d_])(?:请(?:填写|输入|选择|提供))?(?:[您你](?:的|(?:今[天日]|当前|现在|目前|所在)的?)?)?(?=.)"
    r"|请(?:填写|输入|选择|提供)(?:[您你]的?)?(?=.)|[您你](?:的|(?:今[天日]|当前|现在|目前|所在)的?)?(?=.)"
)
_ASKING = frozenset("0123456789(请您你")
"""1、您的姓名, 请填写您的体温: how a questionnaire asks for a column."""


@lru_cache(4096)
def header(text: str) -> str:
    """A column's title for matching: NFKC, lower case, without spaces, joints, brackets and units.

    What stands in brackets is dropped, unless it tells two columns apart (体温(早) → 体温早).
    """
    folded = simplified(fold(text).lower())
    if folded[-1:] == "?" and folded[0].isalnum():
        folded = folded.rstrip("?")
    if folded[:1] in _ASKING and (asked := _ASKED.match(folded)):
        folded = folded[asked.end() :]
    bare = _UNIT.sub("", _JOINTS.sub("", _BRACKETS.sub(_bracket, folded)))
    return bare or _JOINTS.sub("", folded)


_UNKNOWN = frozenset(
    {"", "n/a", "#n/a", "na", "n.a.", "null", "none", "nil", "nan", "unknown", "tbd", "#ref!", "#value!"}
    | {"#name?", "#div/0!", "#num!", "#null!", "不详", "不祥", "未知", "不明", "不清楚", "不清", "未填"}
    | {"未填写", "待填", "待补", "待定", "待核实", "空", "暂无", "未提供"}
)
_LONGEST_UNKNOWN = max(map(len, _UNKNOWN))
_STROKES = re.compile(r"[/\\\-—–―−‐‑_~.…?？、|·=*]*")
_DITTO = frozenset({"同上", "〃", '"', "″", "''", "”", "“", "仝上", "同前", "ditto", "idem", "′′"})


def is_unknown(text: str) -> bool:
    """Whether a cell says nothing: empty, strokes (/ — -- …), 不详, N/A. 无 is not unknown."""
    folded = fold(text).lower()
    return _STROKES.fullmatch(folded) is not None or folded in _UNKNOWN


def is_ditto(text: str) -> bool:
    """Whether a cell repeats the one above (同上, 〃, ")."""
    cleaned = clean(text)
    return cleaned.lower() in _DITTO or fold(cleaned).lower() in _DITTO


Loosen = Callable[[str], str]
"""Lines of cells → the same lines without what many people write besides the usual form."""


def cell(
    context: Context,
    read: Callable[[str], Any],
    usual: re.Pattern[str] | None = None,
    loosen: Loosen | None = None,
) -> Read:
    """A reader's frame: clean, refuse what is too long, None for what says nothing, else `read`.

    A text that matches `usual` as a whole is its own value: what nearly every cell looks like. It is at
    most `_LONGEST_USUAL` long. A text of which `loosen` makes a usual one must read as that one.
    """
    limit = context.settings.intake.max_cell
    if usual is not None and limit >= _LONGEST_USUAL:
        return ByColumn(cell(context, read), _usual_column(usual, loosen))

    def read_cell(text: str) -> Any:
        said = clean(text)
        if said[:1] in _FORCING and (forced := _AS_TEXT.fullmatch(said)):
            said = forced[forced.lastindex or 0].strip()
        if len(said) > limit:
            return Bad(
                "too-long",
                message("The cell is too long."),
                message("Write at most {n} characters.", n=limit),
            )
        if len(said) <= _LONGEST_UNKNOWN or not said[0].isalnum():
            return None if is_unknown(said) else read(said)
        return read(said)

    return read_cell


_AS_TEXT = re.compile(r"""="([^"]*)"|'([^']+)'?|“([^“”]+)”""")
"""="001", '001, “001”: how spreadsheets are made to keep the text of a cell, and quotes typed around it."""
_FORCING = ("=", "'", "“")
_LONGEST_USUAL = 20
_ODD_SHARE = 32
"""A column in which more than one cell in so many is unusual is looked up cell by cell."""


def _usual_column(
    usual: re.Pattern[str], loosen: Loosen | None
) -> Callable[[Sequence[str], Read], list[Any]]:
    """Usual cells are told at a stroke: 0.1 µs a cell, a look-up among 30,000 known texts 0.2-0.6."""
    cells = re.compile(f"(?:(?:{usual.pattern})\n)*+")

    def filled(whole: str, values: list[Any], texts: Sequence[str], careful: Read) -> bool:
        """Asks `careful` for the unusual lines of `whole`; False when they are too many for that."""
        at = row = odd = 0
        while (found := cells.match(whole, at)) and found.end() < len(whole):
            row += whole.count("\n", at, found.end())
            odd += 1
            if odd * _ODD_SHARE > len(texts):
                return False
            values[row] = careful(texts[row])
            row += 1
            at = whole.index("\n", found.end()) + 1
        return True

    def many(texts: Sequence[str], careful: Read) -> list[Any]:
        whole = "\n".join([*texts, ""])
        if whole.count("\n") == len(texts):
            values: list[Any] = list(texts)
            if filled(whole, values, texts, careful):
                return values
            # Longer than any usual one even loosened: a limit on length is the careful reader's.
            if loosen is not None and max(map(len, texts)) <= 2 * _LONGEST_USUAL:
                whole = loosen(whole)
                values = whole.split("\n")[:-1]
                if filled(whole, values, texts, careful):
                    return values
        return list(map(careful, texts))

    return many


_NARROW = tuple((chr(0xFF10 + i), str(i)) for i in range(10))


def narrow_digits(text: str) -> str:
    """Full-width digits as ASCII ones: ten searches are three times as fast as one translation."""
    if not text.isascii():
        for wide, narrow in _NARROW:
            text = text.replace(wide, narrow)
    return text


def without_blanks(text: str) -> str:
    return text.replace(" ", "").replace("\u3000", "")


def text(*, nothing: str | None = None) -> Reader:
    """Free text, as written. 无 becomes `nothing` ("" in a symptoms column, else None)."""

    def reader(context: Context) -> Read:
        return cell(context, lambda said: nothing if said in _NOTHING else said)

    return reader


_NOTHING = frozenset({"无", "没有", "無"})
_GROUP = re.compile(
    r"(.*?)等?(?:一行)?([0-9一二两三四五六七八九十百]+)[人名位口](?:\(.*\))?|.+等人?|.*若干人|.+(?:一家|夫妇)"
    r"|.+[及和与带携、](?:其)?(?:家属|家人|亲属|孩子|小孩|子女|儿子|女儿|妻子|丈夫|爱人|配偶|父母|孙子|孙女|老人|同事|朋友|司机)"
)


def group_of(name: str) -> str:
    """The number of people a group is said to have: 三 of 王某等三人; empty: it says none."""
    found = _GROUP.fullmatch(name) if len(name) <= 40 else None
    return (found[2] or "") if found else ""


def is_group(name: str) -> bool:
    """Whether a name stands for several people: 王某等3人, 访客3人."""
    return len(name) <= 40 and _GROUP.fullmatch(name) is not None


_USUAL_NAME = re.compile("(?![不未待暂空同仝无闲])[\u4e00-\u9fff]{2,4}(?<![人名位有等家妇口])")
"""Chinese names, without the words that might say nothing, no one or several."""


_NUMBERED = re.compile("^\\(?[0-9]{1,3}[.、)]\\s*(?=[\u4e00-\u9fff])")
"""1.张三: the number of a list, typed into the name."""
_DOTS = str.maketrans(dict.fromkeys("•‧∙⋅・･", "·"))
"""The dot of 买买提·艾力 as input methods write it."""


_TWO_SIGNS = "[\u4e00-\u9fff](?:[\u4e00-\u9fff·•‧∙⋅・･]{1,14}|[ \u3000][\u4e00-\u9fff])"
_SEXED = re.compile(
    f"({_TWO_SIGNS}) ?[(\\[][男女]性?(?:[ ,/、][0-9]{{1,3}}岁?)?[)\\]]"
    f"|([\u4e00-\u9fff][\u4e00-\u9fff·•‧∙⋅・･]{{1,14}})[ /,:;、-] ?[男女]性?(?:[ ,/、]? ?[0-9]{{1,3}}岁|[ ,/、] ?[0-9]{{1,3}})?"
)
"""周杰 男, 张 三（男）: whose sex stands behind the name. 亚 男 and 张 亚 男 are names."""


def person(said: str) -> str:
    """One name: joined, with one kind of dot inside it, without a sex behind it."""
    return joined(without_sex(said)).translate(_DOTS)


def without_sex(said: str) -> str:
    """A name as written, but for the sex behind it."""
    if "男" not in said and "女" not in said:
        return said
    found = _SEXED.fullmatch(clean(said.translate(_FULL_WIDTH)))
    return (found[1] or found[2]) if found else said


_SPREAD = re.compile("^([\u4e00-\u9fff])[ \u3000]+([\u4e00-\u9fff])(?:[ \u3000]+([\u4e00-\u9fff]))?$", re.M)


_TWO = re.compile("[\u4e00-\u9fff]{2}[ \u3000]+[\u4e00-\u9fff]{2}")
_SEX_APART = re.compile("(?<=[\u4e00-\u9fff]{2})[ \u3000]+[男女]性?(?=[ \u3000]*$)", re.M)


def _sexless(texts: str) -> str:
    """周杰 男 is 周杰."""
    return _SEX_APART.sub("", texts) if "男" in texts or "女" in texts else texts


def of_one(texts: str) -> str:
    """Lines of names, one person each, without blanks."""
    return without_blanks(_sexless(texts))


def drawn_together(texts: str) -> str:
    """张 三 is 张三; 张三 李四 may be two people."""
    texts = _sexless(texts)
    if not _TWO.search(texts):
        return without_blanks(texts)
    return _SPREAD.sub(r"\1\2\3", texts)


def name(loosen: Loosen = of_one) -> Reader:
    """A person's name as written, without spaces between Chinese characters.

    A group (王某等3人) is flagged `group`: its members are unknown.
    """

    def read(said: str) -> Any:
        written = _NUMBERED.sub("", person(said)).strip(",;、。 ")
        if not written or written in _NOTHING:
            return None
        if is_group(written):
            return Flagged(written, "group", message("A group: its members are unknown."))
        return written

    return lambda context: cell(context, read, _USUAL_NAME, loosen)
