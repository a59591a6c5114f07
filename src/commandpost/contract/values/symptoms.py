"""What a text says of symptoms, a fever above all: 发热、咳嗽; 无发热、咳嗽; 是否发热 是."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from commandpost.contract.reading import Bad, Context, Read, Reader
from commandpost.contract.values.numbers import Stated, temperature
from commandpost.contract.values.text import cell, fold
from commandpost.contract.values.words import Table, one_of

FEVER = Stated.FEVER.value

_WORDS = "(?:发热|发烧|高热|高烧|低热|低烧|fever)"
_FEVER = re.compile(rf"{_WORDS}(?!门诊|药|贴)")
_OVER = re.compile(r"已退|退烧|退热|曾|昨[天日]|上周|以前")
_ONLY_FEVER = re.compile(rf"(?:自述|自觉|自感|有|轻微|轻度|持续|疑似|{_WORDS}|[0-9.]+(?:度|°c|c)?|[:()\s])*")
_CLAUSES = re.compile(r"[,;。!\r\n]+")
_PARTS = re.compile(r"[、/|+&\s]+|伴有?|[和及但]")
_DENIED = re.compile(
    r"(?:均|都|暂|目前|现)?(?:无|没有?+|未|不|否认?+)(?!适|舒|力|精神|胃口|食欲|[味嗅]|愈|好|退|振)"
)
"""无力, 没精神 and 不适 are symptoms."""
_DENIED_BEHIND = re.compile(r".*[^:(][:(]?(?:否|无|没有|×|✗)\)?")
_WELL = re.compile(
    r"(?:(?:身体|体温|症状|健康)?(?:一切|状况|情况)*[:]?(?:正常|良好|健康|无异常|无恙|好|ok|normal|none|no|n|0|×|否|无))"
)


@lru_cache(4096)
def symptoms_of(text: str) -> tuple[bool, bool]:
    """(whether a fever is stated, whether any other symptom is). 无发热、咳嗽 states neither, 无咳嗽，发热 one."""
    fever = other = False
    for clause in _CLAUSES.split(fold(text[:200]).lower()):
        denied = False
        for part in _PARTS.split(clause):
            if not part or _WELL.fullmatch(part):
                continue
            if _DENIED.match(part):
                # 无发热、咳嗽等症状: what follows is denied too.
                denied = True
            elif part.startswith("有"):
                denied = False
            if denied or _OVER.search(part) or _DENIED_BEHIND.fullmatch(part):
                continue
            fever = fever or _FEVER.search(part) is not None
            other = other or _ONLY_FEVER.fullmatch(part) is None
    return fever, other


_SAID: Table = {
    FEVER: ("是", "有", "√", "✓", "✔", "1", "y", "yes", "true", "t", "发热", "发烧", "高热", "高烧", "低热", "低烧", "是的",
            "异常", "+", "☑"),
    "": ("否", "无", "×", "✗", "✘", "x", "0", "n", "no", "false", "f", "没有", "没", "未", "不", "不是", "正常", "未发热", "不发热",
         "无发热", "没有发热", "未发烧", "无发烧", "不发烧", "体温正常", "☐", "normal"),
}  # fmt: skip


def fever_said() -> Reader:
    """是否发热 → 发热, or False when it says that there is none. A number there is a temperature's: 38.2 is
    发热 38.2, from the post's threshold on."""

    def reader(context: Context) -> Read:
        word, degrees = one_of(_SAID)(context), temperature()(context)

        def read(said: str) -> Any:
            found = word(said)
            if type(found) is not Bad:
                return found or False
            number = degrees(said)
            if type(number) is float:
                return f"{FEVER} {number:.1f}" if number >= context.settings.thresholds.fever else False
            return found

        return cell(context, read)

    return reader
