"""What cells look like: the words for it, and a look of their own for what readers take as it is."""

from __future__ import annotations

import re
from collections.abc import Callable

from commandpost.contract.kind import Column

_SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔"
    "谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤温康施文牛樊葛邢"
    "安齐易乔伍庞颜倪庄聂章鲁岳翟申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单裴霍成苗谷盛曲翁冉骆蓝路游辛靳管"
    "柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬"
    "边卞姬邝季云"
)
"""The 250 commonest, of 96 in 100 people."""
_NAME = re.compile(
    r"[\u4e00-\u9fff]{2,3}|[\u4e00-\u9fff]{4}|[\u4e00-\u9fff][某*＊]{1,2}|[A-Z][a-z]+(?: [A-Z][a-z]+)+"
)
_BETWEEN = re.compile(r"[、,，;；/ ]")
_ROOM = re.compile(
    r".{0,10}?[0-9A-Za-z一二三四五六七八九十]+(?:号楼|栋|幢|座|#|＃|单元|号院).{0,12}|[0-9A-Z]+[-－—][0-9A-Z]+(?:[-－—][0-9A-Z]+)?"
)
_PLACE = re.compile(
    r".{0,10}(?:门|口|岗|亭|卡点|通道|闸|值班室|监控室|检查点|巡逻队?)[0-9一二三四五六七八九十]?号?"
)
_THING = re.compile(
    r".*(?:口罩|N95|手套|护目镜|防护服|隔离衣|消毒|酒精|84|洗手液|面罩|鞋套|帽|体温计|测温|额温枪|药|水|面|米|油|菜|奶|"
    r"毛巾|被|床|帐篷|喷壶|垃圾袋|试剂|纸).*",
    re.IGNORECASE,
)
_MEASURE = re.compile(r"[个只支瓶箱件套桶盒包袋把台双副卷升斤张份罐条顶块片]|公斤|千克|毫升|[kK][gG]|m?[lL]")
_BUILDING = re.compile(r"[0-9A-Z一二三四五六七八九十]{1,3}(?:号楼|栋|幢|座|#|号)")
_OFFICE = re.compile(
    r".{1,20}(?:岗|门|队|组|社区|医院|公司|中心|学校|学院|班|楼|部|处|科|室|局|所|站|办|栋|协会|基金会)"
)
_PLATE = re.compile(r"[\u4e00-\u9fff][A-Za-z][·.]?[A-Za-z0-9]{5,6}")
_NUMBER = re.compile(r"[0-9.,]+")
_CLOCK = re.compile(r"[0-9][:：时点]|[上下中]午|凌晨|[早晚]")
_DIGIT = re.compile(r"[0-9０-９]")


def _name(text: str) -> bool:
    return _NAME.fullmatch(text) is not None and (text[0] in _SURNAMES or text.isascii())


def _names(text: str) -> bool:
    return all(map(_name, filter(None, _BETWEEN.split(text))))


PATTERNS: dict[str, Callable[[str], object]] = {
    "name": _name,
    "people": _names,
    "passers": _names,
    "person_or_plate": lambda text: _PLATE.fullmatch(text) or _names(text),
    "room": _ROOM.fullmatch,
    "declared": _PLACE.fullmatch,
    "things": _THING.fullmatch,
    "unit": _MEASURE.fullmatch,
    "office": _OFFICE.fullmatch,
    "time_of_day": lambda text: _CLOCK.search(text) or "." in text,
    "date_": lambda text: not _CLOCK.search(text),
    "marked": lambda text: not _CLOCK.search(text),
    "phone": lambda text: len(_DIGIT.findall(text)) >= 7,
    "one_of": lambda text: not _NUMBER.fullmatch(text),
    "mode_and_days": lambda text: not _NUMBER.fullmatch(text),
    "slot": lambda text: not _DIGIT.search(text),
    "building": _BUILDING.fullmatch,
    "text": lambda text: None,
    "label": lambda text: None,
}
"""Look → whether a cell is what its reader would take whatever it is; None: nothing looks like a remark."""

LOOKS = {
    "moment": "moments",
    "moment_or_time": "moments",
    "moment_or_day": "moments",
    "_day": "dates",
    "date_": "dates",
    "marked": "dates",
    "time_of_day": "times of day",
    "temperature": "temperatures",
    "phone": "telephone numbers",
    "id_number": "ID numbers",
    "plate": "number plates",
    "one_of": "words for {column}",
    "mode_and_days": "words for {column}",
    "slot": "words for {column}",
    "fever_said": "words for {column}",
    "move": "words for {column}",
    "name": "names",
    "householder": "names",
    "people": "names",
    "passers": "names",
    "person_or_plate": "names or number plates",
    "room": "rooms",
    "declared": "gates or posts",
    "things": "supplies",
    "unit": "units",
    "office": "units or offices",
    "building": "buildings",
    "quantity": "quantities",
    "quantities": "quantities",
    "count": "numbers",
    "days": "numbers of days",
    "hours": "hours",
    "stretch": "spans of time",
}
"""Look → what its cells are called, message ids."""
OTHER = "as {column} is written"
"""Of a reader that has no word of its own."""

PROBES = (
    "2022-03-28 06:13:21", "3月28日 7:30", "2022-03-28", "3.28", "06:13", "下午3点", "36.5", "36.8℃", "5", "120",
    "500个", "13800000000", "027-88880000", "420106199001011237", "鄂A12345", "进", "放行", "是", "阴性", "居家隔离",
    "特急", "入库", "已批准", "值守", "张三", "欧阳娜", "张三、李四", "东门", "监控室", "口罩", "84消毒液", "个", "3栋",
    "3栋2单元501", "3-2-501", "早", "08:00-20:00", "SL-0012", "上班", "咳嗽,乏力",
)  # fmt: skip
"""One cell of everything sheets hold: how few of them a reader takes says how much its taking one means."""


def look_of(column: Column, day: bool) -> str:
    """What the cells of a kind's column look like. `day`: they are read as days, together with another's."""
    if day:
        return "date_"
    look = str(getattr(column.read, "__qualname__", "")).split(".")[0]
    return _BY_FIELD.get(column.field, look) if look in _ANY else look


ALIKE = frozenset(
    ["declared", "one_of", "mode_and_days", "move", "slot", "things", "unit", "office", "building", "days"]
)
"""Looks of what may be the same in every row of all of a team's sheets: its gate, never a day or a name."""
_ANY = ("text", "label")
_BY_FIELD = {"unit": "unit", "building": "building", "requester": "office", "donor": "office"}
