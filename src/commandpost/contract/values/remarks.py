"""What people write beside a name, in its cell: a telephone, a room, a state, a mark."""

from __future__ import annotations

import re
from dataclasses import dataclass

from commandpost.contract.values.text import clean, is_unknown, wide_as_narrow, without_sex
from commandpost.words import Message, message

_CHINESE = "[\u4e00-\u9fff][\u4e00-\u9fff·•‧∙⋅・･]{1,14}|[\u4e00-\u9fff](?: +[\u4e00-\u9fff]){1,2}"
_UNSPACED = "[\u4e00-\u9fff][\u4e00-\u9fff·•‧∙⋅・･]{1,14}|[A-Za-z][A-Za-z.'’ -]{1,40}"
_NAME = f"{_CHINESE}|[A-Za-z][A-Za-z.'’ -]{{1,40}}"
MARKS = "*★☆※▲△▼▽●○◎◆◇■□√✓✔?!#~^"
_MARKED = re.compile(f"[{re.escape(MARKS)} ]*(.*?)[{re.escape(MARKS)} ]*")
_WRAPPED = re.compile(f"[(\\[【] ?({_NAME}) ?[)\\]】]")
_CALL = r"(?:\+?86[ -]?)?1[3-9][0-9][ -]?[0-9]{4}[ -]?[0-9]{4}"
_CALLED = re.compile(
    rf"({_NAME})[ :,/;、(\[-]*(?:电话|手机号?码?|[Tt]el\.?|[Pp]hone|[Mm]obile)?[ :]*({_CALL})[)\]]?"
    rf"|({_CALL})[ :,/;、-]*({_NAME})"
)
_NUMBERED = re.compile("[0-9]{1,3}(?![号人名位组车楼栋幢班室单层门区队年月日个户])(?=[\u4e00-\u9fff]{2,4}$)")
"""1张三: the number of a list."""
_BRACKETED = re.compile(f"({_NAME}) ?[(\\[【]([^()\\[\\]【】]*)[)\\]】]")
_BEHIND = re.compile(f"({_UNSPACED})(?:[ /,;:、|-]+)([\u4e00-\u9fff]{{2,8}}|[A-Za-z ]{{3,20}})")
_STATES = re.compile(
    "(?:已|未|正在?|拟|待|被|刚)?(?:解除|转运|转出|转入|转院|转集中|转居家|隔离|出院|住院|入院|康复|治愈|解封|放行|采样|检测|上报|登记|测温|离开|返回|到达|确诊)"
    "(?:隔离|管控|观察)?中?"
    "|次?密接(?:者)?|密切接触者?|一般接触者?|时空伴随(?:者)?|阳性?|阴性|复阳|无症状(?:感染者)?|疑似|发[热烧]|高风险|中风险|低风险|黄码|红码|绿码|弹窗"
    "|(?:集中|居家)(?:隔离|观察|监测)|健康监测|重点人员|孕妇|独居|租户|业主|住户|居民|访客|来访|快递员?|外卖员?|司机|临时|新增|外来|外地"
    "|(?:close |secondary )?contact|positive|negative|released|transferred|isolated|in isolation|quarantined?|resident|visitor"
    "|staff|driver|courier|tenant|confirmed|suspected",
    re.IGNORECASE,
)
_NAMESAKE = re.compile("[0-9]{1,2}号?|[大小老新甲乙丙丁]|[A-Za-z]|[一二三四]")
"""王伟（大）: which of two who have the name."""
_ANOTHER = re.compile(
    "家属|家人|亲属|[父母妻夫]|儿子|女儿|爱人|配偶|孩|孙|同事|朋友|[代替顶陪等]|[0-9一二两三四五六七八九十]+[人名位口]"
)
"""王伟（家属）, 王伟（李娜代）: who is meant is somebody else, or several."""
_LATIN = re.compile("[A-Za-z]")
_LONGEST = 80
"""Characters of a cell that may be a name with something beside it."""


@dataclass(frozen=True, slots=True)
class Bare:
    """A name without what stands beside it."""

    name: str
    """As written but for that."""
    why: Message | None = None
    """What was left out; None: nothing a person should know of."""
    phone: str = ""
    """Digits of a mobile telephone beside the name."""


_PHONE = message("A telephone number stands beside the name: it belongs in its own column.")
_OTHER = message("More than a name stands here: the rest is not counted.")


def is_state(said: str) -> bool:
    """Whether a word says how somebody is, and is nobody's name: 已转运, 阳性."""
    return _STATES.fullmatch(said) is not None


def beside(what: str) -> Message:
    """The warning that names what was left out beside a name."""
    return message("Beside the name stands {what}: not counted.", what=what)


def bare(said: str) -> Bare:
    """The name of one person without telephone, brackets, states and marks around it; else as it was."""
    if len(said) > _LONGEST or said.isalpha() or is_unknown(said):
        return Bare(said)
    whole = clean(wide_as_narrow(said))
    name, before, phone = without_sex(whole), "", ""
    why: Message | None = None
    while name != before:
        before = name
        if found := _WRAPPED.fullmatch(name):
            name = found[1]
        elif found := _CALLED.fullmatch(name):
            name, number = (found[1], found[2]) if found[1] else (found[4], found[3])
            phone, why = re.sub(r"[^0-9]", "", number)[-11:], _PHONE
        elif found := _NUMBERED.match(name):
            name = name[found.end() :]
        elif "**" not in name and (found := _MARKED.fullmatch(name)) and found[1] != name and _one(found[1]):
            name, why = found[1], why or beside(name.replace(found[1], "").strip())
        elif (found := _BRACKETED.fullmatch(name)) and _no_part(found[1], found[2].strip()):
            name, why = found[1], why or _of(found[2].strip())
        elif (found := _BEHIND.fullmatch(name)) and _STATES.fullmatch(found[2]):
            name, why = found[1], why or beside(found[2])
    return Bare(name.strip(), why, phone) if name != whole else Bare(said)


def _one(rest: str) -> bool:
    """Whether a name is left, by itself or with more beside it."""
    return re.match(f"[(\\[【]?(?:{_NAME})", rest) is not None


def _no_part(name: str, remark: str) -> bool:
    """Whether a remark in brackets says nothing of who it is."""
    if not remark or _STATES.fullmatch(remark):
        return True
    if _NAMESAKE.fullmatch(remark) or _ANOTHER.search(remark):
        return False
    return not _LATIN.match(name) or any(map(str.isdigit, remark))


def _of(remark: str) -> Message | None:
    if not remark:
        return None
    return beside(remark) if _STATES.fullmatch(remark) else _OTHER
