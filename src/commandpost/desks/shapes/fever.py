"""What a fever is, wherever it was told: the one rule of gates, posts and reports."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from commandpost.contract.kind import Column, Row
from commandpost.contract.reading import Bad, Context, Flagged
from commandpost.contract.values.numbers import Stated, temperature
from commandpost.contract.values.symptoms import FEVER, fever_said, symptoms_of
from commandpost.contract.values.text import text
from commandpost.words import message

SYMPTOMS = Column(
    "symptoms", "症状", "Symptoms", text(nothing=""),
    ("有无症状", "异常症状", "症状描述", "不适症状", "身体状况", "健康状况",
     "any symptoms", "symptom", "symptoms if any"), example="无",
)  # fmt: skip
BESIDE_OTHERS = replace(SYMPTOMS, example="")
"""Where it is not asked for: templates leave it out."""
RETEST = Column(
    "retest", "复测体温", "Retest", temperature(),
    ("复测", "复测温度", "复测值", "复测结果", "体温复测", "二次测温", "二次体温", "第二次体温", "第二次测温", "再测", "再测体温", "复检体温",
     "体温2", "温度2", "retest temp", "retest temperature", "second temp", "second temperature", "second reading", "recheck",
     "rechecked", "temp 2", "temperature 2", "repeat temp"),
)  # fmt: skip
"""What was measured beside the first temperature. A second column of that one's names (额温 | 腋温) is this one."""
SAID_FEVER = Column(
    "fever",
    "是否发热",
    "Fever",
    fever_said(),
    (
        "发热",
        "有无发热",
        "是否发烧",
        "有无发烧",
        "是否有发热",
        "是否发热症状",
        "any fever",
        "has fever",
        "是否有发热、咳嗽等症状",
        "是否有发热咳嗽等症状",
        "是否有发热、咳嗽症状",
        "是否有发热或咳嗽",
        "是否有发热、咳嗽",
        "是否发热、咳嗽",
        "是否发热咳嗽",
        "是否发热或咳嗽",
        "是否存在发热、咳嗽等症状",
        "是否出现发热、咳嗽等症状",
        "有无发热、咳嗽等症状",
        "有无发热咳嗽等症状",
        "有无发热、咳嗽",
        "有无发热咳嗽",
        "是否有发热、干咳、乏力等症状",
        "有无发热、干咳、乏力等症状",
        "是否有发热、咳嗽、乏力等症状",
        "有无发热、咳嗽、乏力等症状",
        "是否有发烧、咳嗽等症状",
        "是否有发热等症状",
        "是否有发热症状",
        "有无发热等症状",
        "fever or cough",
        "any fever or cough",
        "fever/cough",
        "fever or symptoms",
        "fever?",
    ),
)


def is_fever(row: Any, limit: float) -> bool:
    """Whether a row (temperature in °C or None, symptoms) tells of a fever: measured from the limit on; where
    nothing was measured, stated in words. A number goes before the words beside it."""
    if row.temperature is not None:
        return bool(row.temperature >= limit)
    return bool(row.symptoms) and symptoms_of(row.symptoms)[0]


def is_cooler(row: Any, limit: float) -> bool:
    """Whether it was measured and is none: what ends a fever."""
    return row.temperature is not None and row.temperature < limit


def has_symptom(row: Any) -> bool:
    """Whether it tells of a symptom besides the fever, which makes that critical (domain: fever)."""
    return bool(row.symptoms) and symptoms_of(row.symptoms)[1]


def tells_of_fever(symptoms: Any) -> bool:
    """Whether a cell of symptoms names a fever."""
    return isinstance(symptoms, str) and bool(symptoms) and symptoms_of(symptoms)[0]


_AT_ODDS = message("A fever is said, and the temperature is none: the number counts.")


def at_odds(row: Row, context: Context) -> Flagged | None:
    """是 for a fever beside 36.5: one of the two is wrong. A number goes before the words, and somebody looks."""
    measured = [row.get(name) for name in _MEASURED]
    numbers = [degrees for degrees in measured if isinstance(degrees, float)]
    if not isinstance(row.get("fever"), str) or not numbers:
        return None
    fever = max(numbers) >= context.settings.thresholds.fever
    return None if fever else Flagged(None, "temperature", _AT_ODDS)


_MEASURED = ("temperature", "retest", "morning", "noon", "evening")
_ONE_OF_TWO = message("Of two temperatures only one is a fever: the higher counts.")


def warmer(row: Row, field: str, context: Context) -> tuple[Row, list[Flagged | Bad]]:
    """The row with the higher of two temperatures in `field`, and a warning where they differ by a fever: whose
    second measure was normal had a first one that was not, and an officer looks. A number goes before words."""
    if "retest" not in row:
        return row, []
    both = [row[name] for name in (field, "retest") if row.get(name) is not None]
    numbers = [degrees for degrees in both if isinstance(degrees, float)]
    kept = {name: value for name, value in row.items() if name != "retest"}
    if not both:
        return {**kept, field: row.get(field)}, []
    if Stated.FEVER in both and numbers:
        kept["fever"] = row.get("fever") or FEVER
    limit = context.settings.thresholds.fever
    split = len(numbers) > 1 and min(numbers) < limit <= max(numbers)
    flags: list[Flagged | Bad] = [Flagged(None, "temperature", _ONE_OF_TWO)] if split else []
    return {**kept, field: max(numbers) if numbers else both[0]}, flags


def told(row: Row, temperature: Any) -> dict[str, Any]:
    """The temperature and the symptoms of a row as they are kept: a fever that 是否发热 or a word in place of the
    temperature states is the first of its symptoms."""
    said = row.get("fever") or (FEVER if isinstance(temperature, Stated) else "")
    symptoms = row.get("symptoms") or ""
    if said and not symptoms_of(symptoms)[0]:
        well = not symptoms or not symptoms_of(symptoms)[1]
        symptoms = said if well else f"{said}、{symptoms}"
    return {"temperature": None if isinstance(temperature, Stated) else temperature, "symptoms": symptoms}
